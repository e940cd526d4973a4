/**
 * Words that are common in English mail or business talk, lower-cased. A name or company that is one of them (Will,
 * Grace, Block) is taken for a name only where the surroundings speak for it. Made from our own counts over public mail
 * archives (words more often written small than capitalised), with business words added by hand.
 */
const EVERYDAY = `
ability able about above absolute absolutely academic accept acceptable accepted accepting access accessible
according account accounting accounts accuracy accurate achieve acquire acquired acquisition across act acting
action actions active actively activities activity actual actually ad add added adding addition additional address
addressed addresses adds administration administrator admit ads adult advance advanced advantage advertisement
advertising advice advise advised advisor advisory affect affiliate affiliated afford affordable after afternoon
again against age agencies agency agenda agent agents ages aging ago agree agreeable agreed agreement ahead air
airport alert algorithm all allow allowed allowing allows almost alone along already also alter alternative although
always am amazing among amount amounts an analysis analyst analytics and angel animals announce announced
announcement annoying annual annuity anonymous another answer answers antiquity any anybody anymore anyone anything
anytime anyway anywhere apart apartment api apologies apologize app apparently appear appeared appears application
applications applied applies apply appraisal appreciate appreciated approach appropriate approval approve approved
approximately apps apr april apt architecture archive archives are area areas argument arguments around arr arrested
arrived art article articles as asap aside ask asked asking assembly asset assets assist assistance associated
associates association assume assuming assumption assured at attached attachment attachments attack attacks attained
attempt attempting attempts attend attention attorney attractive auction aud audience audio aug august author auto
automated automatic automatically availability available average avoid await award awarded aware away aws baby back
background backup bad balance ball bandwidth bang bank bankruptcy bar bars base based basic basically basis battery
battle be beach bear beat beautiful became because become becomes becoming bed bedroom bedrooms been before began
begin beginning begun behalf behavior behaviour behind being believe believed believer believes below benchmark
beneficiary benefit benefits best bet beta better between beyond bid big bigger biggest bill billing billion
billions bills binary bio biotech bit bitbitch bits biz black blame blank block blocks blog blood blue board body
bonus book bookings books boost boot born boss both bother bothered bottom bought bound box boxes boy brain brand
break breaking breaks brief bright bring brings broadcast broke broken broker brokerage brothers brought brown
browser bucks budget buffer bug bugs build building built bulk bunch buried burn burned burning business businesses
busy but button buy buyer buyers buying by ca cable cache cad calendar call called calling calls came camera cameras
campaign can cancel cannot cant cap capabilities capability capable capacity capital car card cards care career
careful carefully carriers carry cars cartridge case cases cash cashflow cat catch category caught cause caused
causes causing cc cd cell center central cents century ceo certain certainly cfo chairman challenge challenges
chance chances change changed changes changing channels character characters charge charged charges charts chat
cheap cheaper check checked checking checks cheers chf chief child children chip choice choices choose chosen churn
cio circumstances ciso cities citizen citizens city civil claim claimed claims class classic clean cleaning clear
clearly click clicking client clients clinic clock close closed closely closer closing cloud club clue cmo co coast
cob code cohort cold colleagues collect collected collection college color column combination come comes comfort
comfortable coming command commands comment comments commerce commercial commission commit commitment committed
committee common communicate communication communications community companies company compare compared comparison
compatibility compatible compelling compete competing competition competitive compile compiled complete completed
completely complex compliance complicated components comprehensive computer computers computing con concept concern
concerned concerning concerns conclusion condition conditions condo conference confidence confident confidential
config configuration configure configured confirm confirmation confirmed conflict confused confusing congratulations
connect connected connection connections consent consider considered considering consistent consolidate constantly
construction consulting consumer consumers contact contacted contacts contain contained containing contains content
contents context continue continued continues contract contracted contracts control convenience convenient
conventional conversation conversion convertible convinced coo cool cooperation copied copies copy copying copyright
core corner corporate corporation corporations corpus correct correctly correspondence cost costs could counsel
count counting countries country couple course court cover coverage covered crap crash crazy create created creating
creative credit credulity crime criminal criteria critical crm cst csv cto culture curious current currently custom
customer customers cut cutting cvs cycle daily damage damn dangerous dark dashboard data database databases date
dated dates daughter day days dc de dead deal dealer dealing deals dear death debate debt debts dec decade decades
december decent decide decided decision decisions dedicated deep default defend defense defined definitely
definition degree delay delete deleted deliver delivered delivers delivery demand demands demo department
dependencies depending depends deposited described description deserve design designed desire desk desktop despite
destructive detail detailed details detect detected determine determined develop developed developer developers
developing development device devices did die died difference differences different difficult dig digital diligence
dilution dime dinner direct directed direction directions directly director directories directory disable disagree
disclosure discount discover discovered discovery discuss discussed discussion discussions disk disks display
distance distribute distributed distribution distributors distro do docs doctor document documentation documents
does dog doing dollar dollars domain domestic done dont door double doubt down download downloaded downloading
downloads dozen draft dramatic drawn dream dreams drive driver drivers drives driving drop dropped drug drugs
drunken due duration during duty dynamic each earlier early earn earning earnings earth ease easier easiest easily
east easy eat economic economy edge edit edition editor edt education effect effective effectively effects efficient
effort efforts either electronic electronics elements eligible eliminate else elsewhere email emails employed
employee employees employment empty en enable enabled enables encourage encrypted end ended ends enemies energy
engine engineer engineering engines english enjoy enjoyed enough ensure enter entered entering enterprise
enterprises entertainment entire entirely entities entitled entity entrepreneurs entries entry environment
environmental eod equal equipment equity equivalent error errors escrow especially essential essentially est
establish established estate estimates et eta etc eu eur evaluate even evening event events eventually ever every
everybody everyday everyone everything everywhere evidence evp exact exactly example examples exceed excellent
except excess exchange excited exciting excluded exclusive execute executed execution executive executives exercise
exist existing exists exit exmh expand expansion expect expected expense expenses expensive experience experienced
expert experts explain explained explains explanation explicitly exposure express expressed expression ext extend
extended extensions extensive extent external extra extreme extremely eye eyes face fact factor facts fail failed
fails failure fair fairly faith fall false familiar family famous fans faq far fashion fast faster fastest fat fate
father fault favor favorite fax fear feature featured features feb february federal fee feed feedback feel feeling
fees feet fell felt female few fiction field fields fighting figure figured figures file filed files fill filled
film filter filtering filters final finally finance financial financially find finding finds fine finish finished
fire firewall firm firms first fit five fix fixed fixes flag flight floor floppy flow focus focused folder folders
folks follow followed following follows food foods fool for force forced forces forecast foreign forest forever
forget forgot forgotten form format former forms formula forth fortune forum forward forwarded found foundation
founder founders four frame free freedom french frequently fresh fri friday friend friendly friends from front fuel
full fully fun function functionality functions fund fundamental funding funds funny further future fyi gain game
games gas gave gbp gcc gcp geek general generally generate generated generation geometry get gets getting giant gift
girl girls give given gives giving glad global gmt go goal goals god goes going gold gone good got gotten government
gp gps grab grand grant granted grants graphics great greater greatest greatly green greetings grep gross ground
group groups grow growing grown growth gtm guarantee guaranteed guarantees guess guide guy guys habit hack hackers
had hair half hall hand handle handled handling hands handy hang happen happened happening happens happier happiness
happy hard harder hardware has hat hate have having he head headcount headed header headers heads health healthcare
hear heard hearing heart heaven heavy held hell hello help helped helpful helping helps hence her here hesitate hey
hi hidden high higher highest highly him himself hire hiring his historical history hit hits hold holding holdings
holds hole holes holidays home homes honest honor hope hopes hoping hospital hospitality host hosting hot hotel hour
hours house how however hr html http hub huge human humans hundred hundreds hunger hunt husband ic id idea ideas
identical identified identify identity ie if ignore illegal image images imagine immediate immediately impact
implement implementation implemented importance important impossible impression impressive improve improved
improvement improving in inbound inbox include included includes including income incoming inconvenience increase
increased increases increasing increasingly incredible incredibly incurred indeed independent index indicate
indicated indicating individual individuals industrial industries industry info information informed infrastructure
initial inline innovation input inside inspection install installation installed installing instance instant
instantly instead institute instructed instruction instructions instruments insurance integral integrate integrated
integration intelligence intend intended interactive interest interested interesting interests interface internal
international internet interview interviews into intro introduce introduced introduction introductions invest
investigation investing investment investments investor investors invite invoice involve involved involves ipo irr
is island iso issue issued issues it item items its itself jan january java job jobs join joined json judge judgment
jul july jump jun june junk just keep keeping keeps kept kernel key keyboard keys kids kill killed kind kinda kindly
kinds kit kitchen knew know knowing knowledge known knows kpi la laboratories labs lack land landlord language
languages laptop large largely larger largest laser last late lately later latest latter launch launched law lawful
laws lawyer le lead leader leading leads lean learn learned learning lease least leave leaving led left legal
legally legislation legitimate lender lenders lending length less let lets letter letters level levels leverage
liberal libraries library license licensed licensing life lifetime light like likely limit limited limits line lines
link linked links list listed listen listening listing listings lists literally little live lives living load loaded
loading loan loans local locate located location lock locked loft lofts log logistics long longer look looked
looking looks lookup loop lose losing loss lost lot lots love lovers low lower lowest lp lps luck lucky lunch lyda
machine machines made magazine magnitude mail mailbox mailing mailings mails main maintain maintainer maintenance
major majority make makes making male man manage managed management manager managing manner manual manually
manufacturing many map mar march margin mark marked market marketing marketplace markets mass massive master match
matching material materials matter matters maximum may maybe me mean meaning means meant measure meatspace mechanism
media medical medicine meet meeting meetings meets member members membership memo memory men mention mentioned menu
merchant merely merger mess message messages met method methods middle might miles milestone military million
millions mind mine minimal minimum mining minor minute minutes miss missed missing mistake mixed mobile mode model
models modem modern modified modify module modules mom moment moments mon monday money monitor month monthly months
more morning mortgage most mostly mother motivated motor motors mount mouse move moved movement moves movie movies
moving mrr msa msg msgs much multiple muscle music must mutual my myself name named names nation national nationwide
natural naturally nature nda near nearly necessarily necessary need needed needs negative negotiation neither net
network networking networks never new newer newest news newsletter newsletters next nice night no nobody non none
noon nor normal normally not note noted notes nothing notice noticed notified notify nov novel november now nps
number numbers numerous ny nyc object obligation obtain obtained obvious obviously occur occurs oct october odd of
off offer offered offering offers office offices official officials offsite often oh oil ok okay old older on
onboarding once one ones online only onto open opened opening operate operating operation operations opinion
opinions opportunities opportunity ops opt opted option options or order ordered ordering orders ordinary
organization organizations organized original originally other others otherwise our ourselves out outbound outlook
output outreach outside outstanding over overall overlook overview own owned owner owners pack package packages page
pages paid pain pair panel paper papers paragraph parents park part participants participate participation
particular particularly parties partition partitions partner partners partnership parts party pass passed passing
password past paste patch patches path pattern pay paying payment payments payroll pc pdf pdt peak penny people per
percent percentage perfect perfectly performance perhaps period permanent permanently permission person personal
personally persons pharma pharmaceuticals phone phones photos phrase physical pick picked picking picks picture
pictures piece pieces pill pilot pipeline place placed places plain plan planet planning plans plant plants platform
platforms play played player players playing plays pleasant please pleased pleasure plenty plug plus pm pocket point
pointed points police policies policy political politics pool poor popular popularity population port portable
portfolio portion ports position positions positive positives possibility possible possibly post posted posting
posts potential potentially pounds power powerful practical practice practices pre predict prefer preferences
preferred premium prep prepare prepared presence present presentation presented presently president press pressure
pretty prevent previous previously prey price priced prices pricing primarily primary principal print printed
printer printing prior privacy private privileged pro probably problem problems procedure process processed
processes processing processor processors procmail produce produced product production products professional
professionals profile profit profitable profits program programmer programmers programming programs progress
prohibited project projects promise promised promises promotion promotions prompt proof proper properly properties
property proposal proposals propose proposed proprietary prospect prospects protect protection protocol proud prove
proven provide provided provider providers provides providing proxy pst public publication publish published
publishing pudge pull pulling purchase purchased purchasing purpose purposes pushed put puts putting q1 q2 q3 q4
qualified qualify quality quarter quarterly question questions quick quickly quite quote quotes race radio raise
raised ran random range rapid rapidly rare rate rates rather rating ratio raw razor re reach reached read reader
readers reading ready real reality realize really realty reason reasonable reasons reboot rebuild recall receipt
receive received receiving recent recently recipient recipients recognized recommend recommendation recommended
record recorded records red redhat reduce refer reference references referral regard regarding regardless regards
region register registered registration regular regularly regulations regulatory related relating relations
relationship relative relatively relay release released releases relevant reliable relief religious rely remain
remaining remains remember remind reminder remote removal remove removed removes removing renewal rent rental rep
repair repeat replace replacement replacements reply replying report reported reporting reports repository represent
reps request requested requesting requests require required requirements requires research researchers resell
reserved residents resolution resource resources respect respond response responses responsibility responsible rest
restore resubscribe result resulting results resume retail return returned returns revealed revenue revenues reverse
review reviews revision revoked reward rfp rich rid ride right rights ring rise risk risks road roadmap robotics
rock rocks roi role rolling room root rose round routine rpm rpms rule rules run running runs runway saas safe
safely safety said sale sales same sample sat satellite saturday save saved saving savings saw say saying says scale
scan schedule scheduled schedules scheme school schools science sciences scientists score scores screen script
scripts se search searching season second secondary seconds secrecy secret secrets section sector secure securities
security see seed seeing seek seeking seem seemed seems seen sees select selected selection self sell seller sellers
selling semiconductor send sender sending sendmail sends senior sense sent sep separate sept september sequence
sequences serial series serious seriously server servers service services serving session set sets setting settings
settlement setup seven several sexual sf shall shape share shared shares sharing sharp she shell shift ship shipped
shipping shit shop shopping short shot should show showed showing shown shows shut sick side sides sign signal
signature signatures signed significant significantly signing signs silence silly similar simple simply since
sincerely single sister sit site sites sitting situation six size sizes skeptic skeptical skills skin sla sleep
slightly slow small smaller smart sms so sober social society software solar sold sole solely solid solution
solutions solve some somebody somehow someone something sometime sometimes somewhat somewhere son soon sophisticated
sorry sort sorted sorts sound sounds source sourced sources south southern sow space spam spamassassin spammer
spammers spams speak speaking spec special specialist specials specific specifically specifications specified
specify speech speed spend spending spent split spoke sponsor sponsored sports spot spread sql sso stability stable
staff stage stages stand standard standards standing stands star start started starting starts startup state stated
statement statements states status stay steady steel step steps stick still stock stocks stone stop stopped storage
store stored stores stories story straight strange strategy stream street strength strictly string strip strong
strongly structure stuck student students studies studio studios study stuff stupid style subject submit submitted
submitting subscribe subscribed subscriber subscribers subscription subscriptions substantial succeed success
successful successfully such suck suddenly suffered sufficient suggest suggested suggestions suggests suit suite sum
summarise summarize summary summer sun sunday super superior supplied supplies supply support supported supports
suppose supposed sure surface surprised survey survive suspect svp swap sweet switch syndicate syntax system systems
table tag tags take taken takes taking talk talked talking talks tape target targeted task tasks tax taxes tba tbd
teach team teams tech technical technique techniques technologies technology telecom telecommunications telephone
television tell telling tells ten tenant tenants tend tens term terminal terms test tested testing tests text
textile than thank thanks that thats the their them themselves then theory there therefore these they thing things
think thinking thinks third this those though thought thoughts thousand thousands thread threads threat three
through throughout throw thu thur thurs thursday thus ticket tickets tier till time times tiny tips tired title
titles to tobacco today together told tomorrow tonight tons too took tool tools top topic total totally touch tough
toward towards town toys trace track tracking trade traded trading traditional traffic train training transaction
transactions transfer transferred transmission transmissions transmitted transport transportation travel treat
treated tree trial trick tried tries trip trivial trouble truck true truly trust trusted truth try trying tue tues
tuesday tune turn turned turning turns twice two type types typical typing ugly ui uk ultimate unable under
understand understanding unique unit united units universal universe university unknown unless unseen unsolicited
unsubscribe unsubscribed until unusual unwanted up update updated updates upgrade upgraded upgrades upon urgent url
us usa usage usd use used useful usefulness useless user users uses using usual usually utc utilities utility ux
vacation valid valuable valuation value values van variable variety various vary vast ve vehicle vehicles vendor
vendors venture ventures verbal verified verify version versions very via video videos view viewing viewings views
violence virtual virtually virus viruses vision visit visited visiting visitors voice volume vote vp vs wait waiting
walk wall want wanted wanting wants war warm warning warranty was waste watch watching water way ways we wealth
wealthy wear weather web website websites wed wednesday week weekend weekly weeks weight weird welcome well went
were west what whatever whatsoever when whenever where whereas whether which while white whitelist who whole
wholesale whom whose why wide widely wife will willing win window windows winner winning wireless wisdom wish with
withdrawn within without woman women won wonder wonderful wondering wood word words work worked workers working
works world worldwide worried worry worse worst worth would wow write writes writing written wrong wrote xml yeah
year years yes yesterday yet you young your yours yourself yoy zero
`

/** Rarer words that people and companies are called by: in a short question they mean the name, in mail they may not. */
const NAMES_TOO = `
abbot allstate alphabet amazon amplitude anchor apex apple arbor ash aspen atlantic atlas baker banks barber baron
beacon bell belle berry birch bird bishop blaze bloom bond booker booth bow branch bridge bronze brook brooks buck
bud bull burns bush butler buzz canon canyon cardinal carol cascade cedar chase cherry chime christian clay cliff
colt comet compass constant cook copper coral county crew cruise crystal daisy dale dash dawn dean dell delta
destiny diamond dodge dolly domino dragon drake drew dropbox duke dusty dynamics eagle earl eastern echo electric
elm ember emerald eve falcon farmer fern fidelity fisher flame flint flora ford forrest fox frank freight frontier
frost fuller gale gap gardener garland gateway gem gene ginger glen golden goldie goode grace granite grey guardian
hale harbor harbour harmony harp harper hart haven hawk hazard hazel heath heather hill hills holly hood hopper
horizon hunter iris iron ivory ivy jade jaguar jasmine jasper jay jewel jewels joy juniper justice king lake lane
lark ledger liberty lighthouse lilly lily linear lion loom lux maple marble marina marine mars marshal marshall
mason max meadow mercy merry meta metro mint moon moss mountain myrtle noble north northern notion nova oak ocean
olive opal oracle orange orbit pace pacific panther paris parks pat patience pearl pepper phoenix pierce pike pine
pinnacle pioneer piper plaid pope poppy porter potter powers prairie precious pride prince progressive prosper
prudence prudential pulse puma quill ram ramp raven ray redwood reed reef republic rice ridge river rivers rob robin
rocky rod rosemary royal ruby rush rusty sage sailor sandy sapphire scarlet scout segment sequoia shepherd shore
silver singer skip sky slack snow sonic sonny southwest spark sparks spirit spring sprint square staples sterling
stern storm stripe subway sue summers summit sunny swift tab tack teal thorn tiger titan torch travelers urban vale
valley vance vanguard vertex victor village vine violet virgin visa vista voyager ward ware waters wave weaver wells
western wheel wild wilder willow wise wolf woods york zen zenith zoom
`

const read = (words: string): readonly string[] => words.split(/\s+/u).filter((word) => word !== '')

const everyday: ReadonlySet<string> = new Set(read(EVERYDAY))
const common: ReadonlySet<string> = new Set([...everyday, ...read(NAMES_TOO)])

/** Whether a word, in any case, is a common English or business word. */
export const isCommonWord = (word: string): boolean => common.has(word.toLowerCase())

/** Whether it is so common that even in a short question it is more likely the word than a name. */
export const isEverydayWord = (word: string): boolean => everyday.has(word.toLowerCase())

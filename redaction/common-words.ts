/**
 * Words that are common in English mail or business talk, lower-cased. A name or company that is one of them (Will,
 * Grace, Block) is taken for a name only where the surroundings speak for it. Made from our own counts over public mail
 * archives (words more often written small than capitalised), with names that are also words added by hand.
 */
const WORDS = `
abbot ability able about above absolute absolutely academic accept acceptable accepted accepting access accessible
according account accounting accounts accuracy accurate achieve acquire acquired acquisition across act acting
action actions active actively activities activity actual actually ad add added adding addition additional address
addressed addresses adds administration administrator admit ads adult advance advanced advantage advertisement
advertising advice advise advised advisor advisory affect affiliate affiliated afford affordable after afternoon
again against age agencies agency agenda agent agents ages aging ago agree agreeable agreed agreement ahead air
airport alert algorithm all allow allowed allowing allows allstate almost alone along alphabet already also alter
alternative although always am amazing amazon among amount amounts amplitude an analysis analyst analytics anchor
and angel animals announce announced announcement annoying annual annuity anonymous another answer answers antiquity
any anybody anymore anyone anything anytime anyway anywhere apart apartment apex api apologies apologize app
apparently appear appeared appears apple application applications applied applies apply appraisal appreciate
appreciated approach appropriate approval approve approved approximately apps apr april apt arbor architecture
archive archives are area areas argument arguments around arr arrested arrived art article articles as asap ash
aside ask asked asking aspen assembly asset assets assist assistance associated associates association assume
assuming assumption assured at atlantic atlas attached attachment attachments attack attacks attained attempt
attempting attempts attend attention attorney attractive auction aud audience audio aug august author auto automated
automatic automatically availability available average avoid await award awarded aware away aws baby back background
backup bad baker balance ball bandwidth bang bank bankruptcy banks bar barber baron bars base based basic basically
basis battery battle be beach beacon bear beat beautiful became because become becomes becoming bed bedroom bedrooms
been before began begin beginning begun behalf behavior behaviour behind being believe believed believer believes
bell belle below benchmark beneficiary benefit benefits berry best bet beta better between beyond bid big bigger
biggest bill billing billion billions bills binary bio biotech birch bird bishop bit bitbitch bits biz black blame
blank blaze block blocks blog blood bloom blue board body bond bonus book booker bookings books boost boot booth
born boss both bother bothered bottom bought bound bow box boxes boy brain branch brand break breaking breaks bridge
brief bright bring brings broadcast broke broken broker brokerage bronze brook brooks brothers brought brown browser
buck bucks bud budget buffer bug bugs build building built bulk bull bunch buried burn burned burning burns bush
business businesses busy but butler button buy buyer buyers buying buzz by ca cable cache cad calendar call called
calling calls came camera cameras campaign can cancel cannot canon cant canyon cap capabilities capability capable
capacity capital car card cardinal cards care career careful carefully carol carriers carry cars cartridge cascade
case cases cash cashflow cat catch category caught cause caused causes causing cc cd cedar cell center central cents
century ceo certain certainly cfo chairman challenge challenges chance chances change changed changes changing
channels character characters charge charged charges charts chase chat cheap cheaper check checked checking checks
cheers cherry chf chief child children chime chip choice choices choose chosen christian churn cio circumstances
ciso cities citizen citizens city civil claim claimed claims class classic clay clean cleaning clear clearly click
clicking client clients cliff clinic clock close closed closely closer closing cloud club clue cmo co coast cob code
cohort cold colleagues collect collected collection college color colt column combination come comes comet comfort
comfortable coming command commands comment comments commerce commercial commission commit commitment committed
committee common communicate communication communications community companies company compare compared comparison
compass compatibility compatible compelling compete competing competition competitive compile compiled complete
completed completely complex compliance complicated components comprehensive computer computers computing con
concept concern concerned concerning concerns conclusion condition conditions condo conference confidence confident
confidential config configuration configure configured confirm confirmation confirmed conflict confused confusing
congratulations connect connected connection connections consent consider considered considering consistent
consolidate constant constantly construction consulting consumer consumers contact contacted contacts contain
contained containing contains content contents context continue continued continues contract contracted contracts
control convenience convenient conventional conversation conversion convertible convinced coo cook cool cooperation
copied copies copper copy copying copyright coral core corner corporate corporation corporations corpus correct
correctly correspondence cost costs could counsel count counting countries country county couple course court cover
coverage covered crap crash crazy create created creating creative credit credulity crew crime criminal criteria
critical crm cruise crystal cst csv cto culture curious current currently custom customer customers cut cutting cvs
cycle daily daisy dale damage damn dangerous dark dash dashboard data database databases date dated dates daughter
dawn day days dc de dead deal dealer dealing deals dean dear death debate debt debts dec decade decades december
decent decide decided decision decisions dedicated deep default defend defense defined definitely definition degree
delay delete deleted deliver delivered delivers delivery dell delta demand demands demo department dependencies
depending depends deposited described description deserve design designed desire desk desktop despite destiny
destructive detail detailed details detect detected determine determined develop developed developer developers
developing development device devices diamond did die died difference differences different difficult dig digital
diligence dilution dime dinner direct directed direction directions directly director directories directory disable
disagree disclosure discount discover discovered discovery discuss discussed discussion discussions disk disks
display distance distribute distributed distribution distributors distro do docs doctor document documentation
documents dodge does dog doing dollar dollars dolly domain domestic domino done dont door double doubt down download
downloaded downloading downloads dozen draft dragon drake dramatic drawn dream dreams drew drive driver drivers
drives driving drop dropbox dropped drug drugs drunken due duke duration during dusty duty dynamic dynamics each
eagle earl earlier early earn earning earnings earth ease easier easiest easily east eastern easy eat echo economic
economy edge edit edition editor edt education effect effective effectively effects efficient effort efforts either
electric electronic electronics elements eligible eliminate elm else elsewhere email emails ember emerald employed
employee employees employment empty en enable enabled enables encourage encrypted end ended ends enemies energy
engine engineer engineering engines english enjoy enjoyed enough ensure enter entered entering enterprise
enterprises entertainment entire entirely entities entitled entity entrepreneurs entries entry environment
environmental eod equal equipment equity equivalent error errors escrow especially essential essentially est
establish established estate estimates et eta etc eu eur evaluate eve even evening event events eventually ever
every everybody everyday everyone everything everywhere evidence evp exact exactly example examples exceed excellent
except excess exchange excited exciting excluded exclusive execute executed execution executive executives exercise
exist existing exists exit exmh expand expansion expect expected expense expenses expensive experience experienced
expert experts explain explained explains explanation explicitly exposure express expressed expression ext extend
extended extensions extensive extent external extra extreme extremely eye eyes face fact factor facts fail failed
fails failure fair fairly faith falcon fall false familiar family famous fans faq far farmer fashion fast faster
fastest fat fate father fault favor favorite fax fear feature featured features feb february federal fee feed
feedback feel feeling fees feet fell felt female fern few fiction fidelity field fields fighting figure figured
figures file filed files fill filled film filter filtering filters final finally finance financial financially find
finding finds fine finish finished fire firewall firm firms first fisher fit five fix fixed fixes flag flame flight
flint floor floppy flora flow focus focused folder folders folks follow followed following follows food foods fool
for force forced forces ford forecast foreign forest forever forget forgot forgotten form format former forms
formula forrest forth fortune forum forward forwarded found foundation founder founders four fox frame frank free
freedom freight french frequently fresh fri friday friend friendly friends from front frontier frost fuel full
fuller fully fun function functionality functions fund fundamental funding funds funny further future fyi gain gale
game games gap gardener garland gas gateway gave gbp gcc gcp geek gem gene general generally generate generated
generation geometry get gets getting giant gift ginger girl girls give given gives giving glad glen global gmt go
goal goals god goes going gold golden goldie gone good goode got gotten government gp gps grab grace grand granite
grant granted grants graphics great greater greatest greatly green greetings grep grey gross ground group groups
grow growing grown growth gtm guarantee guaranteed guarantees guardian guess guide guy guys habit hack hackers had
hair hale half hall hand handle handled handling hands handy hang happen happened happening happens happier
happiness happy harbor harbour hard harder hardware harmony harp harper hart has hat hate have haven having hawk
hazard hazel he head headcount headed header headers heads health healthcare hear heard hearing heart heath heather
heaven heavy held hell hello help helped helpful helping helps hence her here hesitate hey hi hidden high higher
highest highly hill hills him himself hire hiring his historical history hit hits hold holding holdings holds hole
holes holidays holly home homes honest honor hood hope hopes hoping hopper horizon hospital hospitality host hosting
hot hotel hour hours house how however hr html http hub huge human humans hundred hundreds hunger hunt hunter
husband ic id idea ideas identical identified identify identity ie if ignore illegal image images imagine immediate
immediately impact implement implementation implemented importance important impossible impression impressive
improve improved improvement improving in inbound inbox include included includes including income incoming
inconvenience increase increased increases increasing increasingly incredible incredibly incurred indeed independent
index indicate indicated indicating individual individuals industrial industries industry info information informed
infrastructure initial inline innovation input inside inspection install installation installed installing instance
instant instantly instead institute instructed instruction instructions instruments insurance integral integrate
integrated integration intelligence intend intended interactive interest interested interesting interests interface
internal international internet interview interviews into intro introduce introduced introduction introductions
invest investigation investing investment investments investor investors invite invoice involve involved involves
ipo iris iron irr is island iso issue issued issues it item items its itself ivory ivy jade jaguar jan january
jasmine jasper java jay jewel jewels job jobs join joined joy json judge judgment jul july jump jun june juniper
junk just justice keep keeping keeps kept kernel key keyboard keys kids kill killed kind kinda kindly kinds king kit
kitchen knew know knowing knowledge known knows kpi la laboratories labs lack lake land landlord lane language
languages laptop large largely larger largest lark laser last late lately later latest latter launch launched law
lawful laws lawyer le lead leader leading leads lean learn learned learning lease least leave leaving led ledger
left legal legally legislation legitimate lender lenders lending length less let lets letter letters level levels
leverage liberal liberty libraries library license licensed licensing life lifetime light lighthouse like likely
lilly lily limit limited limits line linear lines link linked links lion list listed listen listening listing
listings lists literally little live lives living load loaded loading loan loans local locate located location lock
locked loft lofts log logistics long longer look looked looking looks lookup loom loop lose losing loss lost lot
lots love lovers low lower lowest lp lps luck lucky lunch lux lyda machine machines made magazine magnitude mail
mailbox mailing mailings mails main maintain maintainer maintenance major majority make makes making male man manage
managed management manager managing manner manual manually manufacturing many map maple mar marble march margin
marina marine mark marked market marketing marketplace markets mars marshal marshall mason mass massive master match
matching material materials matter matters max maximum may maybe me meadow mean meaning means meant measure
meatspace mechanism media medical medicine meet meeting meetings meets member members membership memo memory men
mention mentioned menu merchant mercy merely merger merry mess message messages met meta method methods metro middle
might miles milestone military million millions mind mine minimal minimum mining minor mint minute minutes miss
missed missing mistake mixed mobile mode model models modem modern modified modify module modules mom moment moments
mon monday money monitor month monthly months moon more morning mortgage moss most mostly mother motivated motor
motors mount mountain mouse move moved movement moves movie movies moving mrr msa msg msgs much multiple muscle
music must mutual my myrtle myself name named names nation national nationwide natural naturally nature nda near
nearly necessarily necessary need needed needs negative negotiation neither net network networking networks never
new newer newest news newsletter newsletters next nice night no noble nobody non none noon nor normal normally
north northern not note noted notes nothing notice noticed notified notify notion nov nova novel november now nps
number numbers numerous ny nyc oak object obligation obtain obtained obvious obviously occur occurs ocean oct
october odd of off offer offered offering offers office offices official officials offsite often oh oil ok okay old
older olive on onboarding once one ones online only onto opal open opened opening operate operating operation
operations opinion opinions opportunities opportunity ops opt opted option options or oracle orange orbit order
ordered ordering orders ordinary organization organizations organized original originally other others otherwise our
ourselves out outbound outlook output outreach outside outstanding over overall overlook overview own owned owner
owners pace pacific pack package packages page pages paid pain pair panel panther paper papers paragraph parents
paris park parks part participants participate participation particular particularly parties partition partitions
partner partners partnership parts party pass passed passing password past paste pat patch patches path patience
pattern pay paying payment payments payroll pc pdf pdt peak pearl penny people pepper per percent percentage perfect
perfectly performance perhaps period permanent permanently permission person personal personally persons pharma
pharmaceuticals phoenix phone phones photos phrase physical pick picked picking picks picture pictures piece pieces
pierce pike pill pilot pine pinnacle pioneer pipeline piper place placed places plaid plain plan planet planning
plans plant plants platform platforms play played player players playing plays pleasant please pleased pleasure
plenty plug plus pm pocket point pointed points police policies policy political politics pool poor pope poppy
popular popularity population port portable porter portfolio portion ports position positions positive positives
possibility possible possibly post posted posting posts potential potentially potter pounds power powerful powers
practical practice practices prairie pre precious predict prefer preferences preferred premium prep prepare prepared
presence present presentation presented presently president press pressure pretty prevent previous previously prey
price priced prices pricing pride primarily primary prince principal print printed printer printing prior privacy
private privileged pro probably problem problems procedure process processed processes processing processor
processors procmail produce produced product production products professional professionals profile profit
profitable profits program programmer programmers programming programs progress progressive prohibited project
projects promise promised promises promotion promotions prompt proof proper properly properties property proposal
proposals propose proposed proprietary prospect prospects prosper protect protection protocol proud prove proven
provide provided provider providers provides providing proxy prudence prudential pst public publication publish
published publishing pudge pull pulling pulse puma purchase purchased purchasing purpose purposes pushed put puts
putting q1 q2 q3 q4 qualified qualify quality quarter quarterly question questions quick quickly quill quite quote
quotes race radio raise raised ram ramp ran random range rapid rapidly rare rate rates rather rating ratio raven raw
ray razor re reach reached read reader readers reading ready real reality realize really realty reason reasonable
reasons reboot rebuild recall receipt receive received receiving recent recently recipient recipients recognized
recommend recommendation recommended record recorded records red redhat reduce redwood reed reef refer reference
references referral regard regarding regardless regards region register registered registration regular regularly
regulations regulatory related relating relations relationship relative relatively relay release released releases
relevant reliable relief religious rely remain remaining remains remember remind reminder remote removal remove
removed removes removing renewal rent rental rep repair repeat replace replacement replacements reply replying
report reported reporting reports repository represent reps republic request requested requesting requests require
required requirements requires research researchers resell reserved residents resolution resource resources respect
respond response responses responsibility responsible rest restore resubscribe result resulting results resume
retail return returned returns revealed revenue revenues reverse review reviews revision revoked reward rfp rice
rich rid ride ridge right rights ring rise risk risks river rivers road roadmap rob robin robotics rock rocks rocky
rod roi role rolling room root rose rosemary round routine royal rpm rpms ruby rule rules run running runs runway
rush rusty saas safe safely safety sage said sailor sale sales same sample sandy sapphire sat satellite saturday
save saved saving savings saw say saying says scale scan scarlet schedule scheduled schedules scheme school schools
science sciences scientists score scores scout screen script scripts se search searching season second secondary
seconds secrecy secret secrets section sector secure securities security see seed seeing seek seeking seem seemed
seems seen sees segment select selected selection self sell seller sellers selling semiconductor send sender sending
sendmail sends senior sense sent sep separate sept september sequence sequences sequoia serial series serious
seriously server servers service services serving session set sets setting settings settlement setup seven several
sexual sf shall shape share shared shares sharing sharp she shell shepherd shift ship shipped shipping shit shop
shopping shore short shot should show showed showing shown shows shut sick side sides sign signal signature
signatures signed significant significantly signing signs silence silly silver similar simple simply since sincerely
singer single sister sit site sites sitting situation six size sizes skeptic skeptical skills skin skip sky sla
slack sleep slightly slow small smaller smart sms snow so sober social society software solar sold sole solely solid
solution solutions solve some somebody somehow someone something sometime sometimes somewhat somewhere son sonic
sonny soon sophisticated sorry sort sorted sorts sound sounds source sourced sources south southern southwest sow
space spam spamassassin spammer spammers spams spark sparks speak speaking spec special specialist specials specific
specifically specifications specified specify speech speed spend spending spent spirit split spoke sponsor sponsored
sports spot spread spring sprint sql square sso stability stable staff stage stages stand standard standards
standing stands staples star start started starting starts startup state stated statement statements states status
stay steady steel step steps sterling stern stick still stock stocks stone stop stopped storage store stored stores
stories storm story straight strange strategy stream street strength strictly string strip stripe strong strongly
structure stuck student students studies studio studios study stuff stupid style subject submit submitted submitting
subscribe subscribed subscriber subscribers subscription subscriptions substantial subway succeed success successful
successfully such suck suddenly sue suffered sufficient suggest suggested suggestions suggests suit suite sum
summarise summarize summary summer summers summit sun sunday sunny super superior supplied supplies supply support
supported supports suppose supposed sure surface surprised survey survive suspect svp swap sweet swift switch
syndicate syntax system systems tab table tack tag tags take taken takes taking talk talked talking talks tape
target targeted task tasks tax taxes tba tbd teach teal team teams tech technical technique techniques technologies
technology telecom telecommunications telephone television tell telling tells ten tenant tenants tend tens term
terminal terms test tested testing tests text textile than thank thanks that thats the their them themselves then
theory there therefore these they thing things think thinking thinks third this thorn those though thought thoughts
thousand thousands thread threads threat three through throughout throw thu thur thurs thursday thus ticket tickets
tier tiger till time times tiny tips tired titan title titles to tobacco today together told tomorrow tonight tons
too took tool tools top topic torch total totally touch tough toward towards town toys trace track tracking trade
traded trading traditional traffic train training transaction transactions transfer transferred transmission
transmissions transmitted transport transportation travel travelers treat treated tree trial trick tried tries trip
trivial trouble truck true truly trust trusted truth try trying tue tues tuesday tune turn turned turning turns
twice two type types typical typing ugly ui uk ultimate unable under understand understanding unique unit united
units universal universe university unknown unless unseen unsolicited unsubscribe unsubscribed until unusual
unwanted up update updated updates upgrade upgraded upgrades upon urban urgent url us usa usage usd use used useful
usefulness useless user users uses using usual usually utc utilities utility ux vacation vale valid valley valuable
valuation value values van vance vanguard variable variety various vary vast ve vehicle vehicles vendor vendors
venture ventures verbal verified verify version versions vertex very via victor video videos view viewing viewings
views village vine violence violet virgin virtual virtually virus viruses visa vision visit visited visiting
visitors vista voice volume vote voyager vp vs wait waiting walk wall want wanted wanting wants war ward ware warm
warning warranty was waste watch watching water waters wave way ways we wealth wealthy wear weather weaver web
website websites wed wednesday week weekend weekly weeks weight weird welcome well wells went were west western what
whatever whatsoever wheel when whenever where whereas whether which while white whitelist who whole wholesale whom
whose why wide widely wife wild wilder will willing willow win window windows winner winning wireless wisdom wise
wish with withdrawn within without wolf woman women won wonder wonderful wondering wood woods word words work worked
workers working works world worldwide worried worry worse worst worth would wow write writes writing written wrong
wrote xml yeah year years yes yesterday yet york you young your yours yourself yoy zen zenith zero zoom
`

const COMMON: ReadonlySet<string> = new Set(WORDS.split(/\s+/u).filter((word) => word !== ''))

/** Whether a word, in any case, is a common English or business word. */
export const isCommonWord = (word: string): boolean => COMMON.has(word.toLowerCase())

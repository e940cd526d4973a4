/** Common English short names and the given names they stand for; one line a short name, our own selection. */
const LINES = `
abby abigail
al albert alan alfred alexander allen alvin
alex alexander alexandra alexis alejandro
ali alison alistair
andy andrew andreas anders
angie angela
annie anne anna
archie archibald
art arthur
barb barbara
bart bartholomew
becky rebecca
becca rebecca
bella isabella arabella
ben benjamin benedict bennett
bernie bernard bernadette
bert albert robert herbert
beth elizabeth bethany
betsy elizabeth
betty elizabeth
bev beverly
bill william
billy william
bob robert
bobby robert
brad bradley
bram abraham
cal calvin callum
cam cameron
candy candice
carl charles
carrie caroline
cass cassandra
cathy catherine cathleen
charlie charles charlotte
chas charles
chip charles
chris christopher christine christina christian
chrissy christine christina
chuck charles
cindy cynthia lucinda
clem clement clementine
cliff clifford
colin nicholas
connie constance
curt curtis
dan daniel
danny daniel
dave david
deb deborah debra
debbie deborah debra
dee deirdre
den dennis
dick richard
dom dominic
don donald
donny donald
dot dorothy
doug douglas
drew andrew
ed edward edwin edgar edmund
eddie edward edwin edgar
ellie eleanor ellen elena
em emily emma
ernie ernest
ethan nathan
evie eve evelyn
fran frances francis francesca
frank francis franklin
fred frederick alfred
freddie frederick alfred
gabe gabriel
gail abigail
gene eugene
geoff geoffrey
gerry gerald gerard
gina regina georgina
ginny virginia
gus augustus angus gustav
hal harold henry
hank henry
harry harold henry harrison
herb herbert
izzy isabel isabella isidore
jack john jackson
jackie jacqueline
jake jacob
jamie james
jan janet janice
jeff jeffrey jefferson
jen jennifer jenna
jenn jennifer
jenny jennifer
jerry gerald jerome jeremiah
jess jessica
jessie jessica
jim james
jimmy james
jo joanna josephine joanne
joe joseph
joey joseph
johnny john
jon jonathan
josh joshua
judy judith
kat katherine katrina
kate katherine catherine
kathy katherine kathleen
katie katherine
ken kenneth
kenny kenneth
kim kimberly
kit christopher katherine
larry lawrence laurence
len leonard
lenny leonard
leo leonard leopold
lex alexander
lexi alexandra alexis
libby elizabeth
lisa elizabeth
liz elizabeth
lizzie elizabeth
lou louis louise
lucy lucille
maddie madeleine madison
madge margaret
mandy amanda
manny emmanuel manuel
marge margaret marjorie
marv marvin
mat matthew
matt matthew matthias
max maximilian maxwell maxine
meg margaret megan
mel melanie melissa melvin
mick michael
mickey michael
mike michael
mikey michael
millie mildred millicent
mindy melinda
mitch mitchell
moe maurice
molly mary
nan nancy
nat nathan nathaniel natalie
nate nathan nathaniel
ned edward edmund
nell eleanor ellen helen
nick nicholas nicolas
nicky nicholas nicole
nora eleanor
pam pamela
pat patrick patricia
patty patricia
peg margaret
peggy margaret
penny penelope
pete peter
phil philip phillip
polly mary
rafa rafael
randy randall randolph
ray raymond
reg reginald
rich richard
rick richard
ricky richard
rob robert
robbie robert
ron ronald
ronnie ronald veronica
rosie rose rosemary
roz rosalind
russ russell
sal salvatore sally
sally sarah
sam samuel samantha
sammy samuel samantha
sandy sandra alexander
sid sidney
stan stanley
steph stephanie
steve stephen steven
stu stuart stewart
sue susan suzanne
susie susan suzanne
tad thaddeus
ted theodore edward
teddy theodore edward
terry terence theresa
theo theodore
tim timothy
tina christina martina
toby tobias
tom thomas
tommy thomas
toni antonia
tony anthony antonio
tracy theresa
trish patricia
val valerie valentina
vic victor victoria
vicky victoria
vince vincent
viv vivian
walt walter
wes wesley
will william
winnie winifred
zach zachary
`

/** Short name to given names, all lower-cased. */
export const NICKNAMES: ReadonlyMap<string, readonly string[]> = new Map(
  LINES.trim()
    .split('\n')
    .map((line) => {
      const [short = '', ...given] = line.split(' ')
      return [short, given] as const
    }),
)

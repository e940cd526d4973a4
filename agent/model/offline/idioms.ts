/**
 * Ways of speaking that say the same as shorter words the rules know. Applied to what was said before it is read, in this
 * order, never to free text behind a colon or inside quotation marks.
 */
const IDIOMS: readonly (readonly [pattern: RegExp, words: string])[] = [
  [
    /\b(?:(?:that|which) )?(?:no ?one|no-one|nobody)(?: (?:on|from) (?:our|the) (?:team|side))?(?: has| have| had|['’]s)?(?: yet| ever)? (?:repl(?:ied|ies) to|answered|respond(?:ed|s) to|got(?:ten)? back to|gotten round to)(?: yet)?\b/giu,
    'unanswered',
  ],
  [
    /\b(?:contact person|point of contact|(?:main|primary|key|go-to) contact)\b(?= (?:for|at|in|over at) [A-Z])/giu,
    'contact',
  ],
  [
    /\b(?:best|right|current|latest|work|business|direct) (?:e-?mail(?: address)?) (?:for|of|to reach) (?=[A-Z]+_\d)/giu,
    'email address of ',
  ],
  [
    /\b(?:best|right|current|work|direct) (phone|number|phone number|mobile) (?:for|of|to reach) (?=[A-Z]+_\d)/giu,
    '$1 of ',
  ],
  [
    /\b(this) (week|month|quarter|year)\b(.*?)\b(?:the )?(?:previous|last|prior|preceding) one\b/giu,
    '$1 $2$3 last $2',
  ],
  [
    /^(?:account|deal|client|customer|relationship) (?:summary|overview|brief|status|recap|review) (?:for |of |on )?(?=[A-Z]+_\d)/giu,
    'summary of ',
  ],
  [
    /\bmost (?:viewed|visited|shown|toured) (?=listing|propert|home|house|flat|apartment|unit)([a-z]+)/giu,
    '$1 with the most viewings',
  ],
  [
    /\b(?:awaiting|waiting (?:for|on)|in need of|needing) (MEMBER_\d+)['’]s (?:reply|response|answer)\b/giu,
    '$1 needs to answer',
  ],
  [
    /^((?:please |can you |could you )*(?:find|show(?: me)?|get(?: me)?|pull up|dig (?:up|out)|locate) the (?:[a-z-]+ )?(?:report|appraisal|disclosure|contract|brochure|floor ?plan|survey|questionnaire|invoice|nda|agreement|lease|quote|proposal)s?) (for|on|of|about) (?=[A-Z]+_\d)/giu,
    '$1 email $2 ',
  ],
  [
    /^(?:the )?(?:asking |list )?(price|amount|value|close date|closing date) (?:of|for|on) ([A-Z]+_\d{5,7}[fl]?)(?: deal| listing)? (?:is now|should(?: now)? be|has (?:changed|dropped|risen|gone (?:up|down)) to|changed to|dropped to|goes (?:up |down )?to) (?=[$€£]?\d)/giu,
    'set the $1 of $2 to ',
  ],
  [/\b(?:have|has) been sitting (?=untouched|idle|dormant|inactive|cold)/giu, 'are '],
  [/\b(how much (?:money |cash |value )?(?:is|do we have|have we)) (?:tied|locked) up (?=in|at)/giu, '$1 '],
  [
    /^(how much .+?),? (?:together|combined|all told|in total|altogether|all in all)(?=\s*[?.!]?\s*$)/giu,
    '$1',
  ],
  [
    /^(?:what(?:['’]s| is| was) )?(?:the |our )?total (?=(?:new |first |inbound |outbound )*(?:e-?mails?|messages|calls|meetings|viewings|showings|tours|interactions|tasks|companies|customers|buyers|sellers|founders|contacts)\b)/giu,
    'number of ',
  ],
  [
    /\bwho(?:['’]s| is| has been|['’]s been| keeps) (?:ghosting|ignoring) (me|us|MEMBER_\d+)\b/giu,
    'who has not replied to $1',
  ],
  [
    /\b(?:where|in which) they (?:haven['’]t|have not|didn['’]t|did not|never) (?:come|get|got|gotten|written|replied|reply|responded|respond|answered|answer)(?: back)?(?: to)?(?: us| me)?\b/giu,
    'without a reply from them',
  ],
  [/\bwhat(?:['’]s| does| is) (the|our|my) (pipeline|funnel) (?:look(?:ing)? like)\b/giu, '$2 by stage'],
  [/\bthis (day|week|month|quarter|year)\b(.*?)\bthe \1 before(?: that| it)?\b/giu, 'this $1$2last $1'],
  [/\bwho on our side knows\b/giu, 'who on our team knows'],
  [
    /\bwhen (?:was|were) ([A-Z]+_\d{5,7}[fl]?) (?:last|most recently) shown (?:a |an |any |some )?(?:propert(?:y|ies)|homes?|houses?|listings?|places?|flats?|anything)\b/giu,
    'when was the last viewing with $1',
  ],
  [
    /\b(buyers?|tenants?|clients?|renters?) after (?=at least|at most|an? |\d|something|some)/giu,
    '$1 looking for ',
  ],
  [
    /\bsince the (?:1st|first)(?: of (?:the|this) month)?(?=\s*[?.!,]?\s*$)/giu,
    'since the start of this month',
  ],
  [/\b(?:still )?owes? (MEMBER_\d+) an? (?:reply|answer|response|e-?mail)\b/giu, 'has not replied to $1'],
  [
    /\bwho (?:at|on|from) (?:our|the) (?:end|side|team) (?=is (?:responsible|in charge)|owns|handles|covers|manages|looks)/giu,
    'who ',
  ],
  [
    /^(?:the )?([A-Z]+_\d{5,7}[fl]?)(?: account| deal)? is (?:owned|handled|managed|covered|looked after|run) by (?:whom|who)\b/giu,
    'who owns $1',
  ],
  [/^(?:under|in) whose (?:care|hands|charge|responsibility) is (?=[A-Z]+_\d)/giu, 'who owns '],
  [/\bwho (?:runs|is running|has|takes) point (?:on|for) (?=[A-Z]+_\d)/giu, 'who owns '],
  [
    /\bhow many (bedrooms|beds) (?:does|do|has|are (?:there )?in) (?:the )?([A-Z]+_\d{5,7}[fl]?)(?: have| got)?/giu,
    '$1 of $2',
  ],
  [
    /\b(?:the )?last thing ([A-Z]+_\d{5,7}[fl]?) (?:e-?mailed|wrote|sent|messaged)(?: to)?(?: us| me)?\b/giu,
    'last email from $1',
  ],
  [/\b(how many|number of|count of) (?:different|distinct|unique|individual|separate) /giu, '$1 '],
  [
    /^(?:please )?(?:split|break ?down|break up|group|divide|slice) (?!it\b|them\b|that by|this by|those|these)(.+?)(?: down| up)? by (?=\w+\s*[?.!]?\s*$)/giu,
    '$1 by ',
  ],
  [/\b(have|has) (we|i|they|MEMBER_\d+) been emailing\b/giu, '$1 $2 emailed'],
  [/\b(have|has) (we|i|they|MEMBER_\d+) been (?:talking|speaking) (to|with)\b/giu, '$1 $2 talked $3'],
  [/\b(have|has) (we|i|they|MEMBER_\d+) been (?:meeting|seeing)\b/giu, '$1 $2 met'],
  [
    /^(?:is|are|was|were) (.+?) (?:up|down|better|worse|higher|lower) this (week|month|quarter|year) (?:on|from|over|versus|vs|than|compared (?:to|with)) last(?: \2)?(?=\s*\?*$)/giu,
    '$1 this $2 vs last $2',
  ],
  [
    /^(?:is there |do we have |did we get |have we had )?anything from ([A-Z]+_\d{5,7}[fl]?) (?:on|about|regarding|re|concerning) /giu,
    'emails from $1 about ',
  ],
  [
    /^(?:any |the |show me |list )*(\w+) (objections|concerns|complaints|questions) (?:raised|made|asked|voiced|expressed) by ([A-Z]+_\d{5,7}[fl]?)(?=\s*\?*$)/giu,
    'what $2 did $3 raise about $1',
  ],
  [
    /\b(did|has|have) (\S+) (?:log|logged|record|recorded) (?=yesterday|today|this |last |in |on |since )/giu,
    '$1 $2 make ',
  ],
  [/\b(?:number|count) and (?:total )?(?:value|amount|worth) of\b/giu, 'count and total value of'],
  [/\b(?:scheduled|planned|booked|held|done) or (?:scheduled|planned|booked|held|done)\b/giu, ''],
  [/\bwhat (?:have|were) (?:we|you) (?:been )?up to with\b/giu, 'what happened with'],
  [
    /^make (?:the )?([A-Z]+_\d{5,7}[fl]?)(?: deal| opportunity| listing)? (?=[$€£]?\d[\d.,]* ?(?:k|m|million|thousand)?\s*[.!]?$)/giu,
    'set the amount of $1 to ',
  ],
  [
    /\b(?:(?:were|was|been|got) )?(?:left|gone|remaining|remain) without (?:an? |any )?(?:answer|reply|response)\b/giu,
    'unanswered',
  ],
  [/\bunanswered (?:questions|queries|requests|items)\b/giu, 'unanswered inquiries'],
  [
    /\b(when (?:did|have|has) (?:we|i|any(?:one|body)|some(?:one|body)|MEMBER_\d+)(?: last)?) (?:show|shown|showed) (?=DEAL_\d)/giu,
    '$1 view ',
  ],
  [
    /\b(viewings|showings|tours|meetings|calls|interactions) (?:(?:took|take|have taken|has taken) place|(?:have |has )?(?:happened|occurred)|(?:were|was|have been|got) (?:held|made|conducted|hosted|done))\b/giu,
    '$1',
  ],
  [/\bdo i owe ([A-Z]+_\d{5,7}[fl]?) an? (?:reply|answer|response|e-?mail)\b/giu, 'is $1 waiting on me'],
  [
    /^(MEMBER_\d+[fl]?) (?:takes|is taking|will take|has taken) over ([A-Z]+_\d{5,7}[fl]?)(?: from MEMBER_\d+[fl]?)?(?: now| from now on| please)?\s*[.!]?$/giu,
    'change the owner of $2 to $1',
  ],
  [/^meeting prep (?:for |on |with )?(?=[A-Z]+_\d)/giu, 'prep me for my meeting with '],
  [
    /\b(threads?|conversations?|e-?mails?) (?:that |which )?(?:are |is )?(?:stuck )?waiting on (?!me\b|us\b|my\b|our\b|an?\b|MEMBER)(?=\S)/giu,
    '$1 with no reply from ',
  ],
  [
    /\b(?:what|which|any) (e-?mails?|mails?|messages?|threads?) (?:am i|are we|i am|i['’]m|we are|we['’]re) (?:sitting on|neglecting|behind on|late (?:on|with))\b/giu,
    'which $1 are waiting for my reply',
  ],
  [
    /\b(pipeline|funnel)\b([^,]*),? (?:with|including|plus|showing) (?:the )?(?:counts? and )?(?:totals?|values?|amounts?|sums?|worth)(?: and counts?)?(?=\s*[?.!]?\s*$)/giu,
    '$1$2',
  ],
  [
    /\bwhom? do (?:we|i) (?:deal|work|interact|engage|liaise|speak|talk) (?:with|to) (?=at |in |over at )/giu,
    'who do we know ',
  ],
  [
    /\b(?:how (?:can|could|do|would|might) (?:i|we)|who (?:can|could)(?: help (?:me|us))?) (?:reach|get to|get hold of|approach|meet) (\S+) (?:through|via|by way of) (?:someone|somebody|anyone|people|a person|our network|a mutual contact|mutual contacts)(?: (?:that |who )?(?:we|i) know)?\b/giu,
    'who can introduce me to $1',
  ],
  [
    /^(?:the )?([A-Z]+_\d{5,7}[fl]?)(?: deal| account)?\s*(?:[-–—,]|\s)\s*(?:a |the |quick |short )*(?:one[- ]pager|summary|overview|brief(?:ing)?|recap|background|rundown|run-down|snapshot|profile|dossier|cheat ?sheet)(?: please| pls)?\s*[.!?]?$/giu,
    'overview of $1',
  ],
  [
    /\b(?:highest|largest|biggest|greatest|most) (?:total |overall )?won (?:amount|value|revenue|total|business)\b/giu,
    'highest total value won',
  ],
  [
    /\b(?:highest|largest|biggest|greatest) total (?:won|closed) (?:amount|value|revenue)\b/giu,
    'highest total value won',
  ],
  [/\b(?:on (?:earth|file|record|our books|the books)|the (?:heck|hell)|a (?:little )?bit)\b/giu, ''],
  [/\b(?:in|as) (?:dollars|euros|money|cash) terms\b|,? in (?:dollars|euros)(?=\s*[?.!]?\s*$)/giu, ''],
  [/\bby (?:us|our team|the team|any(?:one|body)(?: of us)?)\b/giu, ''],
  [/\b(\w+ (?:emails?|messages?|mails?)) of (?:mine|ours)\b/giu, 'my $1'],
  [/\bin which\b/giu, 'where'],
  [
    /^how (?:do|can|could) (?:i|we) (?:reach|contact|get hold of|get in touch with) (PERSON_\d{5,7})\s*\?*$/giu,
    'contact details of $1',
  ],
  [/\b(?:what|which|the) number of (?=\w+ (?:did|do|does|have|has|were|was)\b)/giu, 'how many '],
  [/^by whom (?:is|are) (.+?) (?:covered|handled|managed|owned|looked after)\b/giu, 'who owns $1'],
  [
    /^we(?:['’]ve| have)? (?:just )?(won|lost) (?:the )?([A-Z]+_\d{5,7})(?: deal)?[,.;]? (?:and )?(?:please |can you )?(?:update|record|mark|log) (?:it|that|this|the deal|the crm)(?: please)?[.!?]?$/gu,
    'mark $2 as $1',
  ],
  [/\bon the (COMPANY_\d{5,7}) team\b/gu, 'at $1'],
  [/(?<=\bwhat does PERSON_\d{5,7} do) (?:at|for|with) COMPANY_\d{5,7}\b/giu, ''],
  [/(?<!\bdo )\b(?:that |who |whom )?we (?:currently )?work with\b/giu, ''],
  [/\b(?:up )?for sale\b/giu, 'on the market'],
  [/\bwhen last (did|have|has|was|were)\b/giu, 'when $1'],
  [/\bhow recently (did|have|has|was|were)\b/giu, 'when $1'],
  [
    /^(?:is|are|was|were) (.+?) (?:up|down|better|worse|higher|lower) (?:on|from|over|versus|vs|than|compared (?:to|with)) last (week|month|quarter|year)\b/giu,
    '$1 this $2 vs last $2',
  ],
  [/\bwhose (?:deal|account|customer|listing) is (?:the )?([A-Z]{4,8}_\d{5,7}) one\b/gu, 'who owns $1'],
  [/\b(?:has|have) been open (?:for )?(?:the )?longest\b/giu, 'is the longest open'],
  [/\b(one[- ]pager|snapshot|profile) (?:on|of|for)\b/giu, 'overview of'],
  [/^let (MEMBER_\d+) know (?:that )?(?:(?:she|he|they) )?(?=(?:has|have|needs?|must|should) )/giu, '$1 '],
  [
    /^(?:i |we )?(?:just )?(?:met(?: with)?|saw|had (?:lunch|coffee|dinner|breakfast|a meeting|a coffee) with) (\S+?)((?: [^,.:;]+)?)[,.;]? ?([^:]*?)[,.;]? (?:please |can you )?log (?:it|this|that)(?: as a meeting)?(?: please)?[.!]?$/giu,
    'log a meeting with $1$2: $3',
  ],
  [
    /^(?:i |we )?(?:just )?(?:called|rang|phoned|spoke (?:to|with)|had a call with) (\S+?)((?: [^,.:;]+)?)[,.;]? ?([^:]*?)[,.;]? (?:please |can you )?log (?:it|this|that)(?: as a call)?(?: please)?[.!]?$/giu,
    'log a call with $1$2: $3',
  ],
  [/\b(cell|phone|mobile|telephone|tel|contact) nos?\b\.?/giu, '$1 number'],
  [
    /^((?:can you |could you |please |pls )*)send me (?=[^:]*\b(?:numbers?|phone|mobile|cell|e-?mail address|details|list|deals|tasks|contacts)\b)/giu,
    '$1show me ',
  ],
  [
    /\bwhose (?:client|buyer|seller|tenant|customer|lead|contact|account|prospect|deal|listing) is\b/giu,
    'who owns',
  ],
  [
    /(?<=[A-Z]_\d{5,7}['’]s (?:role|title|position|job|job title)) (?:at|in|with|over at) COMPANY_\d{5,7}\b/gu,
    '',
  ],
  [/\b(?:on|in|off) our (?:books|records|files|system|list)\b/giu, ''],
  [
    /\b(?:slip|slips|slipped|slipping|run|ran|gone) past (?:the|their|its) clos(?:e|ing) dates?\b/giu,
    'are past their close date',
  ],
  [/,? (?:at the moment|at present|at this point|as we speak|as of (?:now|today)|for the moment)\b/giu, ''],
  [/\b(?:half a|a half) million\b/giu, '500k'],
  [/\b(?:(?:a )?quarter of a|a quarter) million\b/giu, '250k'],
  [/\bneither won nor lost\b|\bnot (?:yet )?(?:won or lost|decided)\b/giu, 'open'],
  [
    /\b(?:with )?(?:a |the |their )?clos(?:e|ing) dates? (?:that (?:is|are|has|have) )?(?:already )?(?:in the past|passed|gone by|behind us)\b/giu,
    'past their close date',
  ],
  [
    /\b(?:should|ought to) (?:have been|be) (?:done|finished|completed)(?: already| by now)?\b/giu,
    'are overdue',
  ],
  [/\bprice tags?\b/giu, 'price'],
  [
    /\b(?:goes|go|going|went|stretch(?:es)?|spend(?:s)?) (?:all the way )?up to (?=[$€£]?\d)/giu,
    'have a budget up to ',
  ],
  [
    /\b(?:do|are|can) we (?:currently )?(?:look(?:ing)? after|tak(?:e|ing) care of|represent(?:ing)?|serv(?:e|ing)|track(?:ing)?|count)\b(?! on| as)/giu,
    'do we have',
  ],
  [/\bhow many (?:days|weeks|months) (?:(?:is|has) it (?:been )?)?since\b/giu, 'how long since'],
  [
    /\b(?:(?:what (?:were|are|was) )?(?:our|all)? ?dealings|our relationship|our history) with\b/giu,
    'everything that happened with',
  ],
  [/^(?:walk|talk|take) me through\b/giu, 'show me'],
  [
    /\b(?:where|on which|in which|with which) nothing(?: has|'s|’s)? (?:happened|moved|been going on)\b/giu,
    'with no activity',
  ],
  [/\b(?:left|remain(?:s|ing)?|gone|going|still) unanswered\b/giu, 'unanswered'],
  [/\b(stage|month|week|quarter|rep|owner|agent) by \1\b/giu, 'by $1'],
  [/\bhow(?:['’]s| is| does) (the|our|my) (pipeline|funnel) (?:looking|doing|look|shaping up)\b/giu, '$2'],
  [
    /\b(this|last) (week|month|quarter|year) or (this|last) (week|month|quarter|year)\b(?=.*\b(?:more|better|higher|fewer)\b)/giu,
    '$1 $2 vs $3 $4',
  ],
  [/,? (?:which|who|what) (?:one )?(?:had|has|was|saw) (?:the )?(?:more|better|higher|fewer)\b/giu, ''],
  [
    /\b(?:where (?:are we|do we stand|do things stand)|how (?:are|do) (?:we|things) (?:stand(?:ing)?|doing|going|look(?:ing)?)|(?:what(?:['’]s| is) the )?state of play|what(?:['’]s| is) the (?:latest|state) (?:on|of))(?: (?:with|on|at|for))?(?= (?:the |our )?[A-Z]+_\d)/giu,
    'overview of',
  ],
  [/^(.+?),? (?:please )?(?:prep|brief|prepare) me(?: please)?\s*[.!?]?$/giu, 'prep me: $1'],
  [
    /^(?:i['’]m|i am|we['’]re|we are) (?:(?:about|going) to (?:meet|see|visit|call|(?:speak|talk) (?:to|with))|meeting|seeing|visiting|calling)\b/giu,
    'before my meeting with',
  ],
  [/\b(?:sum up|recap) (?:where|how) (\S+) (?:stands|is doing|is)\b/giu, 'summary of $1'],
  [/\b(bring|get) me up to date (on|with)\b/giu, 'brief me on'],
  [
    /\b(?:should have|ought to have|were (?:supposed|due|meant|expected) to(?: have)?) closed?(?: already| by now)?\b/giu,
    'are past their close date',
  ],
  [/\b(?:has|have) (we|they|you|i) got\b/giu, 'do $1 have'],
  [/\b(we|they|you|i)(?:['’]ve| have) got\b/giu, '$1 have'],
  [/\b(did|has|have) (?:any|some|one)(?:one|body)? of us (?:ever )?/giu, '$1 we '],
  [/\bhow long is it since we\b/giu, 'when did we last'],
  [/\b(?:had|have) anything to do with\b/giu, 'talk to'],
  [/\bare we (?:currently )?working with\b|\bdo we work with\b/giu, 'do we have'],
  [/\b(?:came|come|coming) in from\b/giu, 'from'],
  [/\b(?:sits?|stands?) (at|in)\b/giu, 'are $1'],
  [/\b(?:split|spread|distributed|divided) (?:up )?(?:across|over|among) (?:the |all |our )*/giu, 'by '],
  [/\bamong (won|lost|open|closed|the|our|all)\b/giu, 'of $1'],
  [/\bstuck with no\b/giu, 'with no'],
  [/\bthe most (?:money|value|capital|cash)\b/giu, 'the highest total value'],
  [/\bstill (owe|waiting|awaiting)\b/giu, '$1'],
  [
    /\b(deals?|opportunit(?:y|ies)|listings?|propert(?:y|ies)) (?:in|from|of|on) (?:the|our|my) (?:current |open )?pipeline\b/giu,
    'open $1',
  ],
  [/\bweighted forecast\b/giu, 'weighted pipeline'],
  [/\bbooked the most (meetings|calls|viewings|demos)\b/giu, 'had the most $1'],
  [
    /\b(?:send|sent|give|gave|provide|provided) (?:us |me )?anything (?:on|about|regarding|concerning)\b/giu,
    'write about',
  ],
  [
    /^(?:i(?:['’]ve| have)? (?:got to|have to|need to|must|should|ought to|to)) (.+?),? (?:so |and )?(?:please )?remind me(?: of (?:it|that))?\s*[.!]?$/giu,
    'remind me to $1',
  ],
]

const WHEN =
  '(?:(?:earlier )?today|yesterday|this morning|this afternoon|just now|last night|(?:on |last )?(?:mon|tues|wednes|thurs|fri|satur|sun)day)'
const TOLD_END =
  /[\s,;.–-]*(?:and |so )?(?:(?:can you )?please log(?: (?:it|this|that))?|log (?:it|this|that)(?: please)?)[.!]?$/iu
const MET = new RegExp(
  `^(?:(note|log|fyi|for the record)\\s*[:,–-]\\s*)?(had |just had )?(?:an? |quick |short |good )*(call|phone call|meeting|coffee|lunch|dinner|breakfast|viewing|showing|tour|visit|demo) (?:with|w/?) ([A-Z]+_\\d{5,7}[fl]?(?:,? (?:and|&) [A-Z]+_\\d{5,7}[fl]?)?)( done| held)?(?: (${WHEN}))?(?: (?:done|held))?\\s*[:;,.–-]+\\s+(?!(?:please )?(?:prep|brief|what|who|when|where|how|remind|need|anything)\\b)([^?]+)$`,
  'iu',
)
const CALLED = new RegExp(
  `^(?:i |we )?(?:just )?(rang|called|phoned|met(?: with)?|saw|visited) ([A-Z]+_\\d{5,7}[fl]?)(?: (?:for|over) (?:an? )?(?:quick )?(?:coffee|lunch|dinner|breakfast|drinks?|chat))?(?: (${WHEN}))?\\s*[:;,–-]+\\s+([^?]+)$`,
  'iu',
)

/** "… deal: amount should be 64k". */
const FIELD_SAID =
  /^(?:update |change |correct )?(?:the )?([A-Z]+_\d{5,7}[fl]?)(?: deal| opportunity| listing)?\s*[:,–-]\s*(?:the )?(amount|value|price|asking price|close date|closing date) (?:should (?:now )?be |is now |is |to |= ?)?([$€£]?\d[^:]*?)(?: please)?[.!]?$/iu

/** What was done, told in a telegram: "call with … today: …", "rang … this morning, … - please log". */
const telegram = (said: string): string | undefined => {
  const asksLog = TOLD_END.test(said)
  const told = said.replace(TOLD_END, '')
  const met = MET.exec(told)
  if (met) {
    const [, note, had, kind, whom, done, day, text] = met
    return note || had || done || day || asksLog
      ? `log a ${kind} with ${whom}${day ? ` ${day}` : ''}: ${text}`
      : undefined
  }
  const called = CALLED.exec(told)
  if (!called || !(called[3] || asksLog)) return undefined
  const [, verb = '', whom, day, text] = called
  const kind = /^(?:rang|called|phoned)$/iu.test(verb) ? 'call' : 'meeting'
  return `log a ${kind} with ${whom}${day ? ` ${day}` : ''}: ${text}`
}

/** Where free text begins that is kept as it was said. */
const FREE_TEXT = /[:"“]/u

/** What was said, with roundabout ways of saying it made plain. */
export const plainly = (said: string): string => {
  const set = FIELD_SAID.exec(said)
  if (set) return `set the ${set[2]} of ${set[1]} to ${set[3]}`
  const log = telegram(said)
  if (log !== undefined) return log
  const at = said.search(FREE_TEXT)
  const head = at < 0 ? said : said.slice(0, at)
  const rest = at < 0 ? '' : said.slice(at)
  let text = head
  for (const [pattern, words] of IDIOMS) text = text.replace(pattern, words)
  return text === head
    ? said
    : `${text
        .replace(/ {2,}/gu, ' ')
        .replace(/ ([?.!,])/gu, '$1')
        .trimStart()}${rest}`
}

/**
 * What words mean, as data: `[type, value, 'pattern / pattern …', …]`. Patterns as in chart.ts. Here: things, what
 * happened to them, negation. lexicon-shape.ts holds how they are counted, when, and what is asked of one record;
 * lexicon-trades.ts the overlays of each trade. Stages, tags, roles, cities come from the workspace (seeds.ts).
 */
export type LexicalEntry = readonly [type: string, value: unknown, ...patterns: readonly string[]]

export const OPEN = { slot: 'status', op: '=', value: 'open' } as const

/** The patterns of an entry, one by one. */
export const patternsOf = ([, , ...lines]: LexicalEntry): readonly string[] =>
  lines.flatMap((line) => line.split(' / '))

export const LEXICON: readonly LexicalEntry[] = [
  ['ENTITY', { entity: 'deals' }, 'deal / opportunity / opp / opps'],
  [
    'ENTITY',
    { entity: 'companies' },
    'company / account / organisation / organization / firm / org / business',
  ],
  [
    'ENTITY',
    { entity: 'companies', where: [{ slot: 'standing', op: '=', value: 'customer' }] },
    'customer / paying customer / logo',
  ],
  ['ENTITY', { entity: 'companies', where: [{ slot: 'standing', op: '=', value: 'prospect' }] }, 'prospect'],
  [
    'ENTITY',
    { entity: 'companies', where: [{ slot: 'standing', op: '=', value: 'churned' }] },
    'churned customer|account|company|client / lost customer / customer that|who? churned',
  ],
  ['ENTITY', { entity: 'people' }, 'person / contact / individual / folk / human'],
  [
    'ENTITY',
    { entity: 'tasks' },
    'task / todo / to do / to dos / follow up / follow ups / followup / reminder / action item',
    'next action',
  ],
  [
    'ENTITY',
    { entity: 'interactions' },
    'interaction / activity / touchpoint / touch point / =touch / =touches',
  ],
  [
    'ENTITY',
    { entity: 'interactions', kind: 'meeting' },
    'meeting / meet up / in person meeting / coffee chat',
  ],
  [
    'ENTITY',
    { entity: 'interactions', kind: 'meeting', first: true },
    'first meeting / initial meeting / intro meeting / introductory meeting / first time meeting',
  ],
  ['ENTITY', { entity: 'interactions', kind: 'call', first: true }, 'first call / intro call / initial call'],
  ['ENTITY', { entity: 'interactions', kind: 'call' }, 'phone call / =calls / =call'],
  [
    'ENTITY',
    { entity: 'interactions', kind: 'viewing' },
    'viewing / showing / =tours / =tour / property visit / open house',
  ],
  ['ENTITY', { entity: 'interactions', kind: 'note' }, '=notes'],
  ['MAIL', {}, '=email / =emails / e mail / =mails / =mail / =message / =messages / inbox / correspondence'],
  ['MAIL', { threads: true }, 'thread / conversation / email thread|conversation / mail thread'],
  [
    'MAIL',
    { threads: true, inbound: true },
    'inquiry / enquiry / incoming email|mail|message / inbound email|mail|message / request from outside',
  ],
  ['ENTITY', { entity: 'members' }, 'team member / colleague / teammate'],
  [
    'FILTER',
    [{ slot: 'status', op: '=', value: 'open' }],
    'open / active / live / ongoing / in progress / in play / in flight / outstanding / not yet closed',
    'still open / unclosed',
  ],
  ['FILTER', [{ slot: 'status', op: '=', value: 'won' }], 'closed won / =won / successful'],
  ['FILTER', [{ slot: 'status', op: '=', value: 'lost' }], 'closed lost / =lost / dead / failed'],
  [
    'FILTER',
    [{ slot: 'overdue', op: '=', value: true }],
    'overdue / past due / =late / past it|their|its|the? due date',
    'past it|their|its|the? close|closing date',
  ],
  ['FILTER', [{ slot: 'done', op: '=', value: true }], 'completed / done / finished / ticked off'],
  [
    'FILTER',
    [{ slot: 'done', op: '=', value: false }],
    'pending / unfinished / incomplete / undone / left to do / still to do',
  ],
  ['FILTER', [{ slot: 'direction', op: '=', value: 'inbound' }], 'inbound / incoming'],
  ['FILTER', [{ slot: 'direction', op: '=', value: 'outbound' }], 'outbound / outgoing'],
  [
    'FILTER',
    [{ slot: 'attachment', op: '=', value: true }],
    'with attachment / with an attachment / has attachment / with file / with attached file',
  ],
  ['FILTER', [{ slot: 'side', op: '=', value: 'sell' }], 'sell side / seller side'],
  ['FILTER', [{ slot: 'side', op: '=', value: 'buy' }], 'buy side / buyer side'],
  ['VERB', { event: 'due' }, 'due / falling due / fall due'],
  [
    'VERB',
    { event: 'won' },
    '=won / win / land / =closed / signed / sold / convert / bring in / brought in / booked / =book',
  ],
  [
    'VERB',
    { event: 'lost' },
    '=lost / =lose / =losing / =loses / passed on / pass on / =passed / fell through / withdrawn',
    'withdrew / turned down / declined / walked away from',
  ],
  [
    'VERB',
    { event: 'closing' },
    '=closing / =close / =closes / expected to close / due to close / should close / set to close / supposed to close',
    'scheduled to close / going to close / slated to close / will close / close date / closing date',
    'expected close date / expected close',
  ],
  [
    'VERB',
    { event: 'created' },
    'created / =create / =added / =add / =new / brand new / newly created|added / =opened / =open up',
    'came|come|went on the market / hit the market / put on the market / =listed / went live',
    'entered / came in / come in / joined / started / signed up / start',
  ],
  [
    'VERB',
    { event: 'meeting' },
    '=met / =meet / =meets / see / sat down with / sit down with / get together with / had a meeting with',
    'have a meeting with / met with / meet with',
  ],
  ['VERB', { event: 'speak' }, 'speak to|with? / speak'],
  [
    'VERB',
    { event: 'call' },
    '=call|=called|=calling / phone / ring / rang / dial / have a call with / on the phone with / hop on a call with',
  ],
  ['VERB', { event: 'viewing' }, '=viewed / =view / visited / toured / =tour / =showed / =shown'],
  [
    'VERB',
    { event: 'email' },
    '=email / =emailed / =mailed / =mail / write to / write / message / send email|mail|message to',
    'send an email|mail|message to / send to',
  ],
  [
    'VERB',
    { event: 'talk' },
    'talk to|with? / =contact / =contacted / =contacting / reach out to / reach / touch / touch base with',
    'touch base / connect with / connect / interact with / interact / engage with / engage / chat with|to',
    'be in touch with / in touch with / in contact with / get in touch with / follow up with',
    'follow up on / followed up / check in with|on / =deal|=dealing|=dealt with / have contact with',
    'have any contact with / communicate with / worked on / work on / looked at / catch up with',
    'caught up with / have a conversation with / hold of',
  ],
  [
    'VERB',
    { event: 'heard' },
    'hear from / hear back from / get word from / get a reply from / get an answer from',
  ],
  [
    'VERB',
    { event: 'reply' },
    'reply / respond / answer / write back / get back to / get back / responded to / reply to / answer to',
    'hear back',
  ],
  ['VERB', { event: 'send' }, 'send / =sent'],
  ['VERB', { event: 'receive' }, 'receive / =get / =got / received'],
  [
    'NOTHING',
    { event: 'talk' },
    'interaction / activity / =contact / touch / touchpoint / communication / follow up / movement',
    'update / engagement / action / response from us / outreach / news / conversation',
  ],
  ['NOTHING', { event: 'meeting' }, 'meeting'],
  ['NOTHING', { event: 'call' }, '=call / =calls / phone call'],
  ['NOTHING', { event: 'viewing' }, 'viewing / showing'],
  [
    'NOTHING',
    { event: 'heard' },
    '=reply / =replies / =response / =responses / =answer / =answers / word from them / inbound email',
  ],
  ['NOTHING', { event: 'email' }, 'email / mail'],
  [
    'QUIET',
    { event: 'talk' },
    '=stalled / stale / gone stale / went stale / gone cold / went cold / going cold / cold / dormant / neglected',
    'inactive / untouched / idle / forgotten / sitting idle / gathering dust / falling through the cracks',
    'slipping / uncontacted / out of touch / sleeping / stagnant / lost touch with / lose touch with',
    'go stale|cold / overdue for a touch|check-in|follow-up / gone untouched',
  ],
  [
    'QUIET',
    { event: 'heard' },
    'gone quiet / went quiet / quiet / gone silent / went silent / silent / gone dark / went dark',
    'ghosted / ghosting / unresponsive / go quiet|silent|dark / stopped replying|responding|answering',
    'fallen silent',
  ],
  ['STUCK', {}, 'stuck / stalled / sitting / parked / lingering / =been / languishing / not moved / sat'],
  ['NEG', {}, 'yet to / not / never / nobody / no one / none / neither / no colleague'],
  [
    'NO',
    {},
    '=no / without / without any / zero / lacking / lack / missing / do not have / have no / not have',
    'with no / that lack',
  ],
  [
    'EXCEPT',
    {},
    'except / except for / excluding / exclude / other than / besides / apart from / aside from / but not',
    'not counting / not including / leaving out / leave out / minus / ignoring / ignore / without',
    'not in / not / outside / outside of',
  ],
  ['OR', {}, 'or / and / plus / as well as / , / and or'],
]

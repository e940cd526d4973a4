import { take, takeAll } from '../bag.ts'
import type { Bag } from '../bag.ts'
import type { Token } from '../normalise.ts'
import type { Period, Reference, RefPiece, Want } from '../pieces.ts'
import type { PlannedCall } from '../plan-types.ts'
import { settle } from '../lower.ts'
import { formatInZone } from '../zone.ts'
import type { Frame, FrameContext, Reading } from './common.ts'
import { resolve } from './common.ts'

const POLITE = new Set([
  'please',
  'can',
  'could',
  'you',
  'would',
  'i',
  'want',
  'need',
  'to',
  'lets',
  'let',
  'us',
  'go',
  'ahead',
  'and',
  'hey',
  'kindly',
  'just',
  'also',
  'now',
  ',',
])

/** Index of the verb a request begins with. */
const verbAt = (tokens: readonly Token[]): number => {
  let at = 0
  while (at < tokens.length - 1 && POLITE.has(tokens[at]!.word)) at += 1
  return at
}

const useAll = (bag: Bag): void => {
  for (let at = 0; at < bag.tokens.length; at += 1) bag.taken.add(at)
}

const references = (
  bag: Bag,
  from: number,
  until: number,
): readonly { readonly piece: RefPiece; readonly at: number }[] =>
  bag.pieces
    .filter((edge) => edge.type === 'REF' && edge.start >= from && edge.end <= until)
    .map((edge) => ({ piece: edge.value as RefPiece, at: edge.start }))

const handlesOf = (ref: Reference, wanted: readonly string[]): readonly string[] =>
  resolve(ref, wanted)?.handles ?? []

/** The instant a task is due or something happened, as `2026-11-24` or `2026-11-24T10:00`. */
const instantIn = (
  bag: Bag,
  context: FrameContext,
  isAhead: boolean,
  from = 0,
  until = bag.tokens.length,
): string | undefined => {
  const edge = bag.pieces.find(({ type, start, end }) => type === 'PERIOD' && start >= from && end <= until)
  if (!edge) return undefined
  const period = edge.value as Period
  const isFloating = 'isFloating' in period && period.isFloating === true
  if (
    period.kind === 'moment' ||
    ((period.kind === 'until' || period.kind === 'before') && /^\d{4}-\d\d-\d\d/.test(period.token))
  ) {
    return settle(period.token, isFloating, isAhead, context)
  }
  const days: Readonly<Record<string, number>> = {
    today: 0,
    tomorrow: 1,
    yesterday: -1,
    next_week: 7,
    next_month: 30,
  }
  if ((period.kind === 'named' || period.kind === 'until') && days[period.token] !== undefined)
    return formatInZone(context.now, context.timezone, days[period.token]!)
  if (period.token.endsWith('d') && /^[+-]/.test(period.token)) {
    const count = Math.abs(Number.parseInt(period.token.slice(1), 10))
    return formatInZone(
      context.now,
      context.timezone,
      period.kind === 'ahead' || (isAhead && period.kind === 'span') ? count : -count,
    )
  }
  if (/^\d{4}-\d\d$/.test(period.token) && isAhead) return undefined
  return undefined
}

const noteAfter = (bag: Bag): { readonly at: number; readonly text: string } | undefined => {
  const mark = bag.tokens.findIndex(({ word, kind }) => kind === 'mark' && (word === ':' || word === ';'))
  if (mark >= 0) return { at: mark, text: bag.text.slice(bag.tokens[mark]!.end).trim() }
  const dash = / [-–—] /.exec(bag.text)
  if (dash)
    return {
      at: bag.tokens.findIndex(({ start }) => start > dash.index),
      text: bag.text.slice(dash.index + 3).trim(),
    }
  const quote = bag.tokens.findIndex(({ kind }) => kind === 'quote')
  if (quote >= 0) return { at: quote, text: bag.tokens[quote]!.raw }
  const that = bag.tokens.findIndex(
    ({ word }, index) => index > 2 && ['that', 'saying', 'where', 'about'].includes(word),
  )
  if (that >= 0)
    return {
      at: that,
      text: bag.text
        .slice(bag.tokens[that]!.word === 'about' ? bag.tokens[that]!.start : bag.tokens[that]!.end)
        .trim(),
    }
  return undefined
}

const KIND_WORDS: Readonly<Record<string, string>> = {
  call: 'call',
  phone: 'call',
  meeting: 'meeting',
  meet: 'meeting',
  viewing: 'viewing',
  showing: 'viewing',
  tour: 'viewing',
  note: 'note',
  email: 'email',
  coffee: 'meeting',
  lunch: 'meeting',
  visit: 'viewing',
  conversation: 'call',
  message: 'message',
  chat: 'call',
  dinner: 'meeting',
  demo: 'meeting',
}

const kindOf = (word: string): string | undefined => KIND_WORDS[word] ?? KIND_WORDS[word.replace(/s$/, '')]

/** "Log a call with … today: …", "note for …: …", "I met … yesterday". */
const logInteraction = (bag: Bag, context: FrameContext, verb: number): Reading | undefined => {
  const word = bag.tokens[verb]!.word
  const isNote = word === 'note' || word === 'jot'
  const spoken = bag.tokens[verb]!.word
  const told = ['met', 'spoke', 'called', 'talked'].includes(spoken) && bag.tokens[0]!.word === 'i'
  if (
    !['log', 'record', 'note', 'jot', 'add', 'register', 'track', 'save', 'enter', 'capture'].includes(
      word,
    ) &&
    !told
  )
    return undefined
  const note = noteAfter(bag)
  const until = note?.at ?? bag.tokens.length
  const kindToken = told
    ? undefined
    : bag.tokens.slice(verb + (isNote ? 0 : 1), until).find(({ word: said }) => kindOf(said) !== undefined)
  const kind = told ? (spoken === 'met' ? 'meeting' : 'call') : kindToken && kindOf(kindToken.word)
  if (!kind) return undefined
  const people: string[] = []
  let company: string | undefined
  let deal: string | undefined
  for (const { piece } of references(bag, verb, until)) {
    const ref = resolve(piece.ref, ['people', 'companies', 'deals', 'members'])
    if (ref?.label === 'people') people.push(...ref.handles)
    else if (ref?.label === 'companies') company = ref.handles[0]
    else if (ref?.label === 'deals') deal = ref.handles[0]
  }
  if (people.length === 0 && !company && !deal) return undefined
  useAll(bag)
  const said = instantIn(bag, context, false, 0, until)
  const occurredAt = said ?? formatInZone(context.now, context.timezone)
  const args: Record<string, unknown> = {
    people,
    ...(company ? { company } : {}),
    ...(deal ? { deal } : {}),
    kind,
    occurred_at: occurredAt,
    summary: note?.text || (told ? sentence(bag.text) : '') || `${kind[0]!.toUpperCase()}${kind.slice(1)}`,
  }
  return {
    frame: 'write.log',
    bonus: 1.5,
    calls: [{ tool: 'log_interaction', args }],
    readAs: `propose to log: ${kind} with ${[...people, company, deal].filter(Boolean).join(', ')}, ${occurredAt}`,
  }
}

const change = (reason: string, changes: readonly Record<string, unknown>[]): PlannedCall => ({
  tool: 'propose_writeback',
  args: { reason, changes },
})

/** A change of a deal that was named by its company: found first, changed then. */
const dealOf = (company: string, reason: string, set: Record<string, unknown>): PlannedCall => ({
  tool: 'query_crm',
  args: {
    find: 'deals',
    where: [
      { field: 'company', op: '=', value: company },
      { field: 'status', op: '=', value: 'open' },
    ],
    limit: 10,
  },
  then: change(reason, [{ op: 'update', entity: 'deals', record: '$row', set }]),
})

const onDeal = (ref: Reference, reason: string, set: Record<string, unknown>): PlannedCall | undefined => {
  const found = resolve(ref, ['deals', 'companies'])
  if (!found || found.handles.length !== 1) return undefined
  return found.label === 'deals'
    ? change(reason, [{ op: 'update', entity: 'deals', record: found.handles[0]!, set }])
    : dealOf(found.handles[0]!, reason, set)
}

const stageIn = (bag: Bag, context: FrameContext): string | undefined => {
  const edge = bag.pieces.find(
    ({ type, value }) => type === 'FILTER' && (value as readonly Want[])[0]!.slot === 'stage',
  )
  if (edge) return String((edge.value as readonly Want[])[0]!.value)
  const status = bag.tokens.find(({ word }) => ['won', 'lost', 'closed', 'dead'].includes(word))?.word
  const kind = status === 'lost' || status === 'dead' ? 'lost' : status ? 'won' : undefined
  const fitting = context.vocabulary.stages.filter((stage) => stage.kind === kind)
  return fitting.length === 1 ? fitting[0]!.name : undefined
}

/** "Move … to …", "mark … as lost". */
const moveStage = (bag: Bag, context: FrameContext, verb: number): Reading | undefined => {
  if (
    ![
      'move',
      'mark',
      'set',
      'advance',
      'push',
      'change',
      'updat',
      'put',
      'shift',
      'promot',
      'bump',
      'progres',
      'progress',
      'drag',
      'close',
    ].includes(bag.tokens[verb]!.word) &&
    bag.tokens[verb]!.word !== 'update'
  )
    return undefined
  const stage = stageIn(bag, context)
  const named = references(bag, verb, bag.tokens.length)
  if (!stage || named.length !== 1 || named[0]!.piece.isNegated) return undefined
  if (bag.pieces.some(({ type }) => ['AMOUNT', 'PERIOD'].includes(type))) return undefined
  const call = onDeal(named[0]!.piece.ref, `Asked to move it to ${stage}.`, { stage })
  if (!call) return undefined
  useAll(bag)
  return {
    frame: 'write.move',
    bonus: 1.2,
    calls: [call],
    readAs: `propose to move ${named[0]!.piece.ref.handles.join(', ')} to stage ${stage}`,
  }
}

const SETTABLE: Readonly<
  Record<string, { readonly field: string; readonly entity: 'deals' | 'people' | 'companies' | 'any' }>
> = {
  amount: { field: 'amount', entity: 'deals' },
  close_date: { field: 'close_date', entity: 'deals' },
  next_step: { field: 'next_step', entity: 'deals' },
  title: { field: 'title', entity: 'people' },
  role: { field: 'role', entity: 'people' },
  city: { field: 'city', entity: 'any' },
  country: { field: 'country', entity: 'any' },
  industry: { field: 'industry', entity: 'companies' },
  status: { field: 'status', entity: 'companies' },
  notes: { field: 'notes', entity: 'any' },
  domain: { field: 'domain', entity: 'companies' },
}

/** "Set the close date of … to …", "change the amount of … to 75k". */
const setField = (bag: Bag, context: FrameContext, verb: number): Reading | undefined => {
  if (
    ![
      'set',
      'move',
      'shift',
      'change',
      'chang',
      'updat',
      'update',
      'mak',
      'edit',
      'correct',
      'fix',
      'push',
      'adjust',
      'rais',
      'lower',
      'bump',
    ].includes(bag.tokens[verb]!.word)
  )
    return undefined
  const attr = bag.pieces.find(
    ({ type, value }) => (type === 'ATTR' || type === 'FIELD') && SETTABLE[value as string] !== undefined,
  )
  const event = bag.pieces.find(
    ({ type, value }) => type === 'EVENT' && (value as { event: string }).event === 'closing',
  )
  const key = attr ? (attr.value as string) : event ? 'close_date' : undefined
  const target = key === undefined ? undefined : SETTABLE[key]
  const to = bag.tokens.findLastIndex(({ word }, index) => index > verb && (word === 'to' || word === 'as'))
  if (!target || to < 0) return undefined
  const named = references(bag, verb, bag.tokens.length).filter(({ piece }) => piece.ref.label !== 'members')
  if (named.length !== 1) return undefined
  let value: unknown
  if (target.field === 'amount') value = bag.tokens.slice(to).find(({ kind }) => kind === 'number')?.number
  else if (target.field === 'close_date') value = instantIn(bag, context, true)?.slice(0, 10)
  else value = bag.text.slice(bag.tokens[to]!.end).trim().replace(/[.!]$/, '')
  if (value === undefined || value === '') return undefined
  const ref = named[0]!.piece.ref
  const set = { [target.field]: value }
  const reason = `Asked to set ${target.field}.`
  let call: PlannedCall | undefined
  if (target.entity === 'deals') call = onDeal(ref, reason, set)
  else {
    const found = resolve(ref, target.entity === 'any' ? ['people', 'companies'] : [target.entity])
    if (found?.handles.length === 1)
      call = change(reason, [{ op: 'update', entity: found.label, record: found.handles[0]!, set }])
  }
  if (!call) return undefined
  useAll(bag)
  return {
    frame: 'write.set',
    bonus: 1.4,
    calls: [call],
    readAs: `propose to set ${target.field} of ${ref.handles.join(', ')} to ${String(value)}`,
  }
}

/** "Assign … to …", "make … the owner of …". */
const assign = (bag: Bag, _context: FrameContext, verb: number): Reading | undefined => {
  const { word } = bag.tokens[verb]!
  const stem = word
  const isAssign =
    ['assign', 'reassign', 'transfer', 'give', 'hand'].includes(stem) || ['give', 'reassign'].includes(word)
  const isMake =
    ['make', 'set', 'chang', 'change'].includes(stem) && bag.tokens.some((token) => token.word === 'owner')
  if (!isAssign && !isMake) return undefined
  const named = references(bag, verb, bag.tokens.length)
  const members = named.map(({ piece }) => piece).filter(({ ref }) => ref.label === 'members')
  const owner = (members.find(({ role }) => role === 'to') ?? (members.length === 1 ? members[0] : undefined))
    ?.ref
  const records = named.map(({ piece }) => piece.ref).filter(({ label }) => label !== 'members')
  if (
    !owner ||
    owner.handles.length !== 1 ||
    records.length !== 1 ||
    bag.pieces.some(
      ({ type, value }) => type === 'ENTITY' && (value as { entity: string }).entity === 'tasks',
    )
  )
    return undefined
  const found = resolve(records[0]!, ['companies', 'deals', 'people'])
  if (!found) return undefined
  useAll(bag)
  const changes = found.handles.map((handle) => ({
    op: 'update',
    entity: found.label,
    record: handle,
    set: { owner: owner.handles[0]! },
  }))
  return {
    frame: 'write.assign',
    bonus: 1.3,
    calls: [change('Asked to change the owner.', changes)],
    readAs: `propose to make ${owner.handles[0]} the owner of ${found.handles.join(', ')}`,
  }
}

const sentence = (text: string): string => {
  const clean = text.replace(/^[\s,:;-]+|[\s,:;.!-]+$/g, '').replace(/\s+/g, ' ')
  return clean === '' ? '' : clean[0]!.toUpperCase() + clean.slice(1)
}

/** The words of the task itself: what is left when the date is cut out. */
const withoutDate = (bag: Bag, from: number): string => {
  let text = ''
  let last = bag.tokens[from]?.start ?? bag.text.length
  for (const edge of bag.pieces.filter(({ type, start }) => type === 'PERIOD' && start >= from)) {
    text += bag.text.slice(last, bag.tokens[edge.start]!.start)
    last = bag.tokens[edge.end - 1]!.end
  }
  return sentence(text + bag.text.slice(last))
}

/** "Remind Luis to call the Whitmores next Tuesday at 10", "create a task for me to …". */
const remind = (bag: Bag, context: FrameContext, verb: number): Reading | undefined => {
  const { word: stem } = bag.tokens[verb]!
  const hasTask = bag.tokens
    .slice(verb, verb + 5)
    .some(({ word }) => ['task', 'reminder', 'todo', 'follow'].includes(word))
  const isRemind = stem === 'remind'
  if (
    !isRemind &&
    !(
      hasTask &&
      ['creat', 'create', 'add', 'set', 'make', 'schedul', 'schedule', 'open', 'put', 'new', 'task'].includes(
        stem,
      )
    ) &&
    !(stem === 'schedul' && hasTask)
  )
    return undefined
  const noun = isRemind
    ? verb
    : bag.tokens.findIndex(
        ({ word }, index) => index >= verb && ['task', 'reminder', 'todo', 'follow'].includes(word),
      )
  const to = bag.tokens.findIndex(
    ({ word }, index) =>
      index > noun && (word === 'to' || word === ':' || word === 'that' || word === 'about'),
  )
  const isFollowUp = bag.tokens[noun]?.word === 'follow'
  if (to < 0 && !isFollowUp) return undefined
  const named = references(bag, verb, bag.tokens.length)
  const forWhom = named.find(({ piece, at }) => piece.ref.label === 'members' && at <= (to < 0 ? noun : to))
    ?.piece.ref
  const assignee = forWhom?.handles[0] ?? 'me'
  const about = named.filter(({ at }) => at > verb)
  const people: string[] = []
  let company: string | undefined
  let deal: string | undefined
  for (const { piece } of about) {
    if (piece.ref === forWhom || piece.ref.label === 'members') continue
    const ref = resolve(piece.ref, ['people', 'companies', 'deals'])
    if (ref?.label === 'people') people.push(...ref.handles)
    if (ref?.label === 'companies') company = ref.handles[0]
    if (ref?.label === 'deals') deal = ref.handles[0]
  }
  const from =
    to < 0 || (isFollowUp && bag.tokens[to]!.word === 'to' && to < noun)
      ? noun
      : bag.tokens[to]!.word === 'about'
        ? to
        : to + 1
  const title = withoutDate(bag, from)
  if (title === '') return undefined
  const due = instantIn(bag, context, true)
  useAll(bag)
  const set: Record<string, unknown> = {
    title,
    ...(due ? { due_at: due } : {}),
    assignee,
    ...(people.length > 0 ? { people } : {}),
    ...(company ? { company } : {}),
    ...(deal ? { deal } : {}),
  }
  return {
    frame: 'write.task',
    bonus: 1.5,
    calls: [change('Asked for a reminder.', [{ op: 'create', entity: 'tasks', set }])],
    readAs: `propose a task for ${assignee}: ${title}${due ? `, due ${due}` : ', no due date'}`,
  }
}

/** "Add PERSON as …": a tag or role on a record. */
const tagRecord = (bag: Bag, _context: FrameContext, verb: number): Reading | undefined => {
  const { word: stem } = bag.tokens[verb]!
  if (!['tag', 'label'].includes(stem)) return undefined
  const named = references(bag, verb, bag.tokens.length)
  const as = bag.tokens.findIndex(({ word }, index) => index > verb && (word === 'as' || word === 'with'))
  if (named.length !== 1 || as < 0) return undefined
  const found = resolve(named[0]!.piece.ref, ['people', 'companies', 'deals'])
  const tag = bag.text
    .slice(bag.tokens[as]!.end)
    .trim()
    .replace(/^(an?|the) /i, '')
    .replace(/["'.!]/g, '')
  if (!found || tag === '') return undefined
  useAll(bag)
  const changes = found.handles.map((record) => ({
    op: 'link',
    entity: found.label,
    record,
    set: { tags: [tag] },
  }))
  return {
    frame: 'write.tag',
    bonus: 1.2,
    calls: [change('Asked to tag it.', changes)],
    readAs: `propose to tag ${found.handles.join(', ')} with ${tag}`,
  }
}

const WRITES = [remind, logInteraction, tagRecord, assign, setField, moveStage]

/** Requests to change something: always a proposal. */
export const write: Frame = (bag, context) => {
  const verb = verbAt(bag.tokens)
  for (const attempt of WRITES) {
    const reading = attempt(bag, context, verb)
    if (reading) return reading
  }
  return undefined
}
export { take, takeAll, handlesOf }

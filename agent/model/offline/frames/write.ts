import type { Bag } from '../bag.ts'
import type { Reference, RefPiece, Want } from '../pieces.ts'
import type { PlannedCall } from '../plan-types.ts'
import type { Frame, FrameContext, Reading } from './common.ts'
import { resolve } from './common.ts'
import { logInteraction } from './write-log.ts'
import { sentenceStarts } from './sentences.ts'
import { change, instantIn, references, useAll, verbAt } from './write-parts.ts'
import { remind } from './write-task.ts'
import { told } from './write-told.ts'

/** A change of a deal that was named by its company or by a person: found first, changed then. */
const dealOf = (
  label: string,
  handle: string,
  reason: string,
  set: Record<string, unknown>,
): PlannedCall => ({
  tool: 'query_crm',
  args: {
    find: 'deals',
    where: [
      label === 'people'
        ? { some: 'people', where: [{ field: 'id', op: '=', value: handle }] }
        : { field: 'company', op: '=', value: handle },
      { field: 'status', op: '=', value: 'open' },
    ],
    limit: 10,
  },
  next: change(reason, [{ op: 'update', entity: 'deals', record: '$row', set }]),
})

const onDeal = (ref: Reference, reason: string, set: Record<string, unknown>): PlannedCall | undefined => {
  const found = resolve(ref, ['deals', 'companies', 'people'])
  if (!found || found.handles.length !== 1) return undefined
  return found.label === 'deals'
    ? change(reason, [{ op: 'update', entity: 'deals', record: found.handles[0]!, set }])
    : dealOf(found.label, found.handles[0]!, reason, set)
}

/** Words for how a deal ended, whatever the stage is called. */
const ENDED: Readonly<Record<string, 'won' | 'lost'>> = {
  won: 'won',
  closed: 'won',
  signed: 'won',
  sold: 'won',
  completed: 'won',
  lost: 'lost',
  dead: 'lost',
  passed: 'lost',
  declined: 'lost',
  withdrawn: 'lost',
}

/** The stage that is the goal; none when two are said and neither is. */
const stageIn = (bag: Bag, context: FrameContext, until = bag.tokens.length): string | undefined => {
  const edges = bag.pieces.filter(
    ({ type, value, start }) =>
      type === 'FILTER' && start < until && (value as readonly Want[])[0]!.slot === 'stage',
  )
  const goals = edges.filter(({ start }) => ['to', 'into'].includes(bag.tokens[start]!.word))
  const names = new Set(
    (goals.length > 0 ? goals : edges).map(({ value }) => {
      const [want] = value as readonly Want[]
      return want?.op === '=' ? String(want.value) : undefined
    }),
  )
  if (names.size > 0) return names.size === 1 ? [...names][0] : undefined
  const status = bag.tokens.find(({ word }) => ENDED[word] !== undefined)?.word
  const kind = status === undefined ? undefined : ENDED[status]
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
  return moveTo(bag, context, verb)
}

const moveTo = (
  bag: Bag,
  context: FrameContext,
  from: number,
  until = bag.tokens.length,
): Reading | undefined => {
  const stage = stageIn(bag, context, until)
  const named = references(bag, from, until)
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
      'raise',
      'lower',
      'drop',
      'reduce',
      'increase',
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
  const isRaised = ['raise', 'lower', 'increase', 'reduce', 'drop', 'bump'].includes(bag.tokens[verb]!.word)
  const key = attr ? (attr.value as string) : event ? 'close_date' : isRaised ? 'amount' : undefined
  const target = key === undefined ? undefined : SETTABLE[key]
  const to = bag.tokens.findLastIndex(
    ({ word }, index) =>
      index > verb &&
      (word === 'to' || word === 'as' || (word === 'at' && bag.tokens[index + 1]?.kind === 'number')),
  )
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
  useAll(bag, to + 1)
  return {
    frame: 'write.set',
    bonus: 1.4,
    calls: [call],
    readAs: `propose to set ${target.field} of ${ref.handles.join(', ')} to ${typeof value === 'number' ? value.toLocaleString('en-US') : (value as string)}`,
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
  if (bag.tokens.slice(verb).some((token) => ['task', 'todo', 'reminder'].includes(token.word)))
    return undefined
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
  return found ? ownerChange(bag, owner.handles[0]!, found) : undefined
}

const ownerChange = (bag: Bag, owner: string, found: Reference): Reading => {
  useAll(bag)
  const changes = found.handles.map((handle) => ({
    op: 'update',
    entity: found.label,
    record: handle,
    set: { owner },
  }))
  return {
    frame: 'write.assign',
    bonus: 1.3,
    calls: [change('Asked to change the owner.', changes)],
    readAs: `propose to make ${owner} the owner of ${found.handles.join(', ')}`,
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
  useAll(bag, as + 1)
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

const toldMove = (bag: Bag, context: FrameContext, until: number): Reading | undefined =>
  moveTo(bag, context, 0, until)

const toldOwner = (
  bag: Bag,
  owner: string,
  { piece }: ReturnType<typeof references>[number],
): Reading | undefined => {
  const found = resolve(piece.ref, ['companies', 'deals', 'people'])
  return found ? ownerChange(bag, owner, found) : undefined
}

/** "… should belong to Wren from now on". */
const belongs = (bag: Bag): Reading | undefined => {
  const named = references(bag, 0, bag.tokens.length)
  const owners = named.filter(({ piece }) => piece.ref.label === 'members')
  const records = named.filter(({ piece }) => piece.ref.label !== 'members')
  if (!/\b(?:belongs?|goes?|now with|owned by)\b/iu.test(bag.text)) return undefined
  if (owners.length !== 1 || records.length !== 1 || owners[0]!.at < records[0]!.at) return undefined
  const found = resolve(records[0]!.piece.ref, ['companies', 'deals', 'people'])
  return found ? ownerChange(bag, owners[0]!.piece.ref.handles[0]!, found) : undefined
}

/** A record, and where it is now: "… to Proposal", "… goes to Hana", "the … deal is now at Proposal". */
const STATED =
  /^(?:ok(?:ay)?,? |so,? |now,? )*(?:the )?[A-Z]+_\d+[fl]?(?:['’]s)?(?: deal| opportunity| account| listing| round)?:? ?(?:->|→|=>|to\b|into\b|stage\b|(?:is|are|has|have) now\b|goes?\b|moves?\b|moved\b|advances\b|is (?:in|at|under|with)\b|has (?:moved|gone|reached|entered)\b|should (?:be|go|move|belong)\b|(?:now )?belongs to\b)/iu

const WRITES = [remind, logInteraction, tagRecord, assign, setField, moveStage]

/** Requests to change something: always a proposal. In several sentences, the one that begins with the request. */
export const write: Frame = (bag, context) => {
  // Two things asked for at once are not half done.
  if (
    /\band (?:then |also )?(?:please )?(?:remind|log|assign|tag|e-?mail|create|send|schedule)\b/iu.test(
      bag.text.split(/[:"“]/u)[0]!,
    ) &&
    !/^(?:please )?(?:remind|add a task|create a task)/iu.test(bag.text)
  )
    return undefined
  const leavesOut = bag.pieces.some(
    ({ type, value }) => type === 'REF' && (value as RefPiece).isNegated === true,
  )
  if (leavesOut) return undefined
  for (const start of sentenceStarts(bag)) {
    const verb = start + verbAt(bag.tokens.slice(start))
    for (const attempt of WRITES) {
      const reading = attempt(bag, context, verb)
      if (reading) return reading
    }
  }
  const isStated = STATED.test(bag.text) && !/\?\s*$/u.test(bag.text)
  const stated = isStated ? (moveTo(bag, context, 0) ?? belongs(bag)) : undefined
  if (stated) return stated
  return told(bag, context, { move: toldMove, assign: toldOwner })
}

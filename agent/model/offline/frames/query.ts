import { has, says, take } from '../bag.ts'
import type { Bag } from '../bag.ts'
import type { Edge } from '../chart.ts'
import { withWant } from '../draft.ts'
import type { Draft, MeasureUse } from '../draft.ts'
import type { EntityWord, EventPiece, RefPiece, Want } from '../pieces.ts'
import type { FrameContext, Reading } from './common.ts'
import { draftQuery } from './query-draft.ts'

/** Entities the question may be about, by its nouns and verbs. */
export const candidateEntities = (bag: Bag): ReadonlySet<string> => {
  const found = new Set<string>()
  for (const { type, value } of bag.pieces) {
    if (type === 'ENTITY' && (value as EntityWord).entity !== 'members')
      found.add((value as EntityWord).entity)
    if (['PIPE', 'REVENUE', 'CLOSINGS', 'WINS', 'LOSSES', 'STUCK_IN', 'MOVED_TO'].includes(type))
      found.add('deals')
    if (type === 'FILTER') {
      for (const { slot } of value as readonly Want[]) {
        if (slot === 'stage' || slot === 'status') found.add('deals')
        if (slot === 'overdue') found.add('tasks')
        if (slot === 'part' || slot === 'title' || slot === 'budget') found.add('people')
        if (slot === 'tag') for (const each of ['people', 'companies']) found.add(each)
        if (slot === 'standing' || slot === 'industry') found.add('companies')
        if (slot === 'city') found.add('people')
      }
    }
    if (type === 'MEASURE' && (value as MeasureUse).slot !== undefined) found.add('deals')
    if (type === 'EVENT') {
      const { event } = value as EventPiece
      if (['won', 'lost', 'closing'].includes(event)) found.add('deals')
      if (event === 'due') found.add('tasks')
      if (['meeting', 'call', 'talk', 'speak', 'viewing'].includes(event))
        for (const each of ['interactions', 'people']) found.add(each)
      if (['email', 'send', 'receive', 'heard'].includes(event))
        for (const each of ['emails', 'people']) found.add(each)
    }
    if (type === 'MAIL') found.add('emails')
    if (type === 'MOST' && (value as { isActivity?: boolean }).isActivity) found.add('interactions')
  }
  return found
}

const HEADS = ['ENTITY', 'MAIL', 'PIPE', 'REVENUE', 'CLOSINGS', 'WINS', 'LOSSES']

/** Nothing but "open deals", which is what is taken when nothing is said. */
const isOnlyDefault = ({ wants }: Draft): boolean =>
  wants.every(({ slot, value }) => slot === 'status' && value === 'open')

/** One person by name, and a part they play or an owner besides: the words mean something else ("their agent"). */
const isOneAndKind = ({ wants }: Draft): boolean =>
  wants.some(({ slot, op }) => slot === 'person' && op === '=') &&
  wants.some(({ slot }) => slot === 'part' || slot === 'title' || slot === 'owner')

/** A deal that nobody touches is one that is still open, unless a status or a stage was said. */
const openWhenStale = (draft: Draft): Draft =>
  draft.event?.isNegated !== true ||
  draft.date === 'closed' ||
  draft.movedTo !== undefined ||
  draft.wants.some(({ slot }) => ['status', 'stage', 'overdue'].includes(slot))
    ? draft
    : {
        ...withWant(draft, { slot: 'status', op: '=', value: 'open' }),
        notes: [...draft.notes, 'no status said: open deals taken'],
      }

/** "we email", "did Hana email": a verb, not the noun. */
const isMailVerb = (bag: Bag, edge: Edge): boolean =>
  edge.end === edge.start + 1 &&
  ['email', 'mail', 'message', 'emailed', 'mailed', 'emails'].includes(bag.tokens[edge.start]!.word) &&
  (['we', 'i', 'they', 'have', 'not', 'to', 'did'].includes(bag.tokens[edge.start - 1]?.word ?? '') ||
    ['us', 'me'].includes(bag.tokens[edge.end]?.word ?? '') ||
    bag.pieces.some(({ type, end }) => type === 'REF' && end === edge.start))

/**
 * What the question is about: its first noun, the last of several that stand together ("portfolio founders"). A
 * company in a stage, won or lost, is its deal.
 */
const headEntity = (bag: Bag): string | undefined => {
  const heads = bag.pieces.filter(
    (edge) => HEADS.includes(edge.type) && !(edge.type === 'MAIL' && isMailVerb(bag, edge)),
  )
  let head = heads[0]
  for (const next of heads.slice(1)) {
    if (next.start !== head!.end || next.type !== head!.type) break
    head = next
  }
  if (!head) return undefined
  const titled = bag.pieces.find(
    ({ type, value, start, end }) =>
      type === 'FILTER' &&
      (value as readonly Want[])[0]!.slot === 'title' &&
      start < head.start &&
      end <= head.start,
  )
  // "CFOs of our customers": people by their title, at those companies.
  if (titled && head.type === 'ENTITY' && (head.value as EntityWord).entity === 'companies') return 'people'
  if (head.type === 'MAIL') return 'emails'
  if (head.type !== 'ENTITY') return 'deals'
  const word = head.value as EntityWord
  const isPlain =
    word.entity === 'companies' && !heads.some(({ value }) => (value as EntityWord).entity === 'deals')
  const isInPipeline = bag.pieces.some(
    ({ type, value }) =>
      (type === 'FILTER' && (value as readonly Want[])[0]!.slot === 'stage') ||
      type === 'STUCK_IN' ||
      type === 'MOVED_TO' ||
      (type === 'EVENT' && ['won', 'lost', 'closing'].includes((value as EventPiece).event)),
  )
  return isPlain && isInPipeline ? 'deals' : word.entity
}

/** Lists, counts, totals, rankings, comparisons of one entity. */
export const queryFrame =
  (entity: string) =>
  (bag: Bag, context: FrameContext): Reading | undefined => {
    if (has(bag, 'UNANSWERED') || has(bag, 'WAITING_US') || has(bag, 'WAITING_THEM') || has(bag, 'SAID')) {
      if (entity === 'emails' || entity === 'threads') return undefined
    }
    const isHead = entity === headEntity(bag)
    let mailVerb = false
    let isToUs = false
    const asksList = bag.pieces.some(({ type }) =>
      ['MEASURE', 'GROUP', 'MOST', 'RANKED', 'VERSUS', 'TREND'].includes(type),
    )
    if (entity === 'emails') {
      const isCounted = bag.pieces.some(({ type }) =>
        ['MEASURE', 'GROUP', 'MOST', 'VERSUS', 'TREND'].includes(type),
      )
      if (!isCounted) return undefined
      const verb = bag.pieces.find((edge) => edge.type === 'MAIL' && isMailVerb(bag, edge))
      const hasSender = bag.pieces.some(
        ({ type, value }) => type === 'REF' && (value as RefPiece).ref.label === 'members',
      )
      isToUs = verb !== undefined && ['us', 'me'].includes(bag.tokens[verb.end]?.word ?? '')
      if (verb) mailVerb = !hasSender
      take(bag, 'MAIL')
    }
    const isOften = says(bag, 'times', 'often')
    if (isOften && has(bag, 'MEASURE') && ['people', 'companies', 'deals'].includes(entity)) return undefined
    const isRankedEvent =
      (has(bag, 'MOST') || has(bag, 'RANKED')) &&
      bag.pieces.some(({ type, value }) => type === 'EVENT' && !(value as EventPiece).isNegated)
    if ((entity === 'people' || entity === 'companies') && isRankedEvent) return undefined
    let draft = draftQuery(bag, entity, context)
    const isAmountOrder = bag.pieces.some(
      ({ type, value }) => type === 'ORDER' && (value as { slot: string }).slot === 'amount',
    )
    if ((entity === 'people' || entity === 'companies') && ((draft.compare && !draft.date) || isAmountOrder))
      return undefined
    if (entity === 'people' && isOneAndKind(draft)) return undefined
    // Who took part in what happened with a deal is not who stands on it.
    if (entity === 'people' && draft.event && draft.wants.some(({ slot }) => slot === 'deal'))
      return undefined
    if (entity === 'companies' && headEntity(bag) === 'people') return undefined
    if (entity === 'deals') draft = openWhenStale(draft)
    const isVague =
      !draft.event &&
      draft.date !== 'closed' &&
      draft.date !== 'closing' &&
      !draft.movedTo &&
      !draft.measures?.some(({ slot }) => slot !== undefined)
    if (entity === 'deals' && !isHead && isOnlyDefault(draft) && isVague) return undefined
    if (mailVerb)
      draft = withWant(draft, { slot: 'direction', op: '=', value: isToUs ? 'inbound' : 'outbound' })
    if ((entity === 'people' || entity === 'companies') && draft.period && !draft.date) return undefined
    if (entity === 'companies' && headEntity(bag) === 'deals' && !draft.someOf?.length) return undefined
    const isBare =
      draft.wants.length === 0 &&
      !draft.event &&
      !draft.period &&
      !draft.measures &&
      !draft.missing &&
      !draft.noneOf &&
      !draft.order &&
      !draft.limit &&
      !draft.compare &&
      !draft.movedTo &&
      !draft.isFirst
    if (isBare && !isHead) return undefined
    if (entity === 'interactions' && !isHead && !asksList) return undefined
    if (entity === 'people' && !isHead && asksList && (draft.event || !draft.wants.length)) return undefined
    const hasInteraction = draft.event !== undefined && !draft.event.isNegated && entity !== 'people'
    return {
      frame: `query.${entity}`,
      bonus: (isHead ? 0.6 : 0) - (hasInteraction ? 0.1 : 0),
      draft,
      isHeaded: isHead,
    }
  }

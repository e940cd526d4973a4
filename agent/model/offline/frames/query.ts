import { has, peek, says, saysStem, take, takeAll } from '../bag.ts'
import type { Bag } from '../bag.ts'
import { emptyDraft, withWant } from '../draft.ts'
import type { Draft, EventUse, MeasureUse } from '../draft.ts'
import type { Edge } from '../chart.ts'
import type { EntityWord, EventPiece, Period, RankPiece, RefPiece, Want } from '../pieces.ts'
import { PLACES } from '../places.ts'
import type { FrameContext, Named, Reading } from './common.ts'
import { saidBefore, takeNamed } from './common.ts'

const CONTACT = new Set(['talk', 'speak', 'meeting', 'call', 'viewing', 'email', 'heard', 'wrote'])
const LIFECYCLE = new Set(['won', 'lost', 'closing', 'created'])
const STALE_DAYS = 30

const edit = (draft: Draft, change: Partial<Draft>): Draft => ({ ...draft, ...change })
const note = (draft: Draft, text: string): Draft => ({ ...draft, notes: [...draft.notes, text] })

/** Head nouns and what stands beside them: "founders", "customer emails", "deals of customers". */
const takeNouns = (bag: Bag, start: Draft, context: FrameContext): Draft => {
  let draft = start
  const { entity } = draft
  for (const word of takeAll<EntityWord>(bag, 'ENTITY', (value) => value.entity === entity)) {
    for (const want of word.where ?? []) draft = withWant(draft, want)
    if (word.kind) draft = withWant(draft, { slot: 'kind', op: '=', value: word.kind })
    if (word.first) draft = edit(draft, { isFirst: true })
    if (
      word.listing &&
      (bag.pieces.some(({ type }) => type === 'RANKED') ||
        says(bag, 'active', 'available', 'current', 'live', 'market'))
    ) {
      draft = withWant(draft, { slot: 'side', op: '=', value: 'sell' })
    }
    if (word.lead && !has(bag, 'PERIOD') && !has(bag, 'GROUP')) {
      const stage = context.vocabulary.stages.find(({ name }) => /^leads?$/i.test(name))
      if (stage) draft = withWant(draft, { slot: 'stage', op: '=', value: stage.name })
    }
  }
  for (const wants of takeAll<readonly Want[]>(bag, 'ADJECTIVE'))
    for (const want of wants) draft = withWant(draft, want)
  for (const edge of bag.pieces) {
    if (edge.type !== 'ENTITY' || bag.used.has(edge)) continue
    const word = edge.value as EntityWord
    if (word.where && word.where.every(({ slot }) => PLACES[entity]?.[slot] !== undefined)) {
      bag.used.add(edge)
      for (const want of word.where) draft = withWant(draft, want)
    } else if (entity === 'deals' && word.entity === 'companies') bag.used.add(edge)
    else if (entity === 'deals' && word.entity === 'deals') bag.used.add(edge)
    else if (
      (entity === 'companies' || entity === 'people') &&
      ['deals', 'tasks', 'interactions'].includes(word.entity) &&
      !word.where &&
      !word.kind
    ) {
      bag.used.add(edge)
      draft = edit(draft, { someOf: [...(draft.someOf ?? []), word.entity] })
    } else if (entity === 'deals' && word.entity === 'people' && !word.where) bag.used.add(edge)
  }
  return draft
}

/** The only stage of a kind is that kind: a stage called Won says `status = won`. */
const stageAsStatus = (draft: Draft, want: Want, { vocabulary }: FrameContext): Want => {
  if (draft.entity !== 'deals' || want.slot !== 'stage' || want.op !== '=') return want
  const stage = vocabulary.stages.find(({ name }) => name.toLowerCase() === String(want.value).toLowerCase())
  const isOnly =
    stage !== undefined &&
    stage.kind !== 'open' &&
    vocabulary.stages.filter(({ kind }) => kind === stage.kind).length === 1
  return isOnly ? { slot: 'status', op: '=', value: stage.kind } : want
}

const statusOf = (draft: Draft, want: Want): Want => {
  if (want.slot !== 'status' || draft.entity !== 'tasks') return want
  return { slot: 'done', op: '=', value: want.value !== 'open' }
}

const takeFilters = (bag: Bag, start: Draft, context: FrameContext): Draft => {
  let draft = start
  for (const edge of bag.pieces) {
    if (edge.type !== 'FILTER' || bag.used.has(edge)) continue
    const wants = (edge.value as readonly Want[]).map((want) =>
      stageAsStatus(draft, statusOf(draft, want), context),
    )
    const isKnown = wants.every(
      (want) =>
        PLACES[draft.entity]?.[want.slot] !== undefined ||
        (want.slot === 'overdue' && ['deals', 'tasks'].includes(draft.entity)),
    )
    if (!isKnown) continue
    bag.used.add(edge)
    for (const want of wants) draft = withWant(draft, want)
  }
  for (const { op, value } of takeAll<{ op: Want['op']; value: number | readonly number[] }>(bag, 'AMOUNT')) {
    const slot =
      draft.entity === 'people' &&
      (draft.wants.some(({ slot: known }) => known === 'bedrooms') ||
        draft.wants.some(({ value: part }) => part === 'buyer' || part === 'tenant'))
        ? 'budget'
        : 'amount'
    if (PLACES[draft.entity]?.[slot] === undefined) return draft
    draft = withWant(draft, { slot, op, value })
  }
  return draft
}

const wantOf = (slot: Want['slot'], { ref, isNegated }: Named): Want =>
  ref.handles.length === 1
    ? { slot, op: isNegated ? '!=' : '=', value: ref.handles[0]! }
    : { slot, op: isNegated ? 'not_in' : 'in', value: [...ref.handles] }

/** Names other than the one who acts in an event. */
const takeNames = (bag: Bag, start: Draft): Draft => {
  let draft = start
  const { entity } = draft
  for (let found = takeNamed(bag, ['members']); found; found = takeNamed(bag, ['members'])) {
    if (entity === 'emails' && !found.isNegated) {
      const isTo =
        found.role === 'to' ||
        (found.role === 'subject' && saysStem(bag, 'get', 'receiv')) ||
        (found.role === 'bare' && saysStem(bag, 'get', 'receiv'))
      draft = isTo
        ? withWant(draft, { slot: 'direction', op: '=', value: 'inbound' })
        : withWant(draft, wantOf('owner', found))
      continue
    }
    draft = withWant(draft, wantOf('owner', found))
  }
  for (
    let found = takeNamed(bag, ['companies', 'people', 'deals']);
    found;
    found = takeNamed(bag, ['companies', 'people', 'deals'])
  ) {
    const slot =
      found.ref.label === 'companies' ? 'company' : found.ref.label === 'people' ? 'person' : 'deal'
    draft = withWant(draft, wantOf(slot, found))
    if (entity === 'emails' && found.role === 'from')
      draft = withWant(draft, { slot: 'direction', op: '=', value: 'inbound' })
  }
  return draft
}

const isUs = (bag: Bag, at: number): boolean =>
  saidBefore(bag, at, ['we', 'i', 'us', 'our', 'nobody', 'anyone', 'team', 'anybody', 'have', 'did'], 5)

const takeEvents = (bag: Bag, start: Draft): Draft => {
  let draft = start
  const { entity } = draft
  for (const edge of bag.pieces) {
    if (edge.type !== 'EVENT' || bag.used.has(edge)) continue
    const { event, isNegated, isQuiet } = edge.value as EventPiece
    if (CONTACT.has(event) && ['people', 'companies', 'deals'].includes(entity) && !draft.event) {
      const actor = takeNamed(bag, ['members'], ({ role }) => ['subject', 'bare', 'by'].includes(role))
      const period = isNegated ? take<Period>(bag, 'PERIOD') : take<Period>(bag, 'PERIOD')
      const isStale = isNegated && (isQuiet === true || !says(bag, 'never')) && !period
      bag.used.add(edge)
      const recently = take(bag, 'RECENTLY') !== undefined
      const use: EventUse = {
        event,
        isNegated,
        ...(period
          ? { period }
          : isStale || recently
            ? { period: { kind: 'span', token: `-${STALE_DAYS}d` }, isDefault: true }
            : {}),
        ...(actor ? { member: actor.ref.handles[0]! } : {}),
      }
      draft = edit(draft, { event: use, ...(isNegated ? { order: [{ slot: 'last', desc: false }] } : {}) })
      if (use.isDefault) draft = note(draft, `no period said: thirty days taken`)
      continue
    }
    if (entity === 'interactions' && CONTACT.has(event) && !isNegated) {
      bag.used.add(edge)
      const kinds: Readonly<Record<string, Want>> = {
        meeting: { slot: 'kind', op: '=', value: 'meeting' },
        call: { slot: 'kind', op: '=', value: 'call' },
        viewing: { slot: 'kind', op: '=', value: 'viewing' },
        email: { slot: 'kind', op: '=', value: 'email' },
        speak: { slot: 'kind', op: 'in', value: ['call', 'meeting'] },
      }
      const want = kinds[event]
      if (want && !draft.wants.some(({ slot }) => slot === 'kind')) draft = withWant(draft, want)
      continue
    }
    if (entity === 'emails' && ['email', 'send', 'receive', 'heard', 'wrote'].includes(event) && !isNegated) {
      bag.used.add(edge)
      const isInbound = event === 'receive' || event === 'heard' || saidAfter(bag, edge.end, ['us', 'me'])
      const hasSender = draft.wants.some(({ slot }) => slot === 'owner')
      if (isInbound) draft = withWant(draft, { slot: 'direction', op: '=', value: 'inbound' })
      else if (
        !hasSender &&
        isUs(bag, edge.start) &&
        !bag.pieces.some(
          (piece) =>
            piece.type === 'REF' && (piece.value as { ref: { label: string } }).ref.label === 'members',
        )
      ) {
        draft = withWant(draft, { slot: 'direction', op: '=', value: 'outbound' })
      }
      continue
    }
    if (LIFECYCLE.has(event) && !isNegated) {
      const isDeal = entity === 'deals'
      if (!isDeal && event !== 'created') continue
      if (event === 'created' && entity === 'emails') continue
      bag.used.add(edge)
      if (event === 'won' || event === 'lost') {
        draft = withWant(edit(draft, { date: 'closed' }), { slot: 'status', op: '=', value: event })
      } else if (event === 'closing') {
        draft = withWant(edit(draft, { date: 'closing' }), { slot: 'status', op: '=', value: 'open' })
      } else draft = edit(draft, { date: 'created' })
      continue
    }
    if (entity === 'tasks' && event === 'reply') continue
  }
  return draft
}

const saidAfter = (bag: Bag, at: number, words: readonly string[]): boolean =>
  bag.tokens.slice(at, at + 2).some(({ word }) => words.includes(word))

/** Won, lost and pipeline as nouns: "closings", "revenue", "our pipeline". */
const takeDealNouns = (
  bag: Bag,
  start: Draft,
): { readonly draft: Draft; readonly measures: readonly MeasureUse[] } => {
  let draft = start
  const measures: MeasureUse[] = []
  if (draft.entity !== 'deals') return { draft, measures }
  const won: Want = { slot: 'status', op: '=', value: 'won' }
  if (take(bag, 'REVENUE')) {
    draft = withWant(edit(draft, { date: 'closed' }), won)
    measures.push({ fn: 'sum', slot: 'amount' })
  }
  if (take(bag, 'CLOSINGS')) {
    draft = withWant(edit(draft, { date: 'closed' }), won)
    if (has(bag, 'VERSUS') || has(bag, 'GROUP')) measures.push({ fn: 'count' }, { fn: 'sum', slot: 'amount' })
  }
  if (take(bag, 'WINS')) draft = withWant(edit(draft, { date: 'closed' }), won)
  if (take(bag, 'LOSSES'))
    draft = withWant(edit(draft, { date: 'closed' }), { slot: 'status', op: '=', value: 'lost' })
  if (take(bag, 'PIPE')) {
    if (!draft.wants.some(({ slot }) => slot === 'status'))
      draft = withWant(draft, { slot: 'status', op: '=', value: 'open' })
    if (draft.date === undefined && has(bag, 'PERIOD')) draft = edit(draft, { date: 'closing' })
    measures.push({ fn: 'count' }, { fn: 'sum', slot: 'amount' })
  }
  return { draft, measures }
}

const takePeriods = (bag: Bag, start: Draft): Draft => {
  let draft = start
  if (has(bag, 'VERSUS') || has(bag, 'TREND') || has(bag, 'MORE')) {
    const periods = bag.pieces.filter(
      ({ type, value }) =>
        type === 'PERIOD' &&
        ['named', 'moment'].includes((value as Period).kind) &&
        !bag.used.has(bag.pieces.find((edge) => edge.value === value)!),
    )
    if (periods.length >= 2) {
      const [a, b] = periods
      for (const edge of [a!, b!]) bag.used.add(edge)
      takeAll(bag, 'VERSUS')
      takeAll(bag, 'MORE')
      takeAll(bag, 'TREND')
      draft = edit(draft, { compare: { a: a!.value as Period, b: b!.value as Period } })
    } else if (
      periods.length === 1 &&
      (periods[0]!.value as Period).kind === 'named' &&
      /^this_/.test((periods[0]!.value as Period).token)
    ) {
      const a = periods[0]!.value as Period
      const hasCue = has(bag, 'TREND') || says(bag, 'last', 'previous', 'before', 'prior')
      if (hasCue) {
        bag.used.add(periods[0]!)
        takeAll(bag, 'VERSUS')
        takeAll(bag, 'MORE')
        takeAll(bag, 'TREND')
        take(bag, 'LAST')
        draft = edit(draft, {
          compare: { a, b: { kind: 'named', token: a.token.replace('this_', 'last_') } },
        })
      }
    }
  }
  const period = draft.compare ? undefined : take<Period>(bag, 'PERIOD')
  if (period) draft = edit(draft, { period })
  else if (!draft.compare && draft.entity === 'interactions' && take(bag, 'RECENTLY')) {
    draft = note(
      edit(draft, { period: { kind: 'back', token: `-${STALE_DAYS}d` } }),
      `"recently" taken as the last thirty days`,
    )
  }
  return draft
}

const isAhead = (period: Period | undefined): boolean =>
  period !== undefined &&
  (period.kind === 'ahead' || period.kind === 'until' || /^next_|tomorrow/.test(period.token))

/** Deals with a plain period: the date that was meant. */
const chooseDate = (given: Draft): Draft => {
  const draft = given
  if (draft.entity !== 'deals' || draft.date !== undefined || (!draft.period && !draft.compare)) return draft
  const status = draft.wants.find(({ slot }) => slot === 'status')?.value
  if (status === 'won' || status === 'lost') return edit(draft, { date: 'closed' })
  if (isAhead(draft.period))
    return note(
      withWant(edit(draft, { date: 'closing' }), { slot: 'status', op: '=', value: 'open' }),
      'by expected close date',
    )
  return note(edit(draft, { date: 'created' }), 'by the date they were created')
}

const WHO = new Set(['who', 'whom', 'which', 'what'])

/** "which rep", "who … most": what a ranking is over. */
const askedDimension = (bag: Bag, draft: Draft): string | undefined => {
  const dim = take<string>(bag, 'DIM')
  if (dim) return dim
  const noun = peek(
    bag,
    'ENTITY',
    (value: EntityWord) =>
      value.entity !== draft.entity && ['companies', 'people', 'members'].includes(value.entity),
  )
  if (noun) {
    bag.used.add(noun)
    const { entity } = noun.value as EntityWord
    return entity === 'companies' ? 'company' : entity === 'people' ? 'person' : 'owner'
  }
  const head = bag.tokens.findIndex(({ word }) => word === 'who' || word === 'whom')
  if (head < 0) return undefined
  const isObject =
    bag.tokens.slice(head + 1, head + 4).some(({ word }) => ['we', 'i', 'us'].includes(word)) ||
    bag.pieces.some(
      (edge) =>
        edge.type === 'REF' &&
        edge.start > head &&
        edge.start <= head + 3 &&
        (edge.value as { ref: { label: string } }).ref.label === 'members',
    )
  return isObject ? 'person' : 'owner'
}

const isSingular = (bag: Bag): boolean => {
  const asked = bag.tokens.findIndex(({ word }) => WHO.has(word))
  const next = bag.tokens[asked + 1]?.word ?? ''
  return asked >= 0 ? !/s$/.test(next) || /is$|has$|was$/.test(next) : true
}

const unique = (uses: readonly MeasureUse[]): readonly MeasureUse[] =>
  uses.filter((use, at) => uses.findIndex(({ fn, slot }) => fn === use.fn && slot === use.slot) === at)

const takeShape = (bag: Bag, start: Draft, fromNouns: readonly MeasureUse[]): Draft => {
  let draft = start
  const said = unique(takeAll<MeasureUse>(bag, 'MEASURE'))
  const groups: string[] = []
  for (const { dim, then } of takeAll<{ dim: string; then?: string }>(bag, 'GROUP'))
    groups.push(dim, ...(then ? [then] : []))
  const ranked = take<RankPiece>(bag, 'RANKED')
  const most = take<{ desc: boolean }>(bag, 'MOST')
  const ownDim = (ranked || most) && groups.length === 0 ? askedDimension(bag, draft) : undefined
  if (ownDim) groups.push(ownDim)
  let measures: readonly MeasureUse[] = said.length > 0 ? said : fromNouns
  if (
    said.some(({ fn }) => fn === 'sum' || fn === 'avg') &&
    said.some(({ fn }) => fn === 'count') &&
    !says(bag, 'and')
  ) {
    measures = said.filter(({ fn }) => fn !== 'count')
  }
  if (said.length === 0 && fromNouns.length === 0 && (groups.length > 0 || draft.compare))
    measures = [{ fn: 'count' }]
  if (
    most &&
    ownDim &&
    said.length === 0 &&
    draft.entity === 'deals' &&
    draft.date === 'closed' &&
    !bag.pieces.some((edge) => edge.type === 'ENTITY' && (edge.value as EntityWord).entity === 'deals') &&
    !bag.pieces.some(({ type }) => type === 'WINS' || type === 'LOSSES')
  ) {
    measures = [{ fn: 'sum', slot: 'amount' }]
  }
  if (ranked && ownDim && said.length === 0 && fromNouns.length > 0)
    measures = fromNouns.filter(({ fn }) => fn === 'sum')
  draft = edit(draft, {
    ...(measures.length > 0 ? { measures } : {}),
    ...(groups.length > 0 ? { groups } : {}),
  })

  const orders = takeAll<{ slot: string; desc?: boolean }>(bag, 'ORDER')
  if (ranked || most) {
    const desc = ranked?.desc ?? most?.desc ?? true
    const limit =
      ranked?.count ??
      (most && ownDim === 'person' && draft.entity !== 'deals'
        ? 10
        : isSingular(bag) && !isPluralNoun(bag)
          ? 1
          : 10)
    const slot =
      groups.length > 0
        ? 'measure'
        : (orders[0]?.slot ?? (ranked && draft.entity === 'deals' ? ranked.slot : 'age'))
    draft = edit(draft, {
      order: [
        { slot, desc: groups.length === 0 && slot === 'age' && ranked?.slot === 'amount' ? true : desc },
      ],
      limit,
    })
  } else if (orders.length > 0) {
    draft = edit(draft, {
      order: orders.map(({ slot, desc }) => ({
        slot,
        desc: desc ?? ['amount', 'weighted', 'created'].includes(slot),
      })),
    })
  }
  return draft
}

const isPluralNoun = (bag: Bag): boolean =>
  bag.pieces.some(
    ({ type, start, end }) =>
      ['ENTITY', 'DIM', 'WINS', 'LOSSES'].includes(type) &&
      bag.tokens.slice(start, end).some(({ word }) => /[^s]s$|people/.test(word)),
  )

const defaults = (bag: Bag, start: Draft): Draft => {
  let draft = start
  const isShaped =
    (draft.groups?.includes('stage') ?? false) ||
    draft.limit !== undefined ||
    draft.order?.some(({ slot }) => slot === 'weighted') ||
    draft.measures?.some(({ slot }) => slot === 'weighted')
  const isRanked =
    draft.entity === 'deals' &&
    isShaped &&
    !draft.wants.some(({ slot }) => slot === 'status' || slot === 'stage') &&
    !draft.movedTo &&
    draft.date !== 'closed'
  if (isRanked) draft = note(withWant(draft, { slot: 'status', op: '=', value: 'open' }), 'open deals only')
  const isList = !draft.measures && !draft.order
  if (draft.entity === 'deals' && isList && draft.wants.some(({ slot }) => slot === 'amount'))
    draft = edit(draft, { order: [{ slot: 'amount', desc: true }] })
  if (draft.entity === 'tasks' && !draft.wants.some(({ slot }) => slot === 'done' || slot === 'overdue')) {
    draft = note(withWant(draft, { slot: 'done', op: '=', value: false }), 'not yet done')
  }
  if (draft.entity === 'tasks' && isList) draft = edit(draft, { order: [{ slot: 'due', desc: false }] })
  if (draft.entity === 'interactions' && isList)
    draft = edit(draft, { order: [{ slot: 'date', desc: false }] })
  if (draft.entity === 'emails' && isList) draft = edit(draft, { order: [{ slot: 'date', desc: true }] })
  take(bag, 'LOOKING')
  return draft
}

/** The question as a query over `entity`, from whatever pieces fit; the caller weighs what it leaves unused. */
export const draftQuery = (bag: Bag, entity: string, context: FrameContext): Draft =>
  defaults(bag, chooseDate(draftDelta(bag, entity, context)))

/** The same without defaults: what the words themselves say. */
export const draftDelta = (bag: Bag, entity: string, context: FrameContext): Draft => {
  let draft = takeNouns(bag, emptyDraft(entity), context)
  const stuck = entity === 'deals' ? take<readonly Want[]>(bag, 'STUCK_IN') : undefined
  if (stuck) draft = withWant(edit(draft, { date: 'stage' }), stuck[0]!)
  const moved = entity === 'deals' ? take<readonly Want[]>(bag, 'MOVED_TO') : undefined
  if (moved) draft = edit(draft, { date: 'moved', movedTo: moved[0]! })
  const nouns = takeDealNouns(bag, draft)
  draft = takeFilters(bag, nouns.draft, context)
  draft = takeEvents(bag, draft)
  draft = takeNames(bag, draft)
  draft = takePeriods(bag, draft)
  if (stuck && draft.period && (draft.period.kind === 'span' || draft.period.kind === 'back')) {
    draft = edit(draft, { period: { kind: 'older', token: draft.period.token } })
  }
  for (const attribute of takeAll<string>(bag, 'MISSING'))
    draft = edit(draft, { missing: [...(draft.missing ?? []), attribute] })
  for (const none of takeAll<{ entity: EntityWord; wants: readonly Want[] }>(
    bag,
    'NONE_OF',
    (value) => value.entity.entity !== entity,
  )) {
    draft = edit(draft, {
      noneOf: [
        ...(draft.noneOf ?? []),
        { entity: none.entity.entity, wants: [...none.wants, ...(none.entity.where ?? [])] },
      ],
    })
  }
  return takeShape(bag, draft, nouns.measures)
}

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
      if (['meeting', 'call', 'talk', 'speak', 'viewing'].includes(event))
        for (const each of ['interactions', 'people']) found.add(each)
      if (['email', 'send', 'receive', 'heard'].includes(event))
        for (const each of ['emails', 'people']) found.add(each)
    }
    if (type === 'MAIL') found.add('emails')
  }
  return found
}

const HEADS = ['ENTITY', 'MAIL', 'PIPE', 'REVENUE', 'CLOSINGS', 'WINS', 'LOSSES']

/** "we email", "did Hana email": a verb, not the noun. */
const isMailVerb = (bag: Bag, edge: Edge): boolean =>
  edge.end === edge.start + 1 &&
  ['email', 'mail', 'message'].includes(bag.tokens[edge.start]!.word) &&
  (['we', 'i', 'they', 'have', 'not', 'to', 'did'].includes(bag.tokens[edge.start - 1]?.word ?? '') ||
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
    const asksList = bag.pieces.some(({ type }) =>
      ['MEASURE', 'GROUP', 'MOST', 'RANKED', 'VERSUS', 'TREND'].includes(type),
    )
    if (entity === 'emails') {
      if (!asksList) return undefined
      const verb = bag.pieces.find((edge) => edge.type === 'MAIL' && isMailVerb(bag, edge))
      const hasSender = bag.pieces.some(
        ({ type, value }) => type === 'REF' && (value as RefPiece).ref.label === 'members',
      )
      if (verb) mailVerb = !hasSender
      take(bag, 'MAIL')
    }
    let draft = draftQuery(bag, entity, context)
    if (mailVerb) draft = withWant(draft, { slot: 'direction', op: '=', value: 'outbound' })
    if ((entity === 'people' || entity === 'companies') && draft.period && !draft.date && !draft.event)
      return undefined
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
    return { frame: `query.${entity}`, bonus: (isHead ? 0.6 : 0) - (hasInteraction ? 0.1 : 0), draft }
  }

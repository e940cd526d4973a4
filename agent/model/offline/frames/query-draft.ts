import { has, says, saysStem, take, takeAll } from '../bag.ts'
import type { Bag } from '../bag.ts'
import { emptyDraft, withWant } from '../draft.ts'
import type { Draft, EventUse, MeasureUse } from '../draft.ts'
import type { EntityWord, EventPiece, Period, Want } from '../pieces.ts'
import { PLACES } from '../places.ts'
import type { FrameContext, Named } from './common.ts'
import { saidBefore, takeNamed } from './common.ts'
import { chooseDate } from './query-date.ts'
import { forSale, takeShape, withDefaults } from './query-shape.ts'

const CONTACT = new Set(['talk', 'speak', 'meeting', 'call', 'viewing', 'email', 'heard', 'wrote'])
const LIFECYCLE = new Set(['won', 'lost', 'closing', 'created', 'due'])
const staleDays = (context: FrameContext): number => context.staleDays ?? 30

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
    } else if (
      entity === 'interactions' &&
      word.entity === 'people' &&
      !word.where &&
      says(bag, 'times', 'often')
    )
      bag.used.add(edge)
    else if (entity === 'deals' && word.entity === 'companies') bag.used.add(edge)
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
    for (const want of wants) {
      draft = withWant(draft, want)
      if (want.slot === 'status' && want.value !== 'open' && draft.entity === 'deals')
        draft = edit(draft, { date: 'closed' })
    }
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

/** "Sade's and Mei's": whose it is, one or the other. */
const withOwner = (draft: Draft, want: Want): Draft => {
  const before = draft.wants.find(({ slot, op }) => slot === 'owner' && op === '=')
  if (!before || want.op !== '=' || typeof before.value !== 'string' || typeof want.value !== 'string')
    return withWant(draft, want)
  return {
    ...draft,
    wants: draft.wants.map((one) =>
      one === before
        ? { slot: 'owner', op: 'in', value: [...new Set([String(before.value), String(want.value)])] }
        : one,
    ),
  }
}

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
    draft = withOwner(draft, wantOf('owner', found))
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

const takeEvents = (bag: Bag, start: Draft, context: FrameContext): Draft => {
  let draft = start
  const { entity } = draft
  for (const edge of bag.pieces) {
    if (edge.type !== 'EVENT' || bag.used.has(edge)) continue
    const { event, isNegated, isQuiet } = edge.value as EventPiece
    if (isNegated && event === 'email' && !has(bag, 'PERIOD')) continue
    if (CONTACT.has(event) && ['people', 'companies', 'deals'].includes(entity) && !draft.event) {
      const actor = takeNamed(bag, ['members'], ({ role }) => ['subject', 'bare', 'by'].includes(role))
      const period = isNegated ? take<Period>(bag, 'PERIOD') : take<Period>(bag, 'PERIOD')
      // "Whom we have not met": never; "have not spoken to": not for a while.
      const isNever = says(bag, 'never') || event === 'meeting' || event === 'viewing'
      const isStale = isNegated && (isQuiet === true || !isNever) && !period
      bag.used.add(edge)
      const recently = take(bag, 'RECENTLY') !== undefined
      const use: EventUse = {
        event,
        isNegated,
        ...(period
          ? { period }
          : isStale || recently
            ? { period: { kind: 'span', token: `-${staleDays(context)}d` }, isDefault: true }
            : {}),
        ...(actor ? { member: actor.ref.handles[0]! } : {}),
      }
      draft = edit(draft, { event: use, ...(isNegated ? { order: [{ slot: 'last', desc: false }] } : {}) })
      if (use.isDefault) draft = note(draft, `no period said: ${staleDays(context)} days taken`)
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
      const hasName = bag.pieces.some(({ type }) => type === 'REF')
      if (isInbound) draft = withWant(draft, { slot: 'direction', op: '=', value: 'inbound' })
      // "Emails sent per week": ours.
      else if (event === 'send' && !hasSender && !hasName)
        draft = withWant(draft, { slot: 'direction', op: '=', value: 'outbound' })
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
      if (event === 'due' && entity === 'tasks') {
        bag.used.add(edge)
        continue
      }
      if (!isDeal && event !== 'created') continue
      if (event === 'created' && entity === 'emails') continue
      bag.used.add(edge)
      if (event === 'won' || event === 'lost') {
        draft = withWant(edit(draft, { date: 'closed' }), { slot: 'status', op: '=', value: event })
      } else if (
        event === 'closing' &&
        saidBefore(bag, edge.start, ['did']) &&
        bag.tokens[edge.start]!.word === 'close'
      ) {
        draft = withWant(edit(draft, { date: 'closed' }), { slot: 'status', op: '=', value: 'won' })
      } else if (event === 'closing' || event === 'due') {
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
  context: FrameContext,
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
  if (take(bag, 'WINS')) {
    draft = withWant(edit(draft, { date: 'closed' }), won)
    // A brokerage's sales against last year's are its closings.
    const isSales = context.vocabulary.vertical === 'brokerage' && says(bag, 'sales', 'sale')
    if (isSales && has(bag, 'VERSUS') && !has(bag, 'MEASURE'))
      measures.push({ fn: 'count' }, { fn: 'sum', slot: 'amount' })
  }
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

const takePeriods = (bag: Bag, start: Draft, context: FrameContext): Draft => {
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
      (periods[0]!.value as Period).token.startsWith('this_')
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
      edit(draft, { period: { kind: 'back', token: `-${staleDays(context)}d` } }),
      `"recently" taken as the last ${staleDays(context)} days`,
    )
  }
  return draft
}

/** The question as a query over `entity`, from whatever pieces fit; the caller weighs what it leaves unused. */
export const draftQuery = (bag: Bag, entity: string, context: FrameContext): Draft =>
  forSale(bag, withDefaults(bag, chooseDate(draftDelta(bag, entity, context))))

/** The same without defaults: what the words themselves say. */
export const draftDelta = (bag: Bag, entity: string, context: FrameContext): Draft => {
  let draft = takeNouns(bag, emptyDraft(entity), context)
  const stuck = entity === 'deals' ? take<readonly Want[]>(bag, 'STUCK_IN') : undefined
  if (stuck) draft = withWant(edit(draft, { date: 'stage' }), stuck[0]!)
  const moved = entity === 'deals' ? take<readonly Want[]>(bag, 'MOVED_TO') : undefined
  if (moved) draft = edit(draft, { date: 'moved', movedTo: moved[0]! })
  const nouns = takeDealNouns(bag, draft, context)
  draft = takeFilters(bag, nouns.draft, context)
  draft = takeEvents(bag, draft, context)
  draft = takeNames(bag, draft)
  draft = takePeriods(bag, draft, context)
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

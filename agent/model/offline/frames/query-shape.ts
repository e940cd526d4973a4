import { peek, says, take, takeAll } from '../bag.ts'
import type { Bag } from '../bag.ts'
import type { Edge } from '../chart.ts'
import { withWant } from '../draft.ts'
import type { Draft, MeasureUse } from '../draft.ts'
import type { EntityWord, RankPiece, RefPiece } from '../pieces.ts'

const edit = (draft: Draft, change: Partial<Draft>): Draft => ({ ...draft, ...change })
const note = (draft: Draft, text: string): Draft => ({ ...draft, notes: [...draft.notes, text] })

interface Dimension {
  readonly dim: string
  readonly isPlural: boolean
  /** A number right before it: "the 3 companies with …". */
  readonly count?: number
}

const isPluralEdge = (bag: Bag, { start, end }: Edge): boolean =>
  bag.tokens.slice(start, end).some(({ word }) => /[^s]s$|^people$/.test(word))

const TIMES = new Set(['day', 'week', 'month', 'quarter', 'year'])

/** "which rep", "who … most": what a ranking is over. */
const askedDimension = (bag: Bag, draft: Draft): Dimension | undefined => {
  // "This month" is when, not what is ranked.
  const dimension = peek(bag, 'DIM')
  const isWhen =
    dimension !== undefined &&
    TIMES.has(dimension.value as string) &&
    ['this', 'last', 'next', 'past', 'previous', 'the'].includes(bag.tokens[dimension.start - 1]?.word ?? '')
  const edge =
    (isWhen ? undefined : dimension) ??
    bag.pieces.find(
      ({ type, value }) =>
        type === 'ENTITY' &&
        (value as EntityWord).entity !== draft.entity &&
        (['companies', 'people', 'members'].includes((value as EntityWord).entity) ||
          (draft.entity === 'interactions' && (value as EntityWord).entity === 'deals')),
    )
  if (edge) {
    bag.used.add(edge)
    const before = bag.tokens[edge.start - 1]
    if (before?.kind === 'number') bag.taken.add(edge.start - 1)
    const names: Readonly<Record<string, string>> = {
      companies: 'company',
      people: 'person',
      members: 'owner',
      deals: 'deal',
    }
    return {
      dim: edge.type === 'DIM' ? (edge.value as string) : names[(edge.value as EntityWord).entity]!,
      isPlural: isPluralEdge(bag, edge),
      ...(before?.kind === 'number' ? { count: before.number! } : {}),
    }
  }
  const head = bag.tokens.findIndex(({ word }) => word === 'who' || word === 'whom')
  if (head < 0) return undefined
  const isObject =
    bag.tokens.slice(head + 1, head + 4).some(({ word }) => ['we', 'i', 'us'].includes(word)) ||
    bag.pieces.some(
      (piece) =>
        piece.type === 'REF' &&
        piece.start > head &&
        piece.start <= head + 3 &&
        (piece.value as RefPiece).ref.label === 'members',
    )
  return { dim: isObject ? 'person' : 'owner', isPlural: isObject }
}

const isPluralNoun = (bag: Bag): boolean =>
  bag.pieces.some((edge) => ['ENTITY', 'DIM'].includes(edge.type) && isPluralEdge(bag, edge))

const unique = (uses: readonly MeasureUse[]): readonly MeasureUse[] =>
  uses.filter((use, at) => uses.findIndex(({ fn, slot }) => fn === use.fn && slot === use.slot) === at)

/** What is counted or summed, from words and from nouns that imply it. */
const measuresOf = (
  bag: Bag,
  draft: Draft,
  fromNouns: readonly MeasureUse[],
  isRankedOver: boolean,
): readonly MeasureUse[] => {
  const said = unique(takeAll<MeasureUse>(bag, 'MEASURE'))
  if (said.some(({ fn }) => fn === 'sum' || fn === 'avg')) {
    for (
      let attr = take<string>(bag, 'ATTR', (value) => value === 'amount');
      attr;
      attr = take<string>(bag, 'ATTR', (value) => value === 'amount')
    );
  }
  if (said.length > 0 && draft.entity !== 'deals' && said.some(({ fn }) => fn === 'count'))
    return [{ fn: 'count' }]
  if (said.length > 0) {
    const best =
      said.find(({ slot }) => slot === 'weighted') ??
      said.find(({ fn }) => fn === 'avg') ??
      said.find(({ fn }) => fn === 'sum')
    return best === undefined || says(bag, 'and') ? said : [best]
  }
  const nounPieces = bag.pieces.some(
    ({ type, value }) =>
      type === 'WINS' || type === 'LOSSES' || (type === 'ENTITY' && (value as EntityWord).entity === 'deals'),
  )
  const isAmountOrder = bag.pieces.some(
    ({ type, value }) =>
      (type === 'ORDER' || type === 'RANKED') && (value as { slot: string }).slot === 'amount',
  )
  if (isRankedOver && draft.entity === 'deals') {
    if ((draft.date === 'closed' || isAmountOrder) && !nounPieces) return [{ fn: 'sum', slot: 'amount' }]
    if (fromNouns.length > 0) return fromNouns.filter(({ fn }) => fn === 'sum')
  }
  return fromNouns
}

/** Measures, groups, ranking and order. */
export const takeShape = (bag: Bag, start: Draft, fromNouns: readonly MeasureUse[]): Draft => {
  let draft = start
  const groups: string[] = []
  for (const { dim, also } of takeAll<{ dim: string; also?: string }>(bag, 'GROUP'))
    groups.push(dim, ...(also ? [also] : []))
  const ranks = takeAll<RankPiece>(bag, 'RANKED')
  const counted = ranks.find(({ count }) => count !== undefined)?.count
  const ranked = ranks[0] && counted !== undefined ? { ...ranks[0], count: counted } : ranks[0]
  const most = take<{ desc: boolean }>(bag, 'MOST')
  const rankedAt = bag.pieces.find(({ type }) => type === 'RANKED')?.start ?? 0
  const rankedNoun = bag.pieces.find(
    (piece) => (piece.type === 'ENTITY' || piece.type === 'DIM') && piece.start >= rankedAt,
  )
  const isRankOfThis =
    ranked !== undefined &&
    !most &&
    rankedNoun?.type === 'ENTITY' &&
    (rankedNoun.value as EntityWord).entity === draft.entity
  const asked =
    (ranked || most) && groups.length === 0 && !isRankOfThis ? askedDimension(bag, draft) : undefined
  if (asked) groups.push(asked.dim)
  let measures = measuresOf(bag, draft, fromNouns, asked !== undefined)
  if (measures.length === 0 && asked) measures = [{ fn: 'count' }]
  draft = edit(draft, {
    ...(measures.length > 0 ? { measures } : {}),
    ...(groups.length > 0 ? { groups } : {}),
  })

  const orders = takeAll<{ slot: string; desc?: boolean }>(bag, 'ORDER')
  if (ranked || most) {
    const isDesc = ranked?.desc ?? most?.desc ?? true
    const isMany = asked ? asked.isPlural : isPluralNoun(bag)
    const limit = ranked?.count ?? asked?.count ?? (isMany ? 10 : 1)
    const slot = groups.length > 0 ? 'measure' : (orders[0]?.slot ?? ranked?.slot ?? 'measure')
    const isNewest = groups.length === 0 && slot === 'age' && ranked?.slot === 'amount'
    return edit(draft, { order: [{ slot, desc: isNewest ? true : isDesc }], limit })
  }
  if (orders.length === 0) return draft
  return edit(draft, {
    order: orders.map(({ slot, desc }) => ({
      slot,
      desc: desc ?? ['amount', 'weighted', 'created'].includes(slot),
    })),
  })
}

/** What is taken when nothing was said; what changes the answer is noted. */
export const withDefaults = (bag: Bag, start: Draft): Draft => {
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
  const isList = !draft.measures && !draft.order && !draft.compare && !draft.groups?.length
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

/** A listing is for sale; in a stage, sold or withdrawn, it need not be said which side it is on. */
export const forSale = (bag: Bag, draft: Draft): Draft => {
  const isListing = bag.pieces.some(
    (edge) => edge.type === 'ENTITY' && (edge.value as EntityWord).listing === true && bag.used.has(edge),
  )
  const isSettled =
    draft.entity !== 'deals' ||
    draft.movedTo !== undefined ||
    draft.date === 'closed' ||
    draft.groups?.includes('stage') === true ||
    draft.wants.some(
      ({ slot, value }) => slot === 'stage' || slot === 'side' || (slot === 'status' && value !== 'open'),
    )
  if (!isListing || isSettled) return draft
  const sold = withWant(draft, { slot: 'side', op: '=', value: 'sell' })
  return (draft.measures ?? draft.groups?.length) &&
    !draft.period &&
    !draft.wants.some(({ slot }) => slot === 'status')
    ? note(withWant(sold, { slot: 'status', op: '=', value: 'open' }), 'open listings only')
    : sold
}

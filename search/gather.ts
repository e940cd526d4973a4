import { sql } from '../db/sql.ts'
import type { SQL } from '../db/sql.ts'
import type { TenantTx } from '../db/tenant.ts'
import { expandedScores } from './expand.ts'
import { bestThreads, DEFAULT_WEIGHTS, fuse, liftThreads } from './fuse.ts'
import type { Arm } from './fuse.ts'
import { messageAt, openIndex } from './index-read.ts'
import type { MailIndex } from './index-read.ts'
import { best, findMatches } from './match.ts'
import type { Matches, Scored, Wanted } from './match.ts'
import { meaningOf } from './meaning.ts'
import type { Close, Meaning, MeaningKind } from './meaning.ts'
import type { MeantText } from './embed/query.ts'
import { lexemesOf } from './terms.ts'
import { countVisible, visibleBy, visibleOf } from './visible.ts'
import type { Place } from './visible.ts'

export type SearchMode = 'auto' | 'keyword' | 'expanded' | 'semantic'

/** Which meaning arm took part; null when words alone did. */
export type MeaningArm = MeaningKind | null

export interface Gathered {
  readonly places: readonly Place[]
  readonly scores: ReadonlyMap<string, number>
  /** Words and phrases of the query that each place holds. */
  readonly matched: ReadonlyMap<string, readonly string[]>
  /** How many of the places hold a word of the query. */
  readonly matching: number
  /** How many more match than `places` lists. */
  readonly unlisted: number
  /** Whether `places` and `unlisted` are all there are. */
  readonly exact: boolean
  readonly meaning: MeaningArm
}

/** Messages that are listed at most: the best of those that match. */
const MOST_CHECKED = 2_000
/** When more match, they are not counted, and the total is a lower bound. */
const MOST_COUNTED = 20_000
const DEPTH = 200
const FILTERED_DEPTH = 1_000
const FEEDBACK = 10
/** Fewer messages teach nothing about words that go together. */
const MIN_TO_EXPAND = 200
/** The rest of so many of the best threads is weighed too, unless it is more messages than these. */
const THREADS = 20
const MOST_MATES = 1_000

interface Sifted {
  readonly places: readonly Place[]
  readonly unlisted: number
  readonly exact: boolean
}

const sift = async (
  tx: TenantTx,
  index: MailIndex,
  {
    matches,
    where,
    within,
  }: {
    readonly matches: Matches
    readonly where: SQL
    readonly within: ReadonlyMap<string, Place> | undefined
  },
): Promise<Sifted> => {
  const { numbers, scores } = matches
  if (within) {
    const found: Place[] = []
    for (const number of numbers) {
      const place = within.get(messageAt(index, number))
      if (place) found.push(place)
    }
    return { places: found, unlisted: 0, exact: true }
  }
  const checked =
    numbers.length > MOST_CHECKED
      ? best(numbers, scores, MOST_CHECKED).map(({ number }) => number)
      : [...numbers]
  const places = await visibleOf(
    tx,
    checked.map((number) => messageAt(index, number)),
    where,
  )
  if (checked.length === numbers.length) return { places, unlisted: 0, exact: true }
  if (numbers.length > MOST_COUNTED) return { places, unlisted: 0, exact: false }
  const all = Array.from(numbers, (number) => messageAt(index, number))
  return { places, unlisted: (await countVisible(tx, all, where)) - places.length, exact: true }
}

const topVisible = async (
  tx: TenantTx,
  found: readonly Close[],
  {
    where,
    known,
    within,
  }: {
    readonly where: SQL
    readonly known: Map<string, Place>
    readonly within?: ReadonlyMap<string, Place> | undefined
  },
): Promise<Arm> => {
  const unknown = found.flatMap(([id]) => (known.has(id) ? [] : [id]))
  const seen =
    within ?? new Map((await visibleOf(tx, unknown, where)).map((place) => [place.id, place] as const))
  const top = found.filter(([id]) => known.has(id) || seen.has(id)).slice(0, DEPTH)
  for (const [id] of top) known.set(id, known.get(id) ?? seen.get(id)!)
  return new Map(top)
}

const named = (index: MailIndex, scored: readonly Scored[]): readonly Close[] =>
  scored.map(({ number, score }) => [messageAt(index, number), score])

const topOf = (scores: ReadonlyMap<string, number>, count: number): readonly (readonly [string, number])[] =>
  [...scores].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, count)

/** Documents with a score; only those of the messages given, where the filters let few through. */
const numbersOf = (
  index: MailIndex,
  scores: Float32Array,
  within?: ReadonlyMap<string, Place>,
): Int32Array => {
  const numbers: number[] = []
  for (let number = 0; number < scores.length; number += 1)
    if (scores[number]! > 0 && (within?.has(messageAt(index, number)) ?? true)) numbers.push(number)
  return Int32Array.from(numbers)
}

export interface Question extends Wanted {
  readonly text: string
  /** Condition over `intel.mail_messages m`. */
  readonly where: SQL
  readonly filtered: boolean
  readonly mode: SearchMode
  readonly meant?: MeantText | undefined
}

const threadsOf = (known: ReadonlyMap<string, Place>): ReadonlyMap<string, string> =>
  new Map([...known.values()].map(({ id, threadId }) => [id, threadId]))

/** Scores with what the conversation adds; messages of the best threads that no arm found are made known. */
const withThreads = async (
  tx: TenantTx,
  scores: Arm,
  { where, known }: { readonly where: SQL; readonly known: Map<string, Place> },
): Promise<Arm> => {
  const threads = bestThreads(scores, threadsOf(known), THREADS)
  const mates =
    (await visibleBy(
      tx,
      sql`m.thread_id = any(${sql.param([...threads])}::uuid[]) and ${where}`,
      MOST_MATES,
    )) ?? []
  for (const mate of mates) known.set(mate.id, mate)
  return liftThreads(
    scores,
    threadsOf(known),
    mates.map(({ id }) => id),
  )
}

/**
 * The messages that answer the words, with their scores: by BM25 alone (`keyword`), or fused with what query expansion
 * and the meaning arm find beside it. Phrases, excluded words and filters hold for every arm.
 */
export const gather = async (tx: TenantTx, index: MailIndex, question: Question): Promise<Gathered> => {
  const { where, filtered, mode, required, words } = question
  const matches = await findMatches(tx, index, question)
  const widens =
    mode !== 'keyword' &&
    index.size >= MIN_TO_EXPAND &&
    words.length > 0 &&
    required.length === 0 &&
    question.excluded.length === 0
  // Filters that let few through are asked first, so that each arm gives its best of those.
  const few =
    filtered && (widens || matches.numbers.length > MOST_CHECKED)
      ? await visibleBy(tx, where, MOST_CHECKED)
      : undefined
  const within = few && new Map(few.map((place) => [place.id, place]))
  const { places, unlisted, exact } = await sift(tx, index, { matches, where, within })
  const known = new Map(places.map((place) => [place.id, place]))
  const numberOf = new Map<string, number>()
  for (const number of matches.numbers) {
    const id = messageAt(index, number)
    if (known.has(id)) numberOf.set(id, number)
  }
  const lexical = new Map(places.map(({ id }) => [id, matches.scores[numberOf.get(id)!]!]))
  const texts = [...words, ...required].map(({ text }) => text)
  const matched = new Map(
    [...numberOf].map(([id, number]) => [
      id,
      texts.filter((_text, at) => ((matches.held[number] ?? 0) & (1 << Math.min(at, 30))) !== 0),
    ]),
  )
  const plain = (meaning: MeaningArm): Gathered => ({
    matched,
    places,
    scores: lexical,
    matching: places.length + unlisted,
    unlisted,
    exact,
    meaning,
  })
  if (!widens) return plain(null)

  const queryWords = words.reduce((sum, { slots, count }) => sum + slots.length * count, 0)
  const feedback = topOf(lexical, FEEDBACK).map(([id, score]) => ({ id, score }))
  const wider = await expandedScores(tx, index, {
    feedback,
    scores: matches.scores,
    norms: matches.norms,
    queryWords,
  })
  // Filters that let many through take some of the best away.
  const depth = filtered && !within ? FILTERED_DEPTH : DEPTH
  const expanded = await topVisible(tx, named(index, best(numbersOf(index, wider, within), wider, depth)), {
    where,
    known,
    within,
  })
  const meaning: Meaning | undefined =
    mode === 'expanded'
      ? undefined
      : await meaningOf(tx, index, {
          text: question.text,
          depth,
          meant: question.meant,
          within,
        })
  const semantic = meaning ? await topVisible(tx, meaning.close, { where, known, within }) : undefined
  const foremost = new Map(topOf(lexical, DEPTH))
  const scores =
    mode === 'expanded'
      ? expanded
      : mode === 'semantic'
        ? (semantic ?? new Map<string, number>())
        : await withThreads(
            tx,
            fuse(
              { lexical: foremost, expanded, semantic },
              { ...DEFAULT_WEIGHTS, semantic: meaning?.weight ?? 0 },
            ),
            { where, known },
          )
  // Of what holds the words, some beyond the best is listed for its meaning.
  const isListed = new Set(places.map(({ id }) => id))
  const alsoListed =
    unlisted === 0
      ? 0
      : [...matches.numbers].filter((number) => {
          const id = messageAt(index, number)
          return known.has(id) && !isListed.has(id)
        }).length
  const listed =
    mode === 'auto' ? [...known.values()] : [...known.values()].filter(({ id }) => scores.has(id))
  const floor = Math.max(1, ...lexical.values())
  // What is beyond the depth follows in the order of its words.
  const all = new Map(listed.map(({ id }) => [id, scores.get(id) ?? (lexical.get(id) ?? 0) / floor - 1]))
  return {
    places: listed,
    scores: all,
    matched,
    matching: places.length + unlisted,
    unlisted: mode === 'auto' ? unlisted - alsoListed : 0,
    exact,
    meaning: meaning?.kind ?? null,
  }
}

/**
 * What each arm finds by itself for a text, for trying a model before it serves; as if the message that the text is taken
 * from (`without`) were not there.
 */
export const armsOf = async (
  tx: TenantTx,
  text: string,
  {
    without,
    ...model
  }: {
    readonly modelId: string
    readonly meant?: MeantText | undefined
    readonly without?: string
  },
): Promise<{
  readonly lexical: Arm
  readonly expanded: Arm
  readonly semantic: Arm
  readonly threadOf: ReadonlyMap<string, string>
}> => {
  const index = await openIndex(tx)
  const { terms: words } = lexemesOf(text.split(' '), index.languages)
  const matches = await findMatches(tx, index, { words, required: [], excluded: [] })
  const where = sql`m.deleted_at is null`
  const known = new Map<string, Place>()
  const top = (close: readonly Close[]): Promise<Arm> =>
    topVisible(
      tx,
      close.filter(([id]) => id !== without),
      { where, known },
    )
  const lexical = await top(named(index, best(matches.numbers, matches.scores, DEPTH)))
  const wider = await expandedScores(tx, index, {
    feedback: topOf(lexical, FEEDBACK).map(([id, score]) => ({ id, score })),
    scores: matches.scores,
    norms: matches.norms,
    queryWords: words.length,
  })
  const expanded = await top(named(index, best(numbersOf(index, wider), wider, DEPTH)))
  const meaning = await meaningOf(tx, index, { text, depth: DEPTH, ...model })
  const semantic = await top(meaning?.close ?? [])
  return { lexical, expanded, semantic, threadOf: threadsOf(known) }
}

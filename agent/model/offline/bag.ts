import type { Edge } from './chart.ts'
import { isContent, isUnskippable, weightOf } from './cover.ts'
import type { Token } from './normalise.ts'

/** The pieces of one cover, and which of them a frame has used so far. */
export interface Bag {
  readonly text: string
  readonly tokens: readonly Token[]
  readonly pieces: readonly Edge[]
  readonly used: Set<Edge>
  /** Tokens a frame took as free text. */
  readonly taken: Set<number>
}

export const bagOf = (text: string, tokens: readonly Token[], pieces: readonly Edge[]): Bag => ({
  text,
  tokens,
  pieces,
  used: new Set(),
  taken: new Set(),
})

type Test<V> = (value: V, edge: Edge) => boolean

export const peek = <V>(bag: Bag, type: string, test: Test<V> = () => true): Edge | undefined =>
  bag.pieces.find((edge) => edge.type === type && !bag.used.has(edge) && test(edge.value as V, edge))

export const has = (bag: Bag, type: string): boolean => peek(bag, type) !== undefined

/** The first unused piece of that type, now used. */
export const take = <V>(bag: Bag, type: string, test: Test<V> = () => true): V | undefined => {
  const edge = peek(bag, type, test)
  if (!edge) return undefined
  bag.used.add(edge)
  return edge.value as V
}

export const takeAll = <V>(bag: Bag, type: string, test: Test<V> = () => true): readonly V[] => {
  const values: V[] = []
  for (let value = take(bag, type, test); value !== undefined; value = take(bag, type, test))
    values.push(value)
  return values
}

/** Whether one of these words (as spelled, lower case) is in the question. */
export const says = (bag: Bag, ...words: readonly string[]): boolean =>
  bag.tokens.some(({ word }) => words.includes(word))
export const saysStem = (bag: Bag, ...stems: readonly string[]): boolean =>
  bag.tokens.some((token) => stems.includes(token.stem))

export const coveredTokens = (bag: Bag): ReadonlySet<number> => {
  const covered = new Set(bag.taken)
  for (const edge of bag.used) for (let at = edge.start; at < edge.end; at += 1) covered.add(at)
  return covered
}

export interface Coverage {
  /** Share of the weight of content words that the reading accounts for. */
  readonly share: number
  readonly uncoveredWeight: number
  /** A negation, "or", "except" … that the reading leaves out. */
  readonly hasLostWord: boolean
  /** A name that the reading leaves out. */
  readonly hasLostName: boolean
  /** Content words that the reading leaves out. */
  readonly missing: readonly Token[]
}

export const coverageOf = (bag: Bag): Coverage => {
  const covered = coveredTokens(bag)
  let total = 0
  let reached = 0
  let hasLostWord = false
  let hasLostName = false
  const missing: Token[] = []
  for (const [index, token] of bag.tokens.entries()) {
    if (!isContent(token)) continue
    total += weightOf(token)
    if (covered.has(index)) reached += weightOf(token)
    else {
      missing.push(token)
      if (isUnskippable(token)) hasLostWord = true
      if (token.kind === 'handle') hasLostName = true
    }
  }
  return {
    share: total === 0 ? (covered.size > 0 ? 1 : 0) : reached / total,
    uncoveredWeight: total - reached,
    hasLostWord,
    hasLostName,
    missing,
  }
}

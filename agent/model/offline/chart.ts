import type { Token } from './normalise.ts'
import { stem } from './stem.ts'

/** A typed stretch of the question: tokens `start` to `end` (exclusive) read as `type`. */
export interface Edge {
  readonly start: number
  readonly end: number
  readonly type: string
  readonly value: unknown
  /** Added to the score of a reading that uses this edge, beside the tokens it covers. */
  readonly bonus: number
  /** How the rules got here, for tests and for `--explain`. */
  readonly rule: string
}

type Part =
  | { readonly words: ReadonlySet<string>; readonly exact: ReadonlySet<string> }
  | { readonly types: ReadonlySet<string> }

export interface Rule {
  readonly name: string
  readonly type: string
  readonly parts: readonly Part[]
  readonly bonus: number
  /** Gets the values of the pattern's categories in order, words left out; `undefined` declines. */
  readonly make: (values: readonly unknown[]) => unknown
}

const isCategory = (text: string): boolean => /^[A-Z][A-Z_]*$/.test(text)

const partOf = (text: string): Part => {
  const choices = text.split('|')
  if (choices.every(isCategory)) return { types: new Set(choices) }
  return {
    words: new Set(choices.filter((choice) => !choice.startsWith('=')).map(stem)),
    exact: new Set(choices.filter((choice) => choice.startsWith('=')).map((choice) => choice.slice(1))),
  }
}

const expandOptional = (parts: readonly string[]): readonly (readonly string[])[] => {
  const [first, ...rest] = parts
  if (first === undefined) return [[]]
  const tails = expandOptional(rest)
  if (!first.endsWith('?')) return tails.map((tail) => [first, ...tail])
  return tails.flatMap((tail) => [[first.slice(0, -1), ...tail], tail])
}

/**
 * Rules of one pattern. A pattern is words (matched by stem; `=word` by spelling; `a|b` either; `word?` optional) and
 * categories in capitals.
 */
export const compile = (
  name: string,
  type: string,
  pattern: string,
  make: Rule['make'],
  bonus = 0,
): readonly Rule[] =>
  expandOptional(pattern.split(' '))
    .filter((parts) => parts.length > 0)
    .map((parts) => ({ name, type, parts: parts.map(partOf), bonus, make }))

export interface Grammar {
  readonly byWord: ReadonlyMap<string, readonly Rule[]>
  readonly byType: ReadonlyMap<string, readonly Rule[]>
  /** Stems that begin or continue some rule: what a misspelt word may have been. */
  readonly known: ReadonlySet<string>
}

const push = <K, V>(map: Map<K, V[]>, key: K, value: V): void => {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

export const grammarOf = (rules: readonly Rule[]): Grammar => {
  const byWord = new Map<string, Rule[]>()
  const byType = new Map<string, Rule[]>()
  const known = new Set<string>()
  for (const rule of rules) {
    const first = rule.parts[0]!
    if ('types' in first) for (const type of first.types) push(byType, type, rule)
    else for (const word of [...first.words, ...first.exact]) push(byWord, word, rule)
    for (const part of rule.parts) {
      if ('types' in part) continue
      for (const word of [...part.words, ...part.exact]) known.add(word)
    }
  }
  return { byWord, byType, known }
}

/** Words that may stand between the parts of a rule without changing it. */
const GLUE = new Set(
  'the a an our all any of these those that which who have be do we us you please just really ever also got team'
    .split(' ')
    .map(stem),
)
const MAX_GLUE = 3
const MAX_EDGES = 4000

export interface Chart {
  readonly tokens: readonly Token[]
  readonly startingAt: readonly (readonly Edge[])[]
}

/** All edges over the tokens, bottom-up from the right: an edge is built from edges that start at or after it. */
export const parseChart = (tokens: readonly Token[], grammar: Grammar, seeds: readonly Edge[]): Chart => {
  const startingAt: Edge[][] = tokens.map(() => [])
  let made = 0

  const extend = (
    rule: Rule,
    part: number,
    at: number,
    start: number,
    values: readonly unknown[],
    found: (edge: Edge) => void,
  ): void => {
    if (part === rule.parts.length) {
      const value = rule.make(values)
      if (value !== undefined)
        found({ start, end: at, type: rule.type, value, bonus: rule.bonus, rule: rule.name })
      return
    }
    const wanted = rule.parts[part]!
    for (let skip = 0; skip <= MAX_GLUE && at + skip < tokens.length; skip += 1) {
      const token = tokens[at + skip]!
      if ('types' in wanted) {
        for (const edge of startingAt[at + skip]!) {
          if (wanted.types.has(edge.type))
            extend(rule, part + 1, edge.end, start, [...values, edge.value], found)
        }
      } else if (wanted.words.has(token.stem) || wanted.exact.has(token.word)) {
        extend(rule, part + 1, at + skip + 1, start, values, found)
      }
      if (!GLUE.has(token.stem)) break
    }
  }

  for (let start = tokens.length - 1; start >= 0; start -= 1) {
    const agenda: Edge[] = []
    const seen = new Set<string>()
    const add = (edge: Edge): void => {
      if (edge.end <= edge.start || made > MAX_EDGES) return
      const key = `${edge.end} ${edge.type} ${JSON.stringify(edge.value)}`
      if (seen.has(key)) return
      seen.add(key)
      made += 1
      startingAt[start]!.push(edge)
      agenda.push(edge)
    }
    for (const seed of seeds) if (seed.start === start) add(seed)
    const token = tokens[start]!
    const rules = new Set([
      ...(grammar.byWord.get(token.stem) ?? []),
      ...(grammar.byWord.get(token.word) ?? []),
    ])
    for (const rule of rules) {
      const first = rule.parts[0]!
      if ('words' in first && (first.words.has(token.stem) || first.exact.has(token.word)))
        extend(rule, 1, start + 1, start, [], (edge) => add(edge))
    }
    for (let next = agenda.shift(); next; next = agenda.shift()) {
      for (const rule of grammar.byType.get(next.type) ?? []) {
        extend(rule, 1, next.end, start, [next.value], (edge) => add(edge))
      }
    }
  }
  return { tokens, startingAt }
}

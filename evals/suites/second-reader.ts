import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { asTactError } from '../../domain/errors.ts'
import { loadGrammar, readSql } from '../../query/parse-sql/read.ts'
import { randomSql } from '../fuzz/grammar.ts'
import { randomFrom } from '../fuzz/random.ts'
import { EXPLANATIONS } from '../second-reader/explained.ts'
import { difference, FACT_NAMES } from '../second-reader/facts.ts'
import type { FactName, Facts } from '../second-reader/facts.ts'
import { factsOfOurs } from '../second-reader/of-ours.ts'
import { SecondReader } from '../second-reader/reader.ts'

interface Difference {
  readonly fact: FactName
  readonly ours: readonly string[]
  readonly theirs: readonly string[]
}

export interface SecondReaderReport {
  readonly set: string
  readonly total: number
  /** Read by both. */
  readonly both: number
  readonly agree: number
  /** Differences that the list explains, by what explains them. */
  readonly explained: Readonly<Record<string, number>>
  readonly unexplained: readonly { readonly sql: string; readonly differences: readonly Difference[] }[]
  /** Texts that one of the two says nothing of. */
  readonly refusedByUs: Readonly<Record<string, number>>
  readonly leftByIt: Readonly<Record<string, number>>
  /** How often its thread had to be ended at its deadline. */
  readonly ended: number
}

const differencesOf = (ours: Facts, theirs: Facts): readonly Difference[] =>
  FACT_NAMES.flatMap((fact) => {
    const [more, less] = [difference(ours[fact], theirs[fact]), difference(theirs[fact], ours[fact])]
    return more.length + less.length === 0 ? [] : [{ fact, ours: more, theirs: less }]
  })

/** The explanations that cover every difference; undefined where one is left. */
const explained = (sql: string, differences: readonly Difference[]): readonly string[] | undefined => {
  const holding = EXPLANATIONS.filter(({ holds }) => holds.test(sql))
  const found = differences.map(({ fact }) =>
    holding.find(({ touches }) => touches === 'all' || touches.includes(fact)),
  )
  return found.includes(undefined) ? undefined : found.map((one) => one!.why)
}

const tally = (into: Record<string, number>, key: string): void => {
  into[key] = (into[key] ?? 0) + 1
}

/** Reads every text with both readers, and compares what they speak of. */
export const compareReaders = async (
  set: string,
  texts: Iterable<string>,
  options: { readonly deadlineMs?: number } = {},
): Promise<SecondReaderReport> => {
  await loadGrammar()
  const reader = new SecondReader(options)
  const report = {
    explained: {} as Record<string, number>,
    refusedByUs: {} as Record<string, number>,
    leftByIt: {} as Record<string, number>,
    unexplained: [] as { sql: string; differences: readonly Difference[] }[],
  }
  let [total, both, agree] = [0, 0, 0]
  const oursOf = (sql: string): Facts | undefined => {
    try {
      return factsOfOurs(readSql(sql))
    } catch (error) {
      tally(report.refusedByUs, asTactError(error).code)
      return undefined
    }
  }
  try {
    for (const sql of texts) {
      total += 1
      const ours = oursOf(sql)
      if (ours === undefined) continue
      const reading = await reader.read(sql)
      if ('left' in reading) {
        tally(report.leftByIt, reading.left)
        continue
      }
      both += 1
      const differences = differencesOf(ours, reading.facts)
      if (differences.length === 0) {
        agree += 1
        continue
      }
      const reasons = explained(sql, differences)
      if (reasons === undefined) report.unexplained.push({ sql, differences })
      else for (const why of new Set(reasons)) tally(report.explained, why)
    }
    return { set, total, both, agree, ...report, ended: reader.ended }
  } finally {
    await reader.close()
  }
}

/** The SQL of a set of the data folder, where it is there. */
export const textsOf = (data: string, name: string, source = ''): readonly string[] | undefined => {
  const file = join(data, 'query', name)
  if (!existsSync(file)) return undefined
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as { readonly sql: string; readonly source?: string })
    .filter((one) => (one.source ?? '').startsWith(source))
    .map(({ sql }) => sql)
}

/** Random SQL of the fuzzer's grammar. */
export function* generatedTexts(count: number, seed: number): Generator<string> {
  const random = randomFrom(seed)
  for (let at = 0; at < count; at += 1) yield randomSql(random)
}

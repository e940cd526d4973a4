import { isDeepStrictEqual } from 'node:util'
import { asTactError } from '../../domain/errors.ts'
import { loadGrammar, readSql, treeOf } from '../../query/parse-sql/read.ts'
import { check } from '../../query/relational/check.ts'
import { generateForReading } from '../../query/relational/generate.ts'
import { compileQuestion } from '../../query/relational/execute.ts'
import { randomSql } from '../fuzz/grammar.ts'
import { randomFrom } from '../fuzz/random.ts'
import { shrink } from '../fuzz/shrink.ts'

export interface FuzzReport {
  readonly seed: number
  readonly total: number
  /** Read into the relational form. */
  readonly read: number
  /** Of these, bound to the workspace and written as SQL. */
  readonly compiled: number
  /** The shortest forms of what was read, but PostgreSQL's tree of what we write is not its tree of what was asked. */
  readonly different: readonly string[]
  /** The shortest forms of what was ended by something other than a refusal of ours. */
  readonly faults: readonly string[]
  readonly slowestMs: number
}

type Tree = Readonly<Record<string, unknown>>

const DROPPED = new Set([
  'location',
  'stmt_location',
  'stmt_len',
  'list_start',
  'list_end',
  'rexpr_list_start',
  'rexpr_list_end',
  'funcformat',
  'row_format',
  'typmod',
])

const wordsOf = (names: readonly unknown[]): readonly unknown[] =>
  names.length === 2 && isDeepStrictEqual(names[0], { String: { sval: 'pg_catalog' } })
    ? names.slice(1)
    : names

/** A tree without what has no meaning: places, ways of writing, and names that stand for themselves. */
const meaning = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(meaning)
  if (typeof value !== 'object' || value === null) return value
  const made: Record<string, unknown> = {}
  for (const [key, inner] of Object.entries(value as Tree)) {
    if (DROPPED.has(key)) continue
    made[key] =
      (key === 'funcname' || key === 'names') && Array.isArray(inner)
        ? meaning(wordsOf(inner))
        : meaning(inner)
  }
  if ('relname' in made && !('alias' in made)) made['alias'] = { aliasname: made['relname'] }
  // PostgreSQL 16 lets a subquery go without a name; ours always has one.
  if ('subquery' in made && !('alias' in made)) made['alias'] = { aliasname: 'subquery' }
  if ('functions' in made) {
    // A function in FROM sees what stands before it, with the word or without.
    delete made['lateral']
    const alias = (made['alias'] ?? { aliasname: 'generate_series' }) as Tree
    made['alias'] = { colnames: [{ String: { sval: alias['aliasname'] } }], ...alias }
  }
  // `LIMIT ALL` and no limit are the same.
  if ('limitCount' in made && isDeepStrictEqual(made['limitCount'], { A_Const: { isnull: true } })) {
    delete made['limitCount']
    made['limitOption'] = 'LIMIT_OPTION_DEFAULT'
  }
  if ('limitCount' in made || 'limitOffset' in made || 'limitOption' in made)
    made['limitOption'] ??= 'LIMIT_OPTION_DEFAULT'
  if (made['limitOption'] === 'LIMIT_OPTION_COUNT') made['limitOption'] = 'LIMIT_OPTION_DEFAULT'
  return made
}

const outcomeOf = (run: () => void): 'done' | 'refused' | Error => {
  try {
    run()
    return 'done'
  } catch (thrown) {
    const error = asTactError(thrown)
    return error.kind === 'bug' ? error : 'refused'
  }
}

/** What is wrong with how a text is carried over; undefined when nothing is. */
interface Looked {
  readonly read: boolean
  readonly compiled: boolean
  /** Ours, where it means something else. */
  readonly different?: string
  readonly fault?: string
}

const look = (sql: string): Looked => {
  let read = false
  let different: string | undefined
  const reading = outcomeOf(() => {
    const query = readSql(sql)
    check(query)
    read = true
    const ours = generateForReading(query)
    if (!isDeepStrictEqual(meaning(treeOf(sql)), meaning(treeOf(ours)))) different = ours
  })
  const compiling = outcomeOf(() => void compileQuestion({ sql }))
  const fault = [reading, compiling].find((outcome) => outcome instanceof Error)
  return {
    read,
    compiled: compiling === 'done',
    ...(different === undefined ? {} : { different }),
    ...(fault === undefined ? {} : { fault: fault.message }),
  }
}

const smallest = (sql: string, isSame: (looked: Looked) => boolean): string => {
  const found = shrink(sql, (shorter) => isSame(look(shorter)))
  const { different, fault } = look(found)
  return `${found}\n  ${different ?? fault ?? ''}`
}

/** Writes random SQL, and looks for a text that is accepted and carried over as something else. */
export const runFuzz = async (options: {
  readonly count: number
  readonly seed: number
}): Promise<FuzzReport> => {
  await loadGrammar()
  const random = randomFrom(options.seed)
  const different: string[] = []
  const faults: string[] = []
  let read = 0
  let compiled = 0
  let slowestMs = 0
  for (let at = 0; at < options.count; at += 1) {
    const sql = randomSql(random)
    const startedMs = performance.now()
    const looked = look(sql)
    slowestMs = Math.max(slowestMs, performance.now() - startedMs)
    if (looked.read) read += 1
    if (looked.compiled) compiled += 1
    if (looked.different !== undefined) different.push(smallest(sql, (one) => one.different !== undefined))
    if (looked.fault !== undefined) faults.push(smallest(sql, (one) => one.fault !== undefined))
  }
  return {
    seed: options.seed,
    total: options.count,
    read,
    compiled,
    different,
    faults,
    slowestMs: Math.round(slowestMs),
  }
}

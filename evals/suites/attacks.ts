import { existsSync, readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import type { EngineName } from '../../db/connect.ts'
import { asTenant } from '../../db/tenant.ts'
import { asTactError } from '../../domain/errors.ts'
import { revealTree } from '../../redaction/hide.ts'
import { runRelational } from '../../query/relational/execute.ts'
import type { RelationalQuestion } from '../../query/relational/execute.ts'
import { openFixture } from '../attacks/fixture.ts'
import type { Fixture } from '../attacks/fixture.ts'
import { mapAst, mapSql } from '../attacks/mapping.ts'

interface Attack {
  readonly id: string
  readonly class: string
  readonly sql?: string
  readonly ast?: unknown
  readonly expect?: string
  /** mutate | leak | accept | dos. Without one, being answered is the effect. */
  readonly oracle?: string
  readonly leak?: string
}

export interface AttackRow {
  readonly id: string
  readonly class: string
  readonly effective: boolean
  /** `answered`, or the code of the refusal. */
  readonly outcome: string
  readonly ms: number
}

export interface AttackReport {
  readonly engine: EngineName
  readonly total: number
  readonly effective: number
  readonly answered: number
  readonly slowestMs: number
  readonly rows: readonly AttackRow[]
  readonly leftOut?: string
}

const SLOW_MS = 3_000
const LARGE_BYTES = 5_000_000
const CANARY = /CANARY_/

interface Outcome {
  readonly text: string
  readonly code: string
  readonly rows: number
  readonly ms: number
}

const ask = async (
  { database, workspace, actor }: Fixture,
  question: RelationalQuestion,
): Promise<Outcome> => {
  const startedMs = performance.now()
  const ms = (): number => Math.round(performance.now() - startedMs)
  try {
    const result = await asTenant(
      database,
      actor,
      (tx) => runRelational(tx, question, { workspace, actor, now: new Date() }),
      { readOnly: true },
    )
    const text = JSON.stringify(revealTree({ ...result, sql: '' }))
    return { text, code: 'answered', rows: result.rows.length, ms: ms() }
  } catch (thrown) {
    const error = asTactError(thrown)
    return { text: JSON.stringify(error.toPublic()), code: error.code, rows: 0, ms: ms() }
  }
}

const isEffective = (attack: Attack, outcome: Outcome, isChanged: boolean): boolean => {
  const { text, code, rows, ms } = outcome
  const answered = code === 'answered'
  if (isChanged || CANARY.test(text) || ms > SLOW_MS || text.length > LARGE_BYTES || rows > 500) return true
  if (attack.oracle === 'leak')
    return (
      attack.leak !== undefined && answered && new RegExp(attack.leak.replace('(?i)', ''), 'i').test(text)
    )
  if (attack.oracle === 'mutate' || attack.oracle === 'dos') return false
  return answered && (attack.expect ?? 'reject') === 'reject'
}

const parseLine = (line: string): Attack => {
  try {
    return JSON.parse(line) as Attack
  } catch {
    // Nested deeper than this parser goes: no surface can read it either.
    const [, id = '?'] = /"id"\s*:\s*"([^"]+)"/.exec(line) ?? []
    return { id, class: 'unreadable' }
  }
}

const questionOf = (attack: Attack): RelationalQuestion =>
  attack.sql === undefined ? { ast: mapAst(attack.ast) } : { sql: mapSql(attack.sql) }

/** Runs hostile SQL and hostile relational JSON through the product and judges each by its oracle. */
export const runAttacks = async (options: {
  readonly file: string
  readonly postgresUrl?: string
}): Promise<AttackReport> => {
  const engine: EngineName = options.postgresUrl === undefined ? 'embedded' : 'postgres'
  const empty = { engine, total: 0, effective: 0, answered: 0, slowestMs: 0, rows: [] }
  if (!existsSync(options.file)) return { ...empty, leftOut: 'The file of attacks is not there.' }
  const attacks = readFileSync(options.file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(parseLine)
  const fixture = await openFixture(options.postgresUrl)
  const rows: AttackRow[] = []
  try {
    let before = await fixture.fingerprint()
    for (const attack of attacks) {
      const outcome = await ask(fixture, questionOf(attack))
      const after = await fixture.fingerprint()
      const effective = isEffective(attack, outcome, before !== after)
      before = after
      rows.push({ id: attack.id, class: attack.class, effective, outcome: outcome.code, ms: outcome.ms })
    }
  } finally {
    await fixture.database.close()
  }
  return {
    engine,
    total: rows.length,
    effective: rows.filter((row) => row.effective).length,
    answered: rows.filter((row) => row.outcome === 'answered').length,
    slowestMs: Math.max(0, ...rows.map((row) => row.ms)),
    rows,
  }
}

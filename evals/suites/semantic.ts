import { existsSync, readFileSync } from 'node:fs'
import { takeDesk } from '../../cli/compose.ts'
import type { Desk, House } from '../../cli/compose.ts'
import { asTenant, runText } from '../../db/tenant.ts'
import { asTactError } from '../../domain/errors.ts'
import { ask } from '../../query/ask.ts'
import { parseQuery } from '../../query/parse-json.ts'
import { revealTree } from '../../redaction/hide.ts'
import { FORMS } from '../semantic/forms.ts'
import type { SemanticForm } from '../semantic/shape.ts'

export interface SemanticVerdict {
  readonly id: string
  readonly verdict: 'same' | 'different' | 'refused'
  readonly rows: number
  /** Code of a refusal, or the rows of both. */
  readonly detail: string
}

export interface SemanticReport {
  readonly total: number
  readonly same: number
  /** Those where there was something to find. */
  readonly nonEmpty: number
  readonly verdicts: readonly SemanticVerdict[]
  /** Questions of the set that a query answers and that have no form here; undefined where the set is not there. */
  readonly missing: readonly string[] | undefined
}

const plain = (value: unknown): unknown => {
  if (value === null || value === undefined || value === '') return null
  if (typeof value === 'number') return Math.round(value * 100) / 100
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return /^-?\d+(\.\d+)?$/.test(text) ? Math.round(Number(text) * 100) / 100 : text
}

const keysOf = (rows: readonly (readonly unknown[])[], ordered: true | undefined): readonly string[] => {
  const keys = rows.map((row) => JSON.stringify(row.map(plain)))
  return ordered ? keys : keys.toSorted()
}

const filled = (sql: string, { workspace, actor, now }: Desk): string => {
  const instant = `timestamptz '${now().toISOString()}'`
  return sql
    .replaceAll('{now}', instant)
    .replaceAll('{day}', `(${instant} at time zone '${workspace.timezone}')`)
    .replaceAll('{zone}', workspace.timezone)
    .replaceAll('{me}', `'${actor.memberId ?? ''}'::uuid`)
}

const judge = async (house: House, desk: Desk, form: SemanticForm): Promise<SemanticVerdict> => {
  const { id, columns, ordered } = form
  const { workspace, actor, now } = desk
  try {
    return await asTenant(
      house.database,
      actor,
      async (tx) => {
        const semantic = parseQuery(form.semantic)
        const answered = await ask(tx, { semantic }, { workspace, actor, now: now() })
        const places = columns.map((name) => answered.columns.findIndex((one) => one.name === name))
        if (places.includes(-1)) {
          const names = answered.columns.map(({ name }) => name).join(', ')
          return { id, verdict: 'different', rows: 0, detail: `columns: ${names}` } as const
        }
        const shown = revealTree(answered.rows) as readonly (readonly unknown[])[]
        const ours = keysOf(
          shown.map((row) => places.map((place) => row[place])),
          ordered,
        )
        const found = await runText(tx, filled(form.sql, desk), [])
        const theirs = keysOf(found.rows, ordered)
        const isSame = JSON.stringify(ours) === JSON.stringify(theirs)
        const detail = isSame ? '' : `${ours.slice(0, 6).join(' ')} | SQL: ${theirs.slice(0, 6).join(' ')}`
        return { id, verdict: isSame ? 'same' : 'different', rows: theirs.length, detail } as const
      },
      { readOnly: true },
    )
  } catch (error) {
    return { id, verdict: 'refused', rows: 0, detail: asTactError(error).code }
  }
}

const queried = (file: string): readonly string[] | undefined =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map(
          (line) => JSON.parse(line) as { readonly id: string; readonly expect: { readonly tool: string } },
        )
        .filter(({ expect }) => expect.tool === 'query')
        .map(({ id }) => id)
    : undefined

/** Answers the analytical dev questions in the semantic form, and compares with SQL over the base tables. */
export const runSemantic = async (house: House, file: string): Promise<SemanticReport> => {
  const verdicts: SemanticVerdict[] = []
  const desks = new Map<string, Desk>()
  for (const form of FORMS) {
    const desk = desks.get(form.workspace) ?? (await takeDesk(house, { workspace: form.workspace }, 'cli'))
    desks.set(form.workspace, desk)
    verdicts.push(await judge(house, desk, form))
  }
  const same = verdicts.filter(({ verdict }) => verdict === 'same')
  const known = new Set(FORMS.map(({ id }) => id))
  return {
    total: verdicts.length,
    same: same.length,
    nonEmpty: same.filter(({ rows }) => rows > 0).length,
    verdicts,
    missing: queried(file)?.filter((id) => !known.has(id)),
  }
}

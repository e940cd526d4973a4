import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import { Secret } from '../domain/pii.ts'
import type { QueryInput } from './ast.ts'
import type { Cell } from './cells.ts'
import type { QueryResult } from './run.ts'
import { matching, measured, reach, relatedBy, text, valueOf } from './testing/in-memory.ts'
import { fillAtRandom, remember, seeded } from './testing/random-workspace.ts'
import type { Memory, RawRow } from './testing/random-workspace.ts'
import { randomQuestion } from './testing/random-questions.ts'
import { asker } from './testing/small-workspace.ts'

const QUESTIONS = 200

const keyOf = (cell: Cell | undefined): string => {
  if (cell instanceof Secret) return cell.record?.id ?? cell.reveal()
  return cell === null || cell === undefined ? '∅' : text(cell)
}

const known = (value: unknown): string => (value === null || value === undefined ? '∅' : text(value))

const rounded = (value: unknown): unknown => (typeof value === 'number' ? Number(value.toFixed(2)) : value)

const isNamed = (entity: string): boolean => entity === 'stages' || entity === 'tags'

/** Groups that a row stands in: one, or one for each record of a to-many relation. */
const keysOfRow = (
  memory: Memory,
  find: string,
  row: RawRow,
  group: string | undefined,
): readonly string[] => {
  if (group === undefined) return ['all']
  const many = relatedBy(memory, find, row, group)
  if (many) return many.rows.map((other) => known(isNamed(many.entity) ? other['name'] : other['id']))
  const reached = reach(memory, find, row, group)
  const isName = isNamed(reached.entity) && reached.field === undefined
  return [known(isName ? reached.row?.['name'] : valueOf(memory, reached))]
}

/** Groups as the question should have them: by the value of the group and, for money, by currency. */
const expectedGroups = (memory: Memory, question: QueryInput): Record<string, unknown[]> => {
  const { find } = question
  const rows = matching(memory, question)
  const [group] = question.group_by ?? []
  const money = question.measures?.find((measure) => measure.field?.endsWith('amount'))?.field
  const groups = new Map<string, RawRow[]>()
  for (const row of rows) {
    const currency =
      money === undefined ? undefined : reach(memory, find, row, money.replace('amount', 'currency'))
    const suffix = currency === undefined ? '' : ` ${known(valueOf(memory, currency))}`
    for (const key of keysOfRow(memory, find, row, group)) {
      groups.set(`${key}${suffix}`, [...(groups.get(`${key}${suffix}`) ?? []), row])
    }
  }
  if (rows.length === 0 && group === undefined) groups.set(money === undefined ? 'all' : 'all USD', [])
  const values = [...groups].map(([key, members]) => [
    key,
    question.measures!.map((measure) => rounded(measured(memory, find, members, measure))),
  ])
  return Object.fromEntries(values) as Record<string, unknown[]>
}

const answeredGroups = (question: QueryInput, { columns, rows }: QueryResult): Record<string, unknown[]> => {
  const at = (name: string): number => columns.findIndex((column) => column.name === name)
  const group = question.group_by?.[0]
  const currency = columns.findIndex(({ name }) => /(^|\.)currency$/.test(name))
  const names = question.measures!.map(({ fn, field }) =>
    field ? `${fn}_${field.replaceAll('.', '_')}` : fn,
  )
  const values = rows.map((row) => {
    const key = group === undefined ? 'all' : keyOf(row[at(group)])
    const full = currency < 0 ? key : `${key} ${keyOf(row[currency])}`
    return [full, names.map((name) => rounded(row[at(name)]))]
  })
  return Object.fromEntries(values) as Record<string, unknown[]>
}

const expectedRecords = (memory: Memory, question: QueryInput) => {
  const ids = matching(memory, question).map((row) => text(row['id']))
  return { ids: ids.sort(), total: ids.length, complete: true }
}

const answeredRecords = ({ rows, completeness }: QueryResult) => ({
  ids: rows.map((row) => keyOf(row.find((cell) => cell instanceof Secret))).sort(),
  total: completeness.total,
  complete: completeness.complete,
})

describe.each(testEngines)('random questions on %s', (engine) => {
  let base: TestDatabase
  let tenant: TestTenant
  let memory: Memory
  beforeAll(async () => {
    base = await openTestDatabase(engine)
    tenant = await base.addTenant()
    await fillAtRandom(base.database, tenant, seeded(7))
    const other = await base.addTenant()
    await fillAtRandom(base.database, other, seeded(11))
    memory = await remember(base.database, tenant)
  })
  afterAll(() => base.close())

  test(`${QUESTIONS} of them have the answers that a plain reading over arrays has`, async () => {
    const random = seeded(20_261_121)
    const ask = asker(base.database, tenant)
    const differing: unknown[] = []
    let nonEmpty = 0
    for (let index = 0; index < QUESTIONS; index += 1) {
      const question = randomQuestion(memory, random)
      const result = await ask(question)
      const [expected, answered] = question.measures
        ? [expectedGroups(memory, question), answeredGroups(question, result)]
        : [expectedRecords(memory, question), answeredRecords(result)]
      if (!isDeepStrictEqual(answered, expected)) differing.push({ question, expected, answered })
      if (result.rows.length > 0) nonEmpty += 1
    }
    expect(differing).toEqual([])
    expect(nonEmpty).toBeGreaterThan(QUESTIONS / 3)
  })

  test('pages add up to the whole, in one order, with the same total on each', async () => {
    const random = seeded(5)
    const ask = asker(base.database, tenant)
    for (let index = 0; index < 12; index += 1) {
      const question = { ...randomQuestion(memory, random), limit: 7 }
      const whole = await ask({ ...question, limit: 500 })
      const seen: string[] = []
      const totals = new Set<number>()
      let cursor: string | null = null
      do {
        const page: QueryResult = await ask({ ...question, ...(cursor === null ? {} : { cursor }) })
        seen.push(...page.rows.map((row) => row.map(keyOf).join('|')))
        totals.add(page.completeness.total)
        cursor = page.completeness.next_cursor
      } while (cursor !== null)
      expect(seen).toEqual(whole.rows.map((row) => row.map(keyOf).join('|')))
      expect([...totals]).toEqual([whole.completeness.total])
    }
  })
})

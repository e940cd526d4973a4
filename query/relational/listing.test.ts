import { describe, expect, test } from 'vitest'
import { TactError } from '../../domain/errors.ts'
import { loadGrammar, readSql } from '../parse-sql/read.ts'
import { withinListing } from './listing.ts'
import type { PlanStep } from './listing.ts'

const step = (rows: number, width: number, ...below: readonly PlanStep[]): PlanStep => ({
  'Total Cost': 1,
  'Plan Rows': rows,
  'Plan Width': width,
  Plans: below,
})
const refusal = async (sql: string, plan: PlanStep): Promise<string> => {
  await loadGrammar()
  try {
    withinListing(readSql(sql), plan)
    return 'allowed'
  } catch (error) {
    return error instanceof TactError ? error.code : 'a fault'
  }
}

describe('lists in an answer', () => {
  test('a list of a few thousand rows is allowed, one of millions is not, however deep they are read', async () => {
    const list = "select string_agg(name, ',') from companies"
    expect(await refusal(list, step(1, 32, step(20_000, 40)))).toBe('allowed')
    expect(await refusal(list, step(1, 32, step(1, 8, step(7_000_000, 16))))).toBe('too_large_expansion')
  })

  test('in a window a list is made again for each row', async () => {
    const running = 'select array_agg(id) over (order by id) from emails'
    expect(await refusal(running, step(500, 40))).toBe('allowed')
    expect(await refusal(running, step(5_000, 40))).toBe('too_large_expansion')
  })

  test('without a list, rows are the business of the cost alone', async () => {
    expect(
      await refusal('select count(*) from companies where name = \'"fn":"string_agg"\'', step(9e9, 90)),
    ).toBe('allowed')
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { companies } from '../db/catalog/companies.ts'
import { asTenant } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import { asTactError } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import { revealTree } from '../redaction/hide.ts'
import { parseQuery } from './parse-json.ts'
import { runRelational } from './relational/execute.ts'
import { runQuery } from './run.ts'

const FOREIGN = 3_000

/** Everything that an asker can see of an answer or a refusal, the clock aside. */
const seen = (value: unknown): string =>
  JSON.stringify(revealTree(value), (key, inner: unknown) => (key === 'as_of' ? undefined : inner))

describe.each(testEngines)('another workspace on %s', (engine) => {
  let opened: TestDatabase
  let here: TestTenant
  let foreign: readonly string[]

  const fill = (tenant: TestTenant, names: readonly string[], ids?: readonly string[]) =>
    asTenant(opened.database, tenant.actor(), (tx) =>
      tx.insert(companies.table).values(
        names.map((name, index) => ({
          tenant_id: tenant.workspace.id,
          name,
          domain: `${name.toLowerCase()}.example`,
          ...(ids === undefined ? {} : { id: ids[index]! }),
        })),
      ),
    )
  const asking = async (question: unknown): Promise<string> => {
    const actor = here.actor()
    const context = { workspace: here.workspace, actor, now: new Date('2026-11-21T00:00:00Z') }
    const answer = await asTenant(
      opened.database,
      actor,
      (tx) =>
        typeof question === 'string'
          ? runRelational(tx, { sql: question }, context)
          : runQuery(tx, parseQuery(question), context),
      { readOnly: true },
    ).catch((error: unknown) => asTactError(error).toPublic())
    return seen(answer)
  }

  beforeAll(async () => {
    opened = await openTestDatabase(engine)
    here = await opened.addTenant()
    await fill(here, ['Ours', 'Second'])
    foreign = [newId(), newId()]
  })
  afterAll(() => opened.close())

  test('changes nothing that can be seen by being there: rows, counts, totals, words, refusals, costs', async () => {
    const absent = newId()
    const questions: readonly unknown[] = [
      'select count(*), count(distinct name), min(name), max(id::text) from companies',
      'select name from companies order by 1',
      `select name from companies where id = '${foreign[0]!}'`,
      `select name from companies where id = '${absent}'`,
      `select count(*) from companies where name = 'Foreign1'`,
      'select 1 / (count(*) - 2) from companies',
      'select name::int from companies',
      'select (select name from companies) from companies',
      'select v from generate_series(1, 600) s(v)',
      'select a.name from companies a, companies b, companies c',
      { find: 'companies' },
      { find: 'companies', measures: [{ fn: 'count' }] },
      { find: 'companies', where: [{ field: 'name', op: 'eq', value: 'Foreign1' }] },
      { find: 'companies', where: [{ field: 'name', op: 'eq', value: 'Nobody1' }] },
      { find: 'companies', where: [{ field: 'id', op: 'eq', value: `companies:${foreign[0]!}` }] },
      { find: 'deals', where: [{ field: 'company', op: 'eq', value: `companies:${foreign[0]!}` }] },
    ]
    const before = await Promise.all(questions.map(asking))
    const there = await opened.addTenant()
    const others = Array.from({ length: FOREIGN }, (_, index) => `Foreign${index}`)
    await fill(there, others, [...foreign, ...others.slice(2).map(() => newId())])
    await opened.database.pool.query('analyze crm.companies')
    const after: string[] = []
    for (const question of questions) after.push(await asking(question))
    expect(after).toEqual(before)
    const text = after.join('\n').replaceAll('Foreign1"', '')
    expect(text).not.toContain('Foreign2')
  })

  test('an id of its own reads like an id that nobody has', async () => {
    const [one, none] = [foreign[0]!, newId()]
    const ask = async (id: string): Promise<string> =>
      (
        await asking({ find: 'companies', where: [{ field: 'id', op: 'eq', value: `companies:${id}` }] })
      ).replaceAll(id, 'id')
    expect(await ask(one)).toBe(await ask(none))
  })
})

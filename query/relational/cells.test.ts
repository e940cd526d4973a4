import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase, testEngines } from '../../db/testing.ts'
import type { TestDatabase, TestTenant } from '../../db/testing.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import { sql } from '../../db/sql.ts'
import { newId } from '../../domain/ids.ts'
import { runRelational } from './execute.ts'

describe.each(testEngines)('cells of SQL on %s', (engine) => {
  let db: TestDatabase
  let tenant: TestTenant

  beforeAll(async () => {
    db = await openTestDatabase(engine)
    tenant = await db.addTenant()
    const companyId = newId()
    await asTenant(db.database, tenant.actor(), async (tx) => {
      await rows(
        tx,
        sql`insert into crm.companies (id, tenant_id, name, deleted_at) values (${companyId}, ${tenant.workspace.id}, 'Gone', now())`,
      )
      await rows(
        tx,
        sql`insert into crm.people (id, tenant_id, given_name, family_name, company_id) values (${newId()}, ${tenant.workspace.id}, 'A', 'B', ${companyId})`,
      )
    })
  })
  afterAll(() => db.close())

  const ask = (text: string) =>
    asTenant(
      db.database,
      tenant.actor(),
      (tx) =>
        runRelational(
          tx,
          { sql: text },
          { workspace: tenant.workspace, actor: tenant.actor(), now: new Date() },
        ),
      { readOnly: true },
    )

  test('what JSON cannot hold as a number is a text', async () => {
    const { rows: found } = await ask(
      "select 'Infinity'::float8 as a, 'NaN'::float8 as b, power(10::numeric, 400) + 0.5 as c, 2.5 as d",
    )
    const [a, b, c, d] = found[0]!
    expect([a, b, d]).toEqual(['Infinity', 'NaN', 2.5])
    expect(String(c)).toMatch(/^10+\.5/)
    expect(JSON.parse(JSON.stringify(found))).toEqual(found)
  })

  test('a number of more than a thousand digits is rounded', async () => {
    const { rows: found } = await ask(
      "select '1e130000'::numeric as a, '-1.25e99999'::numeric as b, '12345678901234567890'::numeric as c",
    )
    expect(found[0]![0]).toBe('1.000000000000000e+130000')
    expect(String(found[0]![1])).toBe('-1.250000000000000e+99999')
    expect(found[0]![2]).toBe('12345678901234567890')
  })

  test('a link to an archived record leads nowhere', async () => {
    const { rows: found } = await ask('select company_id from people')
    expect(found).toEqual([[null]])
  })
})

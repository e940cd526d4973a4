import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase, testEngines } from '../../db/testing.ts'
import type { TestDatabase, TestTenant } from '../../db/testing.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import { sql } from '../../db/sql.ts'
import { newId } from '../../domain/ids.ts'
import type { Secret } from '../../domain/pii.ts'
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

  test('a record is called the same whether its name stood beside its id or was read for it', async () => {
    const beside = await ask('select p.id, c.id from people p left join companies c on c.id = p.company_id')
    const derived = await ask(
      'select t.id from (select id, rank() over (order by city) as n from people) t where t.n = 1',
    )
    const read = await ask('with w as (select id from people) select id from w')
    for (const { rows: found } of [beside, derived, read]) {
      const [person] = found[0]! as [Secret]
      expect([person.hide, person.record?.entity, person.reveal()]).toEqual(['PERSON', 'people', 'A B'])
    }
    expect(beside.rows[0]![1]).toBeNull()
  })

  test('a link to an archived record leads nowhere', async () => {
    const { rows: found } = await ask('select company_id from people')
    expect(found).toEqual([[null]])
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { companies } from '../../db/catalog/companies.ts'
import { people } from '../../db/catalog/people.ts'
import { asAgent, asTenant, runText } from '../../db/tenant.ts'
import { openTestDatabase, testEngines } from '../../db/testing.ts'
import type { TestDatabase, TestTenant } from '../../db/testing.ts'
import { newId } from '../../domain/ids.ts'
import { loadGrammar } from '../parse-sql/read.ts'
import { compileQuestion } from './execute.ts'
import { parametersFor } from './generate.ts'

describe.each(testEngines)('a join that names its tenant on %s', (engine) => {
  let opened: TestDatabase
  let here: TestTenant
  let there: TestTenant

  beforeAll(async () => {
    await loadGrammar()
    opened = await openTestDatabase(engine)
    here = await opened.addTenant()
    there = await opened.addTenant()
    for (const tenant of [here, there]) {
      const [tenant_id, company_id] = [tenant.workspace.id, newId()]
      await asTenant(opened.database, { tenantId: tenant_id, memberId: null, via: 'system' }, async (tx) => {
        await tx.insert(companies.table).values({ id: company_id, tenant_id, name: 'Acme' })
        await tx.insert(people.table).values({ id: newId(), tenant_id, given_name: 'Ann', company_id })
      })
    }
  })
  afterAll(() => opened.close())

  const rowsFor = (named: TestTenant): Promise<number> =>
    asTenant(
      opened.database,
      here.actor(),
      (tx) =>
        asAgent(tx, async (inner) => {
          const compiled = compileQuestion({
            sql: 'select p.id, c.id from people p join companies c on c.id = p.company_id',
          })
          return (await runText(inner, compiled.text, parametersFor(compiled, named.workspace.id))).rows
            .length
        }),
      { readOnly: true },
    )

  test('gives its rows, and none where another is named: row security still decides', async () => {
    expect(await rowsFor(here)).toBe(1)
    expect(await rowsFor(there)).toBe(0)
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import { newId } from '../domain/ids.ts'
import { loadVocabulary } from './vocabulary.ts'
import type { Vocabulary } from './vocabulary.ts'

describe.each(testEngines)("a workspace's words, on %s", (engine) => {
  let base: TestDatabase
  let tenant: TestTenant
  let other: TestTenant

  beforeAll(async () => {
    base = await openTestDatabase(engine)
    tenant = await base.addTenant()
    other = await base.addTenant()
  })
  afterAll(() => base.close())

  const write = (statement: ReturnType<typeof sql>, whose = tenant): Promise<unknown> =>
    asTenant(base.database, whose.actor(), (tx) => rows(tx, statement))
  const read = (whose = tenant): Promise<Vocabulary> =>
    asTenant(base.database, whose.actor(), loadVocabulary, { readOnly: true })

  test('are those of the rows at each reading: added, changed, gone, and of nobody else', async () => {
    const id = newId()
    await write(
      sql`insert into crm.people (id, tenant_id, given_name, family_name, title) values (${id}, ${tenant.workspace.id}, 'Ada', 'Quill', 'Beekeeper')`,
    )
    expect((await read()).titles).toEqual(['Beekeeper'])
    expect((await read()).titles).toEqual(['Beekeeper'])
    await write(
      sql`insert into crm.people (id, tenant_id, given_name, family_name, title, city)
        select gen_random_uuid(), ${tenant.workspace.id}, 'Bo', 'Quill', 'Chandler', 'Porto' from generate_series(1, 2)`,
    )
    await write(
      sql`insert into crm.companies (id, tenant_id, name, city) values (${newId()}, ${tenant.workspace.id}, 'Quillmark', 'Lyon')`,
    )
    const grown = await read()
    expect(grown.titles).toEqual(['Chandler', 'Beekeeper'])
    expect(grown.cities).toEqual(['Porto', 'Lyon'])
    await write(sql`update crm.people set title = 'Cooper' where id = ${id}`)
    expect((await read()).titles).toEqual(['Chandler', 'Cooper'])
    await write(sql`update crm.people set deleted_at = now() where id = ${id}`)
    expect((await read()).titles).toEqual(['Chandler'])
    expect((await read(other)).titles).toEqual([])
  })
})

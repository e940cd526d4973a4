import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../db/sql.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import { openTestDatabase, testEngines } from '../../db/testing.ts'
import type { TestDatabase, TestTenant } from '../../db/testing.ts'
import { newId } from '../../domain/ids.ts'
import { FROM_THE_BEGINNING, readChangedNames } from './changed-names.ts'
import type { NamesMark } from './changed-names.ts'
import { createDictionaries } from './dictionary.ts'

describe.each(testEngines)('names that changed, on %s', (engine) => {
  let base: TestDatabase
  let tenant: TestTenant

  beforeAll(async () => {
    base = await openTestDatabase(engine)
    tenant = await base.addTenant()
  })
  afterAll(() => base.close())

  const write = (statement: ReturnType<typeof sql>): Promise<unknown> =>
    asTenant(base.database, tenant.actor(), (tx) => rows(tx, statement))
  const addPerson = (given: string, family: string, id = newId()) =>
    sql`insert into crm.people (id, tenant_id, given_name, family_name) values (${id}, ${tenant.workspace.id}, ${given}, ${family})`
  const read = (mark: NamesMark) =>
    asTenant(base.database, tenant.actor(), (tx) => readChangedNames(tx, mark), { readOnly: true })

  test('are read once, however many one transaction wrote a moment ago', async () => {
    await write(
      sql`insert into crm.people (id, tenant_id, given_name, family_name)
        select gen_random_uuid(), ${tenant.workspace.id}, 'Bulk', 'Person' || n from generate_series(1, 500) n`,
    )
    const all = await read(FROM_THE_BEGINNING)
    expect(all.changed.filter(({ first }) => first === 'Bulk')).toHaveLength(500)
    const again = await read(all.mark)
    expect(again.changed).toEqual([])
    await write(sql`update crm.people set family_name = 'Renamed' where family_name = 'Person7'`)
    const last = await read(again.mark)
    expect(last.changed.map(({ first, second }) => [first, second])).toEqual([['Bulk', 'Renamed']])
  })

  test('are in the dictionary with the next use: added, renamed, gone', async () => {
    const dictionaries = createDictionaries(base.database)
    const knows = async (name: string): Promise<boolean> =>
      (await dictionaries.current(tenant.actor())).lookup(name).length > 0
    const id = newId()
    expect(await knows('Ottoline Farquhar')).toBe(false)
    await write(addPerson('Ottoline', 'Farquhar', id))
    expect(await knows('Ottoline Farquhar')).toBe(true)
    await write(sql`update crm.people set family_name = 'Quennell' where id = ${id}`)
    expect(await knows('Ottoline Farquhar')).toBe(false)
    expect(await knows('Ottoline Quennell')).toBe(true)
    await write(sql`update crm.people set deleted_at = now() where id = ${id}`)
    expect(await knows('Ottoline Quennell')).toBe(false)
  })

  // The embedded engine runs one transaction at a time.
  if (engine === 'embedded') return

  test('of a transaction that began before a reading and ended after it are not missed', async () => {
    const { mark } = await read(FROM_THE_BEGINNING)
    let goOn = (): void => {}
    const held = new Promise<void>((resolve) => (goOn = resolve))
    let wrote = (): void => {}
    const written = new Promise<void>((resolve) => (wrote = resolve))
    const slow = asTenant(base.database, tenant.actor(), async (tx) => {
      await rows(tx, addPerson('Slow', 'Writer'))
      wrote()
      await held
    })
    await written
    await write(addPerson('Quick', 'Writer'))
    const between = await read(mark)
    expect(between.changed.map(({ first }) => first)).toEqual(['Quick'])
    goOn()
    await slow
    const after = await read(between.mark)
    expect(after.changed.map(({ first }) => first)).toContain('Slow')
  })
})

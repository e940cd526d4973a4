import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { asTactError } from '../domain/errors.ts'
import { catalog } from './catalog/all.ts'
import { companies } from './catalog/companies.ts'
import { sqlStateOf } from './errors.ts'
import { databasePosture } from './posture.ts'
import { asAgent, asTenant, runText } from './tenant.ts'
import type { TextResult } from './tenant.ts'
import { openTestDatabase, testEngines } from './testing.ts'
import type { TestDatabase, TestTenant } from './testing.ts'

describe.each(testEngines)('the role of questions on %s', (engine) => {
  let opened: TestDatabase
  let here: TestTenant

  const asked = (text: string): Promise<TextResult> =>
    asTenant(opened.database, here.actor(), (tx) => asAgent(tx, (inner) => runText(inner, text, [])), {
      readOnly: true,
    })
  const stateOf = (text: string): Promise<string> =>
    asked(text).then(
      () => 'ok',
      (error: unknown) => sqlStateOf(error) ?? asTactError(error).code,
    )
  const add = (tenant: TestTenant, name: string, deleted_at: Date | null = null) =>
    asTenant(opened.database, tenant.actor(), (tx) =>
      tx.insert(companies.table).values({ tenant_id: tenant.workspace.id, name, deleted_at }),
    )

  beforeAll(async () => {
    opened = await openTestDatabase(engine)
    const there = await opened.addTenant()
    here = await opened.addTenant()
    await add(there, 'Theirs')
    await add(here, 'Ours')
    await add(here, 'Archived', new Date())
  })
  afterAll(() => opened.close())

  test('reads the live rows of its own tenant through a view', async () => {
    expect((await asked('select name from asked.companies')).rows).toEqual([['Ours']])
  })

  test('no table of the catalog can be read or written by it', async () => {
    for (const { sqlName } of catalog.values()) {
      expect(`${sqlName} ${await stateOf(`select 1 from ${sqlName}`)}`).toBe(`${sqlName} 42501`)
    }
    expect(await stateOf('select 1 from core.tenants')).toBe('42501')
    expect(await stateOf('delete from asked.companies')).toMatch(/42501|25006/)
    expect(await stateOf('create temporary table t (n int)')).toMatch(/42501|25006/)
  })

  test('every view can be read in every column, and none shows an internal one', async () => {
    for (const entity of catalog.values()) {
      if (entity.internal) continue
      const { columns } = await asked(`select * from ${entity.viewName} limit 0`)
      const secret = Object.entries(entity.columns).flatMap(([key, { marks }]) =>
        marks.internal ? [key] : [],
      )
      const sql = JSON.stringify([entity.title, entity.computed])
      const shown = columns.map(({ name }) => name)
      expect(shown.filter((name) => secret.includes(name) && !sql.includes(`{t}.${name}`))).toEqual([])
    }
  })

  test('after a question the transaction goes on as the request role', async () => {
    const state = `select current_user::text, current_setting('search_path')`
    const [before, after] = await asTenant(opened.database, here.actor(), async (tx) => {
      const { rows: first } = await runText(tx, state, [])
      await asAgent(tx, (inner) => runText(inner, 'select 1', []))
      return [first, (await runText(tx, state, [])).rows]
    })
    expect(after).toEqual(before)
    expect(after[0]![0]).toBe('tact_app')
  })

  test('no fault stands, and what a plain owner cannot revoke is said', async () => {
    const { faults, warnings, superuser } = await databasePosture(opened.database)
    expect(faults).toEqual([])
    expect(superuser).toBe(engine === 'embedded')
    expect(warnings.length).toBeGreaterThan(0)
  })

  test('functions that wait, signal or change the session are out of reach where a superuser migrated', async () => {
    const state = engine === 'embedded' ? '42501' : undefined
    for (const call of [`set_config('app.tenant_id', '', true)`, 'pg_sleep(0)', `pg_notify('a', 'b')`]) {
      const found = await stateOf(`select ${call}`)
      expect(state === undefined ? ['ok', 'tenant_changed', '42501', '25006'] : [state]).toContain(found)
    }
    expect(await stateOf(`select pg_read_file('PG_VERSION')`)).toBe('42501')
  })
})

interface Break {
  readonly what: string
  readonly sql: string
  readonly undo: string
  readonly says: RegExp
  readonly bySuperuser?: true
}

const BREAKS: readonly Break[] = [
  {
    what: 'a table given to the role',
    sql: 'grant select on crm.companies to tact_agent',
    undo: 'revoke select on crm.companies from tact_agent',
    says: /tables themselves/,
  },
  {
    what: 'one column given to everybody',
    sql: 'grant select (given_name) on crm.people to public',
    undo: 'revoke select (given_name) on crm.people from public',
    says: /tables themselves/,
  },
  {
    what: 'a right to write',
    sql: 'grant insert on crm.deals to tact_agent',
    undo: 'revoke insert on crm.deals from tact_agent',
    says: /can write/,
  },
  {
    what: 'a right to create',
    sql: 'grant create on schema asked to tact_agent',
    undo: 'revoke create on schema asked from tact_agent',
    says: /can write/,
  },
  {
    what: 'row security that is not forced',
    sql: 'alter table crm.people no force row level security',
    undo: 'alter table crm.people force row level security',
    says: /not forced/,
  },
  {
    what: 'row security switched off',
    sql: 'alter table crm.people disable row level security',
    undo: 'alter table crm.people enable row level security',
    says: /not forced/,
  },
  {
    what: 'a view of the owner',
    sql: 'create view asked.extra as select 1 as one',
    undo: 'drop view asked.extra',
    says: /another role/,
  },
  {
    what: 'a policy without the tenant',
    sql: 'create policy open on crm.people for select to tact_views using (true)',
    undo: 'drop policy open on crm.people',
    says: /do not keep to the tenant/,
  },
  {
    what: 'mail without its circle',
    sql: 'alter policy mail_messages_circle_asked on intel.mail_messages to tact_app',
    undo: 'alter policy mail_messages_circle_asked on intel.mail_messages to tact_views',
    says: /for some members alone/,
  },
  {
    what: 'a function that reads files',
    sql: 'grant execute on function pg_catalog.pg_read_file(text) to public',
    undo: 'revoke execute on function pg_catalog.pg_read_file(text) from public',
    says: /no question may call/,
    bySuperuser: true,
  },
]

describe.each(testEngines)('a database that lacks a wall, on %s', (engine) => {
  let opened: TestDatabase
  let admin: Client | undefined
  let tenant: TestTenant

  beforeAll(async () => {
    opened = await openTestDatabase(engine)
    tenant = await opened.addTenant()
    if (engine === 'embedded') return
    const { rows } = await opened.database.pool.query<{ name: string }>('select current_database() as name')
    const url = new URL(inject('postgresSuperUrl'))
    url.pathname = `/${rows[0]!.name}`
    admin = new Client({ connectionString: url.href })
    await admin.connect()
  })
  afterAll(async () => {
    await admin?.end()
    await opened.close()
  })

  const ask = (): Promise<unknown> =>
    asTenant(opened.database, tenant.actor(), (tx) =>
      asAgent(tx, (inner) => runText(inner, 'select 1 as one', [])),
    ).then(
      ({ rows }) => rows,
      (error: unknown) => asTactError(error),
    )

  test.each(BREAKS)('answers no question: $what', async ({ sql, undo, says, bySuperuser }) => {
    const by = (bySuperuser && admin) || opened.database.pool
    await by.query(sql)
    const refused = await ask()
    await by.query(undo)
    expect(refused).toMatchObject({ code: 'database_posture', message: expect.stringMatching(says) })
  })

  test('answers once the walls stand again', async () => {
    expect(await ask()).toEqual([[1]])
  })
})

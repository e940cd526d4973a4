import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { connect } from './connect.ts'
import type { Database } from './connect.ts'
import { migrate } from './migrate.ts'
import { databasePosture } from './posture.ts'
import { sql } from './sql.ts'
import { asTenant, runText } from './tenant.ts'
import { openTestDatabase, testEngines } from './testing.ts'
import type { TestDatabase } from './testing.ts'
import { createWorkspace } from './workspace.ts'

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url))

interface Journal {
  readonly entries: readonly { readonly idx: number; readonly when: number; readonly tag: string }[]
}

const folders: string[] = []
/** A copy of the migrations, with the journal changed by `edit`. */
const copyOf = async (edit: (journal: Journal, folder: string) => Promise<Journal>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'tact-migrations-'))
  folders.push(folder)
  await cp(MIGRATIONS, folder, { recursive: true })
  const file = join(folder, 'meta', '_journal.json')
  const journal = JSON.parse(await readFile(file, 'utf8')) as Journal
  await writeFile(file, JSON.stringify(await edit(journal, folder)))
  return folder
}
const adding = (at: 'late' | 'last', text: string): Promise<string> =>
  copyOf(async (journal, folder) => {
    await writeFile(join(folder, 'added.sql'), text)
    const index = at === 'last' ? journal.entries.length : journal.entries.length - 1
    const entry = { ...journal.entries.at(-1)!, when: journal.entries[0]!.when, tag: 'added' }
    return { ...journal, entries: journal.entries.toSpliced(index, 0, entry) }
  })
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

describe.each(testEngines)('migrations on %s', (engine) => {
  let opened: TestDatabase
  beforeAll(async () => {
    opened = await openTestDatabase(engine)
  })
  afterAll(() => opened.close())

  test('a second run finds nothing to do', async () => {
    const steps: string[] = []
    const done = await migrate(opened.database, { onStep: (step) => steps.push(step) })
    expect(done.applied).toBe(0)
    expect(done.total).toBeGreaterThanOrEqual(4)
    expect(steps).toEqual([])
  })

  test('a migration that was changed after it was applied is refused', async () => {
    const folder = await copyOf(async (journal, path) => {
      await writeFile(join(path, `${journal.entries[2]!.tag}.sql`), 'select 1')
      return journal
    })
    await expect(migrate(opened.database, { folder })).rejects.toMatchObject({
      kind: 'conflict',
      code: 'migration_changed',
    })
  })

  test('a migration that was merged late is refused, not skipped', async () => {
    const folder = await adding('late', 'create table core.late (id int)')
    await expect(migrate(opened.database, { folder })).rejects.toMatchObject({ code: 'migration_late' })
  })

  test('a database newer than the program is refused', async () => {
    const folder = await copyOf(async (journal) => ({ ...journal, entries: journal.entries.slice(0, -1) }))
    await expect(migrate(opened.database, { folder })).rejects.toMatchObject({ code: 'database_newer' })
  })

  test('a migration that fails leaves nothing behind', async () => {
    const folder = await adding(
      'last',
      'create table core.half (id int);--> statement-breakpoint\nselect 1 / 0',
    )
    await expect(migrate(opened.database, { folder })).rejects.toMatchObject({ code: '22012' })
    const { rows } = await opened.database.pool.query(`select to_regclass('core.half') as half`)
    expect(rows).toEqual([{ half: null }])
    expect((await migrate(opened.database)).applied).toBe(0)
  })

  test('a migration at the end is applied even if it was generated before the last one', async () => {
    const folder = await adding('last', 'create table core.older (id int)')
    expect((await migrate(opened.database, { folder })).applied).toBe(1)
    const { rows } = await opened.database.pool.query(`select to_regclass('core.older')::text as older`)
    expect(rows).toEqual([{ older: 'core.older' }])
  })

  test('a table whose protection was taken away gets it back when the protection changes', async () => {
    await opened.database.pool.query('alter table crm.people no force row level security')
    await opened.database.pool.query('delete from drizzle.protections')
    const steps: string[] = []
    await migrate(opened.database, {
      folder: folders.at(-1)!,
      onStep: (step) => steps.push(step),
    })
    expect(steps).toEqual(['protection of tables'])
    const { rows } = await opened.database.pool.query(
      `select relforcerowsecurity as forced from pg_class where oid = 'crm.people'::regclass`,
    )
    expect(rows).toEqual([{ forced: true }])
  })
})

describe.runIf(testEngines.includes('postgres'))('on an empty Postgres', () => {
  const as = (url: string, name: string): Promise<Database> => {
    const target = new URL(url)
    target.pathname = `/${name}`
    return connect({ TACT_HOME: '', DATABASE_URL: target.href, TACT_QUERY_TIMEOUT_MS: 20_000 })
  }
  const withNew = async (url: string, name: string, run: () => Promise<void>): Promise<void> => {
    const admin = new Client({ connectionString: inject('postgresSuperUrl') })
    await admin.connect()
    try {
      await admin.query(`create database ${name} owner ${new URL(url).username}`)
      await run()
    } finally {
      await admin.query(`drop database if exists ${name} with (force)`)
      await admin.end()
    }
  }

  test('four migrators at once all succeed, and one of them does the work', async () => {
    const url = inject('postgresUrl')
    await withNew(url, 'race', async () => {
      const databases = await Promise.all(Array.from({ length: 4 }, () => as(url, 'race')))
      const done = await Promise.all(databases.map((database) => migrate(database)))
      const { total } = done[0]!
      expect(done.map(({ applied }) => applied).sort((a, b) => a - b)).toEqual([0, 0, 0, total])
      await Promise.all(databases.map((database) => database.close()))
    })
  })

  test('migrated by a superuser, a request cannot call set_config, and a plain owner is told what is missing', async () => {
    const url = inject('postgresSuperUrl')
    await withNew(url, 'super', async () => {
      const database = await as(url, 'super')
      await migrate(database)
      const [here, there] = [
        await createWorkspace(database, { slug: 'here', name: 'Here' }),
        await createWorkspace(database, { slug: 'there', name: 'There' }),
      ]
      const escape = asTenant(database, { tenantId: here.id, memberId: null, via: 'cli' }, (tx) =>
        runText(tx, `select set_config('app.tenant_id', $1, true)`, [there.id]),
      )
      await expect(escape).rejects.toMatchObject({ code: '42501' })
      const posture = await databasePosture(database)
      expect(posture).toMatchObject({ superuser: true, setConfigRevoked: true })
      expect(posture.warnings.join()).toContain('superuser')
      await database.close()
    })
    const plain = await openTestDatabase('postgres')
    const posture = await databasePosture(plain.database)
    expect(posture).toMatchObject({ superuser: false, setConfigRevoked: false })
    expect(posture.warnings.join()).toContain('REVOKE EXECUTE')
    await plain.close()
  })

  test('after a superuser has run what doctor says, a plain owner works and requests cannot call set_config', async () => {
    const url = inject('postgresUrl')
    await withNew(url, 'walled', async () => {
      const owner = await as(url, 'walled')
      await migrate(owner)
      const superuser = await as(inject('postgresSuperUrl'), 'walled')
      for (const statement of [
        'REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM PUBLIC',
        'GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO tact_owner',
      ]) {
        await superuser.pool.query(statement)
      }
      await superuser.close()
      const { setConfigRevoked, warnings, faults } = await databasePosture(owner)
      expect({ setConfigRevoked, faults }).toEqual({ setConfigRevoked: true, faults: [] })
      // What a superuser alone may set, and no question can reach, is still told.
      for (const warning of warnings) expect(warning).toMatch(/functions that wait|Temporary files/)
      const workspace = await createWorkspace(owner, { slug: 'here', name: 'Here' })
      const actor = { tenantId: workspace.id, memberId: null, via: 'cli' } as const
      const escape = asTenant(owner, actor, (tx) =>
        runText(tx, `select set_config('role', 'tact_owner', true)`, []),
      )
      await expect(escape).rejects.toMatchObject({ code: '42501' })
      const counted = await asTenant(owner, actor, (tx) =>
        tx.execute(sql`select count(*)::int as n from crm.people`),
      )
      expect(counted.rows).toEqual([{ n: 0 }])
      await owner.close()
    })
  })
})

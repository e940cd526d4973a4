import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../config.ts'
import type { Database } from '../db/connect.ts'
import { actorFor } from '../db/members.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { openTestDatabase, testEngines, type TestDatabase } from '../db/testing.ts'
import { findWorkspace } from '../db/workspace.ts'
import { previewDigest } from '../digest/preview.ts'
import { renderText } from '../digest/render.ts'
import type { Actor } from '../domain/actor.ts'
import { saveQuery, verifyQuery } from '../query/kept.ts'
import { furnish } from './compose.ts'
import { prepareDemo, DEMO_NAMES } from './demo-prepare.ts'
import type { Io } from './io.ts'
import { checkBackups, checkSavedQueries } from './backup-health.ts'
import { openBackupFile } from './backup-file.ts'
import { backUpNightly, nightlyBackupsOf } from './nightly.ts'
import { runCommandLine } from './program.ts'

const home = mkdtempSync(join(tmpdir(), 'tact-round-trip-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

const runIn = async (
  database: Database,
  argv: readonly string[],
): Promise<{ code: number; out: string; err: string }> => {
  const said = { out: '', err: '' }
  const io: Io = {
    stdin: new PassThrough(),
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    fancy: false,
    interactive: false,
    columns: 100,
    cwd: home,
    signal: new AbortController().signal,
  }
  const config = loadConfig({ TACT_HOME: home })
  const code = await runCommandLine(argv, { config, io, house: furnish(config, database) })
  return { code, ...said }
}

const digest = (file: string): string =>
  createHash('sha256')
    .update(readFileSync(join(home, file)))
    .digest('hex')

const exportTo = async (database: Database, workspace: string, file: string): Promise<string> => {
  const { code, err } = await runIn(database, ['export', 'workspace', file, '--workspace', workspace])
  expect({ code, err }).toMatchObject({ code: 0 })
  return digest(file)
}

/** What its first owner's digest says now, without the links, which hold ids of their own in every database. */
const digestText = async (database: Database, name: string): Promise<string> => {
  const workspace = (await findWorkspace(database, name))!
  const actor = await actorFor(database, workspace, undefined, 'cli')
  const previewing = { workspace, actor, channel: 'mail', inboxUrl: 'http://here/inbox' } as const
  return renderText((await previewDigest(database, previewing)).layout).replaceAll(/: http\S+/g, '')
}
const golden = (name: string): string => join(import.meta.dirname, '..', 'docs', 'digests', `${name}.txt`)

describe('a workspace taken out and brought in elsewhere', () => {
  let made: TestDatabase

  beforeAll(async () => {
    made = await openTestDatabase('embedded')
    const silent = {
      out: () => {},
      err: () => {},
      fancy: false,
      columns: 80,
      signal: new AbortController().signal,
    }
    await prepareDemo({ database: made.database }, silent as unknown as Io)
  })
  afterAll(() => made.close())

  test('has the digest that stands in docs, for every demo', async () => {
    for (const name of DEMO_NAMES)
      await expect(await digestText(made.database, name)).toMatchFileSnapshot(golden(name))
  })

  test('is byte for byte the same, mail included, for every demo', async () => {
    const other = await openTestDatabase('embedded')
    for (const name of DEMO_NAMES) {
      const first = await exportTo(made.database, name, `${name}.json`)
      const document = JSON.parse(readFileSync(join(home, `${name}.json`), 'utf8')) as {
        records: Record<string, unknown[]>
      }
      for (const entity of ['people', 'interactions', 'threads', 'emails', 'email_recipients']) {
        expect(document.records[entity]?.length).toBeGreaterThan(50)
      }
      expect((await runIn(other.database, ['import', 'workspace', `${name}.json`])).code).toBe(0)
      expect(await exportTo(other.database, name, `${name}-again.json`)).toBe(first)
    }
    await other.close()
  })

  test.skipIf(!testEngines.includes('postgres'))('is the same on a Postgres server', async () => {
    const first = await exportTo(made.database, 'cobalt', 'cobalt.json')
    const server = await openTestDatabase('postgres')
    expect((await runIn(server.database, ['import', 'workspace', 'cobalt.json'])).code).toBe(0)
    expect(await exportTo(server.database, 'cobalt', 'cobalt-server.json')).toBe(first)
    await expect(await digestText(server.database, 'cobalt')).toMatchFileSnapshot(golden('cobalt'))
    await server.close()
  })
})

describe.each(testEngines)('backups on %s', (engine) => {
  let db: TestDatabase
  let slug: string
  const asOwner = async <T extends object>(text: string): Promise<T[]> => {
    const workspace = await findWorkspace(db.database, slug)
    const system = { tenantId: workspace!.id, memberId: null, via: 'system' } as const
    return asTenant(db.database, system, (tx) => rows<T>(tx, sql.raw(text)))
  }

  beforeAll(async () => {
    db = await openTestDatabase(engine)
    const tenant = await db.addTenant({ slug: `kept-${engine}` })
    slug = tenant.workspace.slug
    for (const name of ['Acre', 'Birch', 'Cedar']) {
      await asOwner(
        `insert into crm.companies (id, tenant_id, name) values (gen_random_uuid(), core.current_tenant(), '${name}')`,
      )
    }
  })
  afterAll(() => db.close())

  test('a restore shows what it would change before it changes it, and asks', async () => {
    const file = `${engine}.backup`
    expect((await runIn(db.database, ['backup', file, '--workspace', slug])).code).toBe(0)
    await asOwner(`update crm.companies set name = 'Spoilt' where name = 'Acre'`)
    await asOwner(
      `insert into crm.companies (id, tenant_id, name) values (gen_random_uuid(), core.current_tenant(), 'Newer')`,
    )
    const dry = await runIn(db.database, ['restore', file, '--dry-run', '--json'])
    const { differences } = JSON.parse(dry.out) as { differences: { entity: string }[] }
    expect(differences.find(({ entity }) => entity === 'companies')).toEqual({
      entity: 'companies',
      missing: 0,
      changed: 1,
      same: 2,
      newer: 1,
    })
    const unasked = await runIn(db.database, ['restore', file])
    expect(unasked.code).toBe(2)
    expect(unasked.out).toContain('Become as they were')
    expect(await asOwner(`select 1 from crm.companies where name = 'Spoilt'`)).toHaveLength(1)
    expect((await runIn(db.database, ['restore', file, '--yes'])).code).toBe(0)
    const names = await asOwner<{ name: string }>('select name from crm.companies order by name')
    expect(names.map(({ name }) => name)).toEqual(['Acre', 'Birch', 'Cedar', 'Newer'])
  })

  test('a damaged file, and one that Tact did not write, are refused', async () => {
    const file = `${engine}-2.backup`
    await runIn(db.database, ['backup', file, '--workspace', slug])
    const text = gunzipSync(readFileSync(join(home, file))).toString()
    writeFileSync(join(home, 'damaged'), gzipSync(text.replace('Birch', 'Bitch')))
    writeFileSync(join(home, 'cut'), readFileSync(join(home, file)).subarray(0, 200))
    writeFileSync(join(home, 'foreign'), gzipSync('{"hello":1}\n{}'))
    writeFileSync(join(home, 'plain'), 'name,email\n')
    for (const [name, code] of [
      ['damaged', 'backup_damaged'],
      ['cut', 'backup_damaged'],
      ['foreign', 'not_a_backup'],
      ['plain', 'not_a_backup'],
    ]) {
      const { out } = await runIn(db.database, ['restore', name!, '--yes', '--json'])
      expect(JSON.parse(out)).toMatchObject({ error: { code } })
    }
  })

  test('an editor takes no workspace out', async () => {
    for (const command of [
      ['backup', 'x'],
      ['export', 'workspace', 'x'],
    ]) {
      const { code } = await runIn(db.database, [
        ...command,
        '--workspace',
        slug,
        '--as',
        'editor@team.example',
      ])
      expect(code).toBe(3)
    }
  })

  test('every night each workspace is backed up once, and what outlived its time goes', async () => {
    const config = loadConfig({ TACT_HOME: join(home, `nightly-${engine}`) })
    const house = furnish(config, db.database)
    const day = (number: number): Date => new Date(Date.UTC(2026, 9, number, 3))
    await backUpNightly(house, day(1))
    const [first] = await nightlyBackupsOf(house, slug)
    for (let number = 2; number <= 40; number += 1)
      copyFileSync(
        first!.file,
        first!.file.replace(/20261001/, day(number).toISOString().slice(0, 10).replaceAll('-', '')),
      )
    const workspace = (await findWorkspace(db.database, slug))!
    const actor: Actor = { tenantId: workspace.id, memberId: null, role: 'owner', via: 'system' }
    const asking = { workspace, actor, now: day(40) }
    await asTenant(db.database, actor, async (tx) => {
      for (const name of ['stays', 'moves']) {
        const saved = { name, wording: name, question: { sql: 'select name from companies' } }
        await saveQuery(tx, saved, asking)
        await verifyQuery(tx, name, asking)
      }
      await rows(tx, sql`update workflow.saved_queries set shape = '[]'::jsonb where name = 'moves'`)
    })
    expect(await backUpNightly(house, day(41))).toHaveLength(1)
    expect(await checkSavedQueries(house)).toMatchObject([
      { state: 'advice', detail: expect.stringContaining(`1 of ${slug}`) },
    ])
    expect(await backUpNightly(house, new Date(day(41).getTime() + 3_600_000))).toHaveLength(0)
    const kept = await nightlyBackupsOf(house, slug)
    expect(kept).toHaveLength(11)
    expect(kept.slice(0, 7).map(({ at }) => at)).toEqual([41, 40, 39, 38, 37, 36, 35].map(day))
    const { document } = await openBackupFile(kept.at(-1)!.file)
    expect(await document.head()).toMatchObject({ slug })
    expect(await checkBackups(house, day(42))).toMatchObject({ state: 'ok' })
    expect(await checkBackups(house, day(45))).toMatchObject({ state: 'advice' })
  })

  test('a backup that fails is told by doctor, and none of the old ones goes', async () => {
    const config = loadConfig({ TACT_HOME: join(home, `failing-${engine}`) })
    const house = furnish(config, db.database)
    const at = (hours: number): Date => new Date(Date.UTC(2026, 10, 1, hours))
    const [first] = await backUpNightly(house, at(0))
    // A directory in the way of the file that the next run would write.
    mkdirSync(first!.replace(/\d{8}T\d{6}Z/, '20261102T010000Z') + '.body')
    expect(await backUpNightly(house, at(25))).toEqual([])
    expect(await nightlyBackupsOf(house, slug)).toHaveLength(1)
    expect(await checkBackups(house, at(25))).toMatchObject({ check: 'backups', state: 'wrong' })
    expect(await backUpNightly(house, at(26))).toHaveLength(1)
    expect(await checkBackups(house, at(26))).toMatchObject({ state: 'ok' })
  })
})

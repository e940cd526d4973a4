import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../config.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { openTestDatabase, testEngines, type TestDatabase, type TestTenant } from '../db/testing.ts'
import { furnish, type House } from './compose.ts'
import { runCommandLine } from './program.ts'
import { serve } from './serve.ts'

describe.each(testEngines)('mail under `up`, on %s', (engine) => {
  const home = mkdtempSync(join(tmpdir(), 'tact-cli-index-'))
  const config = loadConfig({ TACT_HOME: home, TACT_PORT: '0' })
  let db: TestDatabase
  let house: House
  let tenant: TestTenant

  beforeAll(async () => {
    db = await openTestDatabase(engine)
    tenant = await db.addTenant({ slug: 'first' })
    house = furnish(config, db.database)
    writeFileSync(
      join(home, 'one.eml'),
      'Message-ID: <1@x.example>\nFrom: a@b.example\nTo: owner@team.example\nDate: Thu, 05 Nov 2026 10:00:00 +0000\nSubject: One\n\nThe wombat sleeps.\n',
    )
  })
  afterAll(async () => {
    await db.close()
    rmSync(home, { recursive: true, force: true })
  })

  const run = async (...argv: readonly string[]) => {
    let out = ''
    const stdin = new PassThrough()
    stdin.end('')
    const code = await runCommandLine([...argv, '--workspace', 'first', '--json'], {
      config,
      house,
      io: {
        stdin,
        out: (text) => (out += text),
        err: () => {},
        fancy: false,
        interactive: false,
        columns: 100,
        cwd: home,
        signal: new AbortController().signal,
      },
    })
    return { code, answer: JSON.parse(out) as unknown }
  }

  const waiting = async () => {
    const system = { tenantId: tenant.workspace.id, memberId: null, via: 'system' } as const
    const [found] = await asTenant(db.database, system, (tx) =>
      rows<{ waiting: number; indexed: number }>(
        tx,
        sql`select (select count(*)::int from intel.mail_pending) as waiting,
          (select coalesce(sum(documents), 0)::int from intel.mail_segments) as indexed`,
      ),
    )
    return found!
  }

  test('what was imported is put into the index as soon as the house is served, and found as before', async () => {
    expect(await run('import', 'eml', 'one.eml')).toMatchObject({
      code: 0,
      answer: { imported: 1, visibility: 'owner' },
    })
    expect(await waiting()).toEqual({ waiting: 1, indexed: 0 })
    const found = await run('search', 'wombat')
    expect(JSON.stringify(found.answer)).toContain('wombat')
    const service = await serve(house, { config, run: runCommandLine })
    try {
      while ((await waiting()).waiting > 0) await new Promise((resolve) => setTimeout(resolve, 50))
    } finally {
      await service.close()
    }
    expect(await waiting()).toEqual({ waiting: 0, indexed: 1 })
    expect((await run('search', 'wombat')).code).toBe(0)
  })

  test('a member sees whose mailboxes are read, and changes only their own', async () => {
    const { answer } = await run('mailbox', 'list')
    expect(answer).toMatchObject([
      { kind: 'eml', member: 'owner@team.example', visibility: 'owner', state: 'done', failure: null },
    ])
    const [{ id }] = answer as [{ readonly id: string }]
    const seenByAdmin = async (): Promise<boolean> =>
      JSON.stringify((await run('search', 'wombat', '--as', 'admin@team.example')).answer).includes('sleeps')
    expect(await seenByAdmin()).toBe(false)
    expect((await run('mailbox', 'visibility', id, 'team', '--as', 'admin@team.example')).code).toBe(3)
    expect((await run('mailbox', 'visibility', id, 'everybody')).code).toBe(2)
    expect(await run('mailbox', 'visibility', id, 'team')).toMatchObject({ code: 0, answer: { changed: 1 } })
    expect(await seenByAdmin()).toBe(true)
    expect((await run('mailbox', 'consent', id, '--withdraw')).code).toBe(0)
    expect(await run('import', 'eml', 'one.eml')).toMatchObject({
      code: 3,
      answer: { error: { code: 'consent_withdrawn' } },
    })
    expect((await run('mailbox', 'consent', id, '--exclude', 'b.example')).code).toBe(0)
    writeFileSync(
      join(home, 'one.eml'),
      'Message-ID: <2@x.example>\nFrom: a@mail.b.example\nDate: Thu, 05 Nov 2026 11:00:00 +0000\nSubject: Two\n\nText.\n',
    )
    expect(await run('import', 'eml', 'one.eml')).toMatchObject({
      code: 0,
      answer: { seen: 1, imported: 0, excluded: 1 },
    })
    expect((await run('mailbox', 'remove', id)).code).toBe(2)
    expect(await run('mailbox', 'remove', id, '--yes')).toMatchObject({ code: 0, answer: { removed: 1 } })
    expect(await seenByAdmin()).toBe(false)
    expect((await run('mailbox', 'list')).answer).toEqual([])
  })
})

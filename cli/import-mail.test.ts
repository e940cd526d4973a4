import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../config.ts'
import { openTestDatabase, testEngines, type TestDatabase } from '../db/testing.ts'
import { FakeGmail } from '../mail/testing/gmail.ts'
import { furnish, type House } from './compose.ts'
import { runCommandLine } from './program.ts'

describe.each(testEngines)('mail by the command line, on %s', (engine) => {
  const home = mkdtempSync(join(tmpdir(), 'tact-cli-mail-'))
  let db: TestDatabase
  let house: House

  beforeAll(async () => {
    db = await openTestDatabase(engine)
    await db.addTenant({ slug: 'first' })
    house = furnish(loadConfig({ TACT_HOME: home }), db.database)
  })
  afterAll(async () => {
    await db.close()
    rmSync(home, { recursive: true, force: true })
  })

  const run = async (argv: readonly string[]) => {
    let out = ''
    let err = ''
    const stdin = new PassThrough()
    stdin.end('')
    const code = await runCommandLine([...argv, '--workspace', 'first', '--json'], {
      config: house.config,
      house,
      io: {
        stdin,
        out: (text) => (out += text),
        err: (text) => (err += text),
        fancy: false,
        interactive: false,
        columns: 100,
        cwd: home,
        signal: new AbortController().signal,
      },
    })
    return { code, out, err }
  }

  test('a dry run says what would come in and writes nothing; then a directory comes in, and the report names each message kept with a fault and why', async () => {
    writeFileSync(
      join(home, 'good.eml'),
      'Message-ID: <1@x.example>\nFrom: a@b.example\nDate: Thu, 05 Nov 2026 10:00:00 +0000\nSubject: One\n\nText.\n',
    )
    writeFileSync(
      join(home, 'bad.eml'),
      'From: a@b.example\nDate: Thu, 05 Nov 2026 10:00:00 +0000\nSubject: Two\n\nText.\n',
    )
    const promised = await run(['import', 'mail-tree', '.', '--dry-run', '--exclude', 'nobody.example'])
    expect(JSON.parse(promised.out)).toEqual({
      dryRun: true,
      seen: 2,
      imported: 2,
      duplicates: 0,
      faulty: 1,
      linked: 0,
      faults: { no_message_id: 1 },
      oldestAt: '2026-11-05T10:00:00.000Z',
      newestAt: '2026-11-05T10:00:00.000Z',
    })
    expect(JSON.parse((await run(['mailbox', 'list'])).out)).toEqual([])
    const { code, out } = await run(['import', 'mail-tree', '.', '--report', 'faults.jsonl'])
    expect([code, JSON.parse(out)]).toMatchObject([0, { seen: 2, imported: 2, faulty: 1 }])
    const left = await run(['import', 'mail-tree', '.', '--dry-run', '--exclude', 'b.example'])
    expect(JSON.parse(left.out)).toMatchObject({ seen: 2, imported: 0, duplicates: 0, excluded: 2 })
    const again = await run(['import', 'mail-tree', '.', '--dry-run'])
    expect(JSON.parse(again.out)).toMatchObject({ seen: 2, imported: 0, duplicates: 2, faults: {} })
    const report = readFileSync(join(home, 'faults.jsonl'), 'utf8').trim().split('\n')
    expect(report.map((line) => (JSON.parse(line) as { faults: unknown }).faults)).toEqual([
      ['no_message_id'],
    ])
  })

  test('a mailbox is refused without a way to sign in, with a password in its address, or when it is none', async () => {
    for (const [argv, code] of [
      [['imaps://a@mail.example'], 'no_password'],
      [['imaps://a:secret-pa55@mail.example', '--password-file', 'p'], 'not_a_mailbox'],
      [['https://a@mail.example', '--password-file', 'p'], 'not_a_mailbox'],
      [['imaps://a@mail.example', '--password-file', 'missing'], 'unreadable_file'],
    ] as const) {
      const answer = await run(['import', 'imap', ...argv])
      expect(answer.code).not.toBe(0)
      expect(answer.out).toContain(code)
      expect(answer.out + answer.err).not.toContain('secret-pa55')
    }
  })

  test('a Gmail mailbox comes in by its key, then just what is new, into a mailbox of its own', async () => {
    const google = await FakeGmail.start('owner@team.example')
    try {
      const raw = (number: number): string =>
        `Message-ID: <${number}@g.example>\nFrom: a@b.example\nDate: Thu, 05 Nov 2026 10:00:00 +0000\nSubject: G${number}\n\nText.\n`
      google.add([raw(1), raw(2)])
      writeFileSync(join(home, 'key.json'), JSON.stringify(google.keys.service))
      const argv = ['import', 'gmail', 'Owner@team.example', '--key-file', 'key.json', '--api', google.url]
      expect(JSON.parse((await run(argv)).out)).toMatchObject({ seen: 2, imported: 2, visibility: 'owner' })
      google.add([raw(3)])
      expect(JSON.parse((await run(argv)).out)).toMatchObject({ seen: 1, imported: 1, resumed: false })
      expect(JSON.parse((await run(['mailbox', 'list'])).out)).toContainEqual(
        expect.objectContaining({ kind: 'gmail', address: 'owner@team.example', state: 'done' }),
      )
      expect(google.faults).toEqual([])
      const refused = await run([
        ...argv.slice(0, 3),
        '--key-file',
        'key.json',
        '--api',
        'http://mail.example',
      ])
      expect(refused.out).toContain('unsafe_address')
    } finally {
      await google.stop()
    }
  })
})

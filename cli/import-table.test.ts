import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../config.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { openTestDatabase, testEngines, type TestDatabase } from '../db/testing.ts'
import type { Actor } from '../domain/actor.ts'
import { furnish, type House } from './compose.ts'
import { runCommandLine } from './program.ts'

const TEXT = [
  'Fundraising;;;',
  'Investor;Fund;Commitment;List',
  'Harbor Stiftung;Fund II;€ 2.000.000;Main',
  'Nördliche Pension AG;Fund II;€ 500.000;Follow-up',
  'Total;;2.500.000;',
].join('\r\n')

describe.each(testEngines)('tables by the command line on %s', (engine) => {
  const home = mkdtempSync(join(tmpdir(), 'tact-tables-'))
  let db: TestDatabase
  let house: House
  let actor: Actor

  beforeAll(async () => {
    db = await openTestDatabase(engine)
    actor = (await db.addTenant({ slug: 'fund', country: 'DE', currency: 'EUR' })).actor()
    house = furnish(loadConfig({ TACT_HOME: home }), db.database)
    // As a spreadsheet on Windows saves it.
    writeFileSync(join(home, 'commitments.csv'), Buffer.from(`\uFEFF${TEXT}\r\n`, 'utf16le'))
    writeFileSync(
      join(home, 'book.xlsx'),
      Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), Buffer.alloc(64, 1)]),
    )
  })
  afterAll(async () => {
    await db.close()
    rmSync(home, { recursive: true, force: true })
  })

  const run = async (...argv: readonly string[]) => {
    let [out, err] = ['', '']
    const code = await runCommandLine([...argv, '--workspace', 'fund', '--json'], {
      config: house.config,
      house,
      io: {
        stdin: new PassThrough(),
        out: (text) => (out += text),
        err: (text) => (err += text),
        fancy: false,
        interactive: false,
        columns: 100,
        cwd: home,
        signal: new AbortController().signal,
      },
    })
    return { code, err, said: JSON.parse(out || '{}') as Record<string, unknown> }
  }

  test('a table is shown as it would be read, brought in, reported row by row, and known again', async () => {
    const preview = await run('import', 'csv', 'commitments.csv', '--dry-run')
    expect([preview.code, preview.said]).toMatchObject([
      0,
      {
        mapping: { kind: 'commitments' },
        counts: { rows: 3, rows_created: 2, rows_skipped: 1, companies: 2, funds: 1 },
      },
    ])
    const brought = await run('import', 'csv', 'commitments.csv', '--yes', '--report', 'report.csv')
    expect(brought.said).toMatchObject({ already: false, rows: { created: 2, skipped: 1 } })
    expect(readFileSync(join(home, 'report.csv'), 'utf8')).toContain('a row of totals')
    expect((await run('import', 'csv', 'commitments.csv', '--yes')).said).toMatchObject({ already: true })
  })

  test('a workbook is refused with what to do', async () => {
    const { code, said, err } = await run('import', 'csv', 'book.xlsx', '--yes')
    expect(code).toBe(2)
    expect(`${JSON.stringify(said)}${err}`).toContain('not_text')
  })

  test('who stands twice is listed, and a merge is proposed, not made', async () => {
    for (const family of ['Whitfield', 'Whitfeild']) {
      await asTenant(db.database, actor, async (tx) => {
        const [person] = await rows<{ id: string }>(
          tx,
          sql`insert into crm.people (id, tenant_id, given_name, family_name)
            values (gen_random_uuid(), core.current_tenant(), 'Dana', ${family}) returning id`,
        )
        await rows(
          tx,
          sql`insert into crm.person_phones (id, tenant_id, person_id, number)
            values (gen_random_uuid(), core.current_tenant(), ${person!.id}::uuid, '+4930901820')`,
        )
      })
    }
    const { said } = await run('merge', 'list', 'people')
    const [pair, ...more] = said['duplicates'] as readonly { keep: string; merge: string; why: string[] }[]
    expect([pair?.why, more]).toEqual([['similar name', 'same phone number'], []])
    const { said: proposed } = await run('merge', 'propose', 'people', pair!.keep, pair!.merge)
    expect(proposed).toMatchObject({ state: 'pending' })
    expect((await run('merge', 'list', 'people')).said['duplicates']).toHaveLength(1)
  })
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../config.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { openTestDatabase, testEngines, type TestDatabase, type TestTenant } from '../db/testing.ts'
import { newId } from '../domain/ids.ts'
import type { Correspondent } from '../mail/correspondents.ts'
import { letter } from '../mail/testing/letters.ts'
import { furnish, type House } from './compose.ts'
import { runCommandLine } from './program.ts'

const us = 'owner@team.example'
const LETTERS = [
  ['Ann Archer <ann@newhouse.example>', us],
  ['Ann Archer <ann+crm@newhouse.example>', us],
  [us, 'Ben Baker <ben@newhouse.example>'],
  [us, 'Ben Baker <ben@newhouse.example>'],
  ['Cleo Clark <cleo@nimbus.example>', us],
  [us, 'Cleo Clark <cleo@nimbus.example>'],
  ['Dana Whitfield <dana.private@gmail.com>', us],
  ['Dana Whitfield <dana.private@gmail.com>', us],
  ['Dana Whitfield <dana@elsewhere.example>', us],
  ['Dana Whitfield <dana@elsewhere.example>', us],
  ['Dana Whitfield <dana@nimbus.example>', us],
  ['Once Only <once@single.example>', us],
  ['Front Desk <info@newhouse.example>', us],
  ['Front Desk <info@newhouse.example>', us],
].map(([from, to], at) =>
  letter({ id: `${at}@x`, from: from!, to: to!, at: `2026-10-${String(at + 1).padStart(2, '0')}T10:00:00Z` }),
)
const LIST = letter({
  id: 'list@x',
  from: 'Robot <robot@list.example>',
  to: us,
  at: '2026-10-20T10:00:00Z',
  head: 'List-Id: <x.list.example>',
})

describe.each(testEngines)('people who write with us and are no records, on %s', (engine) => {
  const home = mkdtempSync(join(tmpdir(), 'tact-cli-unknown-'))
  const config = loadConfig({ TACT_HOME: home })
  const [dana, nimbus] = [newId(), newId()]
  let db: TestDatabase
  let house: House
  let tenant: TestTenant

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
    expect([code, out.slice(0, 200)]).toEqual([0, expect.any(String)])
    return JSON.parse(out) as unknown
  }

  beforeAll(async () => {
    db = await openTestDatabase(engine)
    tenant = await db.addTenant({ slug: 'first' })
    house = furnish(config, db.database)
    const tenantId = tenant.workspace.id
    await asTenant(db.database, tenant.actor(), async (tx) => {
      await rows(
        tx,
        sql`insert into crm.companies (id, tenant_id, name, domain) values (${nimbus}, ${tenantId}, 'Nimbus', 'nimbus.example')`,
      )
      await rows(
        tx,
        sql`insert into crm.people (id, tenant_id, given_name, family_name, company_id) values (${dana}, ${tenantId}, 'Dana', 'Whitfield', ${nimbus})`,
      )
      await rows(
        tx,
        sql`insert into crm.person_emails (id, tenant_id, person_id, address) values (${newId()}, ${tenantId}, ${dana}, 'dana@nimbus.example')`,
      )
    })
    for (const [at, text] of [...LETTERS, LIST, LIST.replace('list@x', 'list2@x')].entries())
      writeFileSync(join(home, `${String(at).padStart(2, '0')}.eml`), text)
    await run('import', 'eml', '.')
  })
  afterAll(async () => {
    await db.close()
    rmSync(home, { recursive: true, force: true })
  })

  test('are found with what they look like; lists, offices, colleagues and single messages are left out', async () => {
    const found = (await run('correspondents', 'list')) as readonly Correspondent[]
    expect(
      found
        .map(({ address, name, fromThem, toThem, companyId, newDomain, samePersonId }) => [
          address,
          name,
          fromThem,
          toThem,
          companyId,
          newDomain,
          samePersonId,
        ])
        .sort(([a], [b]) => (a! < b! ? -1 : 1)),
    ).toEqual([
      ['ann@newhouse.example', 'Ann Archer', 2, 0, null, 'newhouse.example', null],
      ['ben@newhouse.example', 'Ben Baker', 0, 2, null, 'newhouse.example', null],
      ['cleo@nimbus.example', 'Cleo Clark', 1, 1, nimbus, null, null],
      // A namesake at another house is not taken for the one we know; a private address may be.
      ['dana.private@gmail.com', 'Dana Whitfield', 2, 0, null, null, dana],
      ['dana@elsewhere.example', 'Dana Whitfield', 2, 0, null, 'elsewhere.example', null],
    ])
  })

  test('are proposed once, and nothing is written until somebody approves', async () => {
    const counts = () =>
      asTenant(db.database, tenant.actor(), (tx) =>
        rows<{ people: number; companies: number; addresses: number }>(
          tx,
          sql`select (select count(*)::int from crm.people) as people, (select count(*)::int from crm.companies) as companies,
            (select count(*)::int from crm.person_emails) as addresses`,
        ),
      )
    const before = await counts()
    const made = (await run('correspondents', 'propose')) as { readonly proposals: readonly string[] }
    expect(made).toMatchObject({ proposals: { length: 4 }, before: 0 })
    expect(await run('correspondents', 'propose')).toEqual({ proposals: [], before: 4 })
    expect(await counts()).toEqual(before)
    // They rest on mail that its owner alone sees.
    const seen = (email: string) => run('proposals', 'list', '--as', email)
    expect(JSON.stringify(await seen('owner@team.example'))).toContain(made.proposals[0])
    expect(JSON.stringify(await seen('admin@team.example'))).not.toContain(made.proposals[0])
  })

  test('when approved become records, and one who was refused is not proposed again', async () => {
    const list = await asTenant(db.database, tenant.actor(), (tx) =>
      rows<{ id: string; entities: string }>(
        tx,
        sql`select id, (select string_agg(c->>'entity', ',' order by at) from jsonb_array_elements(changes) with ordinality x(c, at)) as entities
          from workflow.proposals`,
      ),
    )
    const ofHouse = list.find(({ entities }) => entities.startsWith('companies,people,person_emails,people'))!
    const linking = list.find(({ entities }) => entities === 'person_emails')!
    await run('proposals', 'approve', ofHouse.id)
    await run('proposals', 'approve', linking.id)
    for (const { id } of list)
      if (id !== ofHouse.id && id !== linking.id) await run('proposals', 'reject', id)
    const [made] = await asTenant(db.database, tenant.actor(), (tx) =>
      rows(
        tx,
        sql`select (select count(*)::int from crm.people p join crm.companies c on c.id = p.company_id where c.domain = 'newhouse.example') as house,
          (select count(*)::int from crm.person_emails where person_id = ${dana}) as dana`,
      ),
    )
    expect(made).toEqual({ house: 2, dana: 2 })
    expect(await run('correspondents', 'propose')).toMatchObject({ proposals: [] })
  })
})

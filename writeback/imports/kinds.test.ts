import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../../db/sql.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import { openTestDatabase, testEngines } from '../../db/testing.ts'
import type { TestDatabase, TestTenant } from '../../db/testing.ts'
import type { Role } from '../../domain/actor.ts'
import { commitImport } from './commit.ts'
import type { MappingOptions } from './mapping.ts'
import { stageImport } from './run.ts'
import type { TableKind } from './store.ts'
import { readReport } from './store.ts'
import { addStages, recordCounts } from './testing/workspace.ts'
import { undoImport } from './undo.ts'

const now = new Date('2026-11-21T09:00:00Z')

describe.each(testEngines)('what different files become on %s', (engine) => {
  let db: TestDatabase
  let tenant: TestTenant

  beforeAll(async () => {
    db = await openTestDatabase(engine)
  })
  beforeEach(async () => {
    await db.truncate()
    tenant = await db.addTenant({ timezone: 'Europe/Berlin', country: 'DE', currency: 'EUR' })
    await asTenant(db.database, tenant.actor(), addStages)
  })
  afterAll(() => db.close())

  const query = <T extends object>(text: string): Promise<T[]> =>
    asTenant(db.database, tenant.actor(), (tx) => rows<T>(tx, sql.raw(text)))

  const bring = async (
    text: string,
    fileName: string,
    {
      kind = 'csv',
      role = 'owner',
      mapping,
    }: { kind?: TableKind; role?: Role; mapping?: MappingOptions } = {},
  ) => {
    const actor = tenant.actor(role)
    const staged = await stageImport(db.database, {
      actor,
      workspace: tenant.workspace,
      now,
      file: { kind, bytes: Buffer.from(text), fileName },
      ...(mapping ? { mapping } : {}),
    })
    if (staged.status !== 'staged') throw new Error(staged.status)
    await commitImport(db.database, {
      importId: staged.importId,
      decider: actor,
      workspace: tenant.workspace,
      now,
    })
    const report = await asTenant(db.database, actor, (tx) => readReport(tx, staged.importId))
    return { ...staged, report }
  }

  test('a company file with founders yields people marked as imported and as founders', async () => {
    const text = [
      'Company;Website;Founders;Industry',
      'Nimbus Labs GmbH;https://www.nimbus.example/about;"Ann Lee (CEO), José Peña";Energy',
      'Fjord Foods AS;fjord.example;Bo Ek & Mia Öst;Food',
    ].join('\n')
    const { plan, table } = await bring(text, 'Companies.csv')
    expect([plan.mapping.kind, table.delimiter]).toEqual(['companies', ';'])
    expect(await query('select name, domain, industry, source from crm.companies order by name')).toEqual([
      { name: 'Fjord Foods AS', domain: 'fjord.example', industry: 'Food', source: 'import' },
      { name: 'Nimbus Labs GmbH', domain: 'nimbus.example', industry: 'Energy', source: 'import' },
    ])
    const people = await query(
      `select p.given_name, p.family_name, p.title, p.role, p.source, c.name as company
        from crm.people p join crm.companies c on c.id = p.company_id order by p.given_name`,
    )
    expect(people).toMatchObject([
      { given_name: 'Ann', family_name: 'Lee', title: 'CEO', role: 'founder', company: 'Nimbus Labs GmbH' },
      { given_name: 'Bo', family_name: 'Ek', role: 'founder', source: 'import', company: 'Fjord Foods AS' },
      { given_name: 'José', family_name: 'Peña', company: 'Nimbus Labs GmbH' },
      { given_name: 'Mia', family_name: 'Öst', company: 'Fjord Foods AS' },
    ])
  })

  test('what would overwrite a value becomes a proposal, and the record stays as it is', async () => {
    await bring('Name,Email,Job title,City\nDana Whitfield,dana@acre.example,CFO,Bonn\n', 'people.csv')
    const { report } = await bring(
      'Name,Email,Job title,City,Phone\nDana Whitfield,dana@acre.example,CEO,Bonn,030 901820\nErik Novák,erik@acre.example,CTO,,\n',
      'people later.csv',
    )
    expect(report.map(({ state }) => state)).toEqual(['proposed', 'created'])
    expect(report[0]!.proposalId).not.toBeNull()
    expect(await query('select title from crm.people order by family_name')).toEqual([
      { title: 'CTO' },
      { title: 'CFO' },
    ])
    const proposals = await query<{
      state: string
      changes: { fields: { field: string; new: unknown }[] }[]
    }>('select state, changes from workflow.proposals')
    expect(proposals).toHaveLength(2)
    expect(proposals.every(({ state }) => state === 'pending')).toBe(true)
    const fields = proposals.flatMap(({ changes }) => changes.flatMap((change) => change.fields))
    expect(fields).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ field: 'title', new: 'CEO' }),
        expect.objectContaining({ field: 'number', new: '+4930901820' }),
      ]),
    )
  })

  test('a list of calls becomes interactions with their people, once', async () => {
    const text = [
      'Date,With,Email,Company,Subject,Duration (min)',
      '14.03.2026 15:30,Dana Whitfield,dana@acre.example,Acre,First call,30',
      '02.04.2026,"Whitfield, Dana",,Acre,Second call,45',
    ].join('\n')
    const { plan } = await bring(text, 'calls.csv', { mapping: { given: { With: 'people.name' } } })
    expect(plan.mapping.kind).toBe('interactions')
    const calls = `select i.kind, i.occurred_at, i.summary, i.duration_minutes, count(ip.id)::int as people from intel.interactions i
      join intel.interaction_people ip on ip.interaction_id = i.id group by i.id order by i.occurred_at`
    expect(await query(calls)).toEqual([
      {
        kind: 'call',
        occurred_at: '2026-03-14T14:30:00.000Z',
        summary: 'First call',
        duration_minutes: 30,
        people: 1,
      },
      {
        kind: 'call',
        occurred_at: '2026-04-02T10:00:00.000Z',
        summary: 'Second call',
        duration_minutes: 45,
        people: 1,
      },
    ])
    const before = await recordCounts(db.database, tenant.actor())
    await bring(`${text}\n`, 'calls.csv', { mapping: { given: { With: 'people.name' } } })
    expect(await recordCounts(db.database, tenant.actor())).toEqual(before)
    expect(before).toMatchObject({ people: 1, companies: 1, interactions: 2 })
  })

  test('vCards of several versions become people', async () => {
    const text = [
      'BEGIN:VCARD',
      'VERSION:3.0',
      'N:Whitfield;Dana;;Dr.;',
      'FN:Dr. Dana Whitfield',
      'ORG:Acre GmbH;Sales',
      'item1.EMAIL;type=INTERNET:Dana@Acre.example',
      'EMAIL;TYPE=home:dana.w@gmail.com',
      'TEL;TYPE=CELL:+49 30 901820',
      'NOTE:likes\\, mostly\\; tea\\nand',
      '  cake',
      'END:VCARD',
      'BEGIN:VCARD',
      'VERSION:2.1',
      'N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;J=F6rg',
      'EMAIL:joerg@mueller.example',
      'END:VCARD',
    ].join('\r\n')
    await bring(text, 'contacts.vcf', { kind: 'vcard' })
    expect(await query('select given_name, family_name, notes from crm.people order by family_name')).toEqual(
      [
        { given_name: 'Jörg', family_name: 'Müller', notes: null },
        { given_name: 'Dana', family_name: 'Whitfield', notes: 'likes, mostly; tea\nand cake' },
      ],
    )
    const addresses = await query<{ address: string }>(
      'select address from crm.person_emails order by address',
    )
    expect(addresses.map(({ address }) => address)).toEqual([
      'dana.w@gmail.com',
      'dana@acre.example',
      'joerg@mueller.example',
    ])
  })

  test('an import is taken back: what it made is archived, what was used since stays', async () => {
    const { importId } = await bring(
      'Name,Email,Company,Tags\nDana Whitfield,dana@acre.example,Acre,VIP\nErik Novák,erik@birch.example,Birch,VIP\n',
      'people.csv',
    )
    await query(`update crm.people set title = 'CEO' where given_name = 'Erik'`)
    await expect(undoImport(db.database, importId, tenant.actor('viewer'))).rejects.toMatchObject({
      code: 'viewer',
    })
    const result = await undoImport(db.database, importId, tenant.actor())
    expect(result.kept).toBeGreaterThanOrEqual(2)
    expect(await query('select given_name from crm.people where deleted_at is null')).toEqual([
      { given_name: 'Erik' },
    ])
    expect(await query('select name from crm.companies where deleted_at is null')).toEqual([
      { name: 'Birch' },
    ])
  })

  test('an import taken back leaves no open proposal, says what became of each row, and can be brought again', async () => {
    await bring('Name,Email,Title\nDana Whitfield,dana@acre.example,CFO\n', 'people.csv')
    const text = 'Name,Email,Title\nDana Whitfield,dana@acre.example,CEO\nErik Novák,erik@birch.example,COO\n'
    const { importId, plan } = await bring(text, 'people-2.csv')
    expect(plan.counts['proposals']).toBe(1)
    const result = await undoImport(db.database, importId, tenant.actor())
    expect(result).toMatchObject({ kept: 0, withdrawn: 1, carriedOut: 0 })
    expect(await query('select state from workflow.proposals')).toEqual([{ state: 'rejected' }])
    const report = await asTenant(db.database, tenant.actor(), (tx) => readReport(tx, importId))
    expect(report.map(({ message }) => message)).toEqual([
      expect.stringContaining('waits as a proposal'),
      'taken back',
    ])
    await expect(undoImport(db.database, importId, tenant.actor())).rejects.toMatchObject({
      code: 'not_committed',
    })
    expect(await query(`select state from workflow.imports where id = '${importId}'`)).toEqual([
      { state: 'undone' },
    ])
    const again = await bring(text, 'people-2.csv')
    expect(again.plan.counts).toMatchObject({ people: 1 })
    expect(await query('select given_name from crm.people where deleted_at is null order by 1')).toEqual([
      { given_name: 'Dana' },
      { given_name: 'Erik' },
    ])
  })

  test('an Airtable export: lists in a cell, attachments, line breaks in quotes, a mark at its start', async () => {
    const text = [
      '\uFEFFCompany Name,Website,Founders,Tags,Logo,Notes',
      '"Nimbus, Labs",https://nimbus.example,"Ann Lee,José Peña","Seed,Climate","logo.png (https://files.example/a/logo.png)","First line',
      'second ""line"""',
      'Fjord Foods,fjord.example,Bo Ek,Climate,,',
    ].join('\r\n')
    const { plan } = await bring(text, 'Companies-Grid view.csv')
    expect(plan.mapping.columns.find(({ header }) => header === 'Logo')?.slot).toBe(null)
    expect(await query('select name, domain, notes from crm.companies order by name')).toEqual([
      { name: 'Fjord Foods', domain: 'fjord.example', notes: null },
      { name: 'Nimbus, Labs', domain: 'nimbus.example', notes: 'First line\nsecond "line"' },
    ])
    expect(await query('select given_name from crm.people order by 1')).toEqual([
      { given_name: 'Ann' },
      { given_name: 'Bo' },
      { given_name: 'José' },
    ])
    expect(await query('select name from crm.tags order by 1')).toEqual([
      { name: 'Climate' },
      { name: 'Seed' },
    ])
    expect(await query('select 1 as n from crm.company_tags')).toHaveLength(3)
  })

  test('a viewer imports nothing, and nobody approves by way of a model', async () => {
    await expect(bring('Name,Email\nA B,a@b.example\n', 'x.csv', { role: 'viewer' })).rejects.toMatchObject({
      kind: 'denied',
    })
    const staged = await stageImport(db.database, {
      actor: tenant.actor('editor'),
      workspace: tenant.workspace,
      now,
      file: { kind: 'csv', bytes: Buffer.from('Name,Email\nA B,a@b.example\n'), fileName: 'x.csv' },
    })
    if (staged.status !== 'staged') throw new Error('not staged')
    await expect(
      commitImport(db.database, {
        importId: staged.importId,
        decider: { ...tenant.actor('editor'), via: 'mcp' },
        workspace: tenant.workspace,
        now,
      }),
    ).rejects.toMatchObject({ code: 'wrong_channel' })
    expect(await query('select 1 from crm.people')).toEqual([])
  })
})

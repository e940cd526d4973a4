import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../../db/sql.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import { openTestDatabase, testEngines } from '../../db/testing.ts'
import type { TestDatabase, TestTenant } from '../../db/testing.ts'
import { commitImport } from './commit.ts'
import { stageImport } from './run.ts'
import { addStages } from './testing/workspace.ts'
import { undoImport } from './undo.ts'

const now = new Date('2026-11-21T09:00:00Z')

const COMMITMENTS = [
  'Investor,Investor type,Fund,Commitment,Status,Commitment date,Contact,Contact email,List',
  'Harbor Endowment,Institution,Fund II,"$2,000,000",Signed,2026-03-14,Ann Lee,ann.lee@harbor.example,Main',
  'José Peña,Individual,Fund II,$250k,Soft circled,,,jose@pena.example,Follow-up',
  '"Harbor Endowment, Inc.",Institution,Fund I,"$500,000",Wired,2024-06-01,,,Main',
  'Old Pension Trust,Institution,Fund II,$1m,Passed,,,,Graveyard',
  'Nordic Family Office,,Fund II,"$750,000",Prospect,,Bo Ek,bo.ek@nordic.example,Longshot',
  '',
].join('\n')

describe.each(testEngines)('what the files of a fund become on %s', (engine) => {
  let db: TestDatabase
  let tenant: TestTenant

  beforeAll(async () => {
    db = await openTestDatabase(engine)
  })
  beforeEach(async () => {
    await db.truncate()
    tenant = await db.addTenant({ timezone: 'America/New_York', country: 'US', currency: 'USD' })
    await asTenant(db.database, tenant.actor(), addStages)
  })
  afterAll(() => db.close())

  const query = <T extends object>(text: string): Promise<T[]> =>
    asTenant(db.database, tenant.actor(), (tx) => rows<T>(tx, sql.raw(text)))
  const stage = (text: string, fileName: string) =>
    stageImport(db.database, {
      actor: tenant.actor(),
      workspace: tenant.workspace,
      now,
      file: { kind: 'csv', bytes: Buffer.from(text), fileName },
    })
  const commit = (importId: string, more: Partial<Parameters<typeof commitImport>[1]> = {}) =>
    commitImport(db.database, {
      importId,
      decider: tenant.actor(),
      workspace: tenant.workspace,
      now,
      ...more,
    })
  const bring = async (text: string, fileName: string) => {
    const staged = await stage(text, fileName)
    if (staged.status !== 'staged') throw new Error(staged.status)
    await commit(staged.importId)
    return staged
  }

  const LINKS = `select coalesce(c.name, concat_ws(' ', p.given_name, p.family_name)) as investor,
      f.name as fund, m.status, m.amount_minor::int as amount, m.committed_on as on
    from fund.commitments m join fund.funds f on f.id = m.fund_id left join crm.companies c on c.id = m.investor_company_id
      left join crm.people p on p.id = m.investor_person_id where m.deleted_at is null order by 1, 2`

  test('commitments bring their investors, contacts, funds and lists along', async () => {
    const { plan } = await bring(COMMITMENTS, 'Fundraising-Grid view.csv')
    expect(plan.mapping.kind).toBe('commitments')
    expect(await query(LINKS)).toEqual([
      {
        investor: 'Harbor Endowment',
        fund: 'Fund I',
        status: 'funded',
        amount: 50_000_000,
        on: '2024-06-01',
      },
      {
        investor: 'Harbor Endowment',
        fund: 'Fund II',
        status: 'signed',
        amount: 200_000_000,
        on: '2026-03-14',
      },
      { investor: 'José Peña', fund: 'Fund II', status: 'soft', amount: 25_000_000, on: null },
      { investor: 'Nordic Family Office', fund: 'Fund II', status: 'prospect', amount: 75_000_000, on: null },
      { investor: 'Old Pension Trust', fund: 'Fund II', status: 'declined', amount: 100_000_000, on: null },
    ])
    expect(
      await query(`select concat_ws(' ', p.given_name, p.family_name) as person, c.name as company, e.address
        from crm.people p left join crm.companies c on c.id = p.company_id join crm.person_emails e on e.person_id = p.id order by 1`),
    ).toEqual([
      { person: 'Ann Lee', company: 'Harbor Endowment', address: 'ann.lee@harbor.example' },
      { person: 'Bo Ek', company: 'Nordic Family Office', address: 'bo.ek@nordic.example' },
      { person: 'José Peña', company: null, address: 'jose@pena.example' },
    ])
    expect(
      await query(`select l.name, l.kind, coalesce(c.name, p.family_name) as member from crm.list_memberships m
        join crm.lists l on l.id = m.list_id left join crm.companies c on c.id = m.company_id
        left join crm.people p on p.id = m.person_id order by 1`),
    ).toEqual([
      { name: 'Follow-up', kind: 'follow_up', member: 'Peña' },
      { name: 'Graveyard', kind: 'graveyard', member: 'Old Pension Trust' },
      { name: 'Longshot', kind: 'longshot', member: 'Nordic Family Office' },
      { name: 'Main', kind: 'main', member: 'Harbor Endowment' },
    ])
    expect(await query('select name from crm.deals where deleted_at is null')).toEqual([
      { name: 'Nordic Family Office · Fund II' },
    ])
  })

  test('the same commitments again, and with a column more, change nothing; another amount is proposed', async () => {
    await bring(COMMITMENTS, 'commitments.csv')
    expect((await stage(COMMITMENTS, 'commitments.csv')).status).toBe('done')
    const wider = COMMITMENTS.split('\n')
      .map((line, at) => (line === '' ? '' : `${line},${at === 0 ? 'Ref' : `R${at}`}`))
      .join('\n')
    const again = await bring(wider, 'commitments.csv')
    expect(again.plan.counts).toEqual({ rows: 5, rows_unchanged: 5 })
    const changed = await bring(COMMITMENTS.replace('$250k', '$400k'), 'commitments.csv')
    expect(changed.plan.counts).toEqual({ rows: 5, rows_unchanged: 4, rows_proposed: 1, proposals: 1 })
    expect(await query(LINKS)).toHaveLength(5)
    const [proposal] = await query<{ state: string; fields: unknown }>(
      `select state, changes->0->'fields' as fields from workflow.proposals`,
    )
    expect(proposal).toMatchObject({
      state: 'pending',
      fields: [{ field: 'amount', old: 25_000_000, new: 40_000_000 }],
    })
  })

  test('an import of commitments that is stopped between any two steps goes on and brings every row once', async () => {
    const staged = await stage(COMMITMENTS, 'commitments.csv')
    if (staged.status !== 'staged') throw new Error(staged.status)
    let stops = 0
    for (let status: string = 'stopped'; status === 'stopped';) {
      const controller = new AbortController()
      status = await commit(staged.importId, {
        signal: controller.signal,
        onProgress: () => controller.abort(),
      }).then(
        () => 'done',
        () => 'stopped',
      )
      stops += 1
    }
    expect(stops).toBeGreaterThan(4)
    expect(await query(LINKS)).toHaveLength(5)
    expect(await query('select 1 from crm.list_memberships')).toHaveLength(4)
    expect(await query('select 1 from crm.companies')).toHaveLength(3)
    expect(await query('select 1 from crm.deals')).toHaveLength(1)
  })

  test('funds become funds, and commitments find them', async () => {
    const text =
      'Fund,Status,Vintage,Target size,Currency,Final close\nFund I,Harvesting,2019,"$40,000,000",USD,2020-12-31\nFund II,Raising,2025,€90m,EUR,\n'
    expect((await bring(text, 'Funds-Grid view.csv')).plan.mapping.kind).toBe('funds')
    expect(
      await query(
        'select name, status, vintage, target_minor::float as target, currency, final_close_on from fund.funds order by 1',
      ),
    ).toEqual([
      {
        name: 'Fund I',
        status: 'harvesting',
        vintage: 2019,
        target: 4e9,
        currency: 'USD',
        final_close_on: '2020-12-31',
      },
      {
        name: 'Fund II',
        status: 'raising',
        vintage: 2025,
        target: 9e9,
        currency: 'EUR',
        final_close_on: null,
      },
    ])
    const { plan } = await bring(COMMITMENTS, 'commitments.csv')
    expect(plan.counts['funds']).toBeUndefined()
    expect(await query(LINKS)).toHaveLength(5)
  })

  test('tags come with their categories and on the people and companies that bear them', async () => {
    const text =
      'Tag,Category,Company,Person,Email\nClimate,Theme,Acre GmbH,,\nclimate,Theme,,Ann Lee,ann@acre.example\nWarm,,Birch AG,,\n'
    const { plan } = await bring(text, 'Tags.csv')
    expect(plan.mapping.kind).toBe('tags')
    expect(
      await query(
        'select t.name, c.name as category from crm.tags t left join crm.tag_categories c on c.id = t.category_id order by 1',
      ),
    ).toEqual([
      { name: 'Climate', category: 'Theme' },
      { name: 'Warm', category: null },
    ])
    expect(
      await query(`select t.name, c.name as bearer from crm.company_tags x join crm.tags t on t.id = x.tag_id join crm.companies c on c.id = x.company_id
        union all select t.name, p.given_name from crm.person_tags x join crm.tags t on t.id = x.tag_id join crm.people p on p.id = x.person_id order by 1, 2`),
    ).toEqual([
      { name: 'Climate', bearer: 'Acre GmbH' },
      { name: 'Climate', bearer: 'Ann' },
      { name: 'Warm', bearer: 'Birch AG' },
    ])
    const again = await bring(`${text}\n`, 'Tags.csv')
    expect(again.plan.counts).toEqual({ rows: 3, rows_unchanged: 3 })
  })

  test('lists come with their members, by row or in one cell, and a person of a firm is the member', async () => {
    const text =
      'List,Person,Company,Email\nMain,Ann Lee,Acre GmbH,ann@acre.example\nMain,,Birch AG,\nLong shots,,Cedar SA,\n'
    const { plan, importId } = await bring(text, 'List memberships.csv')
    expect(plan.mapping.kind).toBe('lists')
    const members = `select l.name, l.kind, coalesce(c.name, p.given_name) as member from crm.list_memberships m join crm.lists l on l.id = m.list_id
      left join crm.companies c on c.id = m.company_id left join crm.people p on p.id = m.person_id where m.deleted_at is null order by 1, 3`
    expect(await query(members)).toEqual([
      { name: 'Long shots', kind: 'longshot', member: 'Cedar SA' },
      { name: 'Main', kind: 'main', member: 'Ann' },
      { name: 'Main', kind: 'main', member: 'Birch AG' },
    ])
    const { plan: more } = await bring('List,Members\nMain,"Ann Lee, Erik Novák"\n', 'Lists.csv')
    expect(more.counts).toMatchObject({ people: 1, list_memberships: 1 })
    expect(await undoImport(db.database, importId, tenant.actor())).toMatchObject({ withdrawn: 0 })
    expect(await query(members)).toEqual([{ name: 'Main', kind: 'main', member: 'Erik' }])
  })

  test('people and companies of another file are put on the lists its column names', async () => {
    await bring('Name,Email,Lists,Tags\nAnn Lee,ann@acre.example,"Main, Follow-up",VIP\n', 'people.csv')
    expect(
      await query(
        'select l.name, l.kind from crm.list_memberships m join crm.lists l on l.id = m.list_id where m.person_id is not null order by 1',
      ),
    ).toEqual([
      { name: 'Follow-up', kind: 'follow_up' },
      { name: 'Main', kind: 'main' },
    ])
    expect(await query('select name from crm.tags')).toEqual([{ name: 'VIP' }])
  })
})

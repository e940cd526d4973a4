import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../db/sql.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import { openTestDatabase, testEngines } from '../../db/testing.ts'
import type { TestDatabase, TestTenant } from '../../db/testing.ts'
import { newId } from '../../domain/ids.ts'
import { commitImport } from './commit.ts'
import type { ImportPlan } from './plan.ts'
import { stageImport } from './run.ts'
import type { Staged } from './run.ts'
import { makeDirtyFile } from './testing/dirty-file.ts'
import { judgeLinks } from './testing/judge-links.ts'
import { addStages, recordCounts, storedLinks } from './testing/workspace.ts'

const now = new Date('2026-11-21T09:00:00Z')

describe.each(testEngines)('importing a dirty file of 2,000 deals on %s', (engine) => {
  const file = makeDirtyFile()
  let db: TestDatabase
  let tenant: TestTenant
  let plan: ImportPlan
  let untouched: Readonly<Record<string, number>>

  const stage = (bytes: Uint8Array, fileName = 'Deals-Grid view.csv'): Promise<Staged> =>
    stageImport(db.database, {
      actor: tenant.actor(),
      workspace: tenant.workspace,
      now,
      file: { kind: 'csv', bytes, fileName },
    })
  const commit = (importId: string) =>
    commitImport(db.database, { importId, decider: tenant.actor(), workspace: tenant.workspace, now })

  beforeAll(async () => {
    db = await openTestDatabase(engine)
    tenant = await db.addTenant({ timezone: 'Europe/Berlin', country: 'US' })
    await asTenant(db.database, tenant.actor(), addStages)
    const staged = await stage(file.bytes('utf-8'))
    if (staged.status !== 'staged') throw new Error('not staged')
    plan = staged.plan
    untouched = await recordCounts(db.database, tenant.actor())
    await commit(staged.importId)
  })
  afterAll(() => db.close())

  test('nothing is written before a person has said yes', () => {
    expect(untouched).toMatchObject({ people: 0, companies: 0, deals: 0, deal_people: 0 })
  })

  test('the mapping is guessed from headers and values, and what fits nothing is left out', () => {
    expect(plan.mapping.kind).toBe('deals')
    expect(Object.fromEntries(plan.mapping.columns.map(({ header, slot }) => [header, slot]))).toEqual({
      'Deal Name': 'deals.name',
      Company: 'companies.name',
      contact_name: 'people.name',
      contact_email: 'people.email',
      Phone: 'people.phone',
      Stage: 'deals.stage',
      Amount: 'deals.amount',
      'Expected close': 'deals.close_date',
      'Internal ref': null,
      Notes: 'deals.notes',
    })
  })

  test('at least 95 % of the links are right and at least 95 % are found', async () => {
    const verdict = judgeLinks(
      file.truth,
      file.companyOfPerson,
      plan.rows.map((row) => ({ deal: row.recordId, company: row.companyId, people: row.peopleIds })),
      await storedLinks(db.database, tenant.actor()),
    )
    expect(verdict.precision).toBeGreaterThanOrEqual(0.95)
    expect(verdict.recall).toBeGreaterThanOrEqual(0.95)
  })

  test('amounts and dates in whatever form are the ones meant', async () => {
    const stored = await asTenant(db.database, tenant.actor(), (tx) =>
      rows<{ id: string; amount_minor: number; currency: string; close_date: string | null }>(
        tx,
        sql`select id, amount_minor, currency, close_date from crm.deals`,
      ),
    )
    const byId = new Map(stored.map((deal) => [deal.id, deal]))
    let [amounts, dates, dated] = [0, 0, 0]
    for (const [at, row] of plan.rows.entries()) {
      const deal = byId.get(row.recordId!)!
      const truth = file.truth[at]!
      if (deal.amount_minor === truth.amountMinor && deal.currency === truth.currency) amounts += 1
      if (deal.close_date === null) continue
      dated += 1
      if (deal.close_date === truth.closeDate) dates += 1
    }
    expect(amounts / plan.rows.length).toBeGreaterThan(0.99)
    expect(dates / dated).toBeGreaterThan(0.99)
  })

  test('the same file again is known; the same rows in another encoding change nothing', async () => {
    const before = await recordCounts(db.database, tenant.actor())
    expect((await stage(file.bytes('utf-8'))).status).toBe('done')
    for (const encoding of ['utf-8-bom', 'utf-16le'] as const) {
      const again = await stage(file.bytes(encoding), `${newId()}.csv`)
      if (again.status !== 'staged') throw new Error('not staged')
      expect(again.plan.rows.flatMap(({ writes }) => writes)).toEqual([])
      expect(again.plan.counts).toEqual({ rows: 2000, rows_unchanged: 2000 })
      await commit(again.importId)
    }
    expect(await recordCounts(db.database, tenant.actor())).toEqual(before)
  })

  test('rows that are no longer the same word for word find their records by matching', async () => {
    const lines = file.text.split('\r\n')
    const [header = '', ...rest] = lines
    const bytes = Buffer.from([`${header},Exported`, ...rest.map((line) => line && `${line},x`)].join('\r\n'))
    const again = await stage(bytes)
    if (again.status !== 'staged') throw new Error('not staged')
    expect(again.plan.rows.flatMap(({ writes }) => writes)).toEqual([])
    expect(again.plan.counts['proposals'] ?? 0).toBeLessThanOrEqual(20)
  })
})

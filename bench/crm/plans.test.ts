import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../db/sql.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import type { TenantTx } from '../../db/tenant.ts'
import { openTestDatabase, testEngines } from '../../db/testing.ts'
import type { TestDatabase } from '../../db/testing.ts'
import { refreshWinModel } from '../../db/win-model.ts'
import { fillCrm } from './fill.ts'
import type { Filled } from './fill.ts'
import { QUESTIONS } from './questions.ts'
import { addInteractions, wrongRollUps } from './roll-ups.ts'
import { scannedWhole } from './scans.ts'

/** The least that makes every table of the large ones large. */
const SIZES = { people: 4000, companies: 200, deals: 2000, interactions: 8000, mails: 4000 }

describe.each(testEngines)('how what people ask is read on %s', (engine) => {
  let opened: TestDatabase
  let filled: Filled

  beforeAll(async () => {
    opened = await openTestDatabase(engine, { queryTimeoutMs: 120_000 })
    filled = await fillCrm(opened.database, SIZES)
    await refreshWinModel(opened.database, filled.workspace)
  })
  afterAll(() => opened.close())

  test('a table read whole is seen', async () => {
    const seen = await asTenant(opened.database, filled.actor, (tx) =>
      scannedWhole(tx, () => rows(tx, sql`select count(*) from crm.people where notes is null`)),
    )
    expect(seen).toEqual(['crm.people'])
  })

  test.each(QUESTIONS)('$what reads no large table whole', async ({ run }) => {
    const seen = await asTenant(
      opened.database,
      filled.actor,
      (tx) => scannedWhole(tx, () => run(tx, filled, 1)),
      { readOnly: true },
    )
    expect(seen).toEqual([])
  })

  test('thousands of interactions added at once roll up to what a count of them says, as do those moved and removed', async () => {
    const as = <T>(fn: (tx: TenantTx) => Promise<T>): Promise<T> =>
      asTenant(opened.database, filled.actor, fn)
    const none = { people: 0, companies: 0, deals: 0 }
    expect(await as(wrongRollUps)).toEqual(none)
    await as((tx) => addInteractions(tx, SIZES, { source: 'added', count: 3000 }))
    expect(await as(wrongRollUps)).toEqual(none)
    await as((tx) =>
      rows(
        tx,
        sql`update intel.interactions set occurred_at = occurred_at - interval '9 days', company_id = null, kind = 'note'
          where source = 'added' and external_id::int % 2 = 0`,
      ),
    )
    expect(await as(wrongRollUps)).toEqual(none)
    await as((tx) =>
      rows(
        tx,
        sql`update intel.interactions set deleted_at = now() where source = 'added' and external_id::int % 5 = 0`,
      ),
    )
    expect(await as(wrongRollUps)).toEqual(none)
    await as(async (tx) => {
      const gone = sql`select id from intel.interactions where source = 'added'`
      await rows(tx, sql`delete from intel.interaction_people where interaction_id in (${gone})`)
      await rows(tx, sql`delete from intel.interactions where source = 'added'`)
    })
    expect(await as(wrongRollUps)).toEqual(none)
    // The count itself sees a roll-up that is wrong.
    const [person] = await as((tx) =>
      rows<{ id: string }>(
        tx,
        sql`update crm.people set last_interaction_at = now() where id = (select id from crm.people limit 1) returning id`,
      ),
    )
    expect(person).toBeDefined()
    expect(await as(wrongRollUps)).toEqual({ ...none, people: 1 })
  })
})

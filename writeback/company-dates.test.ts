import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../db/sql.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase } from '../db/testing.ts'
import { approveAndExecute } from './execute.ts'
import { makeTeam } from './testing.ts'
import type { Team } from './testing.ts'
import { undo } from './undo.ts'

describe.each(testEngines)('the days a company came and left, by proposal on %s', (engine) => {
  let test: TestDatabase
  let team: Team
  beforeAll(async () => {
    test = await openTestDatabase(engine)
    team = await makeTeam(test)
  })
  afterAll(() => test.close())

  const days = async () =>
    (
      await team.query(
        sql`select status, customer_since, churned_on from crm.companies where id = ${team.ids.acme}`,
      )
    )[0]
  const change = async (set: Record<string, unknown>): Promise<string> => {
    const { proposal } = await team.propose([
      { op: 'update', entity: 'companies', record: `companies:${team.ids.acme}`, set },
    ])
    const decision = { proposalId: proposal.id, hash: proposal.diffHash, decider: team.owner, now: team.now }
    expect(await approveAndExecute(team.database, decision)).toMatchObject({ state: 'executed' })
    return proposal.id
  }

  it('are set and put right, and come back with the status when it is taken back', async () => {
    await change({ status: 'churned', churned_on: '2026-01-05', customer_since: '2024-03-01' })
    const lost = { status: 'churned', customer_since: '2024-03-01', churned_on: '2026-01-05' }
    expect(await days()).toEqual(lost)
    const back = await change({ status: 'customer' })
    expect(await days()).toEqual({ ...lost, status: 'customer', churned_on: null })
    await undo(team.database, { proposalId: back, decider: team.owner, now: team.now })
    expect(await days()).toEqual(lost)
    const righted = await change({ churned_on: '2026-02-06' })
    expect(await days()).toEqual({ ...lost, churned_on: '2026-02-06' })
    await undo(team.database, { proposalId: righted, decider: team.owner, now: team.now })
    expect(await days()).toEqual(lost)
    const fields = await team.query<{ field: string; by: boolean }>(
      sql`select field, proposal_id is not null as by from core.field_changes where field = 'churned_on' order by at, id limit 1`,
    )
    expect(fields).toEqual([{ field: 'churned_on', by: true }])
  })
})

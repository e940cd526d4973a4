import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyAudit } from '../db/audit.ts'
import { sql } from '../db/sql.ts'
import { asTenant } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase } from '../db/testing.ts'
import { CHANNELS } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import type { MemberId } from '../domain/ids.ts'
import { approve, reject } from './approve.ts'
import { approveAndExecute, execute } from './execute.ts'
import { expireOverdue, getProposal, listProposals } from './list.ts'
import { EXPIRY_MS } from './propose.ts'
import { makeTeam } from './testing.ts'
import type { Team } from './testing.ts'
import { undo } from './undo.ts'

const failed = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
  return 'no error'
}

describe.each(testEngines)('the life of a proposal on %s', (engine) => {
  let test: TestDatabase
  let team: Team
  beforeAll(async () => {
    test = await openTestDatabase(engine)
  })
  afterAll(() => test.close())

  const fresh = async (): Promise<Team> => (team = await makeTeam(test))
  const setStage = (stage = 'Offer out') => [
    { op: 'update', entity: 'deals', record: `deals:${team.ids.deal}`, set: { stage } },
  ]
  const stateOf = async (id: string): Promise<string> =>
    (await team.query<{ state: string }>(sql`select state from workflow.proposals where id = ${id}`))[0]!
      .state
  const dealNow = async () =>
    (
      await team.query<Record<string, unknown>>(
        sql`select d.*, d.amount_minor::int as amount from crm.deals d where id = ${team.ids.deal}`,
      )
    )[0]!

  it('writes nothing until a person approves, then once, and takes it back', async () => {
    await fresh()
    const before = await team.snapshot()
    const { proposal } = await team.propose([
      {
        op: 'update',
        entity: 'deal',
        record: `deals:${team.ids.deal}`,
        set: { stage: 'won', amount: '12.5k', next_step: 'Celebrate' },
      },
      {
        op: 'create',
        entity: 'tasks',
        set: {
          title: 'Send cake',
          due_at: 'tomorrow',
          people: [`people:${team.ids.dana}`],
          deal: `deals:${team.ids.deal}`,
        },
      },
      { op: 'link', entity: 'people', record: `people:${team.ids.dana}`, set: { tags: ['vip'] } },
      { op: 'unlink', entity: 'people', record: `people:${team.ids.farah}`, set: { tags: 'VIP' } },
    ])
    expect(await team.snapshot()).toBe(before)
    const done = await approveAndExecute(team.database, {
      proposalId: proposal.id,
      hash: proposal.diffHash,
      decider: team.owner,
      now: team.now,
    })
    expect(done).toEqual({ proposalId: proposal.id, state: 'executed', failure: null })
    expect(await dealNow()).toMatchObject({
      stage_id: team.ids.won,
      amount: 1_250_000,
      next_step: 'Celebrate',
      updated_via: 'cli',
      version: 2,
    })
    const after = await team.snapshot()
    expect(after).not.toBe(before)
    await undo(team.database, { proposalId: proposal.id, decider: team.owner, now: team.now })
    expect(await stateOf(proposal.id)).toBe('undone')
    const live = await team.query(sql`select title from crm.tasks where deleted_at is null`)
    expect(live).toEqual([{ title: 'Send the contract' }])
    expect(await dealNow()).toMatchObject({
      stage_id: team.ids.lead,
      amount: 1_000_000,
      next_step: null,
      closed_at: null,
    })
    expect(await asTenant(team.database, team.owner, (tx) => verifyAudit(tx))).toMatchObject({
      ok: true,
      events: 4,
    })
  })

  it('executes once when ten approvals race', async () => {
    await fresh()
    const { proposal } = await team.propose(setStage())
    const decision = { proposalId: proposal.id, hash: proposal.diffHash, decider: team.owner, now: team.now }
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => approveAndExecute(team.database, decision)),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await dealNow()).toMatchObject({ stage_id: team.ids.offer, version: 2 })
    expect(
      await team.query(
        sql`select 1 from crm.deal_stage_events where deal_id = ${team.ids.deal} and from_stage_id is not null`,
      ),
    ).toHaveLength(1)
  })

  it('executes once when ten executions of one approval race, and answers the same afterwards', async () => {
    await fresh()
    const { proposal } = await team.propose(setStage())
    const approval = await approve(team.database, {
      proposalId: proposal.id,
      hash: proposal.diffHash,
      decider: team.owner,
      now: team.now,
    })
    await Promise.all(
      Array.from({ length: 10 }, () =>
        execute(team.database, approval, { actor: team.owner, now: team.now }),
      ),
    )
    expect(await dealNow()).toMatchObject({ version: 2 })
    expect(await execute(team.database, approval, { actor: team.owner, now: team.now })).toMatchObject({
      state: 'executed',
    })
    expect(await dealNow()).toMatchObject({ version: 2 })
  })

  it('becomes conflicted when the record was changed before the approval, and says which field', async () => {
    await fresh()
    const { proposal } = await team.propose(setStage())
    await team.query(sql`update crm.deals set stage_id = ${team.ids.won} where id = ${team.ids.deal}`)
    const decision = { proposalId: proposal.id, hash: proposal.diffHash, decider: team.owner, now: team.now }
    await expect(approve(team.database, decision)).rejects.toMatchObject({
      code: 'conflict',
      details: { at: 'deals.stage' },
    })
    expect(await stateOf(proposal.id)).toBe('conflicted')
    expect(await dealNow()).toMatchObject({ stage_id: team.ids.won, version: 2 })
  })

  it('becomes conflicted when the record is changed between approval and execution', async () => {
    await fresh()
    const { proposal } = await team.propose(setStage())
    const approval = await approve(team.database, {
      proposalId: proposal.id,
      hash: proposal.diffHash,
      decider: team.owner,
      now: team.now,
    })
    await team.query(sql`update crm.deals set stage_id = ${team.ids.won} where id = ${team.ids.deal}`)
    expect(await execute(team.database, approval, { actor: team.owner, now: team.now })).toMatchObject({
      state: 'conflicted',
    })
    expect(await dealNow()).toMatchObject({ stage_id: team.ids.won, version: 2 })
  })

  const decided = ({ proposal }: Awaited<ReturnType<Team['propose']>>) =>
    approveAndExecute(team.database, {
      proposalId: proposal.id,
      hash: proposal.diffHash,
      decider: team.owner,
      now: team.now,
    })

  it('is not voided by an edit of a field that it does not touch, and leaves that edit alone', async () => {
    await fresh()
    const proposed = await team.propose(setStage())
    await team.query(sql`update crm.deals set notes = 'by hand' where id = ${team.ids.deal}`)
    expect(await decided(proposed)).toMatchObject({ state: 'executed' })
    expect(await dealNow()).toMatchObject({ stage_id: team.ids.offer, notes: 'by hand', version: 3 })
  })

  it('is voided where an amount would count in another currency than the one that was shown', async () => {
    await fresh()
    const record = `deals:${team.ids.deal}`
    const proposed = await team.propose([{ op: 'update', entity: 'deals', record, set: { amount: 25_000 } }])
    await team.query(sql`update crm.deals set currency = 'JPY' where id = ${team.ids.deal}`)
    expect(await failed(decided(proposed))).toBe('conflict')
    expect(await dealNow()).toMatchObject({ amount: 1_000_000, currency: 'JPY' })
  })

  it('is voided where the record was archived, and where what it would archive was edited at all', async () => {
    await fresh()
    const record = `deals:${team.ids.deal}`
    const update = await team.propose(setStage())
    const archive = await team.propose([{ op: 'archive', entity: 'deals', record }])
    await team.query(sql`update crm.deals set notes = 'still in play' where id = ${team.ids.deal}`)
    expect(await failed(decided(archive))).toBe('conflict')
    await team.query(sql`update crm.deals set deleted_at = now() where id = ${team.ids.deal}`)
    expect(await failed(decided(update))).toBe('conflict')
  })

  it('is not voided by a roll-up of the last interaction', async () => {
    await fresh()
    const { proposal } = await team.propose(setStage())
    await team.query(
      sql`insert into intel.interactions (id, tenant_id, kind, occurred_at, deal_id) values (${newId()}, core.current_tenant(), 'call', now(), ${team.ids.deal})`,
    )
    const done = await approveAndExecute(team.database, {
      proposalId: proposal.id,
      hash: proposal.diffHash,
      decider: team.owner,
      now: team.now,
    })
    expect(done.state).toBe('executed')
  })

  it('expires after three days', async () => {
    await fresh()
    const { proposal } = await team.propose(setStage())
    const late = new Date(team.now.getTime() + EXPIRY_MS)
    const decision = { proposalId: proposal.id, hash: proposal.diffHash, decider: team.owner, now: late }
    const context = { workspace: team.tenant.workspace, now: late }
    const shown = await asTenant(team.database, team.owner, (tx) =>
      getProposal({ ...context, tx }, proposal.id),
    )
    expect(shown.state).toBe('expired')
    expect(await failed(approve(team.database, decision))).toBe('expired')
    expect(await stateOf(proposal.id)).toBe('expired')
    const second = (await team.propose(setStage())).proposal
    expect(second.id).not.toBe(proposal.id)
    expect(
      await asTenant(team.database, { ...team.owner, via: 'system' }, (tx) => expireOverdue(tx, late)),
    ).toBe(1)
    expect(await stateOf(second.id)).toBe('expired')
  })

  it('is approved only with the hash of what it shows', async () => {
    await fresh()
    const { proposal } = await team.propose(setStage())
    const decision = { proposalId: proposal.id, hash: 'a'.repeat(64), decider: team.owner, now: team.now }
    expect(await failed(approve(team.database, decision))).toBe('wrong_hash')
    expect(await failed(reject(team.database, decision))).toBe('wrong_hash')
    expect(await stateOf(proposal.id)).toBe('pending')
    const [shown] = await asTenant(team.database, team.owner, (tx) =>
      listProposals({ tx, workspace: team.tenant.workspace, now: team.now }, { states: ['pending'] }),
    )
    expect(shown).toMatchObject({ id: proposal.id, hash: proposal.diffHash })
    expect(shown!.changes[0]!.fields).toMatchObject([
      { field: 'stage', old: { text: 'Lead' }, new: { text: 'Offer out' } },
    ])
  })

  it('is rejected once and for all', async () => {
    await fresh()
    const { proposal } = await team.propose(setStage())
    const decision = {
      proposalId: proposal.id,
      hash: proposal.diffHash,
      decider: team.owner,
      now: team.now,
      note: 'Too early',
    }
    await reject(team.database, decision)
    expect(await stateOf(proposal.id)).toBe('rejected')
    expect(await failed(approveAndExecute(team.database, decision))).toBe('not_pending')
    expect(await dealNow()).toMatchObject({ version: 1 })
  })

  it('is decided by no agent channel, no viewer, no stranger, nobody unnamed', async () => {
    await fresh()
    const { proposal } = await team.propose(setStage())
    const decision = { proposalId: proposal.id, hash: proposal.diffHash, now: team.now }
    for (const via of CHANNELS.filter((one) => !['cli', 'inbox', 'slack'].includes(one))) {
      const decider = { ...team.owner, via }
      expect(await failed(approve(team.database, { ...decision, decider }))).toBe('wrong_channel')
      expect(await failed(reject(team.database, { ...decision, decider }))).toBe('wrong_channel')
      expect(await failed(undo(team.database, { proposalId: proposal.id, decider, now: team.now }))).toBe(
        'wrong_channel',
      )
    }
    const viewer = team.tenant.actor('viewer')
    expect(await failed(approve(team.database, { ...decision, decider: viewer }))).toBe('viewer')
    expect(await failed(approve(team.database, { ...decision, decider: { ...viewer, role: 'owner' } }))).toBe(
      'viewer',
    )
    expect(
      await failed(approve(team.database, { ...decision, decider: { ...team.owner, memberId: null } })),
    ).toBe('no_member')
    expect(
      await failed(
        approve(team.database, { ...decision, decider: { ...team.owner, memberId: newId() as MemberId } }),
      ),
    ).toBe('no_member')
    const stranger = await test.addTenant()
    expect(await failed(approve(team.database, { ...decision, decider: stranger.actor('owner') }))).toBe(
      'proposal_not_found',
    )
    expect(await failed(team.propose(setStage(), { actor: { ...viewer, via: 'mcp' } }))).toBe('viewer')
    expect(await stateOf(proposal.id)).toBe('pending')
  })

  it('undoes nothing over a later edit', async () => {
    await fresh()
    const { proposal } = await team.propose(setStage())
    await approveAndExecute(team.database, {
      proposalId: proposal.id,
      hash: proposal.diffHash,
      decider: team.owner,
      now: team.now,
    })
    await team.query(sql`update crm.deals set notes = 'later' where id = ${team.ids.deal}`)
    const before = await team.snapshot()
    expect(
      await failed(undo(team.database, { proposalId: proposal.id, decider: team.owner, now: team.now })),
    ).toBe('conflict')
    expect(await team.snapshot()).toBe(before)
    expect(await stateOf(proposal.id)).toBe('executed')
  })

  it('does not archive a record it made once others point to it', async () => {
    await fresh()
    const { proposal } = await team.propose([{ op: 'create', entity: 'companies', set: { name: 'Cedar' } }])
    await approveAndExecute(team.database, {
      proposalId: proposal.id,
      hash: proposal.diffHash,
      decider: team.owner,
      now: team.now,
    })
    await team.query(
      sql`update crm.people set company_id = ${proposal.changes[0]!.id} where id = ${team.ids.farah}`,
    )
    expect(
      await failed(undo(team.database, { proposalId: proposal.id, decider: team.owner, now: team.now })),
    ).toBe('conflict')
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createMember, disableMember } from '../db/members.ts'
import { sql } from '../db/sql.ts'
import { asTenant } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase } from '../db/testing.ts'
import { asTactError } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import { listRuns, runAutomation, saveRule, switchRule } from './automation.ts'
import type { AutomationRule } from './automation.ts'
import { approveAndExecute } from './execute.ts'
import { makeTeam } from './testing.ts'
import type { Team } from './testing.ts'

const BURY: AutomationRule = { name: 'Bury', trigger: 'moved_to_graveyard', action: 'decline_commitments' }
const CALL: AutomationRule = {
  name: 'Call',
  trigger: 'follow_up_due',
  days: 20,
  action: 'task',
  title: 'Call them',
}

describe.each(testEngines)('rules that run by themselves on %s', (engine) => {
  let test: TestDatabase
  let team: Team
  beforeAll(async () => {
    test = await openTestDatabase(engine)
  })
  afterAll(() => test.close())
  beforeEach(async () => {
    team = await makeTeam(test)
  })

  const save = (rule: AutomationRule, actor = team.owner) =>
    asTenant(team.database, actor, (tx) => saveRule(tx, rule, actor))
  const run = () => runAutomation(team.database, team.tenant.workspace)
  const runs = async () =>
    (await asTenant(team.database, team.owner, (tx) => listRuns(tx))).map(
      ({ rule, state }) => `${rule} ${state}`,
    )
  const listed = async (kind: string, whom: { person?: string; company?: string }): Promise<void> => {
    const list = newId()
    await team.query(
      sql`insert into crm.lists (id, tenant_id, name, kind) values (${list}, core.current_tenant(), ${list}, ${kind})`,
    )
    await team.query(sql`insert into crm.list_memberships (id, tenant_id, list_id, person_id, company_id)
      values (${newId()}, core.current_tenant(), ${list}, ${whom.person ?? null}::uuid, ${whom.company ?? null}::uuid)`)
  }
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'done',
      (error: unknown) => asTactError(error).code,
    )
  const commitment = async (status: string): Promise<string> => {
    const [fund, id] = [newId(), newId()]
    await team.query(
      sql`insert into fund.funds (id, tenant_id, name, currency) values (${fund}, core.current_tenant(), ${fund}, 'EUR')`,
    )
    await team.query(sql`insert into fund.commitments (id, tenant_id, fund_id, investor_company_id, status, currency)
      values (${id}, core.current_tenant(), ${fund}, ${team.ids.acme}, ${status}, 'EUR')`)
    return id
  }
  const statusOf = async (id: string) =>
    (await team.query<{ status: string }>(sql`select status from fund.commitments where id = ${id}`))[0]!
      .status
  const pending = () =>
    team.query<{ id: string; hash: string; via: string; by: string }>(
      sql`select id, diff_hash as hash, proposed_via as via, proposed_by as by from workflow.proposals where state = 'pending' order by created_at`,
    )

  it('an investor moved to a graveyard has the open commitments proposed as declined: once, and written by a person only', async () => {
    await listed('graveyard', { company: team.ids.birch })
    await save(BURY)
    const [soft, signed] = [await commitment('soft'), await commitment('signed')]
    expect(await run()).toBe(0)
    await listed('graveyard', { company: team.ids.acme })
    await Promise.all([run(), run(), run()])
    expect(await runs()).toEqual(['Bury done'])
    const [proposal, ...others] = await pending()
    expect([proposal?.via, proposal?.by, others]).toEqual(['system', team.owner.memberId, []])
    expect(await statusOf(soft)).toBe('soft')
    const decision = { proposalId: proposal!.id, hash: proposal!.hash, decider: team.owner, now: team.now }
    expect(await approveAndExecute(team.database, decision)).toMatchObject({ state: 'executed' })
    expect([await statusOf(soft), await statusOf(signed)]).toEqual(['declined', 'signed'])
    expect(await run()).toBe(0)
    await listed('graveyard', { person: team.ids.dana })
    expect(await run()).toBe(1)
    expect(await runs()).toEqual(['Bury skipped', 'Bury done'])
  })

  it('a follow-up is due after its days without contact, and again after the next contact', async () => {
    await save(CALL)
    await listed('follow_up', { person: team.ids.dana })
    const contact = (days: number) =>
      team.query(
        sql`update crm.people set last_interaction_at = now() - make_interval(days => ${days}) where id = ${team.ids.dana}`,
      )
    await contact(19)
    expect(await run()).toBe(0)
    await contact(21)
    expect(await run()).toBe(1)
    expect(await run()).toBe(0)
    const [proposal] = await pending()
    const decision = { proposalId: proposal!.id, hash: proposal!.hash, decider: team.owner, now: team.now }
    await approveAndExecute(team.database, decision)
    const tasks = await team.query(
      sql`select t.title, t.assignee_id, tp.person_id from crm.tasks t join crm.task_people tp on tp.task_id = t.id where t.title = 'Call them'`,
    )
    expect(tasks).toEqual([
      { title: 'Call them', assignee_id: team.owner.memberId, person_id: team.ids.dana },
    ])
    await contact(25)
    expect(await run()).toBe(1)
  })

  it('a rule that is off rests, one whose maker is gone says so, and who only reads makes none', async () => {
    await listed('follow_up', { company: team.ids.acme })
    await team.query(sql`update crm.list_memberships set created_at = now() - interval '1 year'`)
    await team.query(sql`update crm.companies set last_interaction_at = null`)
    const id = newId()
    const made = await asTenant(team.database, { ...team.owner, via: 'system' }, (tx) =>
      createMember(tx, { email: `${id}@x.example`, givenName: 'A', familyName: 'B', role: 'editor' }),
    )
    await save(CALL, { ...team.owner, memberId: made.id, role: 'editor' })
    const flip = (state: 'on' | 'off') =>
      asTenant(team.database, team.owner, (tx) => switchRule(tx, 'Call', state, team.owner))
    await flip('off')
    expect(await run()).toBe(0)
    await flip('on')
    await asTenant(team.database, team.owner, (tx) => disableMember(tx, team.owner, made.id))
    expect(await run()).toBe(1)
    expect(await runs()).toEqual(['Call failed'])
    expect(await pending()).toEqual([])
    expect(await codeOf(save(CALL, team.tenant.actor('viewer')))).toBe('viewer')
    expect(await codeOf(save({ ...CALL, days: 0 }))).toBe('bad_rule')
  })
})

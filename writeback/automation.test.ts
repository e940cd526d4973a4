import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createMember, disableMember } from '../db/members.ts'
import { sql } from '../db/sql.ts'
import { asTenant } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase } from '../db/testing.ts'
import { asTactError } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import { listRuns, runAutomation, saveRule, switchRule } from './automation.ts'
import type { AutomationRule } from './automation.ts'
import { approveAndExecute } from './execute.ts'
import { makeTeam } from './testing.ts'
import type { Team } from './testing.ts'
import { listWatches, readWatch, stopWatch, watch } from './watches.ts'

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

  const mailFrom = async (
    person: string,
    { daysAgo, onlyFor = null }: { readonly daysAgo: number; readonly onlyFor?: readonly string[] | null },
  ): Promise<string> => {
    const [thread, mail] = [newId(), newId()]
    const circle = sql`${onlyFor === null ? null : sql.param([...onlyFor])}::text[]`
    await team.query(
      sql`insert into intel.mail_threads (id, tenant_id, subject, only_for) values (${thread}, core.current_tenant(), 'Terms', ${circle})`,
    )
    await team.query(sql`insert into intel.mail_messages (id, tenant_id, thread_id, message_id, content_hash, sent_at, direction, from_person_id,
        company_id, from_address, subject, body_text, size_bytes, source, only_for)
      select ${mail}, core.current_tenant(), ${thread}, ${mail}, ${mail}, now() - make_interval(days => ${daysAgo}::int) + interval '1 minute', 'inbound', p.id,
        p.company_id, 'dana@acme.example', 'Terms', 'When do we start?', 10, 'test', ${circle} from crm.people p where p.id = ${person}::uuid`)
    return mail
  }
  const proposed = () =>
    team.query<{ changes: string }>(
      sql`select changes::text as changes from workflow.proposals where state = 'pending' order by created_at`,
    )

  it('a stage, a list and silence have a task, a tag and another list proposed, once each', async () => {
    const [hot, kept] = [newId(), newId()]
    for (const [id, name] of [
      [hot, 'Hot'],
      [kept, 'Kept'],
    ] as const)
      await team.query(
        sql`insert into crm.lists (id, tenant_id, name) values (${id}, core.current_tenant(), ${name})`,
      )
    await save({ name: 'Offer', trigger: 'entered_stage', of: 'offer OUT', action: 'task', title: 'Call' })
    await save({ name: 'Move', trigger: 'added_to_list', of: 'Hot', action: 'move_to_list', to: 'Kept' })
    await save({ name: 'Quiet', trigger: 'silence', days: 30, action: 'tag', to: 'Cold' })
    await team.query(
      sql`update crm.companies set last_interaction_at = now() - interval '10 days' where deleted_at is null`,
    )
    expect(await run()).toBe(0)
    await team.query(sql`update crm.deals set stage_id = ${team.ids.offer} where id = ${team.ids.deal}`)
    await team.query(sql`insert into crm.list_memberships (id, tenant_id, list_id, person_id)
      values (${newId()}, core.current_tenant(), ${hot}, ${team.ids.dana})`)
    await team.query(
      sql`update crm.companies set last_interaction_at = now() - interval '31 days' where id = ${team.ids.birch}`,
    )
    await Promise.all([run(), run()])
    expect([...(await runs())].sort()).toEqual(['Move done', 'Offer done', 'Quiet done'])
    for (const { id, hash } of await pending())
      await approveAndExecute(team.database, {
        proposalId: id,
        hash,
        decider: team.owner,
        now: team.now,
      })
    const [after] = await team.query<object>(sql`select
      (select count(*)::int from crm.tasks where title = 'Call' and deal_id = ${team.ids.deal}) as tasks,
      (select string_agg(l.name, ',') from crm.list_memberships m join crm.lists l on l.id = m.list_id
        where m.person_id = ${team.ids.dana} and m.deleted_at is null) as lists,
      (select count(*)::int from crm.company_tags where company_id = ${team.ids.birch} and tag_id = ${team.ids.cold} and deleted_at is null) as tags`)
    expect(after).toEqual({ tasks: 1, lists: 'Kept', tags: 1 })
    expect(await run()).toBe(0)
  })

  it('mail that nobody answered has a draft from the template proposed, once, of what all may see', async () => {
    await team.query(sql`update intel.mail_messages set sent_at = now()`)
    await mailFrom(team.ids.dana, { daysAgo: 3 })
    await mailFrom(team.ids.farah, { daysAgo: 3, onlyFor: [team.owner.memberId!] })
    await mailFrom(team.ids.erik, { daysAgo: 1 })
    await save({
      name: 'Answer',
      trigger: 'unanswered_mail',
      days: 2,
      action: 'draft_answer',
      text: 'Dear {name}, soon.',
    })
    expect(await run()).toBe(1)
    expect(await run()).toBe(0)
    const found = await proposed()
    expect(found).toHaveLength(1)
    expect(found[0]!.changes).toContain('Dear Dana, soon.')
    expect(await team.query(sql`select id from intel.email_drafts`)).toEqual([])
  })

  it('a watch tells who set it of each mail they may see, until they stop it', async () => {
    const asOwner = <T>(work: (tx: TenantTx) => Promise<T>) => asTenant(team.database, team.owner, work)
    const whom = readWatch('Tell me when Acme Rockets replies.')!
    expect(await asOwner((tx) => watch(tx, team.owner, whom))).toMatchObject({ name: 'Acme Rockets' })
    expect(await codeOf(asOwner((tx) => watch(tx, team.owner, 'Nobody Inc')))).toBe('unknown_name')
    await mailFrom(team.ids.dana, { daysAgo: 3 })
    expect(await run()).toBe(0)
    await mailFrom(team.ids.dana, { daysAgo: 0 })
    await mailFrom(team.ids.farah, { daysAgo: 0 })
    await mailFrom(team.ids.erik, { daysAgo: 0, onlyFor: [team.tenant.actor('admin').memberId!] })
    expect(await run()).toBe(1)
    expect(await asOwner((tx) => listWatches(tx, team.owner))).toMatchObject([
      { whom: 'Acme Rockets', told: 1 },
    ])
    expect(await pending()).toEqual([])
    const admin = team.tenant.actor('admin')
    expect(await asTenant(team.database, admin, (tx) => listWatches(tx, admin))).toEqual([])
    await asOwner((tx) => stopWatch(tx, team.owner, 'acme rockets'))
    await mailFrom(team.ids.dana, { daysAgo: 0 })
    expect(await run()).toBe(0)
    expect(await codeOf(asOwner((tx) => stopWatch(tx, team.owner, 'acme rockets')))).toBe('unknown_watch')
  })

  it('what does not go together is no rule', async () => {
    for (const rule of [
      { name: 'a', trigger: 'entered_stage', action: 'task' },
      { name: 'b', trigger: 'silence', action: 'tag' },
      { name: 'c', trigger: 'reply_from', action: 'task' },
      { name: 'd', trigger: 'silence', action: 'draft_answer' },
      { name: 'e', trigger: 'unanswered_mail', action: 'task' },
    ] as const)
      expect(await codeOf(save(rule))).toBe('bad_rule')
    for (const line of ['When does Acme reply?', 'tell me about Acme', 'tell me when the deal closes'])
      expect(readWatch(line)).toBeUndefined()
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

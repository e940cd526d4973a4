import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../db/sql.ts'
import { asTenant } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase } from '../db/testing.ts'
import { newId } from '../domain/ids.ts'
import { approveAndExecute } from './execute.ts'
import { findDuplicates } from './merge-duplicates.ts'
import { showProposal } from './show.ts'
import { makeTeam } from './testing.ts'
import type { Team } from './testing.ts'
import { undo } from './undo.ts'

describe.each(testEngines)('merging duplicates on %s', (engine) => {
  let db: TestDatabase
  let team: Team
  const twin = newId()

  beforeAll(async () => {
    db = await openTestDatabase(engine)
  })
  beforeEach(async () => {
    await db.truncate()
    team = await makeTeam(db)
    const { acme, deal, other, call, vip, task } = team.ids
    await team.query(sql`insert into crm.people (id, tenant_id, given_name, family_name, title, city, company_id)
      values (${twin}, core.current_tenant(), 'Dana', 'Whitfeild', 'CFO', 'Köln', ${acme})`)
    await team.query(sql`insert into crm.person_emails (id, tenant_id, person_id, address, is_primary)
      values (${newId()}, core.current_tenant(), ${twin}, 'd.whitfield@gmail.com', true)`)
    for (const person of [twin, team.ids.dana]) {
      await team.query(sql`insert into crm.deal_people (id, tenant_id, deal_id, person_id)
        values (${newId()}, core.current_tenant(), ${deal}, ${person})`)
    }
    await team.query(sql`insert into crm.deal_people (id, tenant_id, deal_id, person_id)
      values (${newId()}, core.current_tenant(), ${other}, ${twin})`)
    await team.query(sql`insert into crm.person_tags (id, tenant_id, person_id, tag_id)
      values (${newId()}, core.current_tenant(), ${twin}, ${vip})`)
    await team.query(sql`insert into crm.task_people (id, tenant_id, task_id, person_id)
      values (${newId()}, core.current_tenant(), ${task}, ${twin})`)
    await team.query(sql`insert into intel.interaction_people (id, tenant_id, interaction_id, person_id)
      values (${newId()}, core.current_tenant(), ${call}, ${twin})`)
    await team.query(sql`update intel.mail_messages set from_person_id = ${twin}`)
  })
  afterAll(() => db.close())

  const propose = (set: Record<string, string> = {}) =>
    team.propose([
      { op: 'merge', entity: 'people', record: `people:${team.ids.dana}`, from: `people:${twin}`, set },
    ])
  const execute = async (set?: Record<string, string>): Promise<string> => {
    const { proposal } = await propose(set)
    const done = await team.carryOut(proposal)
    expect(done).toMatchObject({ state: 'executed', failure: null })
    return proposal.id
  }
  const person = async (id: string) => {
    const [row] = await team.query<Record<string, unknown>>(
      sql`select title, city, deleted_at is not null as archived, last_interaction_at from crm.people where id = ${id}`,
    )
    return row!
  }
  const pointing = async (id: string) => {
    const [row] = await team.query<Record<string, number>>(sql`select
      (select count(*)::int from crm.person_emails where person_id = ${id} and deleted_at is null) as emails,
      (select count(*)::int from crm.person_emails where person_id = ${id} and is_primary and deleted_at is null) as primaries,
      (select count(*)::int from crm.deal_people where person_id = ${id} and deleted_at is null) as deals,
      (select count(*)::int from crm.person_tags where person_id = ${id} and deleted_at is null) as tags,
      (select count(*)::int from crm.task_people where person_id = ${id} and deleted_at is null) as tasks,
      (select count(*)::int from intel.interaction_people where person_id = ${id} and deleted_at is null) as interactions,
      (select count(*)::int from intel.mail_messages where from_person_id = ${id}) as mails`)
    return row!
  }

  test('duplicates are found with a score and why', async () => {
    const found = await asTenant(team.database, team.owner, (tx) => findDuplicates(tx, { entity: 'people' }))
    expect(found).toHaveLength(1)
    expect(found[0]!.why).toEqual(['similar name', 'same company'])
    expect([found[0]!.keep, found[0]!.merge].sort()).toEqual([team.ids.dana, twin].sort())
    expect(found[0]!.score).toBeGreaterThan(0.75)
  })

  test('a proposal shows both records beside each other', async () => {
    const { proposal } = await propose({ city: 'loser' })
    const shown = await asTenant(team.database, team.owner, (tx) =>
      showProposal(proposal, { tx, workspace: team.tenant.workspace, now: team.now }),
    )
    const merge = shown.changes.find(({ op }) => op === 'merge')!
    expect(merge.record.title).toBe('Dana Whitfeild')
    expect(merge.into?.title).toBe('Dana Whitfield')
    const beside = Object.fromEntries(
      merge.fields.map(({ field, old, new: stays }) => [field, [old?.text, stays?.text]]),
    )
    expect(beside).toMatchObject({
      family_name: ['Whitfeild', 'Whitfield'],
      city: ['Köln', 'Köln'],
      title: ['CFO', 'CFO'],
      company: ['Acme Rockets', 'Acme Rockets'],
    })
  })

  test('nothing that pointed to the loser is lost, and nothing stands twice', async () => {
    await execute({ city: 'loser' })
    expect(await pointing(twin)).toEqual({
      emails: 0,
      primaries: 0,
      deals: 0,
      tags: 0,
      tasks: 0,
      interactions: 0,
      mails: 0,
    })
    expect(await pointing(team.ids.dana)).toEqual({
      emails: 2,
      primaries: 1,
      deals: 2,
      tags: 1,
      tasks: 1,
      interactions: 1,
      mails: 1,
    })
    expect(await person(team.ids.dana)).toMatchObject({ title: 'CFO', city: 'Köln', archived: false })
    expect(await person(twin)).toMatchObject({ archived: true })
  })

  test('undo restores both records and every pointer exactly', async () => {
    const before = await team.snapshot()
    const id = await execute({ city: 'loser' })
    expect(await team.snapshot()).not.toBe(before)
    await undo(team.database, { proposalId: id, decider: team.owner, now: team.now })
    expect(await team.snapshot()).toBe(before)
    expect(await pointing(twin)).toMatchObject({ deals: 2, mails: 1, primaries: 1 })
  })

  test('a merge of records that changed since is a conflict, whichever of the two changed', async () => {
    for (const id of [twin, team.ids.dana]) {
      const { proposal } = await propose()
      await team.query(sql`update crm.people set notes = ${newId()} where id = ${id}`)
      await expect(
        approveAndExecute(team.database, {
          proposalId: proposal.id,
          hash: proposal.diffHash,
          decider: team.owner,
          now: team.now,
        }),
      ).rejects.toMatchObject({ code: 'conflict' })
    }
  })

  test('companies merge too: their people, deals and interactions go along', async () => {
    const { acme, birch } = team.ids
    const { proposal } = await team.propose([
      { op: 'merge', entity: 'companies', record: `companies:${birch}`, from: `companies:${acme}` },
    ])
    const before = await team.snapshot()
    await team.carryOut(proposal)
    const [left] = await team.query<{ people: number; deals: number; calls: number }>(sql`select
      (select count(*)::int from crm.people where company_id = ${birch}) as people,
      (select count(*)::int from crm.deals where company_id = ${birch}) as deals,
      (select count(*)::int from intel.interactions where company_id = ${birch}) as calls`)
    expect(left).toEqual({ people: 4, deals: 2, calls: 1 })
    await undo(team.database, { proposalId: proposal.id, decider: team.owner, now: team.now })
    expect(await team.snapshot()).toBe(before)
  })

  test('what cannot be merged is refused with what would help', async () => {
    const { dana, deal, other } = team.ids
    await expect(
      team.propose([{ op: 'merge', entity: 'people', record: `people:${dana}`, from: `people:${dana}` }]),
    ).rejects.toMatchObject({ code: 'same_record' })
    await expect(
      team.propose([{ op: 'merge', entity: 'people', record: `people:${dana}` }]),
    ).rejects.toMatchObject({ code: 'bad_reference' })
    await expect(
      team.propose([{ op: 'merge', entity: 'deals', record: `deals:${deal}`, from: `deals:${other}` }]),
    ).rejects.toMatchObject({ code: 'not_mergeable' })
    await expect(propose({ city: 'Bonn' })).rejects.toMatchObject({ code: 'bad_choice' })
  })
})

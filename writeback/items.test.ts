import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { asTenant } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase } from '../db/testing.ts'
import { sql } from '../db/sql.ts'
import type { TactError } from '../domain/errors.ts'
import { approveItems, rejectItems } from './items.ts'
import { getProposal } from './list.ts'
import type { ShownProposal } from './show.ts'
import type { StoredProposal } from './store.ts'
import { makeTeam } from './testing.ts'
import type { Team } from './testing.ts'
import { undo } from './undo.ts'

const failed = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no failure',
    (error: unknown) => (error as TactError).code,
  )

describe.each(testEngines)('one change of a proposal on %s', (engine) => {
  let test: TestDatabase
  let team: Team
  beforeAll(async () => {
    test = await openTestDatabase(engine)
  })
  beforeEach(async () => {
    team = await makeTeam(test)
  })
  afterAll(() => test.close())

  const shown = (id: string): Promise<ShownProposal> =>
    asTenant(team.database, team.owner, (tx) =>
      getProposal({ tx, workspace: team.tenant.workspace, now: team.now }, id),
    )
  const three = async (): Promise<StoredProposal> => {
    const { deal, dana } = team.ids
    const { proposal } = await team.propose([
      { op: 'update', entity: 'deals', record: `deals:${deal}`, set: { notes: 'first' } },
      { op: 'update', entity: 'people', record: `people:${dana}`, set: { city: 'Kiel' } },
      { op: 'task', set: { title: 'third', people: [`people:${dana}`] } },
    ])
    return proposal
  }
  const decision = ({ id, diffHash }: StoredProposal, places: readonly number[], note?: string) => ({
    proposalId: id,
    hash: diffHash,
    decider: team.owner,
    now: team.now,
    workspace: team.tenant.workspace,
    places,
    ...(note === undefined ? {} : { note }),
  })
  const back = (id: string, places?: readonly number[]) =>
    undo(team.database, {
      proposalId: id,
      decider: team.owner,
      now: team.now,
      ...(places ? { places } : {}),
    })
  const held = async () => {
    const { deal, dana } = team.ids
    const [row] = await team.query<{ notes: string | null; city: string | null; tasks: number }>(
      sql`select d.notes, p.city, (select count(*)::int from crm.tasks where title = 'third' and deleted_at is null) as tasks
        from crm.deals d, crm.people p where d.id = ${deal} and p.id = ${dana}`,
    )
    return row!
  }

  it('is accepted while the others are left out, with who and why', async () => {
    const proposal = await three()
    expect(await approveItems(team.database, decision(proposal, [1], 'only the city'))).toMatchObject({
      state: 'executed',
    })
    expect(await held()).toEqual({ notes: null, city: 'Kiel', tasks: 0 })
    const after = await shown(proposal.id)
    expect(after.changes).toHaveLength(1)
    expect(after.label.changes).toHaveLength(1)
    expect(after.leftOut).toMatchObject([
      { reason: 'only the city', by: team.owner.memberId, change: { entity: 'deals' } },
      { reason: 'only the city', by: team.owner.memberId, change: { entity: 'tasks' } },
    ])
  })

  it('is rejected with a reason; the rest waits as the next revision; the last takes the proposal with it', async () => {
    const proposal = await three()
    await rejectItems(team.database, decision(proposal, [0, 2], 'not these'))
    const left = await shown(proposal.id)
    expect(left).toMatchObject({ state: 'pending', changes: [{ entity: 'people' }] })
    expect(await failed(rejectItems(team.database, decision(proposal, [0])))).toBe('wrong_hash')
    await rejectItems(team.database, decision({ ...proposal, diffHash: left.hash }, [0], 'nor this'))
    expect(await shown(proposal.id)).toMatchObject({ state: 'rejected', decisionNote: 'nor this' })
    expect(await held()).toEqual({ notes: null, city: 'Bonn', tasks: 0 })
    for (const places of [[], [9], [-1], [0.5]])
      expect(await failed(approveItems(team.database, decision(await three(), places)))).toBe('bad_place')
  })

  it('is taken back alone, and the whole once the last one is', async () => {
    const before = await team.rowsById()
    const { id } = await three()
    await team.carryOut(await three())
    await back(id, [0])
    expect(await held()).toEqual({ notes: null, city: 'Kiel', tasks: 1 })
    expect(await shown(id)).toMatchObject({ state: 'executed', undonePlaces: [0] })
    expect(await failed(back(id, [0]))).toBe('bad_place')
    expect(await failed(back(id, [3]))).toBe('bad_place')
    await back(id, [2])
    expect(await shown(id)).toMatchObject({ state: 'executed', undonePlaces: [0, 2] })
    await back(id)
    expect(await shown(id)).toMatchObject({ state: 'undone' })
    const after = await team.rowsById()
    for (const [row, text] of before) expect(after.get(row)).toBe(text)
  })

  it('stays where somebody edited it since, while another goes back', async () => {
    const { id } = await three()
    await team.carryOut(await three())
    await team.query(sql`update crm.deals set notes = 'by hand' where id = ${team.ids.deal}`)
    expect(await failed(back(id, [0]))).toBe('conflict')
    expect(await failed(back(id))).toBe('conflict')
    await back(id, [1])
    expect(await held()).toEqual({ notes: 'by hand', city: 'Bonn', tasks: 1 })
  })

  it('goes back with its partner where it is half of a merge', async () => {
    const { dana, erik } = team.ids
    const before = await team.rowsById()
    const { proposal } = await team.propose([
      {
        op: 'merge',
        entity: 'people',
        record: `people:${erik}`,
        from: `people:${dana}`,
        set: { family_name: 'loser' },
      },
    ])
    expect(proposal.changes.map(({ op }) => op)).toEqual(['update', 'merge'])
    await team.carryOut(proposal)
    await back(proposal.id, [0])
    expect(await shown(proposal.id)).toMatchObject({ state: 'undone' })
    const after = await team.rowsById()
    for (const [row, text] of before) expect(after.get(row)).toBe(text)
  })
})

describe.each(testEngines)('changes by the names people have for them on %s', (engine) => {
  let test: TestDatabase
  let team: Team
  beforeAll(async () => {
    test = await openTestDatabase(engine)
    team = await makeTeam(test)
  })
  afterAll(() => test.close())

  it('are the same changes, carried out and taken back', async () => {
    const { deal, dana, mail } = team.ids
    const asked = [
      { op: 'log_interaction', set: { kind: 'call', summary: 'Spoke', people: [`people:${dana}`] } },
      { op: 'task', set: { title: 'Write', deal: `deals:${deal}` } },
      { op: 'tag', record: `people:${dana}`, set: { tags: ['VIP'] } },
      { op: 'stage', record: `deals:${deal}`, set: { stage: 'Offer out' } },
      {
        op: 'draft_email',
        set: {
          subject: 'Offer',
          body: 'Dear Dana',
          people: [`people:${dana}`],
          in_reply_to: `emails:${mail}`,
        },
      },
    ]
    const before = await team.rowsById()
    const { proposal } = await team.propose(asked)
    const drawn = await asTenant(team.database, team.owner, (tx) =>
      getProposal({ tx, workspace: team.tenant.workspace, now: team.now }, proposal.id),
    )
    expect(drawn.changes.map(({ kind }) => kind)).toEqual(asked.map(({ op }) => op))
    expect(await team.carryOut(proposal)).toMatchObject({ state: 'executed' })
    const [row] = await team.query(
      sql`select i.company_id as company, d.body, (select count(*)::int from intel.email_draft_people) as receivers
        from intel.interactions i, intel.email_drafts d where i.summary = 'Spoke'`,
    )
    expect(row).toEqual({ company: team.ids.acme, body: 'Dear Dana', receivers: 1 })
    await undo(team.database, { proposalId: proposal.id, decider: team.owner, now: team.now })
    const after = await team.rowsById()
    for (const [id, text] of before) expect(after.get(id)).toBe(text)
  })

  it('teach what they are for', async () => {
    const deal = `deals:${team.ids.deal}`
    const wrong: readonly (readonly [object, string])[] = [
      [{ op: 'stage', record: deal, set: { stage: 'Won', notes: 'x' } }, 'wrong_operation'],
      [{ op: 'tag', record: deal, set: { people: [] } }, 'wrong_operation'],
      [{ op: 'task', entity: 'deals', set: { title: 'x' } }, 'wrong_entity'],
      [{ op: 'update', record: deal, set: { notes: 'x' } }, 'no_entity'],
      [{ op: 'draft_email', set: { subject: 'x' } }, 'missing_field'],
      [{ op: 'task', record: deal, set: { title: 'x' } }, 'unexpected_record'],
    ]
    for (const [change, code] of wrong)
      expect([change, await failed(team.propose([change]))]).toEqual([change, code])
  })
})

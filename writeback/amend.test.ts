import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../db/sql.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase } from '../db/testing.ts'
import { amend } from './amend.ts'
import type { Amendment } from './amend.ts'
import { approveAndExecute } from './execute.ts'
import type { StoredProposal } from './store.ts'
import { makeTeam } from './testing.ts'
import type { Team } from './testing.ts'
import { undo } from './undo.ts'
import { undoRun } from './undo-run.ts'

const codeOf = (error: unknown): string => (error as { code?: string }).code ?? String(error)
const failed = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'no error', codeOf)

describe.each(testEngines)('a proposal in the hands of a person on %s', (engine) => {
  let test: TestDatabase
  let team: Team
  beforeAll(async () => {
    test = await openTestDatabase(engine)
  })
  beforeEach(async () => {
    team = await makeTeam(test)
  })
  afterAll(() => test.close())

  const proposeTwo = async (): Promise<StoredProposal> => {
    const deal = { op: 'update', entity: 'deals', record: `deals:${team.ids.deal}` }
    const changes = [
      { ...deal, set: { amount: 25_000, next_step: 'Call', notes: 'Warm' } },
      { op: 'update', entity: 'people', record: `people:${team.ids.dana}`, set: { city: 'Kiel' } },
    ]
    return (await team.propose(changes)).proposal
  }
  const asShown = ({ id, diffHash }: StoredProposal) => ({
    proposalId: id,
    hash: diffHash,
    decider: team.owner,
    now: team.now,
  })
  const change = (proposal: StoredProposal, amendments: readonly Amendment[]): Promise<StoredProposal> =>
    amend(team.database, { ...asShown(proposal), workspace: team.tenant.workspace, amendments })
  const approve = (proposal: StoredProposal) => approveAndExecute(team.database, asShown(proposal))
  const dealNow = async () =>
    (
      await team.query<Record<string, unknown>>(
        sql`select d.amount_minor::int as amount, d.next_step, d.notes, p.city from crm.deals d, crm.people p
          where d.id = ${team.ids.deal} and p.id = ${team.ids.dana}`,
      )
    )[0]!

  it('loses a change and a field and gets another value; only that is written', async () => {
    const first = await proposeTwo()
    const next = await change(first, [
      { place: 1, drop: true },
      { place: 0, field: 'notes', drop: true },
      { place: 0, field: 'amount', value: '12.5k' },
    ])
    expect(next).toMatchObject({ revision: 2, state: 'pending', proposedBy: first.proposedBy })
    expect(await failed(approve(first))).toBe('wrong_hash')
    expect(await approve(next)).toMatchObject({ state: 'executed' })
    expect(await dealNow()).toEqual({ amount: 1_250_000, next_step: 'Call', notes: null, city: 'Bonn' })
    await undo(team.database, { proposalId: next.id, decider: team.owner, now: team.now })
    expect(await dealNow()).toEqual({ amount: 1_000_000, next_step: null, notes: null, city: 'Bonn' })
  })

  it('is one revision however many edit what they saw, and either edited or approved, never both', async () => {
    const first = await proposeTwo()
    const outcomes = await Promise.allSettled([
      change(first, [{ place: 0, field: 'notes', value: 'One' }]),
      approve(first),
      change(first, [{ place: 0, field: 'notes', value: 'Two' }]),
    ])
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const [row] = await team.query<{ state: string; revision: number }>(
      sql`select state, revision from workflow.proposals where id = ${first.id}::uuid`,
    )
    expect([
      { state: 'executed', revision: 1 },
      { state: 'pending', revision: 2 },
    ]).toContainEqual(row)
  })

  it('refuses an edit that leaves nothing, names nothing, does not fit, or says the same', async () => {
    const first = await proposeTwo()
    const both = [0, 1].map((place): Amendment => ({ place, drop: true }))
    expect(await failed(change(first, both))).toBe('nothing_left')
    expect(await failed(change(first, [{ place: 7, drop: true }]))).toBe('bad_place')
    expect(await failed(change(first, [{ place: 0, field: 'name', value: 'x' }]))).toBe('bad_place')
    expect(await failed(change(first, [{ place: 0, field: 'amount', value: 'plenty' }]))).toBe('bad_amount')
    expect(await failed(change(first, [{ place: 0, field: 'notes', value: 'Warm' }]))).toBe('no_change')
    for (const via of ['mcp', 'chat', 'system'] as const) {
      const decider = { ...team.owner, via }
      const asked = { ...asShown(first), decider, workspace: team.tenant.workspace, amendments: both }
      expect(await failed(amend(team.database, asked))).toBe('wrong_channel')
    }
    expect(await approve(first)).toMatchObject({ state: 'executed' })
  })

  it('keeps a new record that another change of it needs', async () => {
    const { proposal } = await team.propose([
      { op: 'create', entity: 'companies', set: { name: 'Cedar' } },
      { op: 'update', entity: 'people', record: `people:${team.ids.dana}`, set: { company: 'change:1' } },
    ])
    expect(await failed(change(proposal, [{ place: 0, drop: true }]))).toBe('needed_by_another')
    expect(await failed(change(proposal, [{ place: 0, field: 'name', drop: true }]))).toBe('required_field')
  })

  const runOf = async (conversationId: string, sets: readonly object[]): Promise<void> => {
    for (const set of sets) {
      const record = `deals:${team.ids.deal}`
      const { proposal } = await team.propose([{ op: 'update', entity: 'deals', record, set }], {
        conversationId,
      })
      expect(await approve(proposal)).toMatchObject({ state: 'executed' })
    }
  }

  it('goes back with everything else its run did, though its records were changed by the run again', async () => {
    const conversationId = await team.conversation()
    const before = await team.snapshot()
    await runOf(conversationId, [{ notes: 'One' }, { notes: 'Two', amount: 5 }, { next_step: 'Three' }])
    const outcomes = await undoRun(team.database, { conversationId, decider: team.owner, now: team.now })
    expect(outcomes.map(({ state }) => state)).toEqual(['undone', 'undone', 'undone'])
    expect(await team.snapshot()).toBe(before)
  })

  it('stands where a person edited after its run, and so does what the run did before it', async () => {
    const conversationId = await team.conversation()
    await runOf(conversationId, [{ notes: 'One' }])
    await team.query(sql`update crm.deals set next_step = 'By hand' where id = ${team.ids.deal}`)
    await runOf(conversationId, [{ notes: 'Two' }])
    const outcomes = await undoRun(team.database, { conversationId, decider: team.owner, now: team.now })
    expect(outcomes.map((one) => ('refused' in one ? one.refused.code : one.state))).toEqual([
      'undone',
      'conflict',
    ])
    expect(await dealNow()).toMatchObject({ notes: 'One', next_step: 'By hand' })
  })
})

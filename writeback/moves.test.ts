import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sqlStateOf } from '../db/errors.ts'
import { sql } from '../db/sql.ts'
import type { SQL } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase } from '../db/testing.ts'
import { CHANNELS } from '../domain/actor.ts'
import type { Actor } from '../domain/actor.ts'
import { PROPOSAL_MOVES, PROPOSAL_STATES } from '../domain/proposal-states.ts'
import type { ProposalState } from '../domain/proposal-states.ts'
import { newId } from '../domain/ids.ts'
import { approve } from './approve.ts'
import { DECIDING_CHANNELS } from './deciders.ts'
import { approveAndExecute } from './execute.ts'
import type { StoredProposal } from './store.ts'
import { makeTeam } from './testing.ts'
import type { Team } from './testing.ts'

/** Rolls back whatever it did, so that one proposal serves many attempts. */
class Undone extends Error {}

describe.each(testEngines)('the database holds the life of a proposal on %s', (engine) => {
  let test: TestDatabase
  let team: Team
  let pending: string
  let approvedId: string
  let executed: string
  beforeAll(async () => {
    test = await openTestDatabase(engine)
    team = await makeTeam(test)
    const change = async (set: object, record = `deals:${team.ids.deal}`) =>
      (await team.propose([{ op: 'update', entity: record.split(':')[0], record, set }])).proposal
    const first = await change({ next_step: 'one' })
    pending = first.id
    for (const decider of [team.owner, team.tenant.actor('editor')]) await voted(first, decider)
    const second = await change({ next_step: 'two' }, `deals:${team.ids.other}`)
    approvedId = second.id
    await approve(team.database, {
      proposalId: second.id,
      hash: second.diffHash,
      decider: team.owner,
      now: team.now,
    })
    const third = await change({ city: 'Köln' }, `people:${team.ids.dana}`)
    executed = third.id
    await approveAndExecute(team.database, {
      proposalId: third.id,
      hash: third.diffHash,
      decider: team.owner,
      now: team.now,
    })
  })
  afterAll(() => test.close())

  /** A yes that is written down; the move is left to the test. */
  const voted = ({ id, diffHash }: StoredProposal, { memberId, ...actor }: Actor) =>
    asTenant(team.database, { ...actor, memberId }, (tx) =>
      rows(
        tx,
        sql`insert into workflow.approvals (id, tenant_id, proposal_id, member_id, via, revision, diff_hash, typed)
          values (${newId()}, core.current_tenant(), ${id}, ${memberId}, 'cli', 1, ${diffHash}, '[]')`,
      ),
    )

  const attempt = async (actor: Actor, statement: SQL): Promise<string> => {
    try {
      await asTenant(team.database, actor, async (tx) => {
        const found = await rows(tx, sql`${statement} returning id`)
        throw new Undone(found.length === 1 ? 'done' : 'no row')
      })
    } catch (error) {
      if (error instanceof Undone) return error.message
      return sqlStateOf(error) ?? String(error)
    }
    return 'unreachable'
  }
  const move = (id: string, to: ProposalState, more: SQL = sql``): SQL =>
    sql`update workflow.proposals set state = ${to} ${more} where id = ${id}`
  const decidedBy = (actor: Actor): SQL =>
    sql`, decided_by = ${actor.memberId}, decided_via = ${actor.via}, decided_at = now()`

  it('knows the same moves as domain/proposal-states.ts', async () => {
    for (const from of PROPOSAL_STATES) {
      for (const to of PROPOSAL_STATES) {
        const [found] = await team.query<{ may: boolean }>(
          sql`select workflow.may_move(${from}, ${to}) as may`,
        )
        expect([from, to, found!.may]).toEqual([from, to, PROPOSAL_MOVES[from].includes(to)])
      }
    }
  })

  it('refuses every move that is not one, whoever tries', async () => {
    const starts = [
      ['pending', pending],
      ['approved', approvedId],
      ['executed', executed],
    ] as const
    for (const [from, id] of starts) {
      for (const to of PROPOSAL_STATES) {
        if (to === from || PROPOSAL_MOVES[from].includes(to)) continue
        for (const via of ['cli', 'system', 'mcp'] as const) {
          const actor = { ...team.owner, via }
          expect([from, to, via, await attempt(actor, move(id, to, decidedBy(actor)))]).toEqual([
            from,
            to,
            via,
            '23514',
          ])
        }
      }
    }
  })

  it('lets a decision through on channels of people only', async () => {
    for (const via of CHANNELS) {
      const actor = { ...team.owner, via }
      const people = DECIDING_CHANNELS.some((one) => one === via)
      const expected = people ? 'done' : '42501'
      expect([via, await attempt(actor, move(pending, 'approved', decidedBy(actor)))]).toEqual([
        via,
        expected,
      ])
      expect([via, await attempt(actor, move(pending, 'rejected', decidedBy(actor)))]).toEqual([
        via,
        expected,
      ])
      expect([via, await attempt(actor, move(executed, 'undone'))]).toEqual([via, expected])
      const finishing = people || via === 'system' ? 'done' : '42501'
      expect([via, await attempt(actor, move(pending, 'expired'))]).toEqual([via, finishing])
      expect([via, await attempt(actor, move(pending, 'conflicted'))]).toEqual([via, finishing])
      expect([via, await attempt(actor, move(approvedId, 'executing'))]).toEqual([via, finishing])
    }
  })

  it('wants a decider who may write, and who is the one acting', async () => {
    const viewer = team.tenant.actor('viewer')
    const editor = team.tenant.actor('editor')
    expect(await attempt(viewer, move(pending, 'approved', decidedBy(viewer)))).toBe('42501')
    expect(
      await attempt({ ...team.owner, memberId: null }, move(pending, 'approved', decidedBy(team.owner))),
    ).toBe('42501')
    expect(await attempt(editor, move(pending, 'approved', decidedBy(team.owner)))).toBe('23514')
    expect(await attempt(editor, move(pending, 'approved'))).toBe('23514')
    expect(await attempt(editor, move(pending, 'approved', decidedBy(editor)))).toBe('done')
  })

  it('keeps what was proposed, decided and done', async () => {
    const change = (set: SQL, id = pending): SQL => sql`update workflow.proposals set ${set} where id = ${id}`
    const { owner } = team
    for (const set of [
      sql`changes = '[]'`,
      sql`diff_hash = 'x'`,
      sql`reason = 'x'`,
      sql`expires_at = now() + interval '1 year'`,
      sql`proposed_by = null`,
      sql`proposed_via = 'cli'`,
      sql`idempotency_key = 'x'`,
      sql`decided_by = ${owner.memberId}`,
      sql`inverse = '[]'`,
      sql`attempts = 7`,
      sql`deleted_at = now()`,
    ]) {
      expect(await attempt(owner, change(set))).toBe('23514')
      expect(await attempt({ ...owner, via: 'mcp' }, change(set))).toBe('23514')
    }
    expect(await attempt(owner, change(sql`inverse = '[]'`, executed))).toBe('23514')
    expect(await attempt(owner, sql`delete from workflow.proposals where id = ${pending}`)).toBe('42501')
  })

  it('begins every proposal as pending', async () => {
    const insert = (state: string): SQL =>
      sql`insert into workflow.proposals (id, tenant_id, proposed_via, state, diff_hash, changes, idempotency_key, expires_at)
        values (gen_random_uuid(), core.current_tenant(), 'mcp', ${state}, 'x', '[]', gen_random_uuid()::text, now())`
    for (const state of PROPOSAL_STATES) {
      expect([state, await attempt(team.owner, insert(state))]).toEqual([
        state,
        state === 'pending' ? 'done' : '23514',
      ])
    }
  })

  it('does not take a lease away that still holds', async () => {
    const claimed = await asTenant(team.database, team.owner, async (tx) => {
      await rows(
        tx,
        move(
          approvedId,
          'executing',
          sql`, attempts = attempts + 1, leased_until = clock_timestamp() + interval '1 minute'`,
        ),
      )
      return true
    })
    expect(claimed).toBe(true)
    const system = { ...team.owner, via: 'system' } as const
    expect(await attempt(system, move(approvedId, 'approved'))).toBe('42501')
    await team.query(
      sql`update workflow.proposals set leased_until = now() - interval '1 second' where id = ${approvedId}`,
    )
    expect(await attempt(system, move(approvedId, 'approved'))).toBe('done')
  })
})

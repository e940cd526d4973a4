import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sqlStateOf } from '../db/errors.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase } from '../db/testing.ts'
import { CHANNELS } from '../domain/actor.ts'
import type { Actor } from '../domain/actor.ts'
import type { TactError } from '../domain/errors.ts'
import { undo } from './undo.ts'
import { passStanding } from './pass-standing.ts'
import { grantStanding, listStanding, revokeStanding, standingUses } from './standing.ts'
import type { Grant } from './standing.ts'
import { makeTeam } from './testing.ts'
import type { Team } from './testing.ts'

const failed = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no failure',
    (error: unknown) => (error as TactError).code,
  )

/** The refusal of the database itself: a rule of a trigger, or a right that is not there. */
const REFUSED = /^(23514|42501|TA403)$/
const refused = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing was refused',
    (error: unknown) => sqlStateOf(error) ?? String(error),
  )

describe.each(testEngines)('a standing approval on %s', (engine) => {
  let test: TestDatabase
  let team: Team
  let system: Actor
  beforeAll(async () => {
    test = await openTestDatabase(engine)
  })
  beforeEach(async () => {
    team = await makeTeam(test)
    system = { ...team.owner, memberId: null, via: 'system' }
    await team.query(sql`update crm.deals set owner_id = ${team.owner.memberId} where id = ${team.ids.deal}`)
  })
  afterAll(() => test.close())

  const inDays = (days: number): Date => new Date(team.now.getTime() + days * 86_400_000)
  const grant = (given: Partial<Grant> = {}, actor: Actor = team.owner) =>
    grantStanding(team.database, actor, {
      kind: 'log_interaction',
      scope: 'own',
      memberId: null,
      perDay: 2,
      until: inDays(30),
      now: team.now,
      ...given,
    })
  const pass = (now = team.now) =>
    passStanding(team.database, { actor: system, workspace: team.tenant.workspace, now })
  const log = async (summary: string, deal: 'deal' | 'other' = 'deal'): Promise<string> => {
    const set = { kind: 'call', summary, deal: `deals:${team.ids[deal]}` }
    return (await team.propose([{ op: 'log_interaction', set }])).proposal.id
  }
  const stateOf = async (id: string) => {
    const [row] = await team.query<{ state: string; decided_by: string | null; decided_via: string | null }>(
      sql`select state, decided_by, decided_via from workflow.proposals where id = ${id}`,
    )
    return row!
  }

  it('is off until an owner grants one', async () => {
    const id = await log('a')
    expect(await pass()).toEqual([])
    expect((await stateOf(id)).state).toBe('pending')
  })

  it('lets its kind pass on own deals, up to its number a day, with every use recorded', async () => {
    const standing = await grant()
    const [one, two, three] = [await log('one'), await log('two'), await log('three')]
    const elsewhere = await log('elsewhere', 'other')
    const edit = (
      await team.propose([
        { op: 'update', entity: 'deals', record: `deals:${team.ids.deal}`, set: { notes: 'x' } },
      ])
    ).proposal.id
    expect((await pass()).map(({ state }) => state)).toEqual(['executed', 'executed'])
    for (const id of [one, two])
      expect(await stateOf(id)).toEqual({
        state: 'executed',
        decided_by: team.owner.memberId,
        decided_via: 'system',
      })
    for (const id of [three, elsewhere, edit]) expect((await stateOf(id)).state).toBe('pending')
    const [listed] = await asTenant(team.database, team.owner, (tx) => listStanding(tx, team.owner))
    expect(listed).toMatchObject({ id: standing, uses: 2, usesThatDay: 2, lastDay: '2026-11-21' })
    const uses = await asTenant(team.database, team.owner, (tx) => standingUses(tx, inDays(-1)))
    expect(new Set(uses.map(({ proposalId }) => proposalId))).toEqual(new Set([one, two]))
    expect(await pass()).toEqual([])
    expect((await pass(inDays(1))).map(({ proposalId }) => proposalId)).toEqual([three])
    await undo(team.database, { proposalId: one, decider: team.owner, now: team.now })
    expect((await stateOf(one)).state).toBe('undone')
  })

  it('ends with its date, with a revocation, and with the owner who granted it', async () => {
    const standing = await grant({ until: inDays(1) })
    await log('late')
    expect(await pass(inDays(1))).toEqual([])
    await revokeStanding(team.database, team.tenant.actor('admin'), standing)
    expect(await failed(revokeStanding(team.database, team.owner, standing))).toBe('standing_not_found')
    expect(await pass()).toEqual([])
    await grant()
    await team.query(sql`update core.members set role = 'owner' where role = 'admin'`)
    await team.query(sql`update core.members set disabled_at = now() where id = ${team.owner.memberId}`)
    expect(await pass()).toEqual([])
  })

  it('covers nothing that was taken from outside, and nothing that needs two people', async () => {
    await grant({ kind: 'task', scope: 'all', perDay: 200 })
    const tasks = Array.from({ length: 11 }, (_, place) => ({ op: 'task', set: { title: `Task ${place}` } }))
    await team.propose(tasks)
    const { proposal } = await team.propose([{ op: 'task', set: { title: 'Pay to drop@evil.example' } }], {
      actor: { ...team.owner, via: 'mcp' },
    })
    expect(proposal.origin.toType).toEqual(['drop@evil.example'])
    expect(await pass()).toEqual([])
  })

  it('is granted by an owner in person alone, for kinds that take nothing away', async () => {
    for (const role of ['admin', 'editor', 'viewer'] as const)
      expect(['may_not_grant', 'viewer']).toContain(await failed(grant({}, team.tenant.actor(role))))
    for (const via of CHANNELS.filter((one) => !['cli', 'inbox', 'slack'].includes(one)))
      expect(await failed(grant({}, { ...team.owner, via }))).toBe('wrong_channel')
    for (const wrong of [
      { kind: 'merge' },
      { kind: 'archive' },
      { perDay: 0 },
      { perDay: 1e9 },
      { until: team.now },
      { until: inDays(400) },
    ])
      expect(await failed(grant(wrong))).toBe('bad_grant')
  })

  it('is held by the database, whatever code forgets to ask', async () => {
    const write = (actor: Actor, statement: ReturnType<typeof sql>) =>
      asTenant(team.database, actor, (tx) => rows(tx, statement))
    const insert = (kind: string, by: string | null) =>
      sql`insert into workflow.standing_approvals (id, tenant_id, granted_by, granted_via, kind, per_day, until)
        values (gen_random_uuid(), core.current_tenant(), ${by}, 'cli', ${kind}, 5, now() + interval '1 day')`
    expect(await refused(write(team.owner, insert('merge', team.owner.memberId)))).toMatch(REFUSED)
    expect(await refused(write({ ...team.owner, via: 'mcp' }, insert('task', team.owner.memberId)))).toMatch(
      REFUSED,
    )
    expect(await refused(write(system, insert('task', team.owner.memberId)))).toMatch(REFUSED)
    const admin = team.tenant.actor('admin')
    expect(await refused(write(admin, insert('task', admin.memberId)))).toMatch(REFUSED)
    const standing = await grant()
    expect(
      await refused(write(team.owner, sql`update workflow.standing_approvals set per_day = 200`)),
    ).toMatch(REFUSED)
    const id = await log('by hand')
    const use = sql`insert into workflow.standing_uses (id, tenant_id, standing_id, proposal_id, day)
      values (gen_random_uuid(), core.current_tenant(), ${standing}, ${id}, '2026-11-21')`
    expect(await refused(write(team.owner, use))).toMatch(REFUSED)
    const move = sql`update workflow.proposals set state = 'approved', standing_id = ${standing}, decided_by = ${team.owner.memberId},
      decided_via = 'system', decided_at = ${team.now.toISOString()} where id = ${id}`
    expect(await refused(write(system, move))).toMatch(REFUSED)
    expect(await refused(write({ ...team.owner, via: 'mcp' }, move))).toMatch(REFUSED)
    await revokeStanding(team.database, team.owner, standing)
    await write(system, use)
    expect(await refused(write(system, move))).toMatch(REFUSED)
  })
})

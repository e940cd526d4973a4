import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sqlStateOf } from '../db/errors.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase } from '../db/testing.ts'
import type { Actor, Role } from '../domain/actor.ts'
import { kindOf } from '../domain/change-kinds.ts'
import type { TactError } from '../domain/errors.ts'
import { amend } from './amend.ts'
import { approvalOf } from './approval.ts'
import { approve } from './approve.ts'
import { approveAndExecute } from './execute.ts'
import type { StoredProposal } from './store.ts'
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

describe.each(testEngines)('who has to say yes on %s', (engine) => {
  let test: TestDatabase
  let team: Team
  beforeAll(async () => {
    test = await openTestDatabase(engine)
  })
  beforeEach(async () => {
    team = await makeTeam(test)
  })
  afterAll(() => test.close())

  const as = (role: Role): Actor => team.tenant.actor(role)
  const yes = ({ id, diffHash }: StoredProposal, decider: Actor) =>
    approveAndExecute(team.database, { proposalId: id, hash: diffHash, decider, now: team.now })
  const state = (id: string) => asTenant(team.database, team.owner, (tx) => approvalOf(tx, id))
  const uri = (name: keyof Team['ids'], entity: string): string => `${entity}:${team.ids[name]}`
  const proposed = async (...changes: readonly object[]): Promise<StoredProposal> =>
    (await team.propose(changes)).proposal

  const needing: Readonly<Record<string, () => readonly object[]>> = {
    merge: () => [
      { op: 'merge', entity: 'people', record: uri('dana', 'people'), from: uri('erik', 'people') },
    ],
    archive_company: () => [{ op: 'archive', entity: 'companies', record: uri('birch', 'companies') }],
    owner: () => [
      { op: 'update', entity: 'companies', record: uri('acme', 'companies'), set: { owner: null } },
    ],
    bulk: () =>
      Array.from({ length: 11 }, (_, place) => ({
        op: 'create',
        entity: 'tasks',
        set: { title: `Task ${place}` },
      })),
  }

  it.each(Object.keys(needing))('takes two people for: %s', async (reason) => {
    const proposal = await proposed(...needing[reason]!())
    expect(await state(proposal.id)).toMatchObject({ reasons: [reason], needed: 2, given: [] })
    const before = await team.snapshot()
    expect(await yes(proposal, as('owner'))).toMatchObject({
      state: 'pending',
      awaiting: { given: 1, needed: 2 },
    })
    expect(await yes(proposal, as('owner'))).toMatchObject({ state: 'pending', awaiting: { given: 1 } })
    expect(await team.snapshot()).toBe(before)
    expect(await yes(proposal, as('admin'))).toMatchObject({ state: 'executed' })
    const found = await team.query(
      sql`select member_id, via, revision, diff_hash from workflow.approvals order by created_at`,
    )
    expect(found).toEqual(
      [as('owner'), as('admin')].map(({ memberId }) => ({
        member_id: memberId,
        via: 'cli',
        revision: 1,
        diff_hash: proposal.diffHash,
      })),
    )
  })

  it('takes one for ten records, for a first owner’s task, for an ordinary edit', async () => {
    const ten = await proposed(
      ...Array.from({ length: 10 }, (_, place) => ({
        op: 'create',
        entity: 'tasks',
        set: { title: `${place}` },
      })),
    )
    expect(await yes(ten, as('owner'))).toMatchObject({ state: 'executed' })
    const edit = await proposed({
      op: 'update',
      entity: 'deals',
      record: uri('deal', 'deals'),
      set: { notes: 'x' },
    })
    expect(await yes(edit, as('editor'))).toMatchObject({ state: 'executed' })
  })

  it('counts no yes for what an edit made of it since', async () => {
    const proposal = await proposed(...needing['bulk']!())
    await yes(proposal, as('owner'))
    const next = await amend(team.database, {
      proposalId: proposal.id,
      hash: proposal.diffHash,
      decider: as('admin'),
      now: team.now,
      workspace: team.tenant.workspace,
      amendments: [{ place: 0, field: 'title', value: 'Another' }],
    })
    expect(await state(proposal.id)).toMatchObject({ needed: 2, given: [] })
    expect(await failed(yes(proposal, as('admin')))).toBe('wrong_hash')
    expect(await yes(next, as('admin'))).toMatchObject({ state: 'pending' })
    expect(await yes(next, as('owner'))).toMatchObject({ state: 'executed' })
  })

  it('asks one person where nobody else could', async () => {
    await team.query(sql`update core.members set disabled_at = now() where role <> 'owner'`)
    const proposal = await proposed(...needing['merge']!())
    expect(await state(proposal.id)).toMatchObject({ reasons: ['merge'], needed: 1 })
    expect(await yes(proposal, as('owner'))).toMatchObject({ state: 'executed' })
  })

  it('no longer counts the yes of a member who was shut out since', async () => {
    const proposal = await proposed(...needing['merge']!())
    await yes(proposal, as('admin'))
    await team.query(sql`update core.members set disabled_at = now() where role = 'admin'`)
    expect(await yes(proposal, as('owner'))).toMatchObject({ state: 'pending', awaiting: { given: 1 } })
    expect(await yes(proposal, as('editor'))).toMatchObject({ state: 'executed' })
  })

  it('lets editors decide about records of their own and of nobody', async () => {
    const change = {
      op: 'update',
      entity: 'companies',
      record: uri('acme', 'companies'),
      set: { city: 'Ulm' },
    }
    const theirs = await proposed(change)
    expect(await failed(yes(theirs, as('editor')))).toBe('not_your_record')
    await team.query(
      sql`update crm.companies set owner_id = ${as('editor').memberId} where id = ${team.ids.acme}`,
    )
    expect(await yes(theirs, as('editor'))).toMatchObject({ state: 'executed' })
  })

  it('is told as a refusal by approve, which keeps the yes', async () => {
    const { id, diffHash } = await proposed(...needing['merge']!())
    const decision = { proposalId: id, hash: diffHash, now: team.now }
    expect(await failed(approve(team.database, { ...decision, decider: as('owner') }))).toBe('needs_another')
    expect((await state(id)).given).toEqual([as('owner').memberId])
    await approve(team.database, { ...decision, decider: as('admin') })
  })

  it('is held by the database, whatever code forgets to ask', async () => {
    const { id, diffHash } = await proposed(...needing['merge']!())
    const { memberId } = as('owner')
    const write = (actor: Actor, statement: ReturnType<typeof sql>) =>
      asTenant(team.database, actor, (tx) => rows(tx, statement))
    const approval = (who: string | null, hash: string, revision = 1) =>
      sql`insert into workflow.approvals (id, tenant_id, proposal_id, member_id, via, revision, diff_hash, typed)
        values (gen_random_uuid(), core.current_tenant(), ${id}, ${who}, 'cli', ${revision}, ${hash}, '[]')`
    const move = sql`update workflow.proposals set state = 'approved', decided_by = ${memberId}, decided_via = 'cli', decided_at = now() where id = ${id}`
    expect(await refused(write(as('owner'), move))).toMatch(REFUSED)
    expect(await refused(write(as('owner'), approval(as('admin').memberId, diffHash)))).toMatch(REFUSED)
    expect(await refused(write(as('owner'), approval(memberId, 'f'.repeat(64))))).toMatch(REFUSED)
    expect(await refused(write(as('owner'), approval(memberId, diffHash, 2)))).toMatch(REFUSED)
    for (const via of ['chat', 'mcp', 'system', 'eval'] as const)
      expect(await refused(write({ ...as('owner'), via }, approval(memberId, diffHash)))).toMatch(REFUSED)
    expect(await refused(write(as('viewer'), approval(as('viewer').memberId, diffHash)))).toMatch(REFUSED)
    await write(as('owner'), approval(memberId, diffHash))
    expect(await refused(write(as('owner'), move))).toMatch(REFUSED)
    expect(
      await refused(
        write(as('owner'), sql`update workflow.approvals set member_id = ${as('admin').memberId}`),
      ),
    ).toMatch(REFUSED)
    expect(await refused(write(as('owner'), sql`delete from workflow.approvals`))).toMatch(REFUSED)
    await write(as('admin'), approval(as('admin').memberId, diffHash))
    await write(as('owner'), move)
  })

  it('is asked by the same names of changes in code and in the database', async () => {
    const fields = [
      [],
      [{ column: 'stage_id' }],
      [{ column: 'notes' }],
      [{ column: 'stage_id' }, { column: 'notes' }],
    ]
    const links = [
      [],
      [{ relation: 'tags', action: 'add' }],
      [{ relation: 'tags', action: 'remove' }],
      [{ relation: 'people', action: 'add' }],
    ]
    for (const op of ['create', 'update', 'archive', 'restore', 'merge'])
      for (const entity of ['interactions', 'tasks', 'email_drafts', 'deals', 'people'])
        for (const field of fields)
          for (const link of links) {
            const change = { op, entity, fields: field, links: link }
            const [found] = await team.query<{ kind: string }>(
              sql`select workflow.kind_of(${JSON.stringify(change)}::jsonb) as kind`,
            )
            expect([change, found?.kind]).toEqual([change, kindOf(change)])
          }
  })
})

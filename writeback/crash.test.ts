import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { connect } from '../db/connect.ts'
import type { Database } from '../db/connect.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { openTestDatabase } from '../db/testing.ts'
import type { TestDatabase } from '../db/testing.ts'
import { approve } from './approve.ts'
import { approveAndExecute, execute, resumeInterrupted } from './execute.ts'
import type { StoredProposal } from './store.ts'
import { makeTeam } from './testing.ts'
import type { Team } from './testing.ts'

const CHILD = fileURLToPath(new URL('testing-crash.ts', import.meta.url))

/** Runs the child; answers how many statements it ran, or null when it was killed. */
const runChild = async (orders: object): Promise<number | null> => {
  try {
    const { stderr } = await promisify(execFile)(process.execPath, [CHILD, JSON.stringify(orders)])
    return Number(stderr.trim().split('\n').at(-1))
  } catch (error) {
    if ((error as { signal?: string }).signal === 'SIGKILL') return null
    throw error
  }
}

const proposeStage = async (team: Team): Promise<StoredProposal> =>
  (
    await team.propose([
      { op: 'update', entity: 'deals', record: `deals:${team.ids.deal}`, set: { stage: 'Offer out' } },
      { op: 'create', entity: 'tasks', set: { title: 'Only once', people: [`people:${team.ids.dana}`] } },
    ])
  ).proposal

/** Lets leases run out, finishes what was left, and approves by hand where even the approval was lost. */
const finish = async (team: Team, database: Database, proposal: StoredProposal): Promise<void> => {
  const system = { ...team.owner, memberId: null, via: 'system' } as const
  await asTenant(database, system, (tx) =>
    rows(
      tx,
      sql`update workflow.proposals set leased_until = now() - interval '1 second' where state = 'executing'`,
    ),
  )
  await resumeInterrupted(database, { actor: system, now: team.now, strandedMs: 0 })
  const [found] = await asTenant(database, system, (tx) =>
    rows<{ state: string }>(tx, sql`select state from workflow.proposals where id = ${proposal.id}`),
  )
  if (found!.state === 'pending') {
    await approveAndExecute(database, {
      proposalId: proposal.id,
      hash: proposal.diffHash,
      decider: team.owner,
      now: team.now,
    })
  }
}

const expectOnce = async (team: Team, database: Database, proposal: StoredProposal): Promise<void> => {
  const found = await asTenant(database, team.owner, (tx) =>
    rows(
      tx,
      sql`select p.state, d.version, d.updated_by,
        (select count(*)::int from crm.tasks where title = 'Only once' and deleted_at is null) as tasks,
        (select count(*)::int from crm.deal_stage_events e where e.deal_id = d.id and e.from_stage_id is not null) as moves,
        (select count(*)::int from core.audit_events a where a.record_id = p.id and a.kind = 'proposal.executed') as executions
      from workflow.proposals p, crm.deals d where p.id = ${proposal.id} and d.id = ${team.ids.deal}`,
    ),
  )
  expect(found).toEqual([
    { state: 'executed', version: 2, updated_by: team.owner.memberId, tasks: 1, moves: 1, executions: 1 },
  ])
}

const ordersFor = (team: Team, { id, diffHash }: StoredProposal, killBefore: number) => ({
  decision: { proposalId: id, hash: diffHash, decider: team.owner, now: team.now.toISOString() },
  killBefore,
})

describe.runIf(inject('postgresUrl') !== '')('kill -9 on postgres', () => {
  let test: TestDatabase
  beforeAll(async () => {
    test = await openTestDatabase('postgres')
  })
  afterAll(() => test.close())

  it('executes once, whichever statement it died before', async () => {
    const url = (test.database.pool.options as { connectionString?: string }).connectionString!
    const whole = await makeTeam(test)
    const first = await proposeStage(whole)
    const statements = (await runChild({ url, ...ordersFor(whole, first, 0) }))!
    expect(statements).toBeGreaterThan(30)
    await expectOnce(whole, test.database, first)
    const states = new Set<string>()
    for (let killBefore = 2; killBefore <= statements; killBefore += 4) {
      const team = await makeTeam(test)
      const proposal = await proposeStage(team)
      expect(await runChild({ url, ...ordersFor(team, proposal, killBefore) })).toBeNull()
      const [left] = await team.query<{ state: string }>(
        sql`select state from workflow.proposals where id = ${proposal.id}`,
      )
      states.add(left!.state)
      await finish(team, test.database, proposal)
      await expectOnce(team, test.database, proposal)
    }
    expect([...states]).toEqual(expect.arrayContaining(['approved', 'executing', 'pending']))
  }, 240_000)
})

describe('kill -9 of the owner of an embedded directory', () => {
  it('executes once after the next start', async () => {
    const home = await mkdtemp(join(tmpdir(), 'tact-crash-'))
    const test = await openTestDatabase('embedded')
    const cases: { readonly team: Team; readonly proposal: StoredProposal }[] = []
    for (let place = 0; place < 2; place += 1) {
      const team = await makeTeam(test)
      cases.push({ team, proposal: await proposeStage(team) })
    }
    const seed = join(home, 'seed.tar')
    await writeFile(seed, await test.database.embedded!.dump('none'))
    await test.close()
    const open = (loadFrom?: string): Promise<Database> =>
      connect(
        { TACT_HOME: home, DATABASE_URL: undefined, TACT_QUERY_TIMEOUT_MS: 20_000 },
        loadFrom === undefined ? {} : { loadFrom },
      )
    try {
      let database = await open(seed)
      for (const [place, { team, proposal }] of cases.entries()) {
        await database.close()
        expect(await runChild({ home, ...ordersFor(team, proposal, [22, 34][place]!) })).toBeNull()
        database = await open()
        await finish(team, database, proposal)
        await expectOnce(team, database, proposal)
      }
      await database.close()
    } finally {
      await rm(home, { recursive: true, force: true })
    }
  }, 180_000)
})

describe('an expired lease on the embedded engine', () => {
  it('lets one other process finish, while the first one that comes back late changes nothing', async () => {
    const test = await openTestDatabase('embedded')
    const team = await makeTeam(test)
    const proposal = await proposeStage(team)
    const approval = await approve(test.database, {
      proposalId: proposal.id,
      hash: proposal.diffHash,
      decider: team.owner,
      now: team.now,
    })
    await team.query(
      sql`update workflow.proposals set state = 'executing', attempts = attempts + 1, leased_until = clock_timestamp() + interval '1 minute' where id = ${proposal.id}`,
    )
    const system = { ...team.owner, memberId: null, via: 'system' } as const
    expect(await resumeInterrupted(test.database, { actor: system, now: team.now, strandedMs: 0 })).toEqual(
      [],
    )
    expect(await execute(test.database, approval, { actor: team.owner, now: team.now })).toMatchObject({
      state: 'executing',
    })
    await finish(team, test.database, proposal)
    await expectOnce(team, test.database, proposal)
    expect(await execute(test.database, approval, { actor: team.owner, now: team.now })).toMatchObject({
      state: 'executed',
    })
    await expectOnce(team, test.database, proposal)
    await test.close()
  })
})

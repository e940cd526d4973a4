import { fork } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { connect } from '../../db/connect.ts'
import type { Database } from '../../db/connect.ts'
import { createMember } from '../../db/members.ts'
import { asTenant } from '../../db/tenant.ts'
import { openTestDatabase, seedHome, testEngines } from '../../db/testing.ts'
import { createWorkspace } from '../../db/workspace.ts'
import type { Workspace } from '../../db/workspace.ts'
import type { Actor } from '../../domain/actor.ts'
import { commitImport } from './commit.ts'
import { stageImport } from './run.ts'
import { makeDirtyFile } from './testing/dirty-file.ts'
import type { KillChildTask } from './testing/kill-child.ts'
import { addStages, recordCounts } from './testing/workspace.ts'

const CHILD = fileURLToPath(new URL('./testing/kill-child.ts', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'tact-kill-import-'))
const path = join(directory, 'deals.csv')
const bytes = makeDirtyFile({ rows: 900 }).bytes('utf-8')
writeFileSync(path, bytes)
const now = new Date('2026-11-21T09:00:00Z')
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** Kills the import with SIGKILL once it has told of `times` chunks. */
const killedAfter = (task: KillChildTask, times: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = fork(CHILD, [JSON.stringify(task)], { execArgv: [] })
    let told = 0
    child.on('message', () => {
      told += 1
      if (told === times) child.kill('SIGKILL')
    })
    child.on('error', reject)
    child.on('exit', (_code, signal) => {
      if (signal === 'SIGKILL') resolve()
      else reject(new Error('The import ended before it was killed.'))
    })
  })

const settle = async (database: Database, slug: string): Promise<{ workspace: Workspace; actor: Actor }> => {
  const workspace = await createWorkspace(database, { name: slug, slug })
  const system = { tenantId: workspace.id, memberId: null, via: 'system' } as const
  const member = await asTenant(database, system, async (tx) => {
    await addStages(tx)
    return createMember(tx, { email: 'owner@team.example', givenName: 'O', familyName: 'W', role: 'owner' })
  })
  return { workspace, actor: { tenantId: workspace.id, memberId: member.id, role: 'owner', via: 'cli' } }
}

const stage = (database: Database, { workspace, actor }: { workspace: Workspace; actor: Actor }) =>
  stageImport(database, { actor, workspace, now, file: { kind: 'csv', bytes, fileName: 'deals.csv' } })

/** Goes on with the killed import, and brings the same file into another workspace in one go: what each holds. */
const goOn = async (database: Database, killed: { workspace: Workspace; actor: Actor }) => {
  const half = await recordCounts(database, killed.actor)
  const left = await stage(database, killed)
  if (left.status !== 'resumable') throw new Error('nothing to go on with')
  await commitImport(database, {
    importId: left.stored.id,
    decider: killed.actor,
    workspace: killed.workspace,
    now,
  })
  const whole = await recordCounts(database, killed.actor)
  const reference = await settle(database, 'in-one-go')
  const staged = await stage(database, reference)
  if (staged.status !== 'staged') throw new Error('not staged')
  await commitImport(database, {
    importId: staged.importId,
    decider: reference.actor,
    workspace: reference.workspace,
    now,
  })
  const again = (await stage(database, killed)).status
  return { half, whole, again, inOneGo: await recordCounts(database, reference.actor) }
}

const holds = ({ half, whole, again, inOneGo }: Awaited<ReturnType<typeof goOn>>): boolean =>
  again === 'done' &&
  half['deal_people']! < whole['deal_people']! &&
  JSON.stringify(whole) === JSON.stringify(inOneGo)

describe('an import that is killed twice on its way and run again brings every row once', () => {
  test('on the embedded engine', async () => {
    const config = {
      TACT_HOME: join(directory, 'home'),
      DATABASE_URL: undefined,
      TACT_QUERY_TIMEOUT_MS: 60_000,
    }
    await seedHome(config.TACT_HOME)
    const first = await connect(config)
    const killed = await settle(first, 'killed')
    await first.close()
    const task = { home: config.TACT_HOME, databaseUrl: null, actor: killed.actor, path }
    await killedAfter(task, 3)
    await killedAfter(task, 4)
    const database = await connect(config)
    expect(await goOn(database, killed)).toSatisfy(holds)
    await database.close()
  }, 180_000)

  test.skipIf(!testEngines.includes('postgres'))(
    'on Postgres',
    async () => {
      const harness = await openTestDatabase('postgres')
      const killed = await settle(harness.database, 'killed')
      const databaseUrl = harness.database.pool.options.connectionString ?? ''
      const task = { home: '', databaseUrl, actor: killed.actor, path }
      await killedAfter(task, 3)
      await killedAfter(task, 4)
      expect(await goOn(harness.database, killed)).toSatisfy(holds)
      await harness.close()
    },
    180_000,
  )
})

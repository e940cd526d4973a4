import { fork } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { connect } from '../db/connect.ts'
import type { Database } from '../db/connect.ts'
import { createMember } from '../db/members.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { openTestDatabase, seedHome, testEngines } from '../db/testing.ts'
import { createWorkspace } from '../db/workspace.ts'
import type { Actor } from '../domain/actor.ts'
import { importMail } from './import.ts'
import type { KillChildTask } from './testing/kill-child.ts'
import { corpusMbox, spamAssassinFiles } from './testing/corpus.ts'

const MESSAGES = 900
const CHILD = fileURLToPath(new URL('./testing/kill-child.ts', import.meta.url))

const directory = mkdtempSync(join(tmpdir(), 'tact-kill-'))
const path = join(directory, 'mail.mbox')
writeFileSync(path, corpusMbox(spamAssassinFiles(/easy-ham-1/).slice(0, MESSAGES)))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** Kills the import with SIGKILL as soon as it has told of `after` messages; answers how many it told of. */
const killedAfter = (task: KillChildTask, after: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = fork(CHILD, [JSON.stringify(task)], { execArgv: [] })
    let told = 0
    child.on('message', (seen) => {
      told = Number(seen)
      if (told >= after) child.kill('SIGKILL')
    })
    child.on('error', reject)
    child.on('exit', (_code, signal) => {
      if (signal === 'SIGKILL') resolve(told)
      else reject(new Error('The import ended before it was killed.'))
    })
  })

const addActor = async (database: Database): Promise<Actor> => {
  const workspace = await createWorkspace(database, { name: 'Killed', slug: 'killed' })
  const system = { tenantId: workspace.id, memberId: null, via: 'system' } as const
  const member = await asTenant(database, system, (tx) =>
    createMember(tx, { email: 'owner@team.example', givenName: 'O', familyName: 'W', role: 'owner' }),
  )
  return { tenantId: workspace.id, memberId: member.id, role: 'owner', via: 'cli' }
}

const expectAll = async (database: Database, actor: Actor): Promise<void> => {
  const resumed = await importMail({ database, actor, kind: 'mbox', path })
  expect(resumed.resumed).toBe(true)
  expect(resumed.counts).toMatchObject({ seen: MESSAGES, imported: MESSAGES, duplicates: 0 })
  const [stored] = await asTenant(database, actor, (tx) =>
    rows<{ messages: number; ids: number; counted: number }>(
      tx,
      sql`select count(*)::int as messages, count(distinct message_id)::int as ids,
          (select sum(message_count)::int from intel.mail_threads where deleted_at is null) as counted
        from intel.mail_messages where deleted_at is null`,
    ),
  )
  expect(stored).toEqual({ messages: MESSAGES, ids: MESSAGES, counted: MESSAGES })
  const again = await importMail({ database, actor, kind: 'mbox', path })
  expect(again).toMatchObject({
    resumed: false,
    counts: { seen: MESSAGES, imported: 0, duplicates: MESSAGES },
  })
}

describe('an import that is killed twice on its way and run again loses no message and brings none twice', () => {
  test('on the embedded engine', async () => {
    const config = {
      TACT_HOME: join(directory, 'home'),
      DATABASE_URL: undefined,
      TACT_QUERY_TIMEOUT_MS: 60_000,
    }
    await seedHome(config.TACT_HOME)
    const first = await connect(config)
    const actor = await addActor(first)
    await first.close()
    const task = { home: config.TACT_HOME, databaseUrl: null, actor, path }
    expect(await killedAfter(task, 1)).toBeLessThan(MESSAGES)
    expect(await killedAfter(task, 300)).toBeLessThan(MESSAGES)
    const database = await connect(config)
    await expectAll(database, actor)
    await database.close()
  }, 180_000)

  test.skipIf(!testEngines.includes('postgres'))(
    'on Postgres',
    async () => {
      const harness = await openTestDatabase('postgres')
      const { database } = harness
      const actor = await addActor(database)
      const databaseUrl = database.pool.options.connectionString ?? ''
      const task = { home: '', databaseUrl, actor, path }
      expect(await killedAfter(task, 1)).toBeLessThan(MESSAGES)
      expect(await killedAfter(task, 300)).toBeLessThan(MESSAGES)
      await expectAll(database, actor)
      await harness.close()
    },
    180_000,
  )
})

import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { connect } from '../connect.ts'

const WRITER = fileURLToPath(new URL('fixtures/writer.fixture.ts', import.meta.url))
const ROUNDS = 3
const COMMITS = 30
const TIMEOUT_MS = 180_000
let home: string

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'tact-crash-'))
})
afterAll(() => rm(home, { recursive: true, force: true }))

/** Lets a writer commit for a while, ends it by kill -9 in the middle of its work, and answers its last commit. */
const writeAndKill = (template: readonly string[]): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = fork(WRITER, [home, ...template], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    let last = 0
    let seen = 0
    child.on('message', (message: { committed: number }) => {
      last = message.committed
      seen += 1
      if (seen === COMMITS) child.kill('SIGKILL')
    })
    child.once('error', reject)
    child.once('exit', (_code, signal) =>
      signal === 'SIGKILL' ? resolve(last) : reject(new Error('the writer ended by itself')),
    )
  })

test(
  'kill -9 in the middle of writing loses no committed row, tears no transaction, and indexes agree',
  async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const acknowledged = await writeAndKill(round === 0 ? [inject('embeddedTemplate')] : [])
      expect(acknowledged).toBeGreaterThanOrEqual(COMMITS)
      const database = await connect({
        TACT_HOME: home,
        DATABASE_URL: undefined,
        TACT_QUERY_TIMEOUT_MS: 60_000,
      })
      const one = async (text: string): Promise<number> =>
        Number((await database.pool.query<{ n: string }>(text)).rows[0]!.n)
      await database.pool.query(
        'set enable_indexscan = off; set enable_bitmapscan = off; set enable_indexonlyscan = off',
      )
      const written = await one('select count(distinct notes) as n from crm.companies')
      const inHeap = await one('select count(*) as n from crm.companies')
      expect(written).toBeGreaterThanOrEqual(acknowledged)
      expect(inHeap).toBe(2 * written)
      await database.pool.query('reset all; set enable_seqscan = off')
      expect(
        await one(
          `select count(*) as n from crm.companies where id >= '${'0'.repeat(8)}-0000-0000-0000-000000000000'`,
        ),
      ).toBe(inHeap)
      await database.pool.query('reindex table crm.companies')
      await database.close()
    }
  },
  TIMEOUT_MS,
)

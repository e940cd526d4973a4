import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { connect } from '../db/connect.ts'
import type { Database } from '../db/connect.ts'
import { createMember } from '../db/members.ts'
import { migrate } from '../db/migrate.ts'
import { asTenant } from '../db/tenant.ts'
import { createWorkspace } from '../db/workspace.ts'
import type { Actor } from '../domain/actor.ts'
import { startPostgres } from '../scripts/test-postgres.ts'
import { findDuplicates } from '../writeback/merge-duplicates.ts'
import { judgeDuplicates, plantDuplicates } from '../writeback/testing-duplicates.ts'

/**
 * `npm run bench -- duplicates [--people 100000] [--planted 2000] [--engine embedded|postgres] [--json]`: people and
 * companies of whom some were planted twice; seconds to find them, memory of the finding process, recall by kind of
 * difference, and how many pairs were named that nobody planted.
 */
const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '100000' },
    planted: { type: 'string', default: '2000' },
    engine: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const people = Number(values.people)
const planted = Number(values.planted)
const TIMEOUT_MS = 600_000
const SAMPLE_MS = 50

interface Result {
  readonly engine: string
  readonly entity: string
  readonly fillSeconds: number
  readonly seconds: number
  readonly heapMegabytes: number
  readonly pairs: number
  readonly recall: number
  readonly precision: number
  readonly others: number
  readonly kinds: Readonly<Record<string, string>>
}

const results: Result[] = []
const seconds = (fromMs: number): number => Math.round(performance.now() - fromMs) / 1000
const share = (value: number): number => Math.round(value * 10_000) / 10_000

/** Most of the heap that was in use above what was before, sampled while `work` runs. */
const withHeap = async <T>(work: () => Promise<T>): Promise<readonly [T, number]> => {
  const before = process.memoryUsage().heapUsed
  let most = before
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().heapUsed)), SAMPLE_MS)
  try {
    return [await work(), Math.round((most - before) / 1e6)]
  } finally {
    clearInterval(timer)
  }
}

const measure = async (engine: string, database: Database): Promise<void> => {
  await migrate(database)
  const workspace = await createWorkspace(database, { name: 'Twins', slug: 'twins' })
  const system = { tenantId: workspace.id, memberId: null, via: 'system' } as const
  const member = await asTenant(database, system, (tx) =>
    createMember(tx, { email: 'owner@team.example', givenName: 'O', familyName: 'W', role: 'owner' }),
  )
  const actor: Actor = { tenantId: workspace.id, memberId: member.id, role: 'owner', via: 'cli' }
  const fillMs = performance.now()
  const truth = await plantDuplicates(database, actor, { people, planted })
  const fillSeconds = seconds(fillMs)
  for (const entity of ['people', 'companies'] as const) {
    const limit = truth[entity].length * 2
    const fromMs = performance.now()
    const [pairs, heapMegabytes] = await withHeap(() =>
      asTenant(database, actor, (tx) => findDuplicates(tx, { entity, limit }), { timeoutMs: TIMEOUT_MS }),
    )
    const took = seconds(fromMs)
    const { recall, precision, others, kinds } = judgeDuplicates(truth[entity], pairs)
    results.push({
      engine,
      entity,
      fillSeconds,
      seconds: took,
      heapMegabytes,
      pairs: pairs.length,
      recall: share(recall),
      precision: share(precision),
      others,
      kinds: Object.fromEntries([...kinds].map(([kind, { found, of }]) => [kind, `${found}/${of}`])),
    })
  }
  await database.close()
}

const home = mkdtempSync(join(tmpdir(), 'tact-bench-duplicates-'))
try {
  if (values.engine !== 'postgres') {
    await measure(
      'embedded',
      await connect({
        TACT_HOME: join(home, 'embedded'),
        DATABASE_URL: undefined,
        TACT_QUERY_TIMEOUT_MS: TIMEOUT_MS,
      }),
    )
  }
  const server = values.engine === 'embedded' ? { reason: 'not asked for' } : await startPostgres()
  if ('reason' in server) process.stderr.write(`Postgres left out: ${server.reason}\n`)
  else {
    try {
      const owner = await connect({
        TACT_HOME: '',
        DATABASE_URL: server.ownerUrl,
        TACT_QUERY_TIMEOUT_MS: 60_000,
      })
      await owner.pool.query('create database duplicates_bench')
      await owner.close()
      const url = new URL(server.ownerUrl)
      url.pathname = '/duplicates_bench'
      await measure(
        'Postgres',
        await connect({ TACT_HOME: '', DATABASE_URL: url.href, TACT_QUERY_TIMEOUT_MS: TIMEOUT_MS }),
      )
    } finally {
      await server.stop()
    }
  }
} finally {
  rmSync(home, { recursive: true, force: true })
}
const table = [
  '| engine | of | records | found in | heap above before | pairs named | recall of planted | precision | nobody planted |',
  '|---|---|---|---|---|---|---|---|---|',
  ...results.map(
    (row) =>
      `| ${row.engine} | ${row.entity} | ${row.entity === 'people' ? people + planted : Math.ceil(people / 20) + Math.ceil(planted / 10)} | ${row.seconds} s | ${row.heapMegabytes} MB | ${row.pairs} | ${row.recall} | ${row.precision} | ${row.others} |`,
  ),
  '',
  ...results.map(
    (row) =>
      `${row.engine}, ${row.entity}: ${Object.entries(row.kinds)
        .map(([kind, found]) => `${kind} ${found}`)
        .join('; ')}`,
  ),
].join('\n')
process.stdout.write(`${values.json ? JSON.stringify(results) : table}\n`)

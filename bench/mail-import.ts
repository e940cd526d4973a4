import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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
import { importMail } from '../mail/import.ts'
import { countMbox } from '../mail/read/mbox.ts'
import { corpusMbox, spamAssassinFiles } from '../mail/testing/corpus.ts'
import { indexMail } from '../search/index-write.ts'
import { searchMail } from '../search/lexical.ts'
import { startPostgres } from '../scripts/test-postgres.ts'

/**
 * Mail from an mbox into both engines: the SpamAssassin corpus, or the file of `--file`. Messages a second by the clock
 * and by processor time of this process (on Postgres the server's own is not in it), without and with the index, the second run, and a search.
 * Prints a Markdown table, or one JSON document with `--json`.
 */
const { values } = parseArgs({
  options: { file: { type: 'string' }, json: { type: 'boolean', default: false } },
})
const SEARCHES = ['price', 'linux kernel', '"mailing list"', 'free money offer', 'meeting next week']
const ROUNDS = 5

interface Row {
  readonly engine: string
  readonly messages: number
  readonly perSecond: number
  readonly perProcessorSecond: number
  /** From file to the index that search reads. */
  readonly indexedPerProcessorSecond: number
  readonly secondRunSeconds: number
  readonly added: number
  readonly searchMs: number
}

const addActor = async (database: Database): Promise<Actor> => {
  const workspace = await createWorkspace(database, { name: 'Bench', slug: 'bench' })
  const system = { tenantId: workspace.id, memberId: null, via: 'system' } as const
  const member = await asTenant(database, system, (tx) =>
    createMember(tx, { email: 'owner@team.example', givenName: 'Owner', familyName: 'Bench', role: 'owner' }),
  )
  return { tenantId: workspace.id, memberId: member.id, role: 'owner', via: 'cli' }
}

const processorSeconds = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

const searchMs = async (database: Database, actor: Actor): Promise<number> => {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const query of SEARCHES) {
      const startedMs = performance.now()
      await asTenant(database, actor, (tx) => searchMail(tx, { query, limit: 10 }), { readOnly: true })
      times.push(performance.now() - startedMs)
    }
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!
}

const measure = async (engine: string, database: Database, path: string): Promise<Row> => {
  await migrate(database)
  const actor = await addActor(database)
  const startedMs = performance.now()
  const startedCpu = processorSeconds()
  const { counts } = await importMail({ database, actor, kind: 'mbox', path })
  const tookSeconds = (performance.now() - startedMs) / 1000
  const tookCpu = processorSeconds() - startedCpu
  await indexMail({ database, actor: { ...actor, via: 'system' } })
  const indexedCpu = processorSeconds() - startedCpu
  const againMs = performance.now()
  const again = await importMail({ database, actor, kind: 'mbox', path })
  return {
    engine,
    messages: counts.imported,
    perSecond: Math.round(counts.seen / tookSeconds),
    perProcessorSecond: Math.round(counts.seen / tookCpu),
    indexedPerProcessorSecond: Math.round(counts.seen / indexedCpu),
    secondRunSeconds: Number(((performance.now() - againMs) / 1000).toFixed(1)),
    added: again.counts.imported,
    searchMs: Number((await searchMs(database, actor)).toFixed(1)),
  }
}

const home = mkdtempSync(join(tmpdir(), 'tact-bench-'))
const results: Row[] = []
try {
  const path = values.file ?? join(home, 'corpus.mbox')
  if (values.file === undefined) writeFileSync(path, corpusMbox(spamAssassinFiles()))
  process.stderr.write(`${await countMbox(path)} messages\n`)
  const settings = { TACT_HOME: join(home, 'embedded'), TACT_QUERY_TIMEOUT_MS: 60_000 }
  const embedded = await connect({ ...settings, DATABASE_URL: undefined })
  results.push(await measure('embedded', embedded, path))
  await embedded.close()
  const server = await startPostgres()
  if ('reason' in server) process.stderr.write(`Postgres left out: ${server.reason}\n`)
  else {
    try {
      const owner = await connect({ ...settings, DATABASE_URL: server.ownerUrl })
      await owner.pool.query('create database mail_bench')
      await owner.close()
      const url = new URL(server.ownerUrl)
      url.pathname = '/mail_bench'
      const postgres = await connect({ ...settings, DATABASE_URL: url.href })
      results.push(await measure('Postgres', postgres, path))
      await postgres.close()
    } finally {
      await server.stop()
    }
  }
} finally {
  rmSync(home, { recursive: true, force: true })
}

const table = [
  '| engine | messages | messages/s | messages/s of processor | with the index | second run | added by it | search p50 |',
  '|---|---|---|---|---|---|---|---|',
  ...results.map(
    (row) =>
      `| ${row.engine} | ${row.messages} | ${row.perSecond} | ${row.perProcessorSecond} | ${row.indexedPerProcessorSecond} | ${row.secondRunSeconds} s | ${row.added} | ${row.searchMs} ms |`,
  ),
].join('\n')
process.stdout.write(`${values.json ? JSON.stringify(results) : table}\n`)

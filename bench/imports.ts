import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { connect } from '../db/connect.ts'
import type { Database } from '../db/connect.ts'
import { createMember } from '../db/members.ts'
import { migrate } from '../db/migrate.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { createWorkspace } from '../db/workspace.ts'
import type { Workspace } from '../db/workspace.ts'
import type { Actor } from '../domain/actor.ts'
import { startPostgres } from '../scripts/test-postgres.ts'
import { commitImport } from '../writeback/imports/commit.ts'
import { stageImport } from '../writeback/imports/run.ts'
import type { TrueRow } from '../writeback/imports/testing/dirty-file.ts'
import { makeDirtyFile } from '../writeback/imports/testing/dirty-file.ts'
import { makeHeldOutFile } from '../writeback/imports/testing/held-out-file.ts'
import { makeMessyFile } from '../writeback/imports/testing/messy-file.ts'
import type { ReadLinks } from '../writeback/imports/testing/judge-links.ts'
import { judgeLinks } from '../writeback/imports/testing/judge-links.ts'
import { addStages, storedLinks } from '../writeback/imports/testing/workspace.ts'

/**
 * `npm run bench -- imports [--rows 2000] [--seeds 5] [--held-out | --messy] [--engine embedded|postgres] [--json]`: dirty
 * files of made-up deals with known truth; precision and recall of links, amounts and dates read right, seconds, and what a
 * second import of the same rows would write, for each engine. --held-out: files of another make, whose first figures
 * (.863 and .935) led to the matcher as it is; --messy: of a third make, written before that and read first after it.
 */
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '2000' },
    seeds: { type: 'string', default: '5' },
    'held-out': { type: 'boolean', default: false },
    messy: { type: 'boolean', default: false },
    engine: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const rowCount = Number(values.rows)
const now = new Date('2026-11-21T09:00:00Z')

interface MadeFile {
  readonly truth: readonly TrueRow[]
  readonly companyOfPerson: readonly number[]
  readonly lines?: readonly ('deal' | 'noise')[]
  readonly bytes: (encoding: 'utf-8' | 'utf-8-bom') => Uint8Array
}

interface Result {
  readonly engine: string
  readonly seed: number
  readonly precision: number
  readonly recall: number
  /** Share of rows whose deal has the amount and currency that the row meant, and of dated ones the date. */
  readonly amounts: number
  readonly dates: number
  readonly stageSeconds: number
  readonly commitSeconds: number
  readonly secondRunWrites: number
  readonly secondRunProposals: number
}

const workspaceFor = async (
  database: Database,
  seed: number,
): Promise<{ workspace: Workspace; actor: Actor }> => {
  const workspace = await createWorkspace(database, {
    name: `Dirty ${seed}`,
    slug: `dirty-${seed}`,
    ...(values.messy ? { country: 'DE', currency: 'EUR' } : { country: 'US' }),
  })
  const system = { tenantId: workspace.id, memberId: null, via: 'system' } as const
  const member = await asTenant(database, system, async (tx) => {
    await addStages(tx)
    return createMember(tx, { email: 'owner@team.example', givenName: 'O', familyName: 'W', role: 'owner' })
  })
  return { workspace, actor: { tenantId: workspace.id, memberId: member.id, role: 'owner', via: 'cli' } }
}

const seconds = (fromMs: number): number => Math.round(performance.now() - fromMs) / 1000
const share = (value: number): number => Math.round(value * 10_000) / 10_000

const makeFile = (seed: number): MadeFile => {
  if (values.messy) return makeMessyFile({ rows: rowCount, seed })
  return values['held-out']
    ? makeHeldOutFile({ rows: rowCount, seed })
    : makeDirtyFile({ rows: rowCount, seed })
}

const cellsRight = async (
  database: Database,
  actor: Actor,
  truth: readonly TrueRow[],
  read: readonly ReadLinks[],
): Promise<Pick<Result, 'amounts' | 'dates'>> => {
  const stored = await asTenant(database, actor, (tx) =>
    rows<{ id: string; amount_minor: number; currency: string; close_date: string | null }>(
      tx,
      sql`select id, amount_minor, currency, close_date from crm.deals where deleted_at is null`,
    ),
  )
  const byId = new Map(stored.map((deal) => [deal.id, deal]))
  let [amounts, dates, dated] = [0, 0, 0]
  for (const [at, { amountMinor, currency, closeDate }] of truth.entries()) {
    const deal = byId.get(read[at]?.deal ?? '')
    if (deal?.amount_minor === amountMinor && deal.currency === currency) amounts += 1
    if (!deal || deal.close_date === null) continue
    dated += 1
    if (deal.close_date === closeDate) dates += 1
  }
  return { amounts: share(amounts / truth.length), dates: share(dates / Math.max(1, dated)) }
}

const measure = async (engine: string, database: Database, seed: number): Promise<Result> => {
  const { workspace, actor } = await workspaceFor(database, seed)
  const file = makeFile(seed)
  const stage = (encoding: 'utf-8' | 'utf-8-bom') =>
    stageImport(database, {
      actor,
      workspace,
      now,
      file: { kind: 'csv', bytes: file.bytes(encoding), fileName: 'deals.csv' },
    })
  const fromMs = performance.now()
  const staged = await stage('utf-8')
  const stageSeconds = seconds(fromMs)
  if (staged.status !== 'staged') throw new Error('The file was known already.')
  const commitMs = performance.now()
  await commitImport(database, { importId: staged.importId, decider: actor, workspace, now })
  const commitSeconds = seconds(commitMs)
  const about = staged.plan.rows.filter((_row, at) => file.lines?.[at] !== 'noise')
  const read = file.truth.map((_row, at) => ({
    deal: about[at]?.recordId ?? null,
    company: about[at]?.companyId ?? null,
    people: about[at]?.peopleIds ?? [],
  }))
  const cells = await cellsRight(database, actor, file.truth, read)
  const verdict = judgeLinks(file.truth, file.companyOfPerson, read, await storedLinks(database, actor))
  const again = await stage('utf-8-bom')
  if (again.status !== 'staged') throw new Error('The file was known already.')
  return {
    engine,
    seed,
    precision: share(verdict.precision),
    recall: share(verdict.recall),
    ...cells,
    stageSeconds,
    commitSeconds,
    secondRunWrites: again.plan.rows.reduce((sum, { writes }) => sum + writes.length, 0),
    secondRunProposals: again.plan.counts['proposals'] ?? 0,
  }
}

const results: Result[] = []
const measureAll = async (
  engine: string,
  config: { TACT_HOME: string; DATABASE_URL: string | undefined },
): Promise<void> => {
  const database = await connect({ ...config, TACT_QUERY_TIMEOUT_MS: 120_000 })
  await migrate(database)
  for (let seed = 1; seed <= Number(values.seeds); seed += 1)
    results.push(await measure(engine, database, seed))
  await database.close()
}

const home = mkdtempSync(join(tmpdir(), 'tact-bench-imports-'))
try {
  if (values.engine !== 'postgres')
    await measureAll('embedded', { TACT_HOME: join(home, 'embedded'), DATABASE_URL: undefined })
  const server = values.engine === 'embedded' ? { reason: 'not asked for' } : await startPostgres()
  if ('reason' in server) process.stderr.write(`Postgres left out: ${server.reason}\n`)
  else {
    try {
      const owner = await connect({
        TACT_HOME: '',
        DATABASE_URL: server.ownerUrl,
        TACT_QUERY_TIMEOUT_MS: 60_000,
      })
      await owner.pool.query('create database imports_bench')
      await owner.close()
      const url = new URL(server.ownerUrl)
      url.pathname = '/imports_bench'
      await measureAll('Postgres', { TACT_HOME: '', DATABASE_URL: url.href })
    } finally {
      await server.stop()
    }
  }
} finally {
  rmSync(home, { recursive: true, force: true })
}
const table = [
  `| engine | seed | rows | precision | recall | amounts | dates | plan | write | second run writes | second run proposals |`,
  '|---|---|---|---|---|---|---|---|---|---|---|',
  ...results.map(
    (row) =>
      `| ${row.engine} | ${row.seed} | ${rowCount} | ${row.precision} | ${row.recall} | ${row.amounts} | ${row.dates} | ${row.stageSeconds} s | ${row.commitSeconds} s | ${row.secondRunWrites} | ${row.secondRunProposals} |`,
  ),
].join('\n')
process.stdout.write(`${values.json ? JSON.stringify(results) : table}\n`)

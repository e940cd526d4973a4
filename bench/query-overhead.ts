import { parseArgs } from 'node:util'
import { connect } from '../db/connect.ts'
import type { Database } from '../db/connect.ts'
import { migrate } from '../db/migrate.ts'
import { asTenant } from '../db/tenant.ts'
import { createWorkspace } from '../db/workspace.ts'
import type { Workspace } from '../db/workspace.ts'
import type { Actor } from '../domain/actor.ts'
import { runRelational } from '../query/relational/execute.ts'
import { startPostgres } from '../scripts/test-postgres.ts'
import { startPeers } from './query-peers.ts'
import type { Peer } from './query-peers.ts'

/**
 * What our whole road costs (checked, bound, as the asking role over views under row security, counted and made into
 * cells) over raw SQL of the tables' owner with the tenant written into it; beside two MCP servers that hand SQL on.
 * 1,000,000 emails in ten workspaces; `--emails 100000` makes all of it smaller, `--plans` prints both plans.
 */
const { values } = parseArgs({
  options: {
    emails: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '15' },
    plans: { type: 'boolean', default: false },
    'no-peers': { type: 'boolean', default: false },
  },
})
const TENANTS = 10
const EMAILS = Number(values.emails) / TENANTS
const [PEOPLE, COMPANIES, DEALS, THREADS] = [EMAILS / 5, EMAILS / 50, EMAILS / 50, EMAILS / 10]
const ROUNDS = Number(values.rounds)
const TIMEOUT_MS = 600_000

const id = (kind: string, n: string): string => `md5($1 || '${kind}' || (${n}))::uuid`
const FILL = [
  `insert into crm.stages (id, tenant_id, name, position, kind) select ${id('s', 'n')}, $1::uuid, (array['Lead','Demo','Offer','Won','Lost'])[n], n, (array['open','open','open','won','lost'])[n] from generate_series(1, 5) n`,
  `insert into crm.companies (id, tenant_id, name, domain, city, industry) select ${id('c', 'n')}, $1::uuid, 'Company ' || n, 'c' || n || '.example', (array['Bonn','Oslo','Lyon','Graz'])[1 + n % 4], (array['Retail','Energy','Health'])[1 + n % 3] from generate_series(1, ${COMPANIES}) n`,
  `insert into crm.people (id, tenant_id, given_name, family_name, city, company_id) select ${id('p', 'n')}, $1::uuid, 'Given' || n % 977, 'Family' || n, (array['Bonn','Oslo','Lyon','Graz'])[1 + n % 4], ${id('c', `1 + n % ${COMPANIES}`)} from generate_series(1, ${PEOPLE}) n`,
  `insert into crm.deals (id, tenant_id, name, company_id, stage_id, amount_minor, currency, close_date) select ${id('d', 'n')}, $1::uuid, 'Deal ' || n, ${id('c', `1 + n % ${COMPANIES}`)}, ${id('s', '1 + (n / 7) % 5')}, (1 + n % 500) * 10000, 'USD', date '2026-01-01' + n % 365 from generate_series(1, ${DEALS}) n`,
  `insert into intel.mail_threads (id, tenant_id, subject, last_at) select ${id('t', 'n')}, $1::uuid, 'Thread ' || n, timestamptz '2026-11-01' from generate_series(1, ${THREADS}) n`,
  `insert into intel.mail_messages (id, tenant_id, thread_id, message_id, content_hash, sent_at, direction, from_address, from_person_id, company_id, subject, body_text, size_bytes, source)
    select ${id('e', 'n')}, $1::uuid, ${id('t', `1 + n % ${THREADS}`)}, 'm' || n, md5(n::text), timestamptz '2026-11-01' - (n % 1000) * interval '1 day' - n * interval '1 second',
      (array['inbound','outbound'])[1 + n % 2], 'p' || n % ${PEOPLE} || '@c.example', ${id('p', `1 + n % ${PEOPLE}`)}, ${id('c', `1 + (1 + n % ${PEOPLE}) % ${COMPANIES}`)},
      'Subject ' || n % 5000, 'Body ' || n, 1000 + n % 9000, 'bench' from generate_series(1, ${EMAILS}) n`,
]
const TABLES = 'crm.stages, crm.companies, crm.people, crm.deals, intel.mail_threads, intel.mail_messages'

const live = (table: string, alias: string): string =>
  `(select * from ${table} where tenant_id = '{tenant}' and deleted_at is null) ${alias}`
/** Raw SQL that leaves out the mail which the asker may not read, as every answer of ours does, in place of the mark. */
const MARK = '/* seen */'
const SEEN = ` and (only_for is null or 'nobody' = any(only_for)) and (not_for is null or 'nobody' <> all(not_for))`
const [E, P, C, D, S] = [
  `(select * from intel.mail_messages where tenant_id = '{tenant}' and deleted_at is null ${MARK}) e`,
  live('crm.people', 'p'),
  live('crm.companies', 'c'),
  live('crm.deals', 'd'),
  live('crm.stages', 's'),
]

/** The same question in the names of the catalog and in those of the tables. */
const QUESTIONS: readonly (readonly [what: string, ours: string, raw: string])[] = [
  ['count a small table', 'select count(*) from stages', `select count(*) from ${S}`],
  [
    'one record by its id',
    `select name, city from companies where id = '{company}'`,
    `select name, city from ${C} where id = '{company}'`,
  ],
  ['count all emails', 'select count(*) from emails', `select count(*) from ${E}`],
  [
    'newest 20',
    'select id, subject, sent_at from emails order by sent_at desc limit 20',
    `select id, subject, sent_at from ${E} order by sent_at desc limit 20`,
  ],
  [
    'by month',
    `select date_trunc('month', sent_at) as month, count(*) as n from emails group by 1 order by 1`,
    `select date_trunc('month', sent_at) as month, count(*) as n from ${E} group by 1 order by 1`,
  ],
  [
    'by direction and size',
    'select direction, count(*) as n, sum(size_bytes) as bytes, avg(size_bytes) as mean from emails group by direction order by 1',
    `select direction, count(*) as n, sum(size_bytes) as bytes, avg(size_bytes) as mean from ${E} group by direction order by 1`,
  ],
  [
    'text search',
    `select count(*) from emails where subject ilike '%subject 42%'`,
    `select count(*) from ${E} where subject ilike '%subject 42%'`,
  ],
  [
    'last email of people in a city',
    `select p.id, max(e.sent_at) as last from people p join emails e on e.from_person_id = p.id where p.city = 'Oslo' group by p.id order by 2 desc, 1 limit 50`,
    `select p.id, max(e.sent_at) as last from ${P} join ${E} on e.from_person_id = p.id where p.city = 'Oslo' group by p.id order by 2 desc, 1 limit 50`,
  ],
  [
    'people without an email since',
    `select count(*) from people p where not exists (select 1 from emails e where e.from_person_id = p.id and e.sent_at > '2026-10-01')`,
    `select count(*) from ${P} where not exists (select 1 from ${E} where e.from_person_id = p.id and e.sent_at > '2026-10-01')`,
  ],
  [
    'companies by emails',
    'with w as (select company_id, count(*) as n from emails group by company_id) select c.city, sum(w.n) as n from companies c join w on w.company_id = c.id group by c.city order by 2 desc',
    `with w as (select company_id, count(*) as n from ${E} group by company_id) select c.city, sum(w.n) as n from ${C} join w on w.company_id = c.id group by c.city order by 2 desc`,
  ],
  [
    'rank of deals by stage',
    'select id, amount from (select id, amount, row_number() over (partition by stage_id order by amount desc, id) as place from deals) t where place <= 3 order by 2 desc, 1',
    `select id, amount from (select id, amount_minor / 100.0 as amount, row_number() over (partition by stage_id order by amount_minor desc, id) as place from ${D}) t where place <= 3 order by 2 desc, 1`,
  ],
  [
    'emails of one week',
    `select id, subject from emails where sent_at >= '2026-10-05' and sent_at < '2026-10-12' order by sent_at limit 200`,
    `select id, subject from ${E} where sent_at >= '2026-10-05' and sent_at < '2026-10-12' order by sent_at limit 200`,
  ],
]

/** One session of its own. */
type Session = Parameters<Database['endStatement']>[0]
const SETTINGS = { TACT_HOME: '', TACT_QUERY_TIMEOUT_MS: TIMEOUT_MS }

const fill = async (database: Database, superUrl: string): Promise<Workspace> => {
  const server = await connect({ ...SETTINGS, DATABASE_URL: superUrl }, { poolSize: 1 })
  const admin = await server.pool.connect()
  await admin.query(`set session_replication_role = replica`)
  let first: Workspace | undefined
  for (let number = 0; number < TENANTS; number += 1) {
    const workspace = await createWorkspace(database, { name: 'Bench', slug: `bench-${number}` })
    first ??= workspace
    for (const statement of FILL) {
      const text = statement
        .replaceAll('$1::uuid', `'${workspace.id}'::uuid`)
        .replaceAll('$1', `'${workspace.id}'`)
      await admin.query(text)
    }
  }
  await admin.query(`vacuum (analyze) ${TABLES}`)
  admin.release()
  await server.close()
  return first!
}

const report = (error: unknown): void =>
  void process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)

const at = (times: readonly number[], share: number): number =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length * share)]!
const median = (times: readonly number[]): number => at(times, 0.5)
/** What a run takes while nobody else has the processor: a median measures the neighbours. */
const quiet = (times: readonly number[]): number => at(times, 0.1)

const timed = async (run: () => Promise<unknown>): Promise<number> => {
  const startedMs = performance.now()
  await run()
  return performance.now() - startedMs
}

interface Row {
  readonly what: string
  readonly raw: number
  /** Raw SQL that gives the rows the asker may see, and no others. */
  readonly same: number
  readonly ours: number
  readonly peers: readonly (number | string)[]
}

/** Both plans with their times; the statement of ours with nulls for its parameters where it has some. */
const showPlans = async (
  raw: Session,
  workspace: Workspace,
  [what, direct, ours]: readonly [what: string, direct: string, ours: string],
): Promise<void> => {
  const show = async (text: string): Promise<void> => {
    const { rows } = await raw.query<[string]>({
      text: `explain (analyze, buffers) ${text}`,
      rowMode: 'array',
    })
    process.stderr.write(`${rows.map(([line]) => line).join('\n')}\n`)
  }
  process.stderr.write(`\n${what}\n${ours}\n`)
  await show(direct)
  if (/\$\d/.test(ours)) return
  await raw.query(
    `begin; select set_config('app.tenant_id', '${workspace.id}', true); set local role tact_agent`,
  )
  await show(ours)
  await raw.query('rollback')
}

const measure = async (
  database: Database,
  workspace: Workspace,
  options: { readonly raw: Session; readonly peers: readonly Peer[] },
): Promise<readonly Row[]> => {
  const actor: Actor = {
    tenantId: workspace.id,
    memberId: null,
    role: 'owner',
    via: 'cli',
  } as unknown as Actor
  const company = await options.raw.query<{ id: string }>(
    `select id from crm.companies where tenant_id = '${workspace.id}' order by id limit 1`,
  )
  const put = (text: string): string =>
    text.replaceAll('{tenant}', workspace.id).replaceAll('{company}', company.rows[0]!.id)
  const found: Row[] = []
  for (const [what, ours, raw] of QUESTIONS) {
    const ask = () =>
      asTenant(
        database,
        actor,
        (tx) => runRelational(tx, { sql: put(ours) }, { workspace, actor, now: new Date() }),
        { readOnly: true },
      )
    const direct = () => options.raw.query({ text: put(raw), rowMode: 'array' })
    const seen = () => options.raw.query({ text: put(raw).replaceAll(MARK, SEEN), rowMode: 'array' })
    const [answer, expected] = [await ask(), await direct()]
    if (answer.rows.length !== expected.rows.length) throw new Error(`${what}: the rows differ`)
    if (values.plans) await showPlans(options.raw, workspace, [what, put(raw), answer.sql])
    const times = { ours: [] as number[], same: [] as number[], raw: [] as number[] }
    const rounds = found.length < 2 ? ROUNDS * 10 : ROUNDS
    for (let round = 0; round < rounds; round += 1) {
      times.raw.push(await timed(direct))
      times.same.push(await timed(seen))
      times.ours.push(await timed(ask))
    }
    const peers: (number | string)[] = []
    for (const peer of options.peers) {
      const took: number[] = []
      try {
        for (let round = 0; round < ROUNDS; round += 1) took.push(await timed(() => peer.ask(put(raw))))
        peers.push(quiet(took))
      } catch {
        peers.push('refused')
      }
    }
    found.push({ what, raw: quiet(times.raw), same: quiet(times.same), ours: quiet(times.ours), peers })
  }
  return found
}

const percent = (part: number): string => `${part < 0 ? '' : '+'}${(part * 100).toFixed(1)} %`

const print = (rows: readonly Row[], peers: readonly string[]): void => {
  const fixed = median(rows.slice(0, 2).map(({ raw, ours }) => ours - raw))
  const large = rows.slice(2)
  const over = ({ ours }: Row, base: number): number => (ours - fixed - base) / base
  const cell = (value: number | string): string => (typeof value === 'number' ? value.toFixed(2) : value)
  const shown = (row: Row, index: number): readonly string[] =>
    index < 2 ? ['–', '–'] : [percent(over(row, row.raw)), percent(over(row, row.same))]
  const lines = rows.map(
    (row, index) =>
      `| ${[row.what, cell(row.raw), cell(row.same), cell(row.ours), ...shown(row, index), ...row.peers.map(cell)].join(' | ')} |`,
  )
  const sum = (of: (row: Row) => number): number => large.reduce((total, row) => total + of(row), 0)
  const against = (name: string, base: (row: Row) => number): string =>
    `over ${name}: median ${percent(median(large.map((row) => over(row, base(row)))))}, total ${percent(sum((row) => row.ours - fixed) / sum(base) - 1)}` +
    `; with the fixed cost ${percent(median(large.map((row) => row.ours / base(row) - 1)))}, ${percent(sum(({ ours }) => ours) / sum(base) - 1)}\n`
  process.stdout.write(
    `${EMAILS * TENANTS} emails in ${TENANTS} workspaces, the fastest tenth of ${ROUNDS} rounds in ms; "over" leaves the fixed cost out; ` +
      `"same rows" is raw SQL that leaves out, as we do, the mail the asker may not see\n\n` +
      `| ${['question', 'raw SQL', 'same rows', 'ours', 'over raw', 'over same rows', ...peers].join(' | ')} |\n|${'---|'.repeat(6 + peers.length)}\n${lines.join('\n')}\n\n` +
      `fixed ${fixed.toFixed(2)} ms\n${against('raw SQL', ({ raw }) => raw)}${against('the same rows', ({ same }) => same)}`,
  )
}

const server = await startPostgres()
if ('reason' in server) throw new Error(`No Postgres: ${server.reason}`)
try {
  const outer = await connect({ ...SETTINGS, DATABASE_URL: server.ownerUrl })
  await outer.pool.query('create database bench')
  await outer.close()
  const [ownerUrl, superUrl] = [server.ownerUrl, server.superUrl].map((url) =>
    url.replace(/\/postgres$/, '/bench'),
  ) as [string, string]
  const database = await connect({ ...SETTINGS, DATABASE_URL: ownerUrl })
  await migrate(database)
  const startedMs = performance.now()
  const workspace = await fill(database, superUrl)
  process.stderr.write(`filled in ${((performance.now() - startedMs) / 1000).toFixed(0)} s\n`)
  const direct = await connect({ ...SETTINGS, DATABASE_URL: superUrl }, { poolSize: 1 })
  const raw = await direct.pool.connect()
  await raw.query('set max_parallel_workers_per_gather = 0')
  const others = values['no-peers']
    ? { peers: [], leftOut: [], close: () => {} }
    : await startPeers(superUrl.replace('//postgres@', '//postgres:x@'))
  print(
    await measure(database, workspace, { raw, peers: others.peers }),
    others.peers.map(({ name }) => name),
  )
  for (const reason of others.leftOut) process.stdout.write(`left out: ${reason}\n`)
  others.close()
  raw.release()
  await direct.close()
  await database.close()
} catch (error) {
  report(error)
  process.exitCode = 1
} finally {
  await server.stop()
}

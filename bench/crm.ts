import { parseArgs } from 'node:util'
import { bulkLoad } from '../db/bulk-load.ts'
import { catalog } from '../db/catalog/all.ts'
import { connect } from '../db/connect.ts'
import type { Database } from '../db/connect.ts'
import { createMember } from '../db/members.ts'
import { migrate } from '../db/migrate.ts'
import { sql } from '../db/sql.ts'
import type { SQL } from '../db/sql.ts'
import { refreshStatistics } from '../db/statistics.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { createWorkspace } from '../db/workspace.ts'
import type { Workspace } from '../db/workspace.ts'
import type { Actor } from '../domain/actor.ts'
import { parseQuery } from '../query/parse-json.ts'
import { runQuery } from '../query/run.ts'
import { startPostgres } from '../scripts/test-postgres.ts'

/**
 * A CRM of 100,000 people, 5,000 companies, 20,000 deals and 200,000 interactions on both engines: p50 and p95 of what a
 * person waits for, and which large tables a plan reads whole. A Markdown table, or one JSON document with `--json`;
 * `--people 10000` makes all of it smaller in proportion, `--engine postgres` measures one engine.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    people: { type: 'string', default: '100000' },
    engine: { type: 'string' },
    plans: { type: 'boolean', default: false },
  },
})
const PEOPLE = Number(values.people)
const [COMPANIES, DEALS, INTERACTIONS] = [PEOPLE / 20, PEOPLE / 5, PEOPLE * 2]
const MEMBERS = 20
const ROUNDS = 40
const TIMEOUT_MS = 600_000

interface Bench {
  readonly database: Database
  readonly workspace: Workspace
  readonly actor: Actor
  readonly members: readonly string[]
}

const id = (kind: string, number: string): string => `md5('${kind}' || (${number}))::uuid`
const member = (number: string): string =>
  `(select ids[1 + (${number}) % ${MEMBERS}] from (select array_agg(id order by id) as ids from core.members) m)`

/** Made by number alone, so that every run and both engines hold the same. */
const FILL: readonly (readonly [entity: string, statement: string])[] = [
  [
    'stages',
    `insert into crm.stages (id, tenant_id, name, position, kind, probability)
      select ${id('stage', 'n')}, core.current_tenant(), (array['Lead','Demo','Offer','Won','Lost'])[n], n,
        (array['open','open','open','won','lost'])[n], (array[0.1,0.3,0.6,1,0])[n] from generate_series(1, 5) n`,
  ],
  [
    'companies',
    `insert into crm.companies (id, tenant_id, name, domain, industry, owner_id, enriched_at)
      select ${id('company', 'n')}, core.current_tenant(), 'Company ' || n, 'c' || n || '.example', (array['Logistics','Retail','Energy','Health'])[1 + n % 4],
        ${member('n')}, now() - (n % 60) * interval '1 day' from generate_series(1, ${COMPANIES}) n`,
  ],
  [
    'people',
    `insert into crm.people (id, tenant_id, given_name, family_name, role, company_id, owner_id, is_decision_maker)
      select ${id('person', 'n')}, core.current_tenant(), 'Given' || n % 977, 'Family' || n, (array['buyer','founder','user'])[1 + n % 3],
        ${id('company', `1 + n % ${COMPANIES}`)}, ${member('n')}, n % 5 = 0 from generate_series(1, ${PEOPLE}) n`,
  ],
  [
    'person_emails',
    `insert into crm.person_emails (id, tenant_id, person_id, address, is_primary)
      select ${id('address', 'n')}, core.current_tenant(), ${id('person', 'n')}, 'p' || n || '@c.example', true from generate_series(1, ${PEOPLE}) n`,
  ],
  [
    'deals',
    `insert into crm.deals (id, tenant_id, name, company_id, stage_id, owner_id, amount_minor, currency, close_date)
      select ${id('deal', 'n')}, core.current_tenant(), 'Deal ' || n, ${id('company', `1 + n % ${COMPANIES}`)}, ${id('stage', '1 + (n / 7) % 5')},
        ${member('n')}, (1 + n % 500) * 10000, 'USD', current_date + n % 90 from generate_series(1, ${DEALS}) n`,
  ],
  [
    'deal_people',
    `insert into crm.deal_people (id, tenant_id, deal_id, person_id, role)
      select ${id('dealperson', "n || '-' || k")}, core.current_tenant(), ${id('deal', 'n')}, ${id('person', `1 + (n * 5 + k) % ${PEOPLE}`)},
        (array['decision maker','champion','influencer'])[1 + k % 3] from generate_series(1, ${DEALS}) n, generate_series(1, 3) k`,
  ],
  [
    'interactions',
    `insert into intel.interactions (id, tenant_id, kind, direction, occurred_at, summary, company_id, deal_id, member_id, sentiment, source, external_id)
      select ${id('interaction', 'n')}, core.current_tenant(), (array['email','call','meeting','note'])[1 + n % 4], (array['inbound','outbound'])[1 + n % 2],
        now() - (n % 400) * interval '1 day', 'Summary ' || n, ${id('company', `1 + n % ${COMPANIES}`)}, ${id('deal', `1 + n % ${DEALS}`)}, ${member('n')},
        (array['positive','neutral','negative'])[1 + n % 3], 'bench', n::text from generate_series(1, ${INTERACTIONS}) n`,
  ],
  [
    'interaction_people',
    `insert into intel.interaction_people (id, tenant_id, interaction_id, person_id)
      select ${id('participant', 'n')}, core.current_tenant(), ${id('interaction', 'n')}, ${id('person', `1 + n % ${PEOPLE}`)} from generate_series(1, ${INTERACTIONS}) n`,
  ],
  [
    'tasks',
    `insert into crm.tasks (id, tenant_id, title, due_at, assignee_id, company_id)
      select ${id('task', 'n')}, core.current_tenant(), 'Task ' || n, now() + (n % 30 - 15) * interval '1 day', ${member('n')},
        ${id('company', `1 + n % ${COMPANIES}`)} from generate_series(1, ${DEALS}) n`,
  ],
]

const fill = async (database: Database): Promise<Bench> => {
  const workspace = await createWorkspace(database, { name: 'Bench', slug: 'bench' })
  const system = { tenantId: workspace.id, memberId: null, via: 'system' } as const
  const made = await asTenant(database, system, async (tx) => {
    const all: string[] = []
    for (let number = 0; number < MEMBERS; number += 1) {
      const names = { givenName: 'Member', familyName: String(number), role: 'owner' } as const
      all.push((await createMember(tx, { email: `m${number}@team.example`, ...names })).id)
    }
    return all
  })
  await asTenant(
    database,
    system,
    (tx) =>
      bulkLoad(tx, async () => {
        for (const [, statement] of FILL) await rows(tx, sql.raw(statement))
      }),
    { timeoutMs: TIMEOUT_MS },
  )
  await refreshStatistics(database, [
    ...FILL.map(([entity]) => entity),
    'members',
    'deal_stage_events',
    'pipelines',
  ])
  const actor: Actor = {
    tenantId: workspace.id,
    memberId: made[0]! as Actor['memberId'],
    role: 'owner',
    via: 'cli',
  }
  return { database, workspace, actor, members: made }
}

const key = (kind: string, number: number): SQL => sql.raw(id(kind, String(number)))

/** What one measurement asks for, of the `round`-th subject. */
const ASKED: Readonly<Record<string, (bench: Bench, round: number) => readonly SQL[]>> = {
  'member dashboard': ({ members }, round) => [
    sql`select * from crm.member_dashboard(${members[round % MEMBERS]}::uuid)`,
  ],
  'client 360 (7 sections)': (_, round) => {
    const person = key('person', 1 + round * 37)
    return [
      sql`select * from crm.client_contact(${person})`,
      sql`select * from crm.client_deals(${person})`,
      sql`select * from crm.client_interactions(${person})`,
      sql`select * from crm.client_threads(${person})`,
      sql`select * from crm.client_tasks(${person})`,
      sql`select * from crm.client_circle(${person})`,
      sql`select * from crm.client_property(${person})`,
    ]
  },
  'deal score, all open deals of an owner': ({ members }, round) => [
    sql`select * from intel.deal_intelligence(array(select d.id from crm.deals d where d.owner_id = ${members[round % MEMBERS]}::uuid
      and d.deleted_at is null and d.closed_at is null))`,
  ],
  'pipeline analytics': () => [sql`select * from crm.pipeline_summary()`],
  'pipeline analytics of an owner': ({ members }, round) => [
    sql`select * from crm.pipeline_summary(${members[round % MEMBERS]}::uuid)`,
  ],
  'company engagement': (_, round) => [
    sql`select * from intel.company_engagement(array[${key('company', 1 + round)}])`,
  ],
  'meeting analytics of 30 days': () => [
    sql`select * from intel.meeting_analytics(now() - interval '30 days', now())`,
  ],
  'activity feed': () => [sql`select * from core.activity_feed(now() - interval '7 days')`],
  'operator inbox': () => [sql`select * from workflow.operator_inbox()`],
  'win probability of an owner’s deals (fits the model)': ({ members }, round) => [
    sql`select * from intel.win_probability(array(select d.id from crm.deals d where d.owner_id = ${members[round % MEMBERS]}::uuid
      and d.deleted_at is null and d.closed_at is null))`,
  ],
}

/** deals, companies, stages and people in one question, through the query language. */
const join = async ({ database, workspace, actor }: Bench, round: number): Promise<void> => {
  const question = parseQuery({
    find: 'deals',
    where: [
      { field: 'company.industry', value: ['Logistics', 'Retail', 'Energy', 'Health'][round % 4] },
      { field: 'stage.kind', value: 'open' },
      { field: 'owner', value: 'me' },
      { some: 'people', where: [{ field: 'role', value: 'founder' }] },
    ],
    fields: ['name', 'amount', 'company', 'stage'],
    order: ['-amount'],
    limit: 50,
  })
  await asTenant(database, actor, (tx) => runQuery(tx, question, { workspace, actor, now: new Date() }), {
    readOnly: true,
  })
}

const LARGE = [
  'people',
  'deals',
  'interactions',
  'interaction_people',
  'deal_people',
  'person_emails',
  'tasks',
]
const large = LARGE.map((name) => catalog.get(name)!.sqlName.split('.')[1]!)

/** Large tables that the plans read whole. */
const scanned = async ({ database, actor }: Bench, statements: readonly SQL[]): Promise<readonly string[]> =>
  asTenant(database, actor, async (tx) => {
    const found = new Set<string>()
    for (const statement of statements) {
      const plan = await rows<{ 'QUERY PLAN': string }>(tx, sql`explain ${statement}`)
      for (const { 'QUERY PLAN': line } of plan) {
        if (values.plans) process.stderr.write(`${line}\n`)
        const table = /Seq Scan on (\w+)/.exec(line)?.[1]
        if (table && large.includes(table)) found.add(table)
      }
    }
    return [...found]
  })

const quantile = (times: readonly number[], part: number): number =>
  [...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * part))]!

interface Row {
  readonly what: string
  readonly p50: number
  readonly p95: number
  readonly scans: readonly string[]
}

const timed = async (run: (round: number) => Promise<unknown>): Promise<Omit<Row, 'what' | 'scans'>> => {
  for (let round = 0; round < 3; round += 1) await run(round)
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const startedMs = performance.now()
    await run(round)
    times.push(performance.now() - startedMs)
  }
  return { p50: quantile(times, 0.5), p95: quantile(times, 0.95) }
}

const measure = async (
  database: Database,
): Promise<{ readonly loadSeconds: number; readonly rows: readonly Row[] }> => {
  await migrate(database)
  const startedMs = performance.now()
  const bench = await fill(database)
  const loadSeconds = (performance.now() - startedMs) / 1000
  const found: Row[] = []
  for (const [what, statements] of Object.entries(ASKED)) {
    const times = await timed((round) =>
      asTenant(
        database,
        bench.actor,
        async (tx) => {
          for (const statement of statements(bench, round)) await rows(tx, statement)
        },
        { readOnly: true, timeoutMs: TIMEOUT_MS },
      ),
    )
    found.push({ what, ...times, scans: await scanned(bench, statements(bench, 1)) })
  }
  found.push({
    what: 'join over four entities (query_crm)',
    ...(await timed((round) => join(bench, round))),
    scans: [],
  })
  return { loadSeconds, rows: found }
}

const settings = { TACT_HOME: '', TACT_QUERY_TIMEOUT_MS: TIMEOUT_MS }
const results: Record<string, Awaited<ReturnType<typeof measure>>> = {}
if (values.engine !== 'embedded') {
  const server = await startPostgres()
  if ('reason' in server) process.stderr.write(`Postgres is left out: ${server.reason}.\n`)
  else {
    try {
      const outer = await connect({ ...settings, DATABASE_URL: server.ownerUrl })
      await outer.pool.query('create database bench')
      await outer.close()
      const url = server.ownerUrl.replace(/\/postgres$/, '/bench')
      const database = await connect({ ...settings, DATABASE_URL: url })
      results['postgres'] = await measure(database)
      await database.close()
    } finally {
      await server.stop()
    }
  }
}
if (values.engine !== 'postgres') {
  const database = await connect({ ...settings, DATABASE_URL: undefined }, { inMemory: true })
  results['embedded'] = await measure(database)
  await database.close()
}

const engines = Object.keys(results)
if (values.json) process.stdout.write(`${JSON.stringify({ people: PEOPLE, results })}\n`)
else {
  const head = engines.flatMap((engine) => [`${engine} p50 ms`, `p95 ms`, 'read whole'])
  const lines = results[engines[0]!]!.rows.map(({ what }, index) => {
    const cells = engines.flatMap((engine) => {
      const { p50, p95, scans } = results[engine]!.rows[index]!
      return [p50.toFixed(1), p95.toFixed(1), scans.join(', ') || '–']
    })
    return `| ${[what, ...cells].join(' | ')} |`
  })
  const loads = engines.map((engine) => `${engine} ${results[engine]!.loadSeconds.toFixed(0)} s`).join(', ')
  process.stdout.write(
    `${PEOPLE} people, ${COMPANIES} companies, ${DEALS} deals, ${INTERACTIONS} interactions; loaded in ${loads}\n\n| what | ${head.join(' | ')} |\n|${'---|'.repeat(1 + head.length)}\n${lines.join('\n')}\n`,
  )
}

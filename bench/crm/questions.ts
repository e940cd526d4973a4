import { sql } from '../../db/sql.ts'
import type { SQL } from '../../db/sql.ts'
import { rows } from '../../db/tenant.ts'
import type { TenantTx } from '../../db/tenant.ts'
import { nowOf } from '../../db/workspace.ts'
import { parseQuery } from '../../query/parse-json.ts'
import { runQuery } from '../../query/run.ts'
import { idOf } from './fill.ts'
import type { Filled } from './fill.ts'

/** One thing a person waits for: the statements of the `round`-th subject, and how long it may take. */
export interface Question {
  readonly what: string
  /** Longest p95 on Postgres at full size, in milliseconds, where the issue names one. */
  readonly goalMs?: number
  readonly run: (tx: TenantTx, filled: Filled, round: number) => Promise<unknown>
}

const key = (kind: string, number: number): SQL => sql.raw(idOf(kind, String(number)))
const memberOf = ({ members }: Filled, round: number): SQL => sql`${members[round % members.length]}::uuid`
const openDealsOf = (filled: Filled, round: number): SQL =>
  sql`array(select d.id from crm.deals d where d.tenant_id = core.current_tenant() and d.owner_id = ${memberOf(filled, round)}
    and d.deleted_at is null and d.closed_at is null)`

const asking =
  (statements: (filled: Filled, round: number) => readonly SQL[]): Question['run'] =>
  async (tx, filled, round) => {
    for (const statement of statements(filled, round)) await rows(tx, statement)
  }

const SECTIONS = ['contact', 'deals', 'interactions', 'threads', 'tasks', 'circle', 'property']
const INDUSTRIES = ['Logistics', 'Retail', 'Energy', 'Health']

/** deals, companies, stages and people in one question, through the query language. */
const joinOfFour: Question['run'] = (tx, { workspace, actor }, round) =>
  runQuery(
    tx,
    parseQuery({
      find: 'deals',
      where: [
        { field: 'company.industry', value: INDUSTRIES[round % INDUSTRIES.length] },
        { field: 'stage.kind', value: 'open' },
        { field: 'owner', value: 'me' },
        { some: 'people', where: [{ field: 'role', value: 'founder' }] },
      ],
      fields: ['name', 'amount', 'company', 'stage'],
      order: ['-amount'],
      limit: 50,
    }),
    { workspace, actor, now: nowOf(workspace) },
  )

/** Sums of open deals by industry: the same join, aggregated, of everybody. */
const sumsOfFour: Question['run'] = (tx, { workspace, actor }, round) =>
  runQuery(
    tx,
    parseQuery({
      find: 'deals',
      where: [
        { field: 'company.industry', value: INDUSTRIES[round % INDUSTRIES.length] },
        { field: 'owner', value: 'me' },
        { some: 'people', where: [{ field: 'role', value: 'founder' }] },
      ],
      measures: [{ fn: 'count' }, { fn: 'sum', field: 'amount' }],
      group_by: ['stage'],
    }),
    { workspace, actor, now: nowOf(workspace) },
  )

export const QUESTIONS: readonly Question[] = [
  {
    what: 'member dashboard',
    goalMs: 10,
    run: asking((filled, round) => [sql`select * from crm.member_dashboard(${memberOf(filled, round)})`]),
  },
  {
    what: 'client 360, seven sections',
    goalMs: 20,
    run: asking(({ sizes }, round) =>
      SECTIONS.map(
        (section) =>
          sql`select * from ${sql.raw(`crm.client_${section}`)}(${key('person', 1 + ((round * 37) % sizes.people))})`,
      ),
    ),
  },
  { what: 'join over four entities, listed (query_crm)', goalMs: 50, run: joinOfFour },
  { what: 'join over four entities, summed (query_crm)', goalMs: 50, run: sumsOfFour },
  {
    what: 'deal score, all open deals of an owner',
    goalMs: 200,
    run: asking((filled, round) => [
      sql`select * from intel.deal_intelligence(${openDealsOf(filled, round)})`,
    ]),
  },
  {
    what: 'pipeline summary of the workspace',
    goalMs: 100,
    run: asking(() => [sql`select * from crm.pipeline_summary()`]),
  },
  {
    what: 'pipeline summary of an owner',
    goalMs: 100,
    run: asking((filled, round) => [sql`select * from crm.pipeline_summary(${memberOf(filled, round)})`]),
  },
  {
    what: 'win probability, all open deals of an owner',
    goalMs: 200,
    run: asking((filled, round) => [sql`select * from intel.win_probability(${openDealsOf(filled, round)})`]),
  },
  {
    what: 'company engagement',
    run: asking(({ sizes }, round) => [
      sql`select * from intel.company_engagement(array[${key('company', 1 + (round % sizes.companies))}])`,
    ]),
  },
  {
    what: 'meeting analytics of 30 days',
    goalMs: 100,
    run: asking(() => [sql`select * from intel.meeting_analytics(now() - interval '30 days', now())`]),
  },
  {
    what: 'activity feed of a week',
    run: asking(() => [sql`select * from core.activity_feed(now() - interval '7 days')`]),
  },
  { what: 'operator inbox', run: asking(() => [sql`select * from workflow.operator_inbox()`]) },
  {
    what: 'stale enrichments',
    run: asking(() => [sql`select * from intel.stale_enrichments()`]),
  },
]

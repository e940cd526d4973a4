import { sql } from '../../db/sql.ts'
import type { SQL } from '../../db/sql.ts'
import { rows } from '../../db/tenant.ts'
import type { TenantTx } from '../../db/tenant.ts'
import { formatMoney } from '../../domain/money.ts'
import { localIso } from '../../domain/zone.ts'
import { standingUses } from '../../writeback/standing.ts'
import { gather } from './sections.ts'
import type { Gathered } from './sections.ts'

export type OverviewCell = string | number | null

/** One table of the overview. `proposal` is the proposal that a row is about. */
export interface OverviewTable {
  readonly title: string
  readonly about: string
  readonly columns: readonly string[]
  readonly rows: readonly { readonly cells: readonly OverviewCell[]; readonly proposal?: string }[]
}

export interface OverviewFor {
  readonly memberId: string | null
  readonly timezone: string
  /** The workspace's now. */
  readonly now: Date
  readonly signal: AbortSignal
}

const DAY_MS = 86_400_000
const ROWS = 20

const memberOf = (column: string): SQL =>
  sql.raw(`(select btrim(m.given_name || ' ' || m.family_name) from core.members m
    where m.tenant_id = core.current_tenant() and m.id = ${column})`)

const money = (amountMinor: number | null, currency: string | null): string | null =>
  amountMinor === null || currency === null ? null : formatMoney({ amountMinor, currency })
const percent = (share: number | null): string | null =>
  share === null ? null : `${(100 * share).toFixed(0)} %`
const plain = (cells: readonly (readonly OverviewCell[])[]): OverviewTable['rows'] =>
  cells.map((one) => ({ cells: one }))

const work = async (tx: TenantTx, { memberId }: OverviewFor): Promise<OverviewTable | undefined> => {
  if (memberId === null) return undefined
  const [found] = await rows<Record<string, number>>(
    tx,
    sql`select * from crm.member_dashboard(${memberId}::uuid)`,
  )
  return {
    title: 'Your work',
    about:
      'Open deals are quiet after 14 days without contact; meetings are those of 7 days, past and ahead.',
    columns: Object.keys(found!).map((name) => name.replaceAll('_', ' ')),
    rows: plain([Object.values(found!)]),
  }
}

const waiting = async (tx: TenantTx, { timezone }: OverviewFor): Promise<OverviewTable> => {
  const found = await rows<{
    kind: string
    at: string
    what: string | null
    who: string | null
    score: number | null
    proposal: string | null
  }>(
    tx,
    sql`select i.kind, i.at, coalesce((select r.title from intel.reminders r where r.tenant_id = core.current_tenant() and r.id = i.record_id), i.entity) as what,
        ${memberOf('i.member_id')} as who, i.score, i.proposal_id as proposal
      from workflow.operator_inbox(${ROWS}) i order by i.at, i.kind`,
  )
  return {
    title: 'Waiting for a person',
    about: 'Open proposals, reminders that are due, and rows of imports that may join two different records.',
    columns: ['kind', 'what', 'who', 'since', 'likeness'],
    rows: found.map(({ kind, at, what, who, score, proposal }) => ({
      cells: [kind, what, who, localIso(Date.parse(at), timezone).slice(0, 16).replace('T', ' '), score],
      ...(proposal === null ? {} : { proposal }),
    })),
  }
}

const passed = async (tx: TenantTx, { now, timezone }: OverviewFor): Promise<OverviewTable> => {
  const uses = await standingUses(tx, new Date(now.getTime() - 7 * DAY_MS))
  return {
    title: 'Passed without asking',
    about: 'What standing approvals let pass in a week, the latest first; /inbox/standing revokes them.',
    columns: ['kind', 'at'],
    rows: uses.slice(0, ROWS).map(({ kind, at, proposalId }) => ({
      cells: [kind.replaceAll('_', ' '), localIso(Date.parse(at), timezone).slice(0, 16).replace('T', ' ')],
      proposal: proposalId,
    })),
  }
}

const pipeline = async (tx: TenantTx): Promise<OverviewTable> => {
  const found = await rows<{
    pipeline: string
    stage: string
    currency: string | null
    deals: number
    amount_minor: number | null
    weighted_minor: number | null
    quiet: number
  }>(
    tx,
    sql`select pipeline, stage, currency, deals, amount_minor, weighted_minor, quiet from crm.pipeline_summary() where kind = 'open'`,
  )
  return {
    title: 'Pipeline',
    about:
      'Open stages in their order; amounts of two currencies are never added. Quiet: no contact in 30 days.',
    columns: ['pipeline', 'stage', 'deals', 'amount', 'weighted', 'quiet'],
    rows: plain(
      found.map((one) => [
        one.pipeline,
        one.stage,
        one.deals,
        money(one.amount_minor, one.currency),
        money(one.weighted_minor, one.currency),
        one.quiet,
      ]),
    ),
  }
}

const meetings = async (tx: TenantTx, { now }: OverviewFor): Promise<OverviewTable> => {
  const since = new Date(now.getTime() - 30 * DAY_MS).toISOString()
  const found = await rows<{
    who: string | null
    meetings: number
    companies: number
    deals: number
    positive: number
    negative: number
    minutes: number
  }>(
    tx,
    sql`select ${memberOf('a.member_id')} as who, a.meetings, a.companies, a.deals, a.positive, a.negative, a.minutes
      from intel.meeting_analytics(${since}::timestamptz, ${now.toISOString()}::timestamptz) a limit ${ROWS}`,
  )
  return {
    title: 'Meetings of 30 days',
    about: 'Meetings and viewings by member: with how many companies and deals, and how they went.',
    columns: ['who', 'meetings', 'companies', 'deals', 'positive', 'negative', 'minutes'],
    rows: plain(found.map(({ who, ...counts }) => [who, ...Object.values(counts)])),
  }
}

/** Too few closed deals teach nothing: then it says so, and how many there are. */
const chance = async (tx: TenantTx): Promise<OverviewTable> => {
  const columns = ['fifth', 'deals', 'predicted', 'won']
  const [learned] = await rows<{ closed: number; won: number }>(
    tx,
    sql`select closed, won from intel.win_model()`,
  )
  if (!learned) {
    const [few] = await rows<{ closed: number }>(tx, sql`select intel.closed_deals() as closed`)
    return {
      title: 'Chance of winning',
      about: `No chance is given: it takes 50 closed deals, 10 won and 10 lost among them, and ${few!.closed} are closed.`,
      columns,
      rows: [],
    }
  }
  const fifths = await rows<{ fifth: number; deals: number; predicted: number; observed: number }>(
    tx,
    sql`select fifth, deals, predicted, observed from intel.win_calibration()`,
  )
  return {
    title: 'Chance of winning',
    about: `Learned from ${learned.closed} closed deals, ${learned.won} of them won. How it holds on them, from the least likely fifth to the likeliest: the mean that was predicted, and the share that was won.`,
    columns,
    rows: plain(fifths.map((one) => [one.fifth, one.deals, percent(one.predicted), percent(one.observed)])),
  }
}

const customers = async (tx: TenantTx, { now, timezone }: OverviewFor): Promise<OverviewTable> => {
  const day = (ms: number): string => localIso(ms, timezone).slice(0, 10)
  const [since, until] = [day(now.getTime() - 90 * DAY_MS), day(now.getTime() + DAY_MS)]
  const found = await rows<{
    currency: string | null
    at_start: number
    added: number
    churned: number
    churn_rate: number | null
    lost_mrr_minor: number
  }>(tx, sql`select * from crm.customer_churn(${since}::date, ${until}::date)`)
  return {
    title: 'Customers of 90 days',
    about:
      'At the start, new and lost since, the share lost of those at the start, and the monthly revenue that went.',
    columns: ['revenue in', 'at the start', 'new', 'lost', 'share lost', 'revenue lost'],
    rows: plain(
      found.map((one) => [
        one.currency,
        one.at_start,
        one.added,
        one.churned,
        percent(one.churn_rate),
        money(one.lost_mrr_minor, one.currency),
      ]),
    ),
  }
}

const stale = async (tx: TenantTx): Promise<OverviewTable> => {
  const found = await rows<{ name: string; days: number | null }>(
    tx,
    sql`select c.name, s.days from intel.stale_enrichments(${ROWS}) s
      join crm.companies c on c.tenant_id = core.current_tenant() and c.id = s.company_id order by s.enriched_at nulls first, c.id`,
  )
  return {
    title: 'Enrichment to renew',
    about: 'What is known of these companies from outside is older than 30 days, or was never fetched.',
    columns: ['company', 'days old'],
    rows: plain(found.map(({ name, days }) => [name, days])),
  }
}

const activity = async (tx: TenantTx, { now, timezone }: OverviewFor): Promise<OverviewTable> => {
  const since = new Date(now.getTime() - 7 * DAY_MS).toISOString()
  const found = await rows<{
    at: string
    source: string
    what: string
    entity: string | null
    who: string | null
  }>(
    tx,
    sql`select f.at, f.source, f.what, f.entity, ${memberOf('f.member_id')} as who from core.activity_feed(${since}::timestamptz, ${ROWS}) f`,
  )
  return {
    title: 'Activity of a week',
    about: 'The audit, changes of fields, rules that ran, imports and mail; the latest first.',
    columns: ['at', 'from', 'what', 'of', 'who'],
    rows: plain(
      found.map(({ at, source, what, entity, who }) => [
        localIso(Date.parse(at), timezone).slice(0, 16).replace('T', ' '),
        source,
        what,
        entity,
        who,
      ]),
    ),
  }
}

const PARTS = { work, waiting, passed, pipeline, meetings, chance, customers, stale, activity }
export const OVERVIEW_PARTS = Object.keys(PARTS)

/**
 * The views of a workspace for a person's own eyes, with names: each read on its own, so that one which fails or is slow
 * is left out and named.
 */
export const readOverview = (tx: TenantTx, wanted: OverviewFor): Promise<Gathered<OverviewTable>> =>
  gather<OverviewTable>(
    tx,
    Object.entries(PARTS).map(([name, read]) => ({ name, read: (inner) => read(inner, wanted) })),
    { tool: 'overview', signal: wanted.signal },
  )

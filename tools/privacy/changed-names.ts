import { catalog } from '../../db/catalog/all.ts'
import { sql } from '../../db/sql.ts'
import { engineOf, rows, type TenantTx } from '../../db/tenant.ts'

export interface NameRow {
  readonly entity: string
  readonly id: string
  readonly first: string | null
  readonly second: string | null
  /** Record that the value belongs to, where it is not the row itself. */
  readonly owner: string | null
  readonly gone: boolean
  readonly updated_at: string
}

/** Up to where names have been read. */
export interface NamesMark {
  /** No change that has not been read carries an earlier time. */
  readonly since: string
  /** Every transaction with a lower number had ended when names were read last, and what it wrote was seen. */
  readonly horizon: string
}

export const FROM_THE_BEGINNING: NamesMark = { since: '1970-01-01T00:00:00Z', horizon: '0' }

/** A row carries the time its transaction began, and may be seen only this much later, beside others that are younger. */
const OVERLAP_MS = 60_000
/** The embedded engine runs one transaction at a time: only the precision of a time is to be made up for. */
const EMBEDDED_OVERLAP_MS = 10

/** Addresses of members: their rows are known by name already, and name them a second way. */
export const MEMBER_EMAILS = 'member_emails'

const earlier = (time: string, byMs: number): string =>
  new Date(Math.max(0, Date.parse(time) - byMs)).toISOString()

/**
 * What names people, companies, deals and their values, as far as it was written since `mark`, with the mark for the
 * next reading. What was read before is not read again, however much one transaction wrote.
 */
export const readChangedNames = async (
  tx: TenantTx,
  { since, horizon }: NamesMark,
): Promise<{ readonly changed: readonly NameRow[]; readonly mark: NamesMark }> => {
  const [now] = await rows<{ at: string; horizon: string }>(
    tx,
    sql`select now() as at, pg_snapshot_xmin(pg_current_snapshot())::text as horizon`,
  )
  const isNew =
    horizon === FROM_THE_BEGINNING.horizon ? sql`` : sql`and age(t.xmin) <= age(${horizon}::xid8::xid)`
  const changed = await rows<NameRow>(
    tx,
    sql.join(
      [
        ...[...catalog.values()].flatMap(({ name, sqlName, known }) =>
          known === undefined
            ? []
            : [
                sql`select ${name}::text as entity, t.id, ${sql.identifier(known.first)} as first,
                  ${known.second === undefined ? sql`null::text` : sql.identifier(known.second)} as second,
                  ${known.owner === undefined ? sql`null::text` : sql`${sql.identifier(known.owner)}::text`} as owner,
                  t.deleted_at is not null as gone, t.updated_at
                  from ${sql.raw(sqlName)} t where t.updated_at >= ${since}::timestamptz ${isNew}`,
              ],
        ),
        sql`select ${MEMBER_EMAILS}::text, t.id, t.email, null::text, t.id::text, t.deleted_at is not null, t.updated_at
          from core.members t where t.updated_at >= ${since}::timestamptz ${isNew}`,
      ],
      sql` union all `,
    ),
  )
  const latest = changed.reduce(
    (most, { updated_at }) => (updated_at > most ? updated_at : most),
    FROM_THE_BEGINNING.since,
  )
  const next =
    engineOf(tx) === 'embedded' ? earlier(now!.at, EMBEDDED_OVERLAP_MS) : earlier(latest, OVERLAP_MS)
  return { changed, mark: { since: next > since ? next : since, horizon: now!.horizon } }
}

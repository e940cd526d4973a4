import { catalog } from '../../db/catalog/all.ts'
import { engineOf, type Prepared, preparedRows, type TenantTx } from '../../db/tenant.ts'

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

const select = (isNew: string): string =>
  [...catalog.values()]
    .flatMap(({ name, sqlName, known }) =>
      known === undefined
        ? []
        : [
            `select '${name}' as entity, t.id, t.${known.first} as first,
              ${known.second === undefined ? 'null::text' : `t.${known.second}`} as second,
              ${known.owner === undefined ? 'null::text' : `t.${known.owner}::text`} as owner,
              t.deleted_at is not null as gone, t.updated_at
              from ${sqlName} t where t.updated_at >= $1::timestamptz ${isNew}`,
          ],
    )
    .concat(
      `select '${MEMBER_EMAILS}', t.id, t.email, null::text, t.id::text, t.deleted_at is not null, t.updated_at
        from core.members t where t.updated_at >= $1::timestamptz ${isNew}`,
    )
    .join(' union all ')

interface Statements {
  readonly all: Prepared
  readonly changed: Prepared
}

let made: { readonly entities: number; readonly statements: Statements } | undefined

/** Made once; anew for whoever adds an entity while the process runs. */
const statements = (): Statements => {
  const entities = catalog.size
  if (made?.entities !== entities) {
    const changed = select('and age(t.xmin) <= age($2::xid8::xid)')
    made = {
      entities,
      statements: {
        all: { name: `names_all_${entities}`, text: select('') },
        changed: { name: `names_changed_${entities}`, text: changed },
      },
    }
  }
  return made.statements
}

const NOW = {
  name: 'names_now',
  text: 'select now() as at, pg_current_snapshot()::text as snapshot',
}

/** What a reading saw: all that transactions wrote whose number is below `xmax`, except those that were still under way. */
export interface Moment {
  readonly xmax: bigint
  readonly underWay: readonly bigint[]
}

/** Of `pg_current_snapshot()` as text. */
export const momentOf = (snapshot: string): Moment => {
  const [, xmax = '0', open = ''] = snapshot.split(':')
  return { xmax: BigInt(xmax), underWay: open === '' ? [] : open.split(',').map(BigInt) }
}

/** Whether `one` was taken after `other`, and so may see more. */
export const isLater = (one: Moment, other: Moment): boolean =>
  one.xmax > other.xmax || (one.xmax === other.xmax && one.underWay.length < other.underWay.length)

/** More than this many are not looked at one by one. */
const MOST_BETWEEN = 1_000n

/** Whether all that `now` may see and `then` did not was written by transactions that are known to name nobody. */
export const namesNobodyBetween = (
  then: Moment,
  now: Moment,
  isHarmless: (transaction: bigint) => boolean,
): boolean => {
  if (then.xmax === 0n || now.xmax - then.xmax > MOST_BETWEEN) return false
  for (let one = then.xmax; one < now.xmax; one += 1n) if (!isHarmless(one)) return false
  return then.underWay.every(isHarmless)
}

/**
 * What names people, companies, deals and their values, as far as it was written since `mark`, with the mark for the
 * next reading. What was read before is not read again, however much one transaction wrote.
 */
export const readChangedNames = async (
  tx: TenantTx,
  { since, horizon }: NamesMark,
): Promise<{ readonly changed: readonly NameRow[]; readonly mark: NamesMark; readonly at: Moment }> => {
  const isFirst = horizon === FROM_THE_BEGINNING.horizon
  const { all, changed: later } = statements()
  // Where all is one state of the database, the two may go together.
  const [[now], changed] = await Promise.all([
    preparedRows<{ at: string; snapshot: string }>(tx, NOW, []),
    isFirst ? preparedRows<NameRow>(tx, all, [since]) : preparedRows<NameRow>(tx, later, [since, horizon]),
  ])
  const [xmin = ''] = now!.snapshot.split(':')
  const latest = changed.reduce(
    (most, { updated_at }) => (updated_at > most ? updated_at : most),
    FROM_THE_BEGINNING.since,
  )
  const next =
    engineOf(tx) === 'embedded' ? earlier(now!.at, EMBEDDED_OVERLAP_MS) : earlier(latest, OVERLAP_MS)
  return {
    changed,
    mark: { since: next > since ? next : since, horizon: xmin },
    at: momentOf(now!.snapshot),
  }
}

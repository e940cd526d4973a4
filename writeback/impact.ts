import { sql } from '../db/sql.ts'
import { rows, savepoint } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { asTactError } from '../domain/errors.ts'
import { formatMoney } from '../domain/money.ts'
import { applyChange } from './apply.ts'
import type { StoredProposal } from './store.ts'

/** Open deals of one currency, as many as whoever asks sees. */
export interface OpenPipeline {
  readonly currency: string
  readonly deals: number
  readonly amountMinor: number
}

/** The open pipeline of a currency now, and as it would be. */
export interface Impact {
  readonly before: OpenPipeline
  readonly after: OpenPipeline
}

/** Looking must not wait for somebody who writes. */
const PATIENCE_MS = 2_000

const openPipeline = (tx: TenantTx): Promise<readonly OpenPipeline[]> =>
  rows<OpenPipeline & Record<string, unknown>>(
    tx,
    sql`select d.currency, count(*)::int as deals, coalesce(sum(d.amount_minor), 0)::float8 as "amountMinor"
      from crm.deals d join crm.stages s on s.tenant_id = d.tenant_id and s.id = d.stage_id
      where d.deleted_at is null and s.kind = 'open' group by d.currency order by d.currency`,
  )

/** Carries what was tried back out of the savepoint, which forgets it. */
class Tried extends Error {
  readonly after: readonly OpenPipeline[]
  constructor(after: readonly OpenPipeline[]) {
    super('tried')
    this.after = after
  }
}

/**
 * What a proposal would do to the open pipeline, by currency: it is carried out in a savepoint, summed, and rolled back.
 * Empty where no deal is touched, nothing moves, or it cannot be carried out as things stand.
 */
export const impactOf = async (tx: TenantTx, { changes }: StoredProposal): Promise<readonly Impact[]> => {
  if (changes.every(({ entity }) => entity !== 'deals')) return []
  const before = await openPipeline(tx)
  const after = await savepoint(
    tx,
    async (inner): Promise<never> => {
      for (const change of changes) await applyChange(inner, change)
      throw new Tried(await openPipeline(inner))
    },
    { timeoutMs: PATIENCE_MS },
  ).catch((thrown: unknown) => {
    if (thrown instanceof Tried) return thrown.after
    if (asTactError(thrown).kind === 'unavailable') throw thrown
    return before
  })
  const currencies = [...new Set([...before, ...after].map(({ currency }) => currency))].sort()
  return currencies.flatMap((currency) => {
    const of = (found: readonly OpenPipeline[]): OpenPipeline =>
      found.find((one) => one.currency === currency) ?? { currency, deals: 0, amountMinor: 0 }
    const [was, is] = [of(before), of(after)]
    return was.deals === is.deals && was.amountMinor === is.amountMinor ? [] : [{ before: was, after: is }]
  })
}

/** `Open pipeline €3,100,000 → €2,400,000, 12 → 11 deals`. */
export const impactLine = ({ before, after }: Impact): string => {
  const money = `Open pipeline ${formatMoney(before)} → ${formatMoney(after)}`
  return before.deals === after.deals ? money : `${money}, ${before.deals} → ${after.deals} deals`
}

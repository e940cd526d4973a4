import type { TenantTx } from '../db/tenant.ts'
import type { RecordRef } from '../domain/records.ts'
import type { Clock } from './when.ts'

/** What a diff is made in: one transaction, one member, one moment. */
export interface DiffContext {
  readonly tx: TenantTx
  readonly memberId: string | null
  /** Now, and the workspace's time zone. */
  readonly clock: Clock
  /** The workspace's own currency, for records that have none yet. */
  readonly currency: string
  /** Where phone numbers without a prefix are from: ISO 3166 alpha-2. */
  readonly country: string
  /** Records that earlier changes of the same proposal create, by `change:1`. */
  readonly made: Map<string, RecordRef>
}

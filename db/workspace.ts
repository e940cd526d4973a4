import type { TenantId } from '../domain/ids.ts'

export interface Workspace {
  readonly id: TenantId
  readonly slug: string
  readonly name: string
  readonly vertical: string
  readonly timezone: string
  readonly currency: string
  readonly country: string
  /** Fixed "now" of a demo, else null. */
  readonly clockAt: Date | null
}

import type { MemberId, TenantId } from './ids.ts'

export const ROLES = ['owner', 'admin', 'editor', 'viewer'] as const
export type Role = (typeof ROLES)[number]

/** The road a request came in on. `system` is Tact itself (imports, schedules). */
export const CHANNELS = ['cli', 'chat', 'mcp', 'slack', 'inbox', 'eval', 'system'] as const
export type Channel = (typeof CHANNELS)[number]

/** Who is acting, in which workspace, by which road. */
export interface Actor {
  readonly tenantId: TenantId
  readonly memberId: MemberId | null
  readonly role: Role
  readonly via: Channel
  /** Only what every member may see: for an answer that others read too. Row security then sees nobody in particular. */
  readonly sees?: 'shared'
}

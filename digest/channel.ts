import type { TenantId } from '../domain/ids.ts'
import type { Sent, Found } from '../writeback/providers/port.ts'
import type { Layout } from './layout.ts'
import type { DigestPolicy } from './policy.ts'

/** A digest on its way. `ref` is the same for every attempt. */
export interface OutgoingDigest {
  readonly runId: string
  readonly policy: DigestPolicy
  readonly layout: Layout
  /** Of mail: whom it goes to. */
  readonly address: string | null
}

export type Handed = Sent & { readonly ref?: string }

/**
 * A way for digests. `send` calls `beforeHandover` at the last moment before the other side could have the message, and
 * hands nothing over where that throws. `find` says whether an earlier attempt arrived. Neither throws for what the other side does.
 */
export interface DigestChannel {
  send(digest: OutgoingDigest, beforeHandover: () => Promise<void>): Promise<Handed>
  find(digest: OutgoingDigest): Promise<{ readonly found: Found; readonly ref?: string }>
}

/** The channel of a policy, or a code for why there is none: `no_mail_server`, `no_slack`, `mail_disabled`. */
export type ChannelOf = (tenantId: TenantId, policy: DigestPolicy) => DigestChannel | string

import type { Database } from '../db/connect.ts'
import type { Layout } from '../digest/layout.ts'
import type { Actor } from '../domain/actor.ts'
import type { TurnEvent } from '../domain/events.ts'
import type { TenantId } from '../domain/ids.ts'

/** Who asks, in which conversation; `sees` of the actor says for whose eyes. */
export interface Asking {
  readonly actor: Actor
  /** Finds the conversation again: one for each member in each thread. */
  readonly conversation: string
  readonly signal: AbortSignal
  /** An answer that broke off is taken up again where that can be done. */
  readonly isAgain: boolean
}

/** What the house gives the bot. */
export interface SlackParts {
  readonly database: Database
  readonly tenantId: TenantId
  /** One turn of the agent; never throws for what a model or a person gets wrong. */
  readonly ask: (question: string, asking: Asking) => AsyncIterable<TurnEvent>
  /** Address of the inbox, e.g. `https://crm.example.com/inbox`. */
  readonly inboxUrl: () => string
  /** What is hidden from models and where they are, as lines for a person. */
  readonly privacyLines: (actor: Actor) => Promise<readonly string[]>
  /** What a member's digest would say now. */
  readonly digest: (actor: Actor) => Promise<Layout>
  /** An address that signs a member in to the inbox once, for that person's eyes alone. */
  readonly signInLink: (actor: Actor) => Promise<string>
}

/** Tact itself in that workspace, for what no member does: storing events, drawing cards. */
export const systemActor = ({ tenantId }: Pick<SlackParts, 'tenantId'>): Actor => ({
  tenantId,
  memberId: null,
  role: 'owner',
  via: 'system',
})

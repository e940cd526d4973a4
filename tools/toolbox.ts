import type { Actor } from '../domain/actor.ts'
import type { ErrorKind, PublicError } from '../domain/errors.ts'
import type { Completeness } from '../domain/completeness.ts'
import type { ClientPolicy } from '../domain/policy.ts'
import type { Tool } from './define.ts'

/** Who calls a tool, in whose conversation (handles mean something only inside one). */
export interface Caller {
  readonly actor: Actor
  readonly conversationId: string
  readonly signal: AbortSignal
  /** What the member says in the turn under way, in their own words; earlier turns are in the conversation. */
  readonly said?: readonly string[]
  /** What an owner set to be hidden from this client, in place of the workspace's own policy. */
  readonly policy?: ClientPolicy
  /** Names the call where it may be made again after a crash: a proposal under the same name is made once. */
  readonly onceAs?: string
}

/** A result as it may leave: every name is a handle. */
export interface ToolResult {
  readonly data: unknown
  readonly completeness: Completeness | null
  readonly sources: readonly { readonly id: string; readonly what: string }[]
  readonly notes: readonly string[]
}

export type ToolOutcome =
  | {
      readonly ok: true
      readonly result: ToolResult
      /** Id of the proposal that the call recorded. */ readonly proposalId?: string
    }
  | {
      readonly ok: false
      readonly error: PublicError
      /** Who must act; for exit codes and status codes. */ readonly kind?: ErrorKind
    }

/** What surfaces and the agent hold of the tools: their definitions, and the one door through which they run. */
export interface Toolbox {
  readonly tools: ReadonlyMap<string, Tool>
  /** Never throws for what a caller can get wrong; an unknown tool is an error outcome too. */
  call(name: string, rawArguments: unknown, caller: Caller): Promise<ToolOutcome>
}

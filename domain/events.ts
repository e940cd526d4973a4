import type { PublicError } from './errors.ts'

/** What a reader may open: a record an answer rests on. `name` is real: for our own screens only. */
export interface AnswerSource {
  readonly handle: string
  readonly uri: string
  readonly name: string
  readonly what: string
}

/** One line on what went to the model in this turn. */
export interface Receipt {
  readonly model: string
  /** Nothing left this machine for a model. */
  readonly local: boolean
  /** The model that failed before this one answered. */
  readonly insteadOf?: string
  readonly requests: number
  readonly handles: number
  readonly inputTokens: number
  readonly outputTokens: number
  /** Of the input tokens, those that the provider had kept from an earlier request. */
  readonly cachedTokens?: number
  /** Millionths of a dollar; null where no price is set (TACT_MODEL_PRICE). */
  readonly costMicrodollars?: number | null
  /** What was hidden from the model. */
  readonly policy?: string
  /** Set when a request left this machine: `tact audit egress <id>` prints what left. */
  readonly egress?: string
}

export type TurnStatus = 'answered' | 'asked_back' | 'refused' | 'failed' | 'cancelled'

/** A tool call as the model made it (handles, no names) and how it ended. */
export interface CallRecord {
  readonly tool: string
  readonly arguments: unknown
  readonly ok: boolean
  readonly error?: PublicError
}

export interface TurnEnd {
  readonly type: 'turn-end'
  readonly status: TurnStatus
  /** The answer with names, as the asking member may see them. */
  readonly text: string
  /** The answer as the model wrote it. */
  readonly textWithHandles: string
  readonly readAs: string | null
  readonly calls: readonly CallRecord[]
  readonly sources: readonly AnswerSource[]
  /** Ids of proposals made in this turn. */
  readonly proposals: readonly string[]
  readonly receipt: Receipt
}

export type TurnEvent =
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'tool-call'; readonly id: string; readonly tool: string; readonly label: string }
  | {
      readonly type: 'tool-result'
      readonly id: string
      readonly tool: string
      readonly ok: boolean
      readonly label: string
    }
  | { readonly type: 'proposal'; readonly id: string }
  | TurnEnd

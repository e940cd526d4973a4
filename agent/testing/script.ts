/** What a scripted model does with one request, whatever the protocol of its server. */
export interface Said {
  readonly text?: string
  readonly calls?: readonly ScriptedCall[]
  /** Why it stops, where that is neither the end of its words nor a call. */
  readonly stop?: 'refusal' | 'too_long'
  /**
   * How the stream fails, after the words and before the calls: the connection is torn, the stream ends without its last
   * events, the server reports an error inside it, or nothing more comes.
   */
  readonly fault?: 'torn' | 'early' | 'error' | 'hangs'
}

export interface ScriptedCall {
  readonly name: string
  readonly input: unknown
  /** Arguments as the model wrote them, where they are no JSON. */
  readonly raw?: string
}

/** A failure in place of an answer. */
export interface Failed {
  readonly status: number
  readonly retryAfterSeconds?: number
}

export type Move = Said | Failed

/** A request as any protocol says it: the text of its last message, and all of it. */
export interface Seen {
  readonly last: string
  readonly whole: string
}

/** Answers the request of that number, from 0. */
export type Script = (seen: Seen, step: number) => Move

/** A server that speaks a provider's protocol and says what a script says. */
export interface ScriptedServer {
  /** For TACT_MODEL and, where it is Anthropic's protocol, ANTHROPIC_URL. */
  readonly settings: {
    readonly TACT_MODEL: string
    readonly ANTHROPIC_URL?: string
    readonly ANTHROPIC_API_KEY?: string
  }
  readonly bodies: readonly string[]
  /** Requests that the provider would have refused as malformed, and why. */
  readonly refused: readonly string[]
  close(): Promise<void>
}

/** A text in pieces of a few letters, as providers stream it. */
export const piecesOf = (text: string): readonly string[] => text.match(/[\s\S]{1,9}/gu) ?? []

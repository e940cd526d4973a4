/** One message as it lies in its source. */
export interface RawMessage {
  readonly raw: Uint8Array
  /** Where it lies; handed back as `after`, reading goes on with the message behind it. */
  readonly place: string
}

export interface ReadOptions {
  /** `place` of the last message that is already in. */
  readonly after?: string | undefined
  readonly signal?: AbortSignal | undefined
}

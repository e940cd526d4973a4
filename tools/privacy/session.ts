import type { Scrubbed } from '../../redaction/types.ts'

/** What a model may know of a handle; agent/legend.ts writes it out. */
export interface HandleFacts {
  readonly handle: string
  readonly is: string
  readonly facts?: Record<string, string>
  readonly candidates?: string[]
}

/** Puts names back into a text that arrives in pieces. */
export interface NameStream {
  push(chunk: string): Promise<string>
  end(): Promise<string>
}

/** The redaction layer of one conversation, for one member. */
export interface PrivacySession {
  /** A member's own words, on their way to a model. Throws where they cannot be made safe: nothing is sent then. */
  scrubQuestion(text: string): Promise<{ readonly text: Scrubbed; readonly legend: readonly HandleFacts[] }>
  /** A tool's result, with every Secret and every free text made safe. */
  hideResult<T>(result: T): Promise<unknown>
  /** Tool arguments as a model wrote them: handles become record URIs or values. Throws a user error for unknown ones. */
  restoreArguments(raw: unknown): Promise<unknown>
  /** Text for the member's own eyes. */
  restoreText(text: string): Promise<string>
  restoreStream(): NameStream
  /** Handles issued in this conversation so far. */
  handleCount(): number
}

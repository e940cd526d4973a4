import type { AnswerSource } from '../../domain/events.ts'
import type { Policy } from '../../domain/policy.ts'
import type { FoundSpan } from '../../redaction/merge.ts'
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
  /** What the workspace hides. */
  readonly policy: Policy
  /** Records a request to a model elsewhere before it leaves; throws where it must not leave. */
  beforeSend(answerId: string): (request: { readonly model: string; readonly body: string }) => Promise<void>
  /** A member's own words, on their way to a model. Throws where they cannot be made safe: nothing is sent then. */
  scrubQuestion(text: string): Promise<{ readonly text: Scrubbed; readonly legend: readonly HandleFacts[] }>
  /** Other text on its way to a model. */
  scrubContent(text: string): Promise<Scrubbed>
  /** What would be hidden in a text, and where. */
  findSpans(text: string): Promise<readonly FoundSpan[]>
  /** A tool's result, with every Secret and every free text made safe. */
  hideResult(result: unknown): Promise<unknown>
  /** Tool arguments as a model wrote them: handles become record URIs or values. Throws a user error for unknown ones. */
  restoreArguments(raw: unknown): Promise<unknown>
  /** Text for the member's own eyes. */
  restoreText(text: string): Promise<string>
  /** Every string of a hidden result, for the member's own eyes. */
  restoreTree(tree: unknown): Promise<unknown>
  restoreStream(): NameStream
  /** The records behind the handles that an answer cites, with their names. */
  sourcesOf(
    sources: readonly { readonly id: string; readonly what: string }[],
  ): Promise<readonly AnswerSource[]>
  /** Handles issued in this conversation so far. */
  handleCount(): number
}

/** Who must act on a failure: the asker, nobody (gone), both sides (conflict), an owner (denied), time (unavailable), us (bug). */
export type ErrorKind = 'user' | 'not-found' | 'conflict' | 'denied' | 'unavailable' | 'bug'

export interface ErrorDetails {
  /** One sentence: what to do about it. */
  readonly fix?: string
  readonly validOptions?: readonly string[]
  readonly didYouMean?: readonly string[]
  /** Where in the input, e.g. `where[0].field`. */
  readonly at?: string
  /** What could be sent instead. */
  readonly rewrite?: Rewrite
  /** What it is about, for code that mends it. Never shown. */
  readonly about?: unknown
  readonly cause?: unknown
}

/**
 * A text to send instead, without a word of the asker's own: a number is the place of a piece of the text that was sent,
 * to be written `as` a plain word, a text or a name in quotes; a string is ours.
 */
export interface Rewrite {
  readonly parts: readonly {
    readonly piece: number | string
    readonly spaced: boolean
    readonly as?: 'word' | 'text' | 'name'
  }[]
}

/** The one error of Tact. `message` and `fix` are written by us and hold no record data, so a model may read them. */
export class TactError extends Error {
  readonly kind: ErrorKind
  readonly code: string
  readonly details: ErrorDetails

  constructor(kind: ErrorKind, code: string, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'TactError'
    this.kind = kind
    this.code = code
    this.details = details
  }

  /** The shape every surface shows. */
  toPublic(): PublicError {
    const { fix, validOptions, didYouMean, at } = this.details
    return {
      code: this.code,
      message: this.message,
      ...(fix === undefined ? {} : { fix }),
      ...(at === undefined ? {} : { at }),
      ...(validOptions === undefined ? {} : { valid_options: [...validOptions] }),
      ...(didYouMean === undefined || didYouMean.length === 0 ? {} : { did_you_mean: [...didYouMean] }),
    }
  }
}

export interface PublicError {
  readonly code: string
  readonly message: string
  readonly fix?: string
  readonly at?: string
  readonly valid_options?: readonly string[]
  readonly did_you_mean?: readonly string[]
  readonly rewrite?: string
}

const maker =
  (kind: ErrorKind) =>
  (code: string, message: string, details?: ErrorDetails): TactError =>
    new TactError(kind, code, message, details)

export const userError = maker('user')
export const notFound = maker('not-found')
export const conflict = maker('conflict')
export const denied = maker('denied')
export const unavailable = maker('unavailable')
export const bug = maker('bug')

/** Any thrown value as a TactError; what we did not write ourselves becomes a `bug` whose text never leaves. */
export const asTactError = (error: unknown): TactError =>
  error instanceof TactError
    ? error
    : new TactError('bug', 'internal', 'Something went wrong inside Tact. Nothing was changed.', {
        fix: 'Try again; if it stays, run `tact doctor` and look at the log.',
        cause: error,
      })

export const assertNever = (value: never): never => {
  throw bug('unreachable', `Unexpected value of type ${typeof value}.`)
}

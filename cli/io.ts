import type { Readable } from 'node:stream'
import { isatty } from 'node:tty'
import { asTactError, type ErrorKind } from '../domain/errors.ts'

/** The terminal a command talks to: this process's own, or that of a client that attached to the owner. */
export interface Io {
  readonly stdin: Readable
  out(text: string): void
  err(text: string): void
  /** Stdout is a terminal that takes colours and redrawn lines. */
  readonly fancy: boolean
  /** Stdin is a person at a terminal. */
  readonly interactive: boolean
  readonly columns: number
  readonly cwd: string
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
}

/** 0 done, 1 failed, 2 bad usage, 3 refused by policy, 4 not found. */
export const EXIT_CODES: Record<ErrorKind, number> = {
  user: 2,
  'not-found': 4,
  conflict: 1,
  denied: 3,
  unavailable: 1,
  bug: 1,
}

/** Shows a failure the way the command was asked to speak, and answers its exit code. */
export const reportFailure = (io: Io, thrown: unknown, options: { readonly json: boolean }): number => {
  const error = asTactError(thrown)
  const shown = error.toPublic()
  if (options.json) {
    io.out(`${JSON.stringify({ error: shown })}\n`)
  } else {
    io.err(`${shown.message}\n`)
    if (shown.fix) io.err(`${shown.fix}\n`)
    if (shown.did_you_mean) io.err(`Did you mean: ${shown.did_you_mean.join(', ')}?\n`)
    if (shown.valid_options) io.err(`Possible: ${shown.valid_options.join(', ')}\n`)
  }
  if (error.kind === 'bug')
    io.err(`${JSON.stringify({ code: error.code, detail: detailOf(error.details.cause ?? error) })}\n`)
  return EXIT_CODES[error.kind]
}

/** Where a bug came from, without what it was working on: type and stack lines, no message. */
const detailOf = (cause: unknown): string =>
  cause instanceof Error
    ? `${cause.name} ${(cause.stack ?? '')
        .split('\n')
        .filter((line) => /^\s+at /.test(line))
        .slice(0, 6)
        .join(' ')
        .replaceAll(/\s+/g, ' ')}`
    : typeof cause

export const writeJson = (io: Io, value: unknown): void => io.out(`${JSON.stringify(value)}\n`)

/** This process's terminal. */
export const processIo = (signal: AbortSignal, options: { readonly noColor: boolean }): Io => ({
  stdin: process.stdin,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  fancy: isatty(1) && !options.noColor,
  interactive: isatty(0),
  columns: process.stdout.columns ?? 100,
  cwd: process.cwd(),
  signal,
})

import { userError } from '../../domain/errors.ts'
import type { ErrorDetails, TactError } from '../../domain/errors.ts'

/** A query that will not run, as an error a model can act on. Never holds data or the database's own text. */
export const refuse = (code: string, message: string, details: ErrorDetails = {}): TactError =>
  userError(code, message, details)

/**
 * Identifiers of the asker that a message may repeat: what looks like names of ours. A handle is turned into a name before
 * the SQL is read, and names of people do not look like this.
 */
export const isPlain = (...names: readonly string[]): boolean =>
  names.every((name) => /^[a-z_][a-z0-9_]{0,62}$/.test(name))

export const named = (name: string): string => (isPlain(name) ? ` "${name}"` : '')

import { userError } from '../../domain/errors.ts'
import type { ErrorDetails, TactError } from '../../domain/errors.ts'

/** A query that will not run, as an error a model can act on. Never holds data or the database's own text. */
export const refuse = (code: string, message: string, details: ErrorDetails = {}): TactError =>
  userError(code, message, details)

/**
 * An identifier of the asker that a message may repeat: what looks like a name of ours. A handle is turned into a name
 * before the SQL is read, and names of people do not look like this.
 */
export const named = (name: string): string => (/^[a-z_][a-z0-9_]{0,62}$/i.test(name) ? ` "${name}"` : '')

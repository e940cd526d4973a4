import { createHash } from 'node:crypto'
import { bug } from '../domain/errors.ts'

/**
 * Canonical JSON in the manner of RFC 8785: keys sorted by UTF-16 code units, no blanks, numbers and strings as
 * ECMAScript writes them; `undefined` properties are left out. Throws a bug for what JSON cannot hold.
 */
export const canonicalJson = (value: unknown): string => {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw bug('not_canonical', 'A text with a lone surrogate cannot be hashed.')
    return JSON.stringify(value)
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw bug('not_canonical', 'A number that is not finite cannot be hashed.')
    return JSON.stringify(value)
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`
  if (typeof value !== 'object') throw bug('not_canonical', `A ${typeof value} cannot be hashed.`)
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, item]) => `${canonicalJson(key)}:${canonicalJson(item)}`).join(',')}}`
}

/** SHA-256 of the canonical JSON, as 64 hex digits. */
export const hashOf = (value: unknown): string =>
  createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex')

import { createHash, randomBytes } from 'node:crypto'

const BYTES = 32
const REST = /^[A-Za-z0-9_-]{43}$/

/** 256 random bits after a prefix that says what it opens. Shown once; the database keeps `hashOfSecret`. */
export const newSecret = (prefix: string): string => prefix + randomBytes(BYTES).toString('base64url')

/** Whether a text has the form of such a secret. */
export const isSecret = (prefix: string, text: string): boolean =>
  text.startsWith(prefix) && REST.test(text.slice(prefix.length))

/** SHA-256 in hex. Enough for 256 random bits: there is nothing to guess. */
export const hashOfSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex')

import { createHash, randomBytes } from 'node:crypto'

/** A new bearer token: 256 random bits. Shown once; only its hash is stored. */
export const newToken = (): string => `tact_${randomBytes(32).toString('base64url')}`

/** SHA-256 in hex, as `access_tokens.token_hash` holds it. A lookup by hash leaks nothing about near misses. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')

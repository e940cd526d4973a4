import { hkdfSync, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { userError } from '../domain/errors.ts'
import type { TenantId } from '../domain/ids.ts'
import { sealText, unsealText } from '../domain/sealed.ts'

const KEY_BYTES = 32
const FILE = 'secret.key'

/** Where a secret is kept: no other row or workspace can open it. */
export interface SecretPlace {
  readonly tenantId: TenantId
  readonly rowId: string
}

/** Seals what the database keeps for other systems, under a key that is not in the database. */
export interface Secrets {
  /** AES-256-GCM under a key of the workspace: nonce, ciphertext, tag. */
  seal(place: SecretPlace, text: string): Buffer
  /** What `seal` sealed; undefined when the key, the place or the bytes are others. */
  unseal(place: SecretPlace, sealed: Uint8Array): string | undefined
}

const readKey = (text: string): Buffer => {
  const key = Buffer.from(text.trim(), 'base64')
  if (key.length === KEY_BYTES) return key
  throw userError('bad_secret_key', `The secret key does not have ${KEY_BYTES} bytes in base64.`, {
    fix: 'Make one with `openssl rand -base64 32`; TACT_SECRET_KEY holds it, or TACT_HOME/secret.key.',
  })
}

/** The key of this directory, made by whoever comes first. */
const keyIn = (home: string): Buffer => {
  const path = join(home, FILE)
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 })
    writeFileSync(path, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return readKey(readFileSync(path, 'utf8'))
}

/**
 * The key is TACT_SECRET_KEY, else the file TACT_HOME/secret.key, made at the first use; without a directory one that
 * ends with this process. A dump of the database, a backup or an export holds none of them.
 */
export const openSecrets = ({
  TACT_SECRET_KEY: given,
  TACT_HOME: home,
}: Partial<Pick<Config, 'TACT_SECRET_KEY' | 'TACT_HOME'>>): Secrets => {
  let master: Buffer | undefined
  const keyFor = (tenantId: TenantId): Buffer => {
    master ??= given !== undefined ? readKey(given) : home ? keyIn(home) : randomBytes(KEY_BYTES)
    return Buffer.from(hkdfSync('sha256', master, 'tact secrets', tenantId, KEY_BYTES))
  }
  return {
    seal: ({ tenantId, rowId }, text) => sealText(keyFor(tenantId), rowId, text),
    unseal: ({ tenantId, rowId }, sealed) => unsealText(keyFor(tenantId), rowId, sealed),
  }
}

import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const NONCE_BYTES = 12
const TAG_BYTES = 16

const keyFor = (conversationKey: Uint8Array): Buffer =>
  Buffer.from(hkdfSync('sha256', conversationKey, 'tact conversation', 'request bodies', 32))

/** A request's body under its conversation's key, bound to the row that holds it: AES-256-GCM, nonce first, tag last. */
export const sealBody = (conversationKey: Uint8Array, rowId: string, body: string): Buffer => {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', keyFor(conversationKey), nonce).setAAD(Buffer.from(rowId))
  return Buffer.concat([nonce, cipher.update(body, 'utf8'), cipher.final(), cipher.getAuthTag()])
}

/** The body that `sealBody` sealed; undefined when the key, the row or the bytes are others. */
export const unsealBody = (
  conversationKey: Uint8Array,
  rowId: string,
  sealed: Uint8Array,
): string | undefined => {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyFor(conversationKey), sealed.subarray(0, NONCE_BYTES))
      .setAAD(Buffer.from(rowId))
      .setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
    const body = sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES)
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
  } catch {
    return undefined
  }
}

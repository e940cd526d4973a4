import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import type { HandleLabel } from '../domain/handle.ts'

const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Keys of one conversation, each for one use, derived from its key. */
export interface ConversationKeys {
  readonly numbers: Uint8Array
  readonly values: Uint8Array
  readonly sameness: Uint8Array
}

const derive = (key: Uint8Array, use: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', key, 'tact conversation', use, 32))

export const deriveKeys = (conversationKey: Uint8Array): ConversationKeys => ({
  numbers: derive(conversationKey, 'handle numbers'),
  values: derive(conversationKey, 'handle values'),
  sameness: derive(conversationKey, 'handle sameness'),
})

const associated = (number: string, label: HandleLabel): Buffer => Buffer.from(`${label}\0${number}`)

/** AES-256-GCM; nonce, ciphertext and tag in one array. The row's number and label are authenticated with it. */
export const seal = (key: Uint8Array, number: string, label: HandleLabel, value: string): Uint8Array => {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated(number, label))
  const body = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()])
  return new Uint8Array(Buffer.concat([nonce, body, cipher.getAuthTag()]))
}

/** Opens what `seal` made; undefined when the key, the row or the bytes are not the ones it was made with. */
export const unseal = (
  key: Uint8Array,
  number: string,
  label: HandleLabel,
  sealed: Uint8Array,
): string | undefined => {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES))
      .setAAD(associated(number, label))
      .setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
    const body = sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES)
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
  } catch {
    return undefined
  }
}

/** The same value under different spellings: case of addresses, blanks in card numbers, punctuation of phones. */
const canonical = (label: HandleLabel, value: string): string => {
  const plain = value.normalize('NFC').trim()
  switch (label) {
    case 'EMAIL':
    case 'NAME':
    case 'PERSON':
    case 'MEMBER':
    case 'COMPANY':
    case 'ADDRESS':
    case 'PLACE':
      return plain.replace(/\s+/gu, ' ').toLowerCase()
    case 'PHONE':
      return /\d/u.test(plain) ? plain.replace(/[^\d+a-z]/giu, '').toLowerCase() : plain
    case 'IBAN':
    case 'CARD':
      return plain.replace(/[\s-]/gu, '').toUpperCase()
    default:
      return plain
  }
}

/** A keyed digest of label and value: equal for equal values of this conversation, meaningless outside it. */
export const samenessOf = (key: Uint8Array, label: HandleLabel, value: string): string =>
  createHmac('sha256', key)
    .update(`${label}\0${canonical(label, value)}`)
    .digest('base64url')

import { createHmac, hkdfSync } from 'node:crypto'
import type { HandleLabel } from '../domain/handle.ts'
import { sealText, unsealText } from '../domain/sealed.ts'

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

const bound = (number: string, label: HandleLabel): string => `${label}\0${number}`

/** A value under the key of values, bound to the number and label of its row. */
export const seal = (key: Uint8Array, number: string, label: HandleLabel, value: string): Uint8Array =>
  new Uint8Array(sealText(key, bound(number, label), value))

/** Opens what `seal` made; undefined when the key, the row or the bytes are not the ones it was made with. */
export const unseal = (
  key: Uint8Array,
  number: string,
  label: HandleLabel,
  sealed: Uint8Array,
): string | undefined => unsealText(key, bound(number, label), sealed)

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

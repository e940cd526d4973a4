import { hkdfSync } from 'node:crypto'
import { sealText, unsealText } from '../domain/sealed.ts'

const keyFor = (conversationKey: Uint8Array): Buffer =>
  Buffer.from(hkdfSync('sha256', conversationKey, 'tact conversation', 'request bodies', 32))

/** A request's body under its conversation's key, bound to the row that holds it. */
export const sealBody = (conversationKey: Uint8Array, rowId: string, body: string): Buffer =>
  sealText(keyFor(conversationKey), rowId, body)

/** The body that `sealBody` sealed; undefined when the key, the row or the bytes are others. */
export const unsealBody = (
  conversationKey: Uint8Array,
  rowId: string,
  sealed: Uint8Array,
): string | undefined => unsealText(keyFor(conversationKey), rowId, sealed)

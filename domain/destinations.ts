/** What could take data or money somewhere: an address, a link, an account, a phone number. */
export type DestinationKind = 'address' | 'link' | 'account' | 'phone'
export interface Destination {
  readonly kind: DestinationKind
  readonly text: string
}

const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu
const ADDRESS = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/giu
const LINK =
  /(?:\b[a-z][a-z0-9+.-]*:\/\/|(?<![\p{L}\p{N}@.])\/\/|\bwww\.)[^\s<>"')\]]+|(?<![\p{L}\p{N}@.-])(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}{2,}(?:[/?#:][^\s<>"')\]]*)?/giu
const IBAN = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}\b/g
const ACCOUNT =
  /\b(?:iban|account|konto|acct|sort code|routing|swift|bic)\b\D{0,20}([A-Z0-9](?:[A-Z0-9 -]{4,40})[A-Z0-9])/gi
const PHONE = /(?<![\p{L}\p{N}])\+?\d[\d ().-]{6,18}\d(?![\p{L}\p{N}])/gu
/** Endings of files that people speak of, which are no domains. */
const FILE = /^[^/?#:]+\.(?:docx?|xlsx?|pptx?|pdf|csv|txt|md|png|jpe?g|gif|zip|eml|json|html?|mp[34])$/i
/** A date or a time is no phone number. */
const MOMENT = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}.*)?$/

const all = (text: string, pattern: RegExp, group = 0): readonly string[] =>
  [...text.matchAll(pattern)].flatMap((match) => match[group] ?? [])

/** Every destination a text names, invisible characters aside; each once. */
export const destinationsIn = (written: string): readonly Destination[] => {
  const text = written.normalize('NFKC').replaceAll(INVISIBLE, '')
  const addresses = all(text, ADDRESS)
  const withoutAddresses = text.replaceAll(ADDRESS, ' ')
  const links = all(withoutAddresses, LINK).filter((link) => !FILE.test(link))
  const accounts = [...all(withoutAddresses, IBAN), ...all(withoutAddresses, ACCOUNT, 1)]
  const rest = [...links, ...accounts].reduce((left, one) => left.replaceAll(one, ' '), withoutAddresses)
  const phones = all(rest, PHONE).filter((one) => !MOMENT.test(one.trim()))
  const named = (kind: DestinationKind, texts: readonly string[]): readonly Destination[] =>
    texts.map((one) => ({ kind, text: one.trim().replace(/[.,;:!?]+$/, '') }))
  const found = [
    ...named('address', addresses),
    ...named('link', links),
    ...named('account', accounts),
    ...named('phone', phones),
  ]
  return [...new Map(found.map((one) => [`${one.kind} ${one.text.toLowerCase()}`, one])).values()]
}

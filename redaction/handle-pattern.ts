import { HANDLE_LABELS, isCheckedNumber } from '../domain/handle.ts'
import type { HandleForm } from '../domain/handle.ts'
import type { Span } from './types.ts'
import type { WordList } from './words.ts'

/**
 * How models write handles: in any case, with another separator, escaped for Markdown, HTML, JSON or a URL, with the
 * label translated or wrong. The number decides; it must carry its check digit and have been issued.
 */
const INVISIBLE = '\\u200b-\\u200f\\u2060\\ufeff\\u00ad'
const Z = `[${INVISIBLE}]*`

/** Labels as models translate them; after these, as after our own, a blank may stand for the underscore. */
const TRANSLATED = (
  'persona personne persoon pessoa personen people mitglied miembro membre firma unternehmen empresa entreprise ' +
  'société azienda bedrijf mail correo telefon teléfono téléphone telefono adresse dirección indirizzo nombre nom nome naam ' +
  'name account contact company_name'
).split(' ')

const LABEL = [...HANDLE_LABELS, ...TRANSLATED]
  .toSorted((a, b) => b.length - a.length)
  .map((label) => label.split('').join(Z))
  .join('|')
const UNDERSCORE = `(?:\\\\*_|\\\\+u005f|&#95;|&#x5f;|&lowbar;|[%=]5f|＿)`
const SEPARATOR = `(?:\\\\+u00(?:5f|a0|2d)|&#(?:95|x5f|160|xa0);|&(?:lowbar|nbsp);|%(?:5f|20|2d|c2%a0)|=5f|[\\s_\\-‐‑–—＿*${INVISIBLE}\\\\])`
/** Also at full width, as East Asian keyboards write them. */
const D = '[\\d０-９]'
const DIGITS = `(${D}(?:${Z}${D}){4}(?:(?:${Z}${D}){2})?)`
const BEFORE = '(?<![\\p{L}\\p{N}])'
const TAIL = `(?!${Z}${D})([fl])?(?=s?(?![a-z\\d]))`

/** A number with its suffix; what stands before it decides whether it is a handle's. */
const NUMBER = new RegExp(`(?<!${D})${DIGITS}${TAIL}`, 'giu')
/** One of our labels with any separator, or any word with an underscore. */
const LEAD = new RegExp(
  `${BEFORE}(?:(?:${LABEL})s?${SEPARATOR}{0,6}|([\\p{L}${INVISIBLE}]{1,24})${UNDERSCORE}${Z})$`,
  'iu',
)
const LONGEST_LEAD = 96

/** Proper beginnings of a multi-character escape. */
const beginnings = (texts: readonly string[]): string =>
  [...new Set(texts.flatMap((text) => Array.from(text, (_, at) => text.slice(0, at + 1))))]
    .toSorted((a, b) => b.length - a.length)
    .map((text) => text.replace(/^\\/u, '\\\\+'))
    .join('|')
const ESCAPES = beginnings([
  '\\u005',
  '\\u00a',
  '\\u002',
  '&#95',
  '&#x5f',
  '&#160',
  '&#xa0',
  '&lowbar',
  '&nbsp',
  '%5',
  '%2',
  '%c2%a',
  '=5',
])
const PART_DIGITS = `(?:${D}${Z}){0,7}[fl]?s?`

/** The end of a text that may still grow into a handle. */
export const UNFINISHED = new RegExp(
  [
    `${BEFORE}[\\p{L}${INVISIBLE}]{1,64}$`,
    `${BEFORE}(?:${LABEL})s?${SEPARATOR}{0,6}(?:${ESCAPES}|${PART_DIGITS})?$`,
    `${BEFORE}[\\p{L}${INVISIBLE}]{1,24}(?:${ESCAPES}|\\\\+_?|${UNDERSCORE}${Z}${PART_DIGITS})$`,
  ].join('|'),
  'iu',
)

const LINK_BEFORE =
  /(?:(?:[a-z][a-z0-9+.-]{1,20}:\/\/|\bwww\d?\.|\bmailto:)[^\s<>"'`]*|\]\(\s*<?[^\s)]*|\b(?:href|src|action|cite)\s*=\s*["']?[^\s"'<>]*|(?:^|\n)[ \t]*\[[^\]\n]+\]:[ \t]*\S*)$/iu

/** Whether the text ends inside a URL or the target of a link: nothing is restored there. */
export const endsInLink = (before: string): boolean => LINK_BEFORE.test(before.slice(-2_048))

export interface HandleMention {
  readonly start: number
  readonly end: number
  readonly number: string
  readonly form: HandleForm
}

/** Labels as they stand before a blank or hyphen, in lower case, singular and plural. */
const LABEL_WORDS: ReadonlySet<string> = new Set(
  [...HANDLE_LABELS, ...TRANSLATED].flatMap((label) => {
    const last = label.toLowerCase().split('_').at(-1)!
    return [last, `${last}s`]
  }),
)

/** A cheap look at what stands before a number: false only where `LEAD` cannot match. */
const mayLead = (text: string, end: number): boolean => {
  let at = end
  while (at > 0 && end - at < 8) {
    const unit = text.charCodeAt(at - 1)
    if (unit > 127 || unit === 0x5f || unit === 0x5c || unit === 0x3b || unit === 0x25 || unit === 0x2a)
      return true
    if (unit !== 0x20 && unit !== 0x2d && !(unit >= 9 && unit <= 13)) break
    at -= 1
  }
  let start = at
  while (start > 0 && at - start < 25) {
    const unit = text.charCodeAt(start - 1) | 0x20
    if (text.charCodeAt(start - 1) > 127) return true
    if (unit < 0x61 || unit > 0x7a) break
    start -= 1
  }
  const before = start > 0 ? text.charCodeAt(start - 1) : 0
  if (before === 0x25 || before === 0x5c || before === 0x26) return true
  if (start === at)
    return (
      before >= 0x30 && before <= 0x39 && /(?:%|u00)[0-9a-f]*$/iu.test(text.slice(Math.max(0, at - 8), at))
    )
  return LABEL_WORDS.has(text.slice(start, at).toLowerCase()) || /^(?:f|a|d)$/iu.test(text.slice(start, at))
}

const OWN_LABEL_AT_END = new RegExp(`(?:${HANDLE_LABELS.join('|')})$`, 'u')

/** Everything in a text that reads as a handle with a valid check digit; whether it was issued is the vault's business. */
export const handleMentions = (text: string): readonly HandleMention[] => {
  const found: HandleMention[] = []
  for (const match of text.matchAll(NUMBER)) {
    if (!mayLead(text, match.index)) continue
    const from = Math.max(0, match.index - LONGEST_LEAD)
    const lead = LEAD.exec(text.slice(from, match.index))
    const number = match[1]!.normalize('NFKC').replace(/\D/gu, '')
    if (!lead || !isCheckedNumber(number)) continue
    const glued = lead[1] === undefined ? 0 : (OWN_LABEL_AT_END.exec(lead[1])?.index ?? 0)
    const suffix = match[2]?.toLowerCase()
    found.push({
      start: from + lead.index + glued,
      end: match.index + match[0].length,
      number,
      form: suffix === 'f' ? 'first' : suffix === 'l' ? 'last' : 'full',
    })
  }
  return found
}

/** Digits of a handle, with what may be hidden between them, are one word of this length at least. */
const FEWEST_UNITS = 5

const mayHoldHandle = (text: string, { count, start, end }: WordList): boolean => {
  for (let at = 0; at < count; at += 1) {
    if (end[at]! - start[at]! < FEWEST_UNITS) continue
    const unit = text.charCodeAt(start[at]!)
    if ((unit >= 0x30 && unit <= 0x39) || unit > 127) return true
  }
  return false
}

/**
 * Incoming text that reads as a handle: it is hidden as a value, so that only issued handles ever resolve. `words` are
 * those of the text.
 */
export const looksLikeHandle = (text: string, words: WordList): Span[] =>
  (mayHoldHandle(text, words) ? handleMentions(text) : []).map(({ start, end }) => ({
    start,
    end,
    label: 'SECRET',
    records: [],
    form: 'full',
    by: 'detector',
  }))

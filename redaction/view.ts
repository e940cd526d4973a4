/** A text as a person would read it: escapes undone, invisible characters gone, compatible characters made plain. */
export interface View {
  readonly text: string
  /** Stretches of the view around what was undone, wide enough for a name and what surrounds it; no two overlap. */
  readonly changed: readonly { readonly start: number; readonly end: number }[]
  /** Where a stretch of the view stands in the original, in UTF-16 offsets. */
  original(start: number, end: number): { readonly start: number; readonly end: number }
}

const LATIN =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ...LATIN.split(' ').map((name, at) => [name, String.fromCharCode(0xa0 + at)] as const),
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['commat', '@'],
  ['period', '.'],
  ['colon', ':'],
  ['hyphen', '-'],
  ['ndash', '–'],
  ['mdash', '—'],
  ['lsquo', '‘'],
  ['rsquo', '’'],
  ['zwnj', ''],
  ['zwj', ''],
  ['lowbar', '_'],
])
const INVISIBLE =
  '\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u206a-\\u206f\\ufeff\\ufe00-\\ufe0f'
const ESCAPES = [
  '=\\r?\\n',
  '(?:=[0-9A-F]{2})+',
  '(?:%[0-9A-Fa-f]{2})+',
  '&(?:#[xX][0-9a-fA-F]{1,6}|#\\d{1,7}|[A-Za-z]{2,8}\\d{0,2});',
  '(?:\\\\+u[0-9a-fA-F]{4})+',
  '\\\\+u\\{[0-9a-fA-F]{1,6}\\}',
  '\\\\+x[0-9a-fA-F]{2}',
  '\\\\+[nrt"\'/]',
].join('|')
const ESCAPE = new RegExp(ESCAPES, 'gu')
const ESCAPE_OR_OTHER = new RegExp(`${ESCAPES}|[^\\x00-\\x7f]+`, 'gu')
const NOT_ASCII = /[^\x00-\x7f]/u
/** One cheap look: no escape matches where this does not. */
const MAY_ESCAPE = /=(?:[0-9A-F]{2}|\r?\n)|%[0-9A-Fa-f]{2}|&(?:#|[A-Za-z]{2,8}\d{0,2};)|\\[unrtx"'/\\]/u
const MARKS_FIRST = /^\p{M}/u
const CLUSTER = /[\s\S]\p{M}*/gu
const MOST_ROUNDS = 3

/** Characters that one token stands for, each with its share of the token. */
interface Piece {
  readonly text: string
  readonly length: number
}

const whole = (text: string, token: string): readonly Piece[] => [{ text, length: token.length }]

const fromPoint = (point: number): string =>
  point > 0 && point <= 0x10ffff && !(point >= 0xd800 && point < 0xe000) ? String.fromCodePoint(point) : ' '

/** A run of `=C3=A9` or `%C3%A9`: UTF-8, or Latin 1 where it is not. */
const fromBytes = (token: string): readonly Piece[] => {
  const bytes = Buffer.from(token.replace(/[=%]/gu, ''), 'hex')
  const text = bytes.toString('utf8')
  if (text.includes('\ufffd')) {
    return Array.from(bytes, (byte) => ({ text: String.fromCharCode(byte), length: 3 }))
  }
  return Array.from(text, (character) => ({ text: character, length: Buffer.byteLength(character) * 3 }))
}

const fromUnicodeEscapes = (token: string): readonly Piece[] => {
  const parts = token.match(/\\+u[0-9a-fA-F]{4}/gu) ?? []
  return parts.map((part) => ({
    text: String.fromCharCode(Number.parseInt(part.slice(-4), 16)),
    length: part.length,
  }))
}

const decode = (token: string): readonly Piece[] | undefined => {
  const first = token.charCodeAt(0)
  if (first === 0x3d && /\n$/u.test(token)) return whole('', token)
  if ((first === 0x3d || first === 0x25) && token.length >= 3 && /^[=%][0-9A-Fa-f]{2}/u.test(token)) {
    return fromBytes(token)
  }
  if (first === 0x26 && token.endsWith(';')) {
    const name = token.slice(1, -1)
    const hex = /^#[xX](.+)$/u.exec(name)?.[1]
    if (hex !== undefined) return whole(fromPoint(Number.parseInt(hex, 16)), token)
    if (name.startsWith('#')) return whole(fromPoint(Number(name.slice(1))), token)
    const named = ENTITIES.get(name) ?? ENTITIES.get(name.toLowerCase())
    return named === undefined ? undefined : whole(named, token)
  }
  if (first === 0x5c) {
    if (/^\\+u[0-9a-fA-F]{4}/u.test(token)) return fromUnicodeEscapes(token)
    const hex = /^\\+(?:u\{([0-9a-fA-F]+)\}|x([0-9a-fA-F]{2}))$/u.exec(token)
    if (hex) return whole(fromPoint(Number.parseInt((hex[1] ?? hex[2])!, 16)), token)
    const last = token.charAt(token.length - 1)
    return whole(last === 'n' || last === 'r' ? '\n' : last === 't' ? '\t' : last, token)
  }
  const plain = token.normalize('NFKC')
  if (plain === token && !INVISIBLE_ONLY.test(token)) return undefined
  return (token.match(CLUSTER) ?? []).map((cluster) => ({
    text: cluster.normalize('NFKC').replace(EVERY_INVISIBLE, ''),
    length: cluster.length,
  }))
}
const EVERY_INVISIBLE = new RegExp(`[${INVISIBLE}]`, 'gu')
const INVISIBLE_ONLY = new RegExp(`[${INVISIBLE}]`, 'u')

interface Round {
  readonly text: string
  /** Where each character of the view begins and ends in the text it was made from. */
  readonly starts: Uint32Array
  readonly ends: Uint32Array
}

const oneRound = (text: string): Round | undefined => {
  const other = NOT_ASCII.test(text)
  if (!other && !MAY_ESCAPE.test(text)) return undefined
  const parts: string[] = []
  const edits: { readonly at: number; readonly pieces: readonly Piece[] }[] = []
  let from = 0
  let length = 0
  const keep = (end: number): void => {
    parts.push(text.slice(from, end))
    length += end - from
  }
  for (const match of text.matchAll(other ? ESCAPE_OR_OTHER : ESCAPE)) {
    const base = match.index > from && MARKS_FIRST.test(match[0]) ? 1 : 0
    const at = match.index - base
    const pieces = decode(text.slice(at, match.index + match[0].length))
    if (!pieces) continue
    keep(at)
    edits.push({ at, pieces })
    for (const piece of pieces) {
      parts.push(piece.text)
      length += piece.text.length
    }
    from = match.index + match[0].length
  }
  if (edits.length === 0) return undefined
  keep(text.length)
  const starts = new Uint32Array(length)
  const ends = new Uint32Array(length)
  let view = 0
  let source = 0
  const note = (begin: number, end: number): void => {
    starts[view] = begin
    ends[view] = end
    view += 1
  }
  for (const { at, pieces } of edits) {
    for (; source < at; source += 1) note(source, source + 1)
    for (const piece of pieces) {
      for (let unit = 0; unit < piece.text.length; unit += 1) note(source, source + piece.length)
      source += piece.length
    }
  }
  for (; source < text.length; source += 1) note(source, source + 1)
  return { text: parts.join(''), starts, ends }
}

const AROUND = 120

/** Where a character of the view is not one of the original beside the one before it. */
const changedIn = (
  text: string,
  original: string,
  { starts, ends }: Pick<Round, 'starts' | 'ends'>,
): { readonly start: number; readonly end: number }[] => {
  const found: { start: number; end: number }[] = []
  let expected = 0
  const note = (at: number): void => {
    const start = Math.max(0, at - AROUND)
    const end = Math.min(text.length, at + AROUND)
    const last = found.at(-1)
    if (last && last.end >= start) last.end = end
    else found.push({ start, end })
  }
  for (let at = 0; at < text.length; at += 1) {
    const start = starts[at]!
    if (start !== expected || ends[at] !== start + 1 || text.charCodeAt(at) !== original.charCodeAt(start)) {
      note(at)
    }
    expected = ends[at]!
  }
  return found
}

/**
 * The text with quoted-printable, percent-encoding, HTML entities and JSON escapes undone, NFKC applied and invisible
 * characters dropped, several layers deep; undefined when there is nothing to undo. Offsets map back exactly: a stretch
 * of the view covers every character of the original that it was made from.
 */
export const viewOf = (text: string): View | undefined => {
  let round = oneRound(text)
  if (!round) return undefined
  let { text: shown, starts, ends } = round
  for (let count = 1; count < MOST_ROUNDS; count += 1) {
    round = oneRound(shown)
    if (!round) break
    const [outer, outerEnds] = [starts, ends]
    starts = round.starts.map((at) => outer[at]!)
    ends = round.ends.map((at) => outerEnds[at - 1]!)
    shown = round.text
  }
  return {
    text: shown,
    changed: changedIn(shown, text, { starts, ends }),
    original: (start, end) => ({ start: starts[start]!, end: ends[end - 1]! }),
  }
}

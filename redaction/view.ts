import { readUnits } from './units.ts'

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
const ESCAPE_HERE = new RegExp(ESCAPES, 'uy')
/** 1 for the units that need a second look: what escapes begin with, and what NFKC may change alone or in its place. */
const BEGINS = new Uint8Array(65_536)
for (const character of '=%&\\') BEGINS[character.charCodeAt(0)] = 1
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

const ASCII_PIECES: readonly Piece[] = Array.from({ length: 128 }, (_, unit) => ({
  text: String.fromCharCode(unit),
  length: 3,
}))

/** A run of `=C3=A9` or `%C3%A9`: UTF-8, or Latin 1 where it is not. */
const fromBytes = (token: string): readonly Piece[] => {
  const ascii: Piece[] = []
  for (let at = 0; at < token.length; at += 3) {
    const piece = ASCII_PIECES[Number.parseInt(token.slice(at + 1, at + 3), 16)]
    if (!piece) return fromOtherBytes(token)
    ascii.push(piece)
  }
  return ascii
}

const fromOtherBytes = (token: string): readonly Piece[] => {
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
  if (first === 0x3d && token.endsWith('\n')) return whole('', token)
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
const INVISIBLE_ONLY = new RegExp(`[${INVISIBLE}]`, 'u')
for (let unit = 128; unit < 65_536; unit += 1) {
  const character = String.fromCharCode(unit)
  const isHalf = unit >= 0xd800 && unit < 0xe000
  // Marks and parts of Hangul syllables join what stands before them.
  const joins = (unit >= 0x1100 && unit < 0x1200) || MARKS_FIRST.test(character)
  if (isHalf || joins || character.normalize('NFKC') !== character || INVISIBLE_ONLY.test(character))
    BEGINS[unit] = 1
}
const EVERY_INVISIBLE = new RegExp(`[${INVISIBLE}]`, 'gu')

/** A token of the source and what stands for it in the view. */
interface Edit {
  readonly source: number
  readonly sourceEnd: number
  readonly view: number
  readonly viewEnd: number
  readonly pieces: readonly Piece[]
}

interface Round {
  readonly text: string
  readonly edits: readonly Edit[]
}

const isHex = (unit: number): boolean =>
  (unit >= 0x30 && unit <= 0x39) || (unit >= 0x41 && unit <= 0x46) || (unit >= 0x61 && unit <= 0x66)

/** Whether an escape may begin with these two units. */
const mayEscape = (unit: number, next: number): boolean => {
  switch (unit) {
    case 0x3d:
      return next === 10 || next === 13 || isHex(next)
    case 0x25:
      return isHex(next)
    case 0x26:
      return next === 0x23 || (next | 32) - 0x61 < 26
    default:
      return next === 0x5c || (next | 32) - 0x61 < 26 || next === 0x22 || next === 0x27 || next === 0x2f
  }
}

/** Where the escape that begins here ends; -1 where none does. */
const escapeEnd = (text: string, units: Uint16Array, at: number): number => {
  if (!mayEscape(units[at]!, units[at + 1]!)) return -1
  ESCAPE_HERE.lastIndex = at
  return ESCAPE_HERE.test(text) ? ESCAPE_HERE.lastIndex : -1
}

const oneRound = (text: string): Round | undefined => {
  const { length } = text
  const units = readUnits(text)
  const parts: string[] = []
  const edits: Edit[] = []
  let from = 0
  let size = 0
  for (let index = 0; index < length; index += 1) {
    const unit = units[index]!
    if (unit < 128) {
      if (BEGINS[unit] === 0) continue
      const end = escapeEnd(text, units, index)
      if (end < 0) continue
      take(index, end)
      index = end - 1
      continue
    }
    let end = index
    let stays = true
    for (; units[end]! >= 128; end += 1) if (BEGINS[units[end]!] === 1) stays = false
    const base = !stays && index > from && MARKS_FIRST.test(text.slice(index, index + 2)) ? 1 : 0
    if (!stays) take(index - base, end)
    index = end - 1
  }
  if (edits.length === 0) return undefined
  parts.push(text.slice(from))
  return { text: parts.join(''), edits }

  function take(at: number, end: number): void {
    const pieces = decode(text.slice(at, end))
    if (!pieces) return
    parts.push(text.slice(from, at))
    size += at - from
    const view = size
    for (const piece of pieces) {
      parts.push(piece.text)
      size += piece.text.length
    }
    edits.push({ source: at, sourceEnd: end, view, viewEnd: size, pieces })
    from = end
  }
}

/** The last edit that begins at or before a place of the view; by halves. */
const editBefore = (edits: readonly Edit[], at: number): Edit | undefined => {
  let low = 0
  let high = edits.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (edits[middle]!.view <= at) low = middle + 1
    else high = middle
  }
  return edits[low - 1]
}

/** Where one character of the view begins and ends in the text it was made from. */
const sourceOf = (edits: readonly Edit[], at: number): { readonly start: number; readonly end: number } => {
  const edit = editBefore(edits, at)
  if (!edit) return { start: at, end: at + 1 }
  if (at >= edit.viewEnd) {
    const start = edit.sourceEnd + at - edit.viewEnd
    return { start, end: start + 1 }
  }
  let { source, view } = edit
  for (const { text, length } of edit.pieces) {
    if (at < view + text.length) return { start: source, end: source + length }
    source += length
    view += text.length
  }
  return { start: source, end: edit.sourceEnd }
}

const AROUND = 120

type Stretch = { readonly start: number; readonly end: number }

/** The stretches around the edits of a round, and around what an earlier round changed. */
const changedIn = ({ text, edits }: Round, before: readonly Stretch[]): Stretch[] => {
  const places = edits.map(({ view, viewEnd }) => ({
    start: Math.max(0, view - AROUND),
    end: Math.min(text.length, viewEnd + AROUND),
  }))
  let shift = 0
  let next = 0
  const shifted = (at: number): number => {
    for (; next < edits.length && edits[next]!.sourceEnd <= at; next += 1) {
      const { sourceEnd, viewEnd } = edits[next]!
      shift = viewEnd - sourceEnd
    }
    return Math.max(0, Math.min(text.length, at + shift))
  }
  for (const { start, end } of before) places.push({ start: shifted(start), end: shifted(end) })
  const merged: { start: number; end: number }[] = []
  for (const { start, end } of places.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1)
    if (last && last.end >= start) last.end = Math.max(last.end, end)
    else merged.push({ start, end })
  }
  return merged
}

/**
 * The text with quoted-printable, percent-encoding, HTML entities and JSON escapes undone, NFKC applied and invisible
 * characters dropped, several layers deep; undefined when there is nothing to undo. Offsets map back exactly: a stretch
 * of the view covers every character of the original that it was made from.
 */
export const viewOf = (text: string): View | undefined => {
  const rounds: Round[] = []
  let shown = text
  let changed: readonly Stretch[] = []
  while (rounds.length < MOST_ROUNDS) {
    const round = oneRound(shown)
    if (!round) break
    rounds.push(round)
    shown = round.text
    changed = changedIn(round, changed)
  }
  if (rounds.length === 0) return undefined
  const back = rounds.toReversed()
  return {
    text: shown,
    changed,
    original(start, end) {
      let first = start
      let last = end - 1
      let stop = end
      for (const { edits } of back) {
        first = sourceOf(edits, first).start
        stop = sourceOf(edits, last).end
        last = stop - 1
      }
      return { start: first, end: stop }
    },
  }
}

import { inPlaceOf, isMark, written } from './pieces.ts'
import type { Piece } from './pieces.ts'

const UNITS: Readonly<Record<string, string>> = {
  d: 'day',
  dd: 'day',
  dy: 'doy',
  y: 'year',
  yy: 'year',
  yyyy: 'year',
  yr: 'year',
  q: 'quarter',
  qq: 'quarter',
  m: 'month',
  mm: 'month',
  mon: 'month',
  w: 'week',
  wk: 'week',
  ww: 'week',
  isoweek: 'week',
  hh: 'hour',
  h: 'hour',
  mi: 'minute',
  n: 'minute',
  min: 'minute',
  s: 'second',
  ss: 'second',
  sec: 'second',
  dw: 'dow',
  weekday: 'dow',
  dayofweek: 'dow',
  dayofyear: 'doy',
  dayofmonth: 'day',
}
const NAMED = [
  'year',
  'quarter',
  'month',
  'week',
  'day',
  'hour',
  'minute',
  'second',
  'dow',
  'doy',
  'isodow',
  'epoch',
]

/** A unit of time, as other dialects write it: `DAYS`, `dd`, `'month'`, `SQL_TSI_DAY`. */
export const unitOf = (text: string): string | undefined => {
  const word = text
    .toLowerCase()
    .replaceAll(/^['"]|['"]$/g, '')
    .replace(/^sql_tsi_/, '')
  const one = Object.hasOwn(UNITS, word) ? UNITS[word]! : word.length > 3 ? word.replace(/s$/, '') : word
  return NAMED.includes(one) ? one : undefined
}

const STRFTIME: Readonly<Record<string, string>> = {
  Y: 'YYYY',
  y: 'YY',
  m: 'MM',
  c: 'MM',
  d: 'DD',
  e: 'DD',
  H: 'HH24',
  k: 'HH24',
  h: 'HH12',
  I: 'HH12',
  M: 'MI',
  i: 'MI',
  S: 'SS',
  s: 'SS',
  f: 'US',
  p: 'AM',
  b: 'Mon',
  B: 'FMMonth',
  a: 'Dy',
  A: 'FMDay',
  W: 'FMDay',
  j: 'DDD',
  w: 'D',
  u: 'ID',
  G: 'IYYY',
  V: 'IW',
  U: 'WW',
  F: 'YYYY-MM-DD',
  T: 'HH24:MI:SS',
  X: 'HH24:MI:SS',
}

/** A format of strftime, DATE_FORMAT or .NET as to_char has it; undefined where it holds anything else. */
const formatOf = (text: string, isMinutes: boolean): string | undefined => {
  const inner = text.replaceAll(/^'|'$/g, '')
  if (inner.length > 40) return undefined
  if (inner.includes('%')) {
    const made = inner.replaceAll(/%-?([a-zA-Z])/g, (_, letter: string) => {
      if (letter === 'M' && !isMinutes) return 'FMMonth'
      return Object.hasOwn(STRFTIME, letter) ? STRFTIME[letter]! : '\0'
    })
    return /^[A-Z0-9a-z :/.,T-]*$/.test(made) && /^(?:%-?[a-zA-Z]|0[01]|[ :/.,T-])*$/.test(inner)
      ? made
      : undefined
  }
  if (!/^[yMdHhmsYDIS24qQ :/.-]{1,40}$/.test(inner)) return undefined
  return inner
    .replaceAll(/y{3,4}/g, 'YYYY')
    .replaceAll(/(?<!y)yy(?!y)/g, 'YY')
    .replaceAll(/MMMM/g, 'FMMonth')
    .replaceAll(/MMM/g, 'Mon')
    .replaceAll(/(?<!:)\bmm\b(?!:)/g, 'MM')
    .replaceAll(/(?<=:)mm|mm(?=:)/g, 'MI')
    .replaceAll(/dddd/g, 'FMDay')
    .replaceAll(/dd/g, 'DD')
    .replaceAll(/HH(?!24|12)|hh/g, 'HH24')
    .replaceAll(/ss/g, 'SS')
}

const MOST = 12

const trimmed = (pieces: readonly Piece[]): readonly Piece[] =>
  pieces.map((piece, at) => (at === 0 ? { ...piece, spaced: true } : piece))

const isSimple = (pieces: readonly Piece[]): boolean => {
  const [first] = pieces
  if (pieces.length === 1) return true
  return (
    first?.kind === 'word' &&
    pieces.every(({ kind }, at) => kind !== 'mark' || pieces[at]!.text === '.' || isInBrackets(pieces, at))
  )
}

const isInBrackets = (pieces: readonly Piece[], at: number): boolean => {
  let depth = 0
  for (const [index, piece] of pieces.entries()) {
    if (isMark(piece, ')')) depth -= 1
    if (index === at) return depth > 0 || isMark(piece, '(', ')')
    if (isMark(piece, '(')) depth += 1
  }
  return false
}

/** In brackets where operators beside it could take a part of it. */
const closed = (pieces: readonly Piece[]): readonly Piece[] =>
  isSimple(pieces) ? trimmed(pieces) : [...written('('), ...pieces, ...written(')')]

const readHole = (what: string, text: string): string | undefined => {
  return what === 'unit' ? unitOf(text) : formatOf(text, what === 'minutes')
}

const HOLE = /^@?\$(\d|\$)$/

/**
 * A template filled: `$1` is an argument, `$$` all of them, `{unit 1}` in a text a unit of time, `{format 1}` a format
 * (`{minutes 1}` where %M are minutes). Undefined where an argument is not there or does not fit.
 */
export const fillTemplate = (
  template: string,
  args: readonly (readonly Piece[])[],
): readonly Piece[] | undefined => {
  let isWhole = true
  const text = template.replaceAll(/\{(unit|format|minutes) (\d)\}/g, (_, what: string, number: string) => {
    const only = args[Number(number) - 1]
    const inner = only?.length === 1 ? only[0]!.text : undefined
    const made = inner === undefined ? undefined : readHole(what, inner)
    if (made === undefined) isWhole = false
    return made ?? ''
  })
  if (!isWhole || args.length > MOST) return undefined
  const parts = written(text)
  const made: Piece[] = []
  for (const [at, piece] of parts.entries()) {
    const hole = HOLE.exec(piece.text)?.[1]
    if (hole === undefined) {
      made.push(piece)
      continue
    }
    if (hole === '$') {
      made.push(
        ...args.flatMap((arg, index) => [...(index === 0 ? [] : inPlaceOf(piece, ',')), ...trimmed(arg)]),
      )
      continue
    }
    const arg = args[Number(hole) - 1]
    if (!arg || arg.length === 0) return undefined
    const isAlone =
      isMark(parts[at - 1], '(', ',') && (isMark(parts[at + 1], ')', ',') || parts[at + 1] === undefined)
    made.push(...(isAlone || parts.length === 1 ? trimmed(arg) : closed(arg)))
  }
  return made
}

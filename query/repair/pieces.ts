/** A word, number, text or mark of SQL in whatever dialect. */
export interface Piece {
  readonly text: string
  readonly kind: 'word' | 'number' | 'text' | 'quoted' | 'mark'
  /** Stands after white space. */
  readonly spaced: boolean
  /** Its place among the pieces of the asker's own text; undefined where we wrote it. */
  readonly source?: number
}

const PIECE =
  /(?<space>\s+|```\w*|--[^\n]*|\/\*[\s\S]*?\*\/)|(?<text>'(?:[^']|'')*'?)|(?<quoted>"(?:[^"]|"")*"?|`[^`]*`?)|(?<number>(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)|(?<word>[\p{L}_@$][\p{L}\p{N}_$]*)|(?<mark>::|->>|->|#>>|<=>|!~\*|!~|~\*|<>|!==|!=|<=|>=|===|==|=<|=>|=!|\|\||&&|:=|\*\*|[\s\S])/giu

const KINDS = ['text', 'quoted', 'number', 'word', 'mark'] as const

const cut = (sql: string): readonly Piece[] => {
  const pieces: Piece[] = []
  let isSpaced = false
  for (const { 0: text, groups = {} } of sql.matchAll(PIECE)) {
    const kind = KINDS.find((one) => groups[one] !== undefined)
    if (kind) pieces.push({ text, kind, spaced: isSpaced })
    isSpaced = kind === undefined
  }
  return pieces
}

/** The pieces of a text of the asker's, comments left out. */
export const piecesOf = (sql: string): readonly Piece[] =>
  cut(sql).map((piece, source) => ({ ...piece, source }))

/** Pieces of our own making. */
export const written = (sql: string): readonly Piece[] => cut(` ${sql}`)

/** One piece in place of another, which keeps its distance from the one before it. */
export const inPlaceOf = (piece: Piece, sql: string): readonly Piece[] =>
  written(sql).map((one, at) => (at === 0 ? { ...one, spaced: piece.spaced } : one))

export const isWord = (piece: Piece | undefined, ...words: readonly string[]): boolean =>
  piece?.kind === 'word' && words.includes(piece.text.toLowerCase())

export const isMark = (piece: Piece | undefined, ...marks: readonly string[]): boolean =>
  piece?.kind === 'mark' && marks.includes(piece.text)

const isWordy = (piece: Piece | undefined): boolean =>
  piece !== undefined && (piece.kind === 'word' || piece.kind === 'number' || piece.kind === 'text')

/** The pieces as one text, and where in it each begins, in bytes. */
export const textOfPieces = (
  pieces: readonly Piece[],
): { readonly sql: string; readonly starts: readonly number[] } => {
  let sql = ''
  let bytes = 0
  const starts: number[] = []
  for (const [at, piece] of pieces.entries()) {
    const before = pieces[at - 1]
    const joined = before !== undefined && (piece.spaced || (isWordy(before) && isWordy(piece)))
    // `E'…'` is one text to the grammar.
    const isPrefixed = before?.kind === 'word' && piece.kind === 'text' && !piece.spaced
    const lead = joined && !isPrefixed ? ' ' : ''
    starts.push(bytes + lead.length)
    sql += lead + piece.text
    bytes += lead.length + Buffer.byteLength(piece.text)
  }
  return { sql, starts }
}

const OPENING = new Map([
  ['(', ')'],
  ['[', ']'],
])

/** How deep in brackets each piece stands; a bracket is as deep as what is around it. */
export const depthsOf = (pieces: readonly Piece[]): readonly number[] => {
  let depth = 0
  return pieces.map((piece) => {
    if (piece.kind === 'mark' && (piece.text === ')' || piece.text === ']')) depth -= 1
    const here = depth
    if (piece.kind === 'mark' && OPENING.has(piece.text)) depth += 1
    return here
  })
}

/** The place of the bracket that closes the one at `open`; -1 where there is none. */
export const closingOf = (pieces: readonly Piece[], open: number): number => {
  let depth = 0
  for (let at = open; at < pieces.length; at += 1) {
    if (isMark(pieces[at], '(', '[')) depth += 1
    else if (isMark(pieces[at], ')', ']') && (depth -= 1) === 0) return at
  }
  return -1
}

/** The place of the bracket that opens the one at `close`; -1 where there is none. */
export const openingOf = (pieces: readonly Piece[], close: number): number => {
  let depth = 0
  for (let at = close; at >= 0; at -= 1) {
    if (isMark(pieces[at], ')', ']')) depth += 1
    else if (isMark(pieces[at], '(', '[') && (depth -= 1) === 0) return at
  }
  return -1
}

/** What stands between commas. */
export const splitAtCommas = (pieces: readonly Piece[]): readonly (readonly Piece[])[] => {
  const depths = depthsOf(pieces)
  const parts: Piece[][] = [[]]
  for (const [at, piece] of pieces.entries()) {
    if (depths[at] === 0 && isMark(piece, ',')) parts.push([])
    else parts.at(-1)!.push(piece)
  }
  return parts.length === 1 && parts[0]!.length === 0 ? [] : parts
}

/** The pieces with `count` of them from `at` replaced. */
export const spliced = (
  pieces: readonly Piece[],
  at: number,
  count: number,
  by: readonly Piece[] = [],
): readonly Piece[] => [...pieces.slice(0, at), ...by, ...pieces.slice(at + count)]

/** The end (exclusive) of the operand that begins at `start`: a name, a call, a constant or brackets, with its casts. */
export const operandEnd = (pieces: readonly Piece[], start: number): number => {
  let at = start
  if (isMark(pieces[at], '-', '+')) at += 1
  if (isMark(pieces[at], '(')) at = Math.max(at, closingOf(pieces, at)) + 1
  else at += 1
  for (;;) {
    if (isMark(pieces[at], '.')) at += 2
    else if (isMark(pieces[at], '(', '[') && at > start) {
      const close = closingOf(pieces, at)
      if (close < 0) return at
      at = close + 1
    } else if (isMark(pieces[at], '::')) at += 2
    else return Math.min(at, pieces.length)
  }
}

/** The start of the operand that ends before `end`. */
export const operandStart = (pieces: readonly Piece[], end: number): number => {
  let at = end - 1
  if (isMark(pieces[at], ')', ']')) {
    at = openingOf(pieces, at)
    if (at < 0) return end - 1
    if (pieces[at - 1]?.kind === 'word' && !isWord(pieces[at - 1], 'and', 'or', 'not', 'where', 'on', 'in'))
      at -= 1
  }
  for (;;) {
    if (isMark(pieces[at - 1], '.', '::')) {
      at = isMark(pieces[at - 1], '::') ? operandStart(pieces, at - 1) : at - 2
    } else return Math.max(0, at)
  }
}

/** Do they say the same, letter case and spaces aside? */
export const piecesAlike = (a: readonly Piece[], b: readonly Piece[]): boolean =>
  a.length === b.length && a.every(({ text }, at) => text.toLowerCase() === b[at]!.text.toLowerCase())

/** What stands in double quotes, as a text. */
export const asText = (quoted: string): string =>
  `'${quoted.slice(1, -1).replaceAll('""', '"').replaceAll("'", "''")}'`

/** What stands in single quotes, as a name. */
export const asQuoted = (text: string): string =>
  `"${text.slice(1, -1).replaceAll("''", "'").replaceAll('"', '""')}"`

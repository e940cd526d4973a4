import { closingOf, operandEnd, written } from './pieces.ts'
import type { Piece } from './pieces.ts'

/**
 * What other dialects write, and what is written here: `$n1` a number, `$w1` a name, `$o1` an operand, `$g1` what stands
 * in the brackets around it. Words match in any case.
 */
const PATTERNS: readonly (readonly [from: string, to: string])[] = [
  ['limit $n1 , $n2', 'LIMIT $n2 OFFSET $n1'],
  ['fetch $n1 rows only', 'LIMIT $n1'],
  ['fetch $n1 rows only', 'LIMIT $n1'],
  ['fetch $n1 rows', 'LIMIT $n1'],
  ['fetch first $n1 rows only', 'LIMIT $n1'],
  ['fetch next $n1 rows only', 'LIMIT $n1'],
  ['fetch first $n1', 'LIMIT $n1'],
  ['limit $n1 rows only', 'LIMIT $n1'],
  ['limit $n1 rows', 'LIMIT $n1'],
  ['is not in', 'NOT IN'],
  ['not is null', 'IS NOT NULL'],
  ['is not = $o1', '<> $o1'],
  ['not rlike', '!~'],
  ['not regexp', '!~'],
  ['rlike', '~'],
  ['regexp', '~'],
  ['is empty', 'IS NULL'],
  ['is not empty', 'IS NOT NULL'],
  ['minus select', 'EXCEPT SELECT'],
  ['==', '='],
  ['===', '='],
  ['!==', '<>'],
  ['! =', '<>'],
  ['< >', '<>'],
  ['> =', '>='],
  ['< =', '<='],
  ['=!', '<>'],
  ['=>', '>='],
  ['=<', '<='],
  ['<=>', 'IS NOT DISTINCT FROM'],
  ['&&', 'AND'],
  ['descending', 'DESC'],
  ['ascending', 'ASC'],
  ['order by desc $o1', 'ORDER BY $o1 DESC'],
  ['order by asc $o1', 'ORDER BY $o1 ASC'],
  ['order desc by $o1', 'ORDER BY $o1 DESC'],
  ['in descending order', 'DESC'],
  ['in ascending order', 'ASC'],
  ['sort by', 'ORDER BY'],
  ['otherwise', 'ELSE'],
  ['case if', 'CASE WHEN'],
  ['else if', 'WHEN'],
  ['elseif', 'WHEN'],
  ['elsif', 'WHEN'],
  ['end case', 'END'],
  ['end if', 'END'],
  ['select unique', 'SELECT DISTINCT'],
  ['with ( nolock )', ''],
  ['option ( $g1 )', ''],
  ['from dual', ''],
  ['collate $w1', ''],
  ['straight_join', 'JOIN'],
  ['between ( $o1 , $o2 )', 'BETWEEN $o1 AND $o2'],
  ['cross apply', 'CROSS JOIN LATERAL'],
  ['outer apply ( $g1 ) as $w1', 'LEFT JOIN LATERAL ( $g1 ) AS $w1 ON true'],
  ['outer apply ( $g1 ) $w1', 'LEFT JOIN LATERAL ( $g1 ) AS $w1 ON true'],
  ['* . *', '*'],
  ['div $o1', '/ $o1'],
  ['mod $o1', '% $o1'],
  ['sysdate', 'now()'],
  ['systimestamp', 'now()'],
  ['getdate', 'now()'],
  ['in [ $g1 ]', 'IN ( $g1 )'],
  ['between $o1 to $o2', 'BETWEEN $o1 AND $o2'],
  ['safe . ', ''],
]

const PARSED = PATTERNS.map(([from, to]) => ({
  from: written(from),
  to: written(to),
  isGuarded: /^(?:div|mod|sysdate|systimestamp|getdate)\b/.test(from),
}))

const HOLE = /^\$([nwog])(\d)$/

interface Match {
  readonly length: number
  readonly held: ReadonlyMap<string, readonly Piece[]>
}

const KEYWORDS = new Set(
  'select from where group order by having limit and or not in is on join left right inner as then else end when'.split(
    ' ',
  ),
)

const endOf = (kind: string, pieces: readonly Piece[], at: number): number | undefined => {
  const piece = pieces[at]
  if (!piece) return undefined
  if (kind === 'n') return piece.kind === 'number' ? at + 1 : undefined
  if (kind === 'w')
    return piece.kind === 'quoted' || (piece.kind === 'word' && !KEYWORDS.has(piece.text.toLowerCase()))
      ? at + 1
      : undefined
  if (kind === 'g') {
    const close = closingOf(pieces, at - 1)
    return close < 0 ? undefined : close
  }
  if (piece.kind === 'mark' && !['(', '-'].includes(piece.text)) return undefined
  if (KEYWORDS.has(piece.text.toLowerCase())) return undefined
  return operandEnd(pieces, at)
}

const match = (pieces: readonly Piece[], at: number, pattern: readonly Piece[]): Match | undefined => {
  const held = new Map<string, readonly Piece[]>()
  let here = at
  for (const wanted of pattern) {
    const kind = HOLE.exec(wanted.text)?.[1]
    if (kind === undefined) {
      if (pieces[here]?.text.toLowerCase() !== wanted.text) return undefined
      here += 1
      continue
    }
    const end = endOf(kind, pieces, here)
    if (end === undefined) return undefined
    held.set(wanted.text, pieces.slice(here, end))
    here = end
  }
  return { length: here - at, held }
}

/** The rewrite of a pattern that begins at a place: how many pieces it takes up, and what comes in their stead. */
export const patternAt = (
  pieces: readonly Piece[],
  at: number,
): { readonly length: number; readonly by: readonly Piece[] } | undefined => {
  for (const { from, to, isGuarded } of PARSED) {
    const found = match(pieces, at, from)
    if (!found) continue
    // A column may be called so: it is one where a dot, a bracket or a comparison follows.
    if (
      isGuarded &&
      (pieces[at - 1]?.text === '.' || pieces[at + 1]?.text === '(' || pieces[at + 1]?.text === '.')
    )
      continue
    const by = to.flatMap((piece) => {
      const held = found.held.get(piece.text)
      return held ? held.map((one, index) => (index === 0 ? { ...one, spaced: true } : one)) : [piece]
    })
    return { length: found.length, by }
  }
  return undefined
}

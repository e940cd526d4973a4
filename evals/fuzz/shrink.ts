/** Pieces of SQL that stand or fall together: words, numbers, quoted texts, single signs, spaces. */
const PIECES = /'(?:[^']|'')*'|"[^"]*"|\w+|\s+|[^\s\w]/g

/**
 * The shortest text found that still fails: leaves out halves, quarters … single pieces, as long as `fails` says so.
 * Ends after `tries` attempts.
 */
export const shrink = (sql: string, fails: (sql: string) => boolean, tries = 3_000): string => {
  let pieces: readonly string[] = sql.match(PIECES) ?? []
  let left = tries
  for (let size = Math.ceil(pieces.length / 2); size >= 1 && left > 0;) {
    let removed = false
    for (let at = 0; at + size <= pieces.length && left > 0;) {
      const without = pieces.toSpliced(at, size)
      left -= 1
      if (fails(without.join(''))) {
        pieces = without
        removed = true
      } else at += size
    }
    if (!removed) size = size === 1 ? 0 : Math.ceil(size / 2)
  }
  return pieces.join('').trim()
}

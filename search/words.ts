/** A query as typed: `price "series b" -newsletter invoic*`. */
export interface SearchWords {
  /** At least one must occur; the more, the better; one that is said twice counts twice. `invoic*` is a beginning. */
  readonly words: readonly string[]
  /** Every one must occur, word for word. */
  readonly phrases: readonly string[]
  /** None may occur. */
  readonly excluded: readonly string[]
}

const MAX_WORDS = 256
const MAX_SAID = 2_000

/** Reads words, "phrases", -words and -"phrases" out of a query. Never fails: an open quote runs to the end. */
export const parseWords = (query: string): SearchWords => {
  const words: string[] = []
  const phrases: string[] = []
  const excluded: string[] = []
  for (const match of query.matchAll(/(^|\s)(-?)(?:["“”«»]([^"“”«»]*)["“”«»]?|(\S+))/gu)) {
    const isExcluded = match[2] === '-'
    const phrase = match[3]?.replace(/\s+/g, ' ').trim()
    if (phrase !== undefined) {
      if (phrase !== '') (isExcluded ? excluded : phrases).push(phrase)
      continue
    }
    const word = match[4]!.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}*]+$/gu, '')
    if (!/[\p{L}\p{N}]/u.test(word)) continue
    if (isExcluded) excluded.push(word)
    else words.push(word)
  }
  const known = new Set([...new Set(words)].slice(0, MAX_WORDS))
  return {
    words: words.filter((word) => known.has(word)).slice(0, MAX_SAID),
    phrases: [...new Set(phrases)].slice(0, MAX_WORDS),
    excluded: [...new Set(excluded)].slice(0, MAX_WORDS),
  }
}

/** Lower case without accents, each character in its place, so that offsets hold for the text given. */
export const foldInPlace = (text: string): string =>
  text
    .replace(/[\u0080-\u{10ffff}]/gu, (character) => {
      const folded = character.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
      return folded.length === character.length ? folded : character
    })
    .replace(/[A-Z]+/g, (letters) => letters.toLowerCase())

import { foldInPlace } from './words.ts'

const MAX_CHARACTERS = 300

interface Hit {
  readonly at: number
  readonly word: number
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Looked for in a snippet; a longer query is told by its first words. */
const MAX_STEMS = 40

const hitsOf = (folded: string, stems: readonly string[]): readonly Hit[] => {
  const wanted = stems.filter((stem) => stem !== '').slice(0, MAX_STEMS)
  if (wanted.length === 0) return []
  // The longest first: an alternation takes what comes first.
  const longest = wanted.toSorted((a, b) => b.length - a.length)
  const alternatives = longest.map((stem) => escape(stem).replace(/\s+/g, '\\s+')).join('|')
  const placeOf = new Map(wanted.map((stem, word) => [stem.replace(/\s+/g, ' '), word]))
  const hits: Hit[] = []
  for (const match of folded.matchAll(new RegExp(`(?<![\\p{L}\\p{N}])(?:${alternatives})`, 'gu'))) {
    hits.push({ at: match.index, word: placeOf.get(match[0].replace(/\s+/g, ' ')) ?? 0 })
    if (hits.length > 500) break
  }
  return hits
}

/** Start of the stretch with the most different words. */
const bestStart = (hits: readonly Hit[], room: number): number => {
  let best = { at: 0, words: 0 }
  hits.forEach((hit, from) => {
    const words = new Set<number>()
    for (let next = from; next < hits.length && hits[next]!.at - hit.at < room; next += 1)
      words.add(hits[next]!.word)
    if (words.size > best.words) best = { at: hit.at, words: words.size }
  })
  return best.at
}

/**
 * At most 300 characters of `text` around the best hit, cut at words, on one line. `stems` are beginnings of words, or
 * phrases, in lower case without accents.
 */
export const snippetOf = (text: string, stems: readonly string[]): string => {
  const line = text.replace(/\s+/g, ' ').trim()
  if (line.length <= MAX_CHARACTERS) return line
  const room = MAX_CHARACTERS - 2
  const hit = bestStart(hitsOf(foldInPlace(line), stems), room - 60)
  let start = Math.max(0, Math.min(hit - 60, line.length - room))
  if (start > 0) {
    const space = line.indexOf(' ', start)
    if (space >= 0 && space <= hit && space - start < 40) start = space + 1
  }
  let end = Math.min(line.length, start + room)
  if (end < line.length) {
    const space = line.lastIndexOf(' ', end)
    if (space > end - 40 && space > start) end = space
  }
  return `${start > 0 ? '…' : ''}${line.slice(start, end).toWellFormed()}${end < line.length ? '…' : ''}`
}

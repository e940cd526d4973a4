/** Words as people write them, made comparable: `Last Contact` -> `last_contact`. */
export const normalise = (word: string): string =>
  word
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')

/** Rows of the table of edits: the one before last, the last, and the one being filled. */
let rows = [new Uint16Array(128), new Uint16Array(128), new Uint16Array(128)]

/** Edits between two short words; a swap of neighbours counts one (optimal string alignment). */
export const editDistance = (a: string, b: string): number => {
  if (rows[0]!.length <= b.length) rows = rows.map(() => new Uint16Array(2 * b.length + 1))
  let [older, previous, current] = rows as [Uint16Array, Uint16Array, Uint16Array]
  for (let j = 0; j <= b.length; j += 1) previous[j] = j
  for (let i = 1; i <= a.length; i += 1) {
    const letter = a.charCodeAt(i - 1)
    const letterBefore = i > 1 ? a.charCodeAt(i - 2) : -1
    current[0] = i
    for (let j = 1; j <= b.length; j += 1) {
      const other = b.charCodeAt(j - 1)
      let best = previous[j - 1]! + (letter === other ? 0 : 1)
      if (previous[j]! + 1 < best) best = previous[j]! + 1
      if (current[j - 1]! + 1 < best) best = current[j - 1]! + 1
      const isSwap = j > 1 && letterBefore === other && letter === b.charCodeAt(j - 2)
      if (isSwap && older[j - 2]! + 1 < best) best = older[j - 2]! + 1
      current[j] = best
    }
    const spare = older
    older = previous
    previous = current
    current = spare
  }
  return previous[b.length]!
}

const distanceTo = (asked: string, candidate: string): number => {
  if (asked.length > 60) return Infinity
  const plain = normalise(candidate)
  if (plain === asked) return 0
  if (asked.length > 2) {
    const words = asked.split('_')
    if (plain.split('_').some((part) => words.includes(part))) return 1
  }
  const most = Math.max(1, Math.floor(Math.min(asked.length, plain.length) / 3))
  if (Math.abs(asked.length - plain.length) > most) return Infinity
  const distance = editDistance(asked, plain)
  return distance <= most ? distance : Infinity
}

export interface Candidate {
  /** What is offered. */
  readonly name: string
  /** Other words that lead to it. */
  readonly words?: readonly string[]
}

/** The candidates that a misspelt word most likely means, best first, at most `limit`. */
export const didYouMean = (word: string, candidates: Iterable<Candidate>, limit = 3): readonly string[] => {
  const asked = normalise(word)
  const scored: { name: string; distance: number; edits: number }[] = []
  for (const { name, words = [] } of candidates) {
    const last = name.slice(name.lastIndexOf('.') + 1)
    const distance = Math.min(...[name, last, ...words].map((candidate) => distanceTo(asked, candidate)))
    if (distance < Infinity) scored.push({ name, distance, edits: editDistance(asked, normalise(last)) })
  }
  scored.sort((a, b) => a.distance - b.distance || a.edits - b.edits || a.name.length - b.name.length)
  return [...new Set(scored.map(({ name }) => name))].slice(0, limit)
}

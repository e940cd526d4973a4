/** Words as people write them, made comparable: `Last Contact` -> `last_contact`. */
export const normalise = (word: string): string =>
  word
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')

/** Edits between two short words; a swap of neighbours counts one (optimal string alignment). */
export const editDistance = (a: string, b: string): number => {
  let older: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1]
      let best = Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, older[j - 2]! + 1)
      current.push(best)
    }
    older = previous
    previous = current
  }
  return previous[b.length]!
}

const distanceTo = (asked: string, candidate: string): number => {
  if (asked.length > 60) return Infinity
  const plain = normalise(candidate)
  if (plain === asked) return 0
  const sharesWord = asked.length > 2 && plain.split('_').some((part) => asked.split('_').includes(part))
  if (sharesWord) return 1
  const distance = editDistance(asked, plain)
  return distance <= Math.max(1, Math.floor(Math.min(asked.length, plain.length) / 3)) ? distance : Infinity
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

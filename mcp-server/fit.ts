/** Twenty thousand tokens at three bytes each, the densest that JSON of this kind was seen to be. */
export const MAX_RESULT_BYTES = 60_000

/** A value inside a result that can be made smaller, and what it weighs. */
interface Part {
  readonly path: string
  readonly bytes: number
  readonly holder: Record<string, unknown>
  readonly key: string
  readonly value: readonly unknown[] | string
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '')

const SHORTEST_TEXT = 400

const partsIn = function* (value: unknown, path: string): Generator<Part> {
  if (typeof value !== 'object' || value === null) return
  const holder = value as Record<string, unknown>
  for (const [key, inner] of Object.entries(holder)) {
    const here = Array.isArray(value) ? `${path}[]` : path === '' ? key : `${path}.${key}`
    if (Array.isArray(inner) && inner.length > 0)
      yield { path: here, bytes: bytesOf(inner), holder, key, value: inner }
    else if (typeof inner === 'string' && inner.length > SHORTEST_TEXT)
      yield { path: here, bytes: bytesOf(inner), holder, key, value: inner }
    yield* partsIn(inner, here)
  }
}

/** Room for the note that says what was left out. */
const NOTE_BYTES = 400

/**
 * What to cut, and the share of it to keep: where one part outweighs the excess, that one alone, or the part inside it
 * that is nearly as heavy; else every text and list that holds no other part, in proportion.
 */
const choose = (
  result: object,
  excess: number,
): { readonly parts: readonly Part[]; readonly share: number } => {
  const parts = [...partsIn(result, '')].toSorted((a, b) => b.bytes - a.bytes)
  const [first] = parts
  if (first === undefined) return { parts: [], share: 1 }
  const needed = excess + NOTE_BYTES
  if (first.bytes > needed) {
    const inner = parts.filter(({ bytes }) => bytes > Math.max(first.bytes * 0.8, needed)).at(-1) ?? first
    return { parts: [inner], share: 1 - needed / inner.bytes }
  }
  const leaves = parts.filter(
    ({ value }) => typeof value === 'string' || partsIn(value, '').next().done === true,
  )
  const weight = leaves.reduce((sum, { bytes }) => sum + bytes, 0)
  return { parts: leaves, share: Math.max(0, 1 - needed / weight) }
}

/** Cuts off at a character, not inside one. */
const startOf = (text: string, length: number): string => {
  const code = text.charCodeAt(length - 1)
  return text.slice(0, code >= 0xd800 && code <= 0xdbff ? length - 1 : length)
}

const cut = ({ holder, key, value }: Part, share: number): void => {
  const keep = Math.min(value.length - 1, Math.floor(value.length * share))
  holder[key] = typeof value === 'string' ? `${startOf(value, Math.max(keep, 0))} …` : value.slice(0, keep)
}

/** Places named in the note, those that lost most first. */
const MOST_NAMED = 5

const lengthOf = (value: unknown): number => (value as { readonly length: number }).length

/**
 * A result no larger than `maxBytes` of JSON: the heaviest lists and texts are cut from their end until it fits. What was
 * left out is said in `notes`, and `completeness` no longer claims to be complete. Does not touch what it was given.
 */
export const fitResult = <T extends Record<string, unknown>>(result: T, maxBytes = MAX_RESULT_BYTES): T => {
  let excess = bytesOf(result) - maxBytes
  if (excess <= 0) return result
  const fitted = structuredClone(result) as Record<string, unknown>
  const leftOut = new Map<string, number>()
  while (excess > 0) {
    delete fitted['notes']
    const { parts, share } = choose(fitted, excess)
    if (parts.length === 0) break
    for (const part of parts) {
      cut(part, share)
      const lost = part.value.length - lengthOf(part.holder[part.key])
      leftOut.set(part.path, (leftOut.get(part.path) ?? 0) + lost)
    }
    const named = [...leftOut].toSorted(([, a], [, b]) => b - a).slice(0, MOST_NAMED)
    const left = named.map(([path, count]) => `${count} of \`${path}\``).join(', ')
    const given = Array.isArray(result['notes']) ? (result['notes'] as unknown[]) : []
    fitted['notes'] = [
      ...given,
      `Too large for one answer: left out ${left} (items of lists, characters of texts). Ask for less (limit, fields, sections) or page on with the cursor.`,
    ]
    if (typeof fitted['completeness'] === 'object' && fitted['completeness'] !== null)
      (fitted['completeness'] as Record<string, unknown>)['complete'] = false
    excess = bytesOf(fitted) - maxBytes
  }
  return fitted as T
}

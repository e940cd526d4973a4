/**
 * A small deterministic source of chance: a Weyl sequence through a 32-bit integer mixer (splitmix32). The same seed
 * gives the same demo on every machine. `fork` makes an independent stream, so that a change in one part of the
 * generator does not reshuffle the others.
 */
export interface Random {
  /** 0 ≤ x < 1 */
  readonly next: () => number
  /** Whole number, both ends included. */
  readonly int: (low: number, high: number) => number
  readonly chance: (probability: number) => boolean
  readonly pick: <T>(items: readonly T[]) => T
  /** `count` different items, in random order; fewer when there are not as many. */
  readonly sample: <T>(items: readonly T[], count: number) => T[]
  /** Keys by their weights. */
  readonly weighted: <K extends string>(weights: Readonly<Record<K, number>>) => K
  /** A UUID v7 whose time part is `atMs`. */
  readonly uuid: (atMs: number) => string
  readonly fork: (label: string) => Random
}

const hash = (text: string): number => {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  }
  return value >>> 0
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0').slice(-digits)

export const makeRandom = (seed: string): Random => {
  let state = hash(seed)
  const word = (): number => {
    state = (state + 0x9e3779b9) | 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }
  const next = (): number => word() / 0x1_0000_0000
  const int = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (items) => items[int(0, items.length - 1)]!,
    sample: (items, count) => {
      const rest = [...items]
      const taken = []
      while (taken.length < count && rest.length > 0) {
        taken.push(...rest.splice(int(0, rest.length - 1), 1))
      }
      return taken
    },
    weighted: <K extends string>(weights: Readonly<Record<K, number>>): K => {
      const entries = Object.entries<number>(weights) as [K, number][]
      let left = next() * entries.reduce((total, [, weight]) => total + weight, 0)
      for (const [key, weight] of entries) {
        left -= weight
        if (left < 0) return key
      }
      return entries.at(-1)![0]
    },
    uuid: (atMs) => {
      const time = hex(atMs, 12)
      const variant = hex(0x8000 | (word() & 0x3fff), 4)
      return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(word(), 3)}-${variant}-${hex(word(), 8)}${hex(word(), 4)}`
    },
    fork: (label) => makeRandom(`${seed}/${label}`),
  }
}

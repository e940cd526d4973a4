/** A hash table from two 32-bit keys to a positive number, in flat arrays: 12 bytes a slot, no objects. */
export interface PairTable {
  /** The value of a pair, 0 when it has none. */
  get(one: number, two: number): number
  /** Sets a pair that has no value yet. */
  put(one: number, two: number, value: number): void
}

const spread = (one: number, two: number, mask: number): number => {
  let mixed = Math.imul(one ^ (two >>> 15), 0x2c1b3c6d) ^ Math.imul(two, 0x297a2d39)
  mixed ^= mixed >>> 13
  return mixed & mask
}

export const createPairTable = (): PairTable => {
  let size = 1 << 10
  let used = 0
  let ones = new Uint32Array(size)
  let twos = new Uint32Array(size)
  let values = new Uint32Array(size)

  const place = (one: number, two: number, value: number): void => {
    const mask = size - 1
    let slot = spread(one, two, mask)
    while (values[slot] !== 0) slot = (slot + 1) & mask
    ones[slot] = one
    twos[slot] = two
    values[slot] = value
  }

  const grow = (): void => {
    const [oldOnes, oldTwos, oldValues] = [ones, twos, values]
    size *= 2
    ones = new Uint32Array(size)
    twos = new Uint32Array(size)
    values = new Uint32Array(size)
    for (let slot = 0; slot < oldValues.length; slot += 1) {
      if (oldValues[slot] !== 0) place(oldOnes[slot]!, oldTwos[slot]!, oldValues[slot]!)
    }
  }

  return {
    get(one, two) {
      const mask = size - 1
      let slot = spread(one, two, mask)
      for (;;) {
        const value = values[slot]!
        if (value === 0) return 0
        if (ones[slot] === one && twos[slot] === two) return value
        slot = (slot + 1) & mask
      }
    },
    put(one, two, value) {
      if (used * 5 >= size * 3) grow()
      place(one, two, value)
      used += 1
    },
  }
}

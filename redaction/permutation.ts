import { createHmac } from 'node:crypto'
import { bug } from '../domain/errors.ts'
import { checkDigit } from '../domain/handle.ts'

/** Four-digit payloads 0100 to 9999, then six-digit payloads 100000 to 999999. */
const SHORT_COUNT = 9_900
const LONG_COUNT = 900_000
const ROUNDS = 8

/** A keyed permutation of [0, half²) as a Feistel network over two digits of base `half`. */
const feistel = (key: Uint8Array, half: number, input: number): number => {
  let left = Math.floor(input / half)
  let right = input % half
  for (let round = 0; round < ROUNDS; round += 1) {
    const mixed = createHmac('sha256', key).update(`${half}:${round}:${right}`).digest().readUInt32BE(0)
    const next = (left + mixed) % half
    left = right
    right = next
  }
  return left * half + right
}

/** Cycle walking keeps the permutation inside [0, count). */
const permute = (key: Uint8Array, half: number, count: number, position: number): number => {
  let value = feistel(key, half, position)
  while (value >= count) value = feistel(key, half, value)
  return value
}

/**
 * The number of the handle at `position` (from 0): a keyed permutation, so that numbers never collide and tell neither
 * order nor count, followed by its Damm check digit. Five digits for the first 9,900 positions, seven after that.
 */
export const numberAt = (key: Uint8Array, position: number): string => {
  if (!Number.isInteger(position) || position < 0 || position >= SHORT_COUNT + LONG_COUNT) {
    throw bug('handles_exhausted', 'A conversation ran out of handle numbers.', {
      fix: 'Start a new conversation.',
    })
  }
  const payload =
    position < SHORT_COUNT
      ? String(100 + permute(key, 100, SHORT_COUNT, position)).padStart(4, '0')
      : String(100_000 + permute(key, 1_000, LONG_COUNT, position - SHORT_COUNT))
  return `${payload}${checkDigit(payload)}`
}

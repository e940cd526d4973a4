import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { FIELD_COUNT } from './analyze.ts'
import { Cache } from './cache.ts'
import type { MailIndex, Part } from './index-read.ts'
import { blockOf, blocksOfPrefix, readBlock } from './segment.ts'
import type { Postings } from './segment.ts'

/** One word of a query: any of its names in the index, or any term that begins so. */
export interface Slot {
  readonly terms: readonly string[]
  readonly prefix?: string | undefined
}

/** Documents of the index that hold a slot, ascending, and how often, each field by its weight. */
export interface Holders {
  readonly numbers: Int32Array
  readonly frequencies: Float32Array
}

export type FieldWeights = readonly number[]

const blocks = new Cache<Uint8Array>(128 << 20)

const keyOf = (segmentId: string, number: number): string => `${segmentId} ${number}`

const blocksFor = ({ segment }: Part, slot: Slot): readonly number[] => [
  ...slot.terms.map((term) => blockOf(segment, term)).filter((number) => number >= 0),
  ...(slot.prefix === undefined ? [] : blocksOfPrefix(segment, slot.prefix)),
]

const fetchBlocks = async (
  tx: TenantTx,
  index: MailIndex,
  slots: readonly Slot[],
): Promise<ReadonlyMap<string, Uint8Array>> => {
  const found = new Map<string, Uint8Array>()
  const missing: { readonly segment: string; readonly number: number }[] = []
  for (const part of index.parts) {
    if (part.segment.firstTerms.length === 0) continue
    for (const number of new Set(slots.flatMap((slot) => blocksFor(part, slot)))) {
      const key = keyOf(part.segment.id, number)
      const known = part.blocks?.[number] ?? blocks.get(key)
      if (known) found.set(key, known)
      else missing.push({ segment: part.segment.id, number })
    }
  }
  if (missing.length > 0) {
    const read = await rows<{ segment_id: string; number: number; packed: Buffer }>(
      tx,
      sql`select b.segment_id, b.number, b.packed
        from unnest(${sql.param(missing.map(({ segment }) => segment))}::uuid[], ${sql.param(missing.map(({ number }) => number))}::int[])
          as wanted(segment_id, number)
        join intel.mail_blocks b on b.segment_id = wanted.segment_id and b.number = wanted.number`,
    )
    for (const { segment_id: segment, number, packed } of read) {
      found.set(keyOf(segment, number), packed)
      blocks.set(keyOf(segment, number), packed, packed.length + 120)
    }
  }
  return found
}

const inPart = (part: Part, slot: Slot, read: ReadonlyMap<string, Uint8Array>): readonly Postings[] => {
  const terms = new Set(slot.terms)
  const { prefix } = slot
  const isWanted =
    prefix === undefined
      ? (term: string) => terms.has(term)
      : (term: string) => term.startsWith(prefix) || terms.has(term)
  return [...new Set(blocksFor(part, slot))].flatMap((number) => {
    const block = read.get(keyOf(part.segment.id, number))
    return block ? [...readBlock(block, isWanted).values()] : []
  })
}

/** Reads where the slots stand: at most one statement, none when the blocks are in memory. */
export const readHolders = async (
  tx: TenantTx,
  index: MailIndex,
  { slots, weights }: { readonly slots: readonly Slot[]; readonly weights: FieldWeights },
): Promise<readonly Holders[]> => {
  const read = await fetchBlocks(tx, index, slots)
  return slots.map((slot) => {
    const numbers: number[] = []
    const frequencies: number[] = []
    for (const part of index.parts) {
      const lists = inPart(part, slot, read)
      if (lists.length === 0) continue
      const heard = new Float32Array(part.segment.messageIds.length)
      for (const { places, counts } of lists) {
        for (let at = 0; at < places.length; at += 1) {
          let frequency = 0
          for (let field = 0; field < FIELD_COUNT; field += 1)
            frequency += weights[field]! * counts[at * FIELD_COUNT + field]!
          heard[places[at]!]! += frequency
        }
      }
      for (let place = 0; place < heard.length; place += 1) {
        if (!(heard[place]! > 0) || index.stale.has(part.offset + place)) continue
        numbers.push(part.offset + place)
        frequencies.push(heard[place]!)
      }
    }
    return { numbers: Int32Array.from(numbers), frequencies: Float32Array.from(frequencies) }
  })
}

import { FIELD_COUNT } from './analyze.ts'
import type { Analyzed } from './analyze.ts'

/** Some messages of one tenant with their postings. It never changes; a changed message goes into a new one. */
export interface Segment {
  readonly id: string
  readonly messageIds: readonly string[]
  readonly languages: readonly string[]
  /** Words by document and field. */
  readonly lengths: Uint16Array
  /** First term of each block, ascending. */
  readonly firstTerms: readonly string[]
}

export interface BuiltSegment extends Segment {
  readonly blocks: readonly Uint8Array[]
}

export interface Document {
  readonly id: string
  readonly analyzed: Analyzed
}

/** Most documents of one segment: places fit 16 bits. */
export const MAX_DOCUMENTS = 16_384
const BLOCK_BYTES = 4_096

const encoder = new TextEncoder()
const decoder = new TextDecoder()

class Writer {
  #bytes = new Uint8Array(1 << 16)
  length = 0

  byte(value: number): void {
    if (this.length === this.#bytes.length) this.#grow(1)
    this.#bytes[this.length] = value
    this.length += 1
  }

  number(value: number): void {
    let rest = value
    while (rest > 127) {
      this.byte((rest & 127) | 128)
      rest >>>= 7
    }
    this.byte(rest)
  }

  bytes(values: Uint8Array): void {
    if (this.length + values.length > this.#bytes.length) this.#grow(values.length)
    this.#bytes.set(values, this.length)
    this.length += values.length
  }

  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.length)
    this.length = 0
    return taken
  }

  #grow(room: number): void {
    const bigger = new Uint8Array(Math.max(this.#bytes.length * 2, this.length + room))
    bigger.set(this.#bytes)
    this.#bytes = bigger
  }
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Sorts the documents' terms into blocks of about 4 KiB: term, documents, then place, fields and counts of each. */
export const buildSegment = (id: string, documents: readonly Document[]): BuiltSegment => {
  const postings = new Map<string, number[]>()
  const lengths = new Uint16Array(documents.length * FIELD_COUNT)
  documents.forEach(({ analyzed }, place) => {
    lengths.set(analyzed.lengths, place * FIELD_COUNT)
    for (const term of analyzed.terms.keys()) {
      const places = postings.get(term)
      if (places) places.push(place)
      else postings.set(term, [place])
    }
  })
  const firstTerms: string[] = []
  const blocks: Uint8Array[] = []
  const block = new Writer()
  const list = new Writer()
  let isNew = true
  for (const term of [...postings.keys()].sort(byText)) {
    if (isNew) firstTerms.push(term)
    isNew = false
    const places = postings.get(term)!
    let before = 0
    for (const place of places) {
      const counts = documents[place]!.analyzed.terms.get(term)!
      list.number(place - before)
      before = place
      list.byte(counts.reduce((mask, count, field) => (count > 0 ? mask | (1 << field) : mask), 0))
      for (const count of counts) if (count > 0) list.byte(count)
    }
    const name = encoder.encode(term)
    block.number(name.length)
    block.bytes(name)
    block.number(places.length)
    const packed = list.take()
    block.number(packed.length)
    block.bytes(packed)
    if (block.length >= BLOCK_BYTES) {
      blocks.push(block.take())
      isNew = true
    }
  }
  if (block.length > 0) blocks.push(block.take())
  return {
    id,
    messageIds: documents.map(({ id: messageId }) => messageId),
    languages: [...new Set(documents.map(({ analyzed }) => analyzed.language))],
    lengths,
    firstTerms,
    blocks,
  }
}

/** Number of the block that would hold the term, -1 when it sorts before all. */
export const blockOf = ({ firstTerms }: Segment, term: string): number => {
  let [low, high] = [0, firstTerms.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (firstTerms[middle]! <= term) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** Numbers of the blocks that may hold terms with this beginning. */
export const blocksOfPrefix = (segment: Segment, prefix: string): readonly number[] => {
  const first = Math.max(0, blockOf(segment, prefix))
  const numbers: number[] = []
  for (let at = first; at < segment.firstTerms.length; at += 1) {
    const term = segment.firstTerms[at]!
    if (at > first && term > prefix && !term.startsWith(prefix)) break
    numbers.push(at)
  }
  return numbers
}

/** Where each document of a term stands, and how often by field (`FIELD_COUNT` numbers a document). */
export interface Postings {
  readonly places: Uint16Array
  readonly counts: Uint8Array
}

const readPostings = (bytes: Uint8Array, start: number, documents: number): Postings => {
  const places = new Uint16Array(documents)
  const counts = new Uint8Array(documents * FIELD_COUNT)
  let at = start
  let place = 0
  for (let document = 0; document < documents; document += 1) {
    let shift = 0
    let delta = 0
    let byte: number
    do {
      byte = bytes[at++]!
      delta |= (byte & 127) << shift
      shift += 7
    } while (byte > 127)
    place += delta
    places[document] = place
    const mask = bytes[at++]!
    for (let field = 0; field < FIELD_COUNT; field += 1)
      if (mask & (1 << field)) counts[document * FIELD_COUNT + field] = bytes[at++]!
  }
  return { places, counts }
}

/** Postings of the terms in a block that are wanted, by term. */
export const readBlock = (
  bytes: Uint8Array,
  isWanted: (term: string) => boolean,
): ReadonlyMap<string, Postings> => {
  const found = new Map<string, Postings>()
  let at = 0
  const number = (): number => {
    let [value, shift] = [0, 0]
    for (;;) {
      const byte = bytes[at++]!
      value |= (byte & 127) << shift
      if (byte < 128) return value
      shift += 7
    }
  }
  while (at < bytes.length) {
    const size = number()
    const term = decoder.decode(bytes.subarray(at, at + size))
    at += size
    const documents = number()
    const length = number()
    if (isWanted(term)) found.set(term, readPostings(bytes, at, documents))
    at += length
  }
  return found
}

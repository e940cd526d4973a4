const PREFIX_BYTES = 4
const TYPE_AND_LENGTH_BYTES = 5
/** Messages after which the backend answers: Query, Sync, Flush, and the end of a COPY. */
const ANSWERED = new Set(['Q', 'S', 'H', 'F', 'c', 'f'].map((letter) => letter.charCodeAt(0)))
const TERMINATE = 'X'.charCodeAt(0)

/**
 * Cuts a client's byte stream into batches that can be run as one: complete messages up to and including the next one
 * that makes the backend answer. The first batch of a connection is its startup packet, which has no type byte.
 */
export class Frames {
  #pending: Buffer = Buffer.alloc(0)
  #started = false

  /** Begins a new connection: whatever the last one left half-sent is dropped. */
  restart(): void {
    this.#pending = Buffer.alloc(0)
    this.#started = false
  }

  /** Takes a chunk in and answers the batches it completes. The client's goodbye yields nothing. */
  push(chunk: Uint8Array): readonly Uint8Array[] {
    this.#pending = this.#pending.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#pending, chunk])
    const batches: Uint8Array[] = []
    for (let length = this.#batchLength(); length > 0; length = this.#batchLength()) {
      const batch = this.#take(length)
      if (batch[0] !== TERMINATE || batch.length !== TYPE_AND_LENGTH_BYTES) batches.push(batch)
    }
    return batches
  }

  #take(length: number): Uint8Array {
    const batch = new Uint8Array(this.#pending.subarray(0, length))
    this.#pending = this.#pending.subarray(length)
    return batch
  }

  #batchLength(): number {
    if (!this.#started) {
      if (this.#pending.length < PREFIX_BYTES) return 0
      const length = this.#pending.readInt32BE(0)
      if (this.#pending.length < length) return 0
      this.#started = true
      return length
    }
    let at = 0
    while (at + TYPE_AND_LENGTH_BYTES <= this.#pending.length) {
      const type = this.#pending[at]!
      const end = at + 1 + this.#pending.readInt32BE(at + 1)
      if (end > this.#pending.length) return 0
      if (ANSWERED.has(type)) return end
      if (type === TERMINATE) return at === 0 ? end : at
      at = end
    }
    return 0
  }
}

import type { Readable } from 'node:stream'

const NEWLINE = 0x0a

/** Cuts a byte stream at newlines. Bytes of one line are kept together, so no character is cut in two. */
export class LineSplitter {
  readonly #maxBytes: number
  #parts: Buffer[] = []
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** The lines that `chunk` completes, without their newline. Throws a RangeError when one is too long. */
  push(chunk: Buffer): Buffer[] {
    const lines: Buffer[] = []
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#keep(chunk.subarray(start, end))
      lines.push(Buffer.concat(this.#parts))
      this.#parts = []
      this.#bytes = 0
      start = end + 1
    }
    this.#keep(chunk.subarray(start))
    return lines
  }

  #keep(part: Buffer): void {
    if (part.length === 0) return
    this.#bytes += part.length
    if (this.#bytes > this.#maxBytes) throw new RangeError('a line is too long')
    this.#parts.push(part)
  }
}

/**
 * Reads the first line of a stream and leaves the rest in it. Undefined when the stream ends, errs, exceeds `maxBytes`
 * or says nothing for `timeoutMs` before a line is complete.
 */
export const readLine = (
  stream: Readable,
  { maxBytes, timeoutMs }: { readonly maxBytes: number; readonly timeoutMs: number },
): Promise<string | undefined> => {
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  let seen = Buffer.alloc(0)
  const finish = (line: string | undefined): void => {
    clearTimeout(timer)
    stream.off('readable', onReadable)
    for (const event of ['end', 'close', 'error'] as const) stream.off(event, onGone)
    resolve(line)
  }
  const onGone = (): void => finish(undefined)
  const onReadable = (): void => {
    for (let chunk = stream.read() as Buffer | null; chunk; chunk = stream.read() as Buffer | null) {
      seen = Buffer.concat([seen, chunk])
      const end = seen.indexOf(NEWLINE)
      if (end >= 0) {
        if (end + 1 < seen.length) stream.unshift(seen.subarray(end + 1))
        finish(seen.toString('utf8', 0, end))
        return
      }
      if (seen.length > maxBytes) {
        finish(undefined)
        return
      }
    }
  }
  const timer = setTimeout(onGone, timeoutMs)
  stream.on('readable', onReadable)
  for (const event of ['end', 'close', 'error'] as const) stream.on(event, onGone)
  return promise
}

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createWriteStream } from 'node:fs'
import { conflict, userError } from '../domain/errors.ts'

export interface WrittenFile {
  readonly bytes: number
  readonly sha256: string
}

/** Writes pieces to a file of this user alone, as they come: the whole file appears at its end, or none. */
export const writePieces = async (
  path: string,
  pieces: AsyncIterable<string>,
  signal?: AbortSignal,
): Promise<WrittenFile> => {
  const hash = createHash('sha256')
  let bytes = 0
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      const chunk = Buffer.from(piece)
      hash.update(chunk)
      bytes += chunk.length
      yield chunk
    }
  }
  const part = `${path}.part`
  try {
    await pipeline(
      Readable.from(counted(), { objectMode: false }),
      createWriteStream(part, { mode: 0o600 }),
      signal ? { signal } : {},
    )
    await rename(part, path)
  } catch (error) {
    await rm(part, { force: true })
    if (!signal?.aborted) throw error
    throw conflict('interrupted', 'Interrupted: the file was not written.', { fix: 'Run it again.' })
  }
  return { bytes, sha256: hash.digest('hex') }
}

/** The bytes of a file, from its beginning each time it is asked. Throws `unreadable`. */
export const readPieces = (path: string, onBytes?: (bytes: number) => void) =>
  async function* (): AsyncGenerator<Uint8Array> {
    let read = 0
    try {
      for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
        read += (chunk as Buffer).length
        onBytes?.(read)
        yield chunk as Buffer
      }
    } catch (cause) {
      if (!(cause instanceof Error) || !('syscall' in cause)) throw cause
      throw userError('unreadable', 'That file cannot be read.', {
        fix: 'Check the path and its permissions.',
        cause,
      })
    }
  }

import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip, gzipSync } from 'node:zlib'
import { z } from 'zod'
import { documentOfBytes, documentText } from '../db/workspace-document.ts'
import type { DocumentSource } from '../db/workspace-document.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { Workspace } from '../db/workspace.ts'
import { conflict, notFound, TactError, userError } from '../domain/errors.ts'

const FORMAT = 'tact-backup/1'
const Header = z.strictObject({
  format: z.literal(FORMAT),
  workspace: z.string(),
  made_at: z.iso.datetime(),
  records: z.int(),
  /** Of everything after this line. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
export type BackupHeader = z.infer<typeof Header>

export interface BackupOptions {
  readonly workspace: Pick<Workspace, 'slug'>
  readonly at: Date
  readonly signal?: AbortSignal
  readonly onProgress?: (entity: string, done: number) => void
}

/**
 * Writes the workspace of the transaction with its checksum, in pieces: whole or not at all. Two gzip members, one after
 * the other: the header, which is known last, and the document.
 */
export const writeBackupFile = async (
  path: string,
  tx: TenantTx,
  { workspace, at, signal, onProgress }: BackupOptions,
): Promise<BackupHeader> => {
  const hash = createHash('sha256')
  let records = 0
  async function* body(): AsyncGenerator<Buffer> {
    const pieces = documentText(tx, (entity, done) => {
      records = done
      onProgress?.(entity, done)
    })
    for await (const piece of pieces) {
      const chunk = Buffer.from(piece)
      hash.update(chunk)
      yield chunk
    }
  }
  const [packed, part] = [`${path}.body`, `${path}.part`]
  try {
    const stop = signal ? { signal } : {}
    await pipeline(
      Readable.from(body(), { objectMode: false }),
      createGzip(),
      createWriteStream(packed, { mode: 0o600 }),
      stop,
    )
    const header: BackupHeader = {
      format: FORMAT,
      workspace: workspace.slug,
      made_at: at.toISOString(),
      records,
      sha256: hash.digest('hex'),
    }
    async function* whole(): AsyncGenerator<Buffer> {
      yield gzipSync(`${JSON.stringify(header)}\n`)
      for await (const chunk of createReadStream(packed)) yield chunk as Buffer
    }
    await pipeline(
      Readable.from(whole(), { objectMode: false }),
      createWriteStream(part, { mode: 0o600 }),
      stop,
    )
    await rename(part, path)
    return header
  } catch (error) {
    await rm(part, { force: true })
    if (!signal?.aborted) throw error
    throw conflict('interrupted', 'Interrupted: no backup was written.', { fix: 'Run it again.' })
  } finally {
    await rm(packed, { force: true })
  }
}

const notOurs = (cause?: unknown) =>
  userError('not_a_backup', 'That file is not a backup that Tact wrote. Nothing was changed.', {
    fix: '`tact backup <file>` writes one; `tact import workspace` takes a document.',
    cause,
  })

const damaged = (cause?: unknown) =>
  userError('backup_damaged', 'The backup is damaged: its checksum does not match. Nothing was changed.', {
    fix: 'Take another one.',
    cause,
  })

const LONGEST_HEADER = 4096

/** The unpacked bytes of a file. */
async function* unpacked(path: string): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: 256 * 1024 })
  const plain = createGunzip()
  file.on('error', (error) => plain.destroy(error))
  try {
    for await (const chunk of file.pipe(plain)) yield chunk as Buffer
  } catch (cause) {
    if (cause instanceof TactError) throw cause
    const { code, syscall } = cause as { readonly code?: string; readonly syscall?: string }
    if (syscall !== undefined)
      throw notFound('no_backup', 'There is no such backup file.', { fix: 'Check the path.', cause })
    throw code === 'Z_DATA_ERROR' && plain.bytesWritten <= 256 * 1024 && (await startsOtherwise(path))
      ? notOurs(cause)
      : damaged(cause)
  } finally {
    file.destroy()
  }
}

const startsOtherwise = async (path: string): Promise<boolean> => {
  for await (const chunk of createReadStream(path, { end: 1 })) {
    const [first, second] = chunk as Buffer
    return first !== 0x1f || second !== 0x8b
  }
  return true
}

const headerOf = (line: string): BackupHeader => {
  try {
    return Header.parse(JSON.parse(line))
  } catch {
    throw notOurs()
  }
}

/** Everything after the header; says the header when it has come by. */
const bodyOf = (path: string, onHeader: (header: BackupHeader) => void) =>
  async function* (): AsyncGenerator<Uint8Array> {
    let before: Buffer | undefined = Buffer.alloc(0)
    for await (const chunk of unpacked(path)) {
      if (before === undefined) {
        yield chunk
        continue
      }
      before = Buffer.concat([before, chunk])
      const end = before.indexOf(10)
      if (end < 0 && before.length > LONGEST_HEADER) throw notOurs()
      if (end < 0) continue
      onHeader(headerOf(before.subarray(0, end).toString()))
      yield before.subarray(end + 1)
      before = undefined
    }
    if (before !== undefined) throw notOurs()
  }

/** Reads a backup through, verifies its checksum, and answers it for reading again. Throws `not_a_backup`, `backup_damaged`, `no_backup`. */
export const openBackupFile = async (
  path: string,
): Promise<{ readonly header: BackupHeader; readonly document: DocumentSource }> => {
  let header: BackupHeader | undefined
  const open = bodyOf(path, (found) => void (header = found))
  const hash = createHash('sha256')
  for await (const chunk of open()) hash.update(chunk)
  if (!header) throw notOurs()
  if (hash.digest('hex') !== header.sha256) throw damaged()
  return { header, document: documentOfBytes(open) }
}

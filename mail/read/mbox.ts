import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import type { RawMessage, ReadOptions } from './message.ts'
import { unreadable } from './unreadable.ts'

const CHUNK_BYTES = 1 << 20
const LF = 0x0a
const CR = 0x0d
/** Longest separator line, with the first line of the header behind it, that is looked at. */
const LOOKAHEAD_BYTES = 2048

const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)'
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)'
/** `From dana@nimbus.example Thu Aug 22 12:36:23 2002`, the date in C's asctime, zones and day order as found in the wild. */
const DATED = new RegExp(
  `^From .*?(?:${DAY},? +(?:${MONTH} +\\d{1,2}|\\d{1,2} +${MONTH})\\b.*\\d{1,2}:\\d{2}.*|.*\\d{1,2}:\\d{2}:\\d{2}.*\\d{4}.*)$`,
)
/** Separators of programs that write no date: only a sender. */
const BARE = /^From (?:-|MAILER-DAEMON|\S+@\S+)\s*$/
const HEADER = /^(?:[!-9;-~]+[ \t]*:|>From )/

type Verdict = 'separator' | 'text' | 'more'

const lineEnd = (buffer: Buffer, from: number): number => buffer.indexOf(LF, from)

/** Whether the `From ` at `at` opens a message: it must look like a postmark and a header line must follow. */
const judge = (buffer: Buffer, at: number, isLast: boolean): Verdict => {
  const first = lineEnd(buffer, at)
  const second = first < 0 ? -1 : lineEnd(buffer, first + 1)
  if (second < 0 && !isLast && buffer.length - at < LOOKAHEAD_BYTES) return 'more'
  const line = buffer.toString('latin1', at, first < 0 ? buffer.length : first).trimEnd()
  if (!DATED.test(line) && !BARE.test(line)) return 'text'
  if (first < 0) return 'text'
  const next = buffer.toString('latin1', first + 1, second < 0 ? buffer.length : second).trimEnd()
  return HEADER.test(next) ? 'separator' : 'text'
}

interface Slice {
  readonly bytes: Buffer
  /** Byte offset in the file. */
  readonly start: number
}

const isBlank = (bytes: Buffer): boolean => bytes.every((byte) => byte <= 0x20)

/** Cuts the file into messages with their separator lines, holding one message and one chunk in memory. */
async function* slices(
  file: FileHandle,
  from: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Slice> {
  let pending: Buffer = Buffer.alloc(0)
  let start = from
  let position = from
  let scanned = 0
  for (let isLast = false; !isLast;) {
    signal?.throwIfAborted()
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
    const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, position)
    isLast = bytesRead === 0
    position += bytesRead
    pending =
      pending.length === 0
        ? chunk.subarray(0, bytesRead)
        : Buffer.concat([pending, chunk.subarray(0, bytesRead)])
    for (;;) {
      const found = pending.indexOf('\nFrom ', scanned)
      if (found < 0) {
        scanned = Math.max(0, pending.length - 6)
        break
      }
      const verdict = judge(pending, found + 1, isLast)
      if (verdict === 'more') {
        scanned = found
        break
      }
      scanned = found + 1
      if (verdict === 'text') continue
      const bytes = pending.subarray(0, found + 1)
      if (!isBlank(bytes)) yield { bytes, start }
      start += found + 1
      pending = pending.subarray(found + 1)
      scanned = 0
    }
  }
  if (!isBlank(pending)) yield { bytes: pending, start }
}

/** Takes off the separator line, the empty line before the next one, and one `>` of each quoted `From ` (mboxrd). */
export const unwrap = (bytes: Buffer): Uint8Array => {
  let begin = 0
  while (begin < bytes.length && (bytes[begin] === LF || bytes[begin] === CR)) begin += 1
  if (bytes.subarray(begin, begin + 5).toString('latin1') === 'From ') {
    const end = lineEnd(bytes, begin)
    begin = end < 0 ? bytes.length : end + 1
  }
  let end = bytes.length
  if (bytes.subarray(Math.max(begin, end - 4), end).toString('latin1') === '\r\n\r\n') end -= 2
  else if (end - begin >= 2 && bytes[end - 1] === LF && bytes[end - 2] === LF) end -= 1
  return unquote(bytes.subarray(begin, end))
}

const unquote = (bytes: Buffer): Uint8Array => {
  const kept: Buffer[] = []
  let copied = 0
  for (let found = bytes.indexOf('>From '); found >= 0; found = bytes.indexOf('>From ', found + 1)) {
    let lineStart = found
    while (lineStart > 0 && bytes[lineStart - 1] === 0x3e) lineStart -= 1
    if (lineStart > 0 && bytes[lineStart - 1] !== LF) continue
    kept.push(bytes.subarray(copied, lineStart))
    copied = lineStart + 1
  }
  if (copied === 0 && kept.length === 0) return bytes
  kept.push(bytes.subarray(copied))
  return Buffer.concat(kept)
}

const startOf = async (file: FileHandle, after: string | undefined): Promise<number> => {
  const offset = Number(after ?? 0)
  if (!Number.isSafeInteger(offset) || offset <= 0) return 0
  const probe = Buffer.alloc(5)
  await file.read(probe, 0, 5, offset)
  // A file that was rewritten since is read from its beginning; what is in already counts as a duplicate.
  return probe.toString('latin1') === 'From ' ? offset : 0
}

/**
 * Messages of an mbox file (mboxo, mboxrd; LF or CRLF), streamed. `place` is the byte offset of the message's
 * separator line. Text before the first separator is a message too. Throws a user error when the file cannot be read.
 */
export async function* readMbox(path: string, options: ReadOptions = {}): AsyncGenerator<RawMessage> {
  const file = await open(path).catch(unreadable)
  try {
    const from = await startOf(file, options.after)
    for await (const { bytes, start } of slices(file, from, options.signal)) {
      if (options.after !== undefined && String(start) === options.after) continue
      yield { raw: unwrap(bytes), place: String(start) }
    }
  } finally {
    await file.close()
  }
}

/** How many messages the file holds. */
export const countMbox = async (path: string, options: Pick<ReadOptions, 'signal'> = {}): Promise<number> => {
  const file = await open(path).catch(unreadable)
  try {
    let count = 0
    for await (const slice of slices(file, 0, options.signal)) count += slice.bytes.length > 0 ? 1 : 0
    return count
  } finally {
    await file.close()
  }
}

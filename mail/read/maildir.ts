import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { RawMessage, ReadOptions } from './message.ts'
import { unreadable } from './unreadable.ts'

const byPlace = (a: Delivered, b: Delivered): number => (a.place < b.place ? -1 : a.place > b.place ? 1 : 0)

interface Delivered {
  /** Folder and unique name, without the flags, which change while a reader looks at the message. */
  readonly place: string
  readonly path: string
}

const uniqueName = (file: string): string => file.replace(/[:!;]2,[A-Za-z]*$/, '')

/** Every message in `new` and `cur` of the Maildir and of the folders in it (`.Sent`, `Archive/2024` …). */
const delivered = async (root: string): Promise<readonly Delivered[]> => {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(unreadable)
  const found: Delivered[] = []
  for (const entry of entries) {
    if (!entry.isFile() || entry.name.startsWith('.')) continue
    const parts = relative(root, entry.parentPath).split(sep)
    const box = parts.pop()
    if (box !== 'new' && box !== 'cur') continue
    const folder = parts.length === 0 ? '' : `${parts.join('/')}/`
    found.push({ place: `${folder}${uniqueName(entry.name)}`, path: join(entry.parentPath, entry.name) })
  }
  return found.sort(byPlace)
}

const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

/** A message that was read or flagged meanwhile has another name; one that was deleted is undefined. */
const readDelivered = async (root: string, { path, place }: Delivered): Promise<Uint8Array | undefined> => {
  try {
    return await readFile(path)
  } catch (error) {
    if (!isGone(error)) return unreadable(error)
  }
  const moved = (await delivered(root)).find((other) => other.place === place)
  return moved ? readFile(moved.path).catch(unreadable) : undefined
}

/** Messages of a Maildir and its folders. `place` is the folder and the unique name. Throws a user error when something cannot be read. */
export async function* readMaildir(path: string, options: ReadOptions = {}): AsyncGenerator<RawMessage> {
  for (const message of await delivered(path)) {
    options.signal?.throwIfAborted()
    if (options.after !== undefined && message.place <= options.after) continue
    const raw = await readDelivered(path, message)
    if (raw) yield { raw, place: message.place }
  }
}

/** How many messages `readMaildir` will read. */
export const countMaildir = async (path: string): Promise<number> => (await delivered(path)).length

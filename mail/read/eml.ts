import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { RawMessage, ReadOptions } from './message.ts'
import { unreadable } from './unreadable.ts'

const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const emlFiles = async (root: string): Promise<readonly string[]> => {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(unreadable)
  return entries
    .filter((entry) => entry.isFile() && /\.eml$/i.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort(byName)
}

/**
 * One EML file of any name, or every `.eml` file under a directory in the order of their paths. `place` is the path
 * below the directory. Throws a user error when something cannot be read.
 */
export async function* readEml(path: string, options: ReadOptions = {}): AsyncGenerator<RawMessage> {
  const found = await stat(path).catch(unreadable)
  if (!found.isDirectory()) {
    if (options.after === undefined) yield { raw: await readFile(path).catch(unreadable), place: '.' }
    return
  }
  for (const place of await emlFiles(path)) {
    options.signal?.throwIfAborted()
    if (options.after !== undefined && byName(place, options.after) <= 0) continue
    yield { raw: await readFile(join(path, place)).catch(unreadable), place }
  }
}

/** How many messages `readEml` will read. */
export const countEml = async (path: string): Promise<number> => {
  const found = await stat(path).catch(unreadable)
  return found.isDirectory() ? (await emlFiles(path)).length : 1
}

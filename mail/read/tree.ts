import { open, readdir, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { readEml } from './eml.ts'
import { countMaildir, readMaildir } from './maildir.ts'
import { countMbox, readMbox } from './mbox.ts'
import type { RawMessage, ReadOptions } from './message.ts'
import { unreadable } from './unreadable.ts'

type TreeKind = 'mbox' | 'eml' | 'maildir'
interface Branch {
  readonly kind: TreeKind
  /** Below the root, with `/`; empty for the root itself. */
  readonly path: string
}

const byPath = (a: Branch, b: Branch): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)

const opensMbox = async (path: string): Promise<boolean> => {
  const file = await open(path).catch(unreadable)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(5), 0, 5, 0)
    return buffer.toString('latin1', 0, bytesRead) === 'From '
  } finally {
    await file.close()
  }
}

/** What is mail under a directory: a folder with `cur` and `new` is a Maildir, `.eml` a message, and a file that opens with `From ` an mbox. */
const branchesOf = async (root: string, path = ''): Promise<readonly Branch[]> => {
  const entries = await readdir(join(root, path), { withFileTypes: true }).catch(unreadable)
  const folders = new Set(entries.filter((entry) => entry.isDirectory()).map(({ name }) => name))
  if (folders.has('cur') && folders.has('new')) return [{ kind: 'maildir', path }]
  const found: Branch[] = []
  for (const entry of entries) {
    const below = relative(root, join(root, path, entry.name))
      .split(sep)
      .join('/')
    if (entry.isDirectory()) found.push(...(await branchesOf(root, below)))
    else if (!entry.isFile()) continue
    else if (/\.eml$/i.test(entry.name)) found.push({ kind: 'eml', path: below })
    else if (await opensMbox(join(root, below))) found.push({ kind: 'mbox', path: below })
  }
  return found.sort(byPath)
}

const READERS = { mbox: readMbox, eml: readEml, maildir: readMaildir } as const

/** `place` is the path of the branch, two slashes, which no path holds, and the place in it. */
const MARK = '//'

/**
 * Every message under a directory, whatever mixture of mbox files, EML files and Maildirs it is, in the order of their
 * paths. Other files are passed over. Throws a user error when something cannot be read.
 */
export async function* readTree(
  root: string,
  { after, signal }: ReadOptions = {},
): AsyncGenerator<RawMessage> {
  const cut = after?.indexOf(MARK) ?? -1
  const [reached, within] = after === undefined ? [] : [after.slice(0, cut), after.slice(cut + MARK.length)]
  for (const { kind, path } of await branchesOf(root)) {
    signal?.throwIfAborted()
    if (reached !== undefined && path < reached) continue
    const options = { signal, after: path === reached ? within : undefined }
    for await (const { raw, place } of READERS[kind](join(root, path), options)) {
      yield { raw, place: `${path}${MARK}${place}` }
    }
  }
}

/** How many messages `readTree` will read. */
export const countTree = async (root: string): Promise<number> => {
  const found = await stat(root).catch(unreadable)
  if (!found.isDirectory())
    return unreadable(Object.assign(new Error('not a directory'), { code: 'ENOTDIR' }))
  let count = 0
  for (const { kind, path } of await branchesOf(root)) {
    if (kind === 'eml') count += 1
    else count += await (kind === 'mbox' ? countMbox : countMaildir)(join(root, path))
  }
  return count
}

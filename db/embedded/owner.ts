import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Held while this process owns a directory; `release` gives it up. Keep a reference: a collected lock is dropped. */
export interface Ownership {
  release(): void
}

/** Every lock of this process, so that the garbage collector cannot drop one. */
const held = new Set<DatabaseSync>()
const SQLITE_BUSY = 5

/**
 * Takes `directory` for this process alone, or answers undefined when another process (or another part of this one) has
 * it. The lock is SQLite's write lock on `owner.lock`: a kernel lock, gone with its process even by kill -9, so there
 * is no stale lock to steal. PGlite itself guards nothing: two processes on one directory corrupt it silently.
 */
export const tryOwn = (directory: string): Ownership | undefined => {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const lock = new DatabaseSync(join(directory, 'owner.lock'), { timeout: 0 })
  try {
    lock.exec('PRAGMA journal_mode = DELETE; BEGIN IMMEDIATE')
  } catch (error) {
    lock.close()
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return undefined
    throw error
  }
  held.add(lock)
  return {
    release: () => {
      if (held.delete(lock)) lock.close()
    },
  }
}

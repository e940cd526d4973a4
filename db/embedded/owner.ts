import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Held while this process owns a directory, or is next; `release` gives it up. Keep a reference: a collected lock is dropped. */
export interface Ownership {
  release(): void
}

/** Every lock of this process, so that the garbage collector cannot drop one. */
const held = new Set<DatabaseSync>()
const SQLITE_BUSY = 5
const OWNER = 'owner.lock'
const NEXT = 'next.lock'
/** Longer than another process takes to look whether a lock is free. */
const LOOK_MS = 20

/** The write lock of a SQLite file: a kernel lock, gone with its process even by kill -9, so there is no stale one to steal. */
const tryLock = (directory: string, name: string, timeoutMs = LOOK_MS): Ownership | undefined => {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const lock = new DatabaseSync(join(directory, name), { timeout: timeoutMs })
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

/**
 * Takes `directory` for this process alone, or answers undefined when another process (or another part of this one) has
 * it. PGlite itself guards nothing: two processes on one directory corrupt it silently.
 */
export const tryOwn = (directory: string): Ownership | undefined => tryLock(directory, OWNER)

/**
 * Takes the place of whoever owns `directory` next, or answers undefined when another process has it. Owns nothing: it
 * keeps the others from getting ready to own it too, or from owning it in between.
 */
export const tryNext = (directory: string): Ownership | undefined => tryLock(directory, NEXT)

/** Some process owns `directory`. */
export const isOwned = (directory: string): boolean => {
  const lock = tryLock(directory, OWNER, 0)
  lock?.release()
  return lock === undefined
}

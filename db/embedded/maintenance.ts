import { log } from '../../log.ts'
import type { Database } from '../connect.ts'
import { listBackups, writeBackup } from './backups.ts'

export interface Maintenance {
  /** Stops, after what is being done is done. */
  stop(): Promise<void>
}

export interface MaintenanceOptions {
  /** How often to look. */
  readonly everyMs?: number
  /** How long nothing must have run. */
  readonly idleMs?: number
  readonly vacuumEveryMs?: number
  readonly backupEveryMs?: number
}

const SECOND_MS = 1000
const HOUR_MS = 3_600 * SECOND_MS
const DEFAULTS = {
  everyMs: 15 * SECOND_MS,
  idleMs: 10 * SECOND_MS,
  vacuumEveryMs: HOUR_MS,
  backupEveryMs: 24 * HOUR_MS,
} as const

const run = async (database: Database, statement: string): Promise<void> => {
  const client = await database.pool.connect()
  try {
    database.embedded?.setDeadline(0)
    await client.query(statement)
  } finally {
    database.embedded?.setDeadline(undefined)
    client.release()
  }
}

/**
 * Does for the embedded engine what a server's background processes do: after a stretch of work, once it is idle, a
 * checkpoint (else the write-ahead log only grows), every hour VACUUM (ANALYZE), every day a backup. Started by
 * `tact up` alone. Does nothing on Postgres or in memory.
 */
export const startMaintenance = (database: Database, options: MaintenanceOptions = {}): Maintenance => {
  const { embedded, home } = database
  if (!embedded || home === undefined) return { stop: async () => {} }
  const { everyMs, idleMs, vacuumEveryMs, backupEveryMs } = { ...DEFAULTS, ...options }
  let seen = -1
  let vacuumedMs = 0
  let current: Promise<void> = Promise.resolve()

  const look = async (): Promise<void> => {
    const { statements, idleSinceMs } = embedded.activity
    const nowMs = Date.now()
    if (idleSinceMs === 0 || nowMs - idleSinceMs < idleMs) return
    if (statements !== seen) {
      await run(database, 'CHECKPOINT')
      if (nowMs - vacuumedMs >= vacuumEveryMs) {
        await run(database, 'VACUUM (ANALYZE)')
        vacuumedMs = nowMs
      }
      log.info('database_tidied', { statements: statements - Math.max(seen, 0) })
    }
    const newest = (await listBackups(home))[0]
    if (newest === undefined || nowMs - newest.at.getTime() >= backupEveryMs) await writeBackup(database)
    seen = embedded.activity.statements
  }

  let looking = false
  const timer = setInterval(() => {
    if (looking) return
    looking = true
    current = look()
      .catch((error: unknown) =>
        log.warn('maintenance_failed', { error: error instanceof Error ? error.name : '' }),
      )
      .finally(() => {
        looking = false
      })
  }, everyMs)
  timer.unref()
  return {
    stop: async () => {
      clearInterval(timer)
      await current
    },
  }
}

import type { Express } from 'express'
import type { House } from './compose.ts'
import { log } from '../log.ts'

const LONGEST_MS = 2_000
/** Asked more often than that, the last answer is given: whoever asks cannot load the database. */
const FRESH_MS = 1_000

const answers = async ({ database }: Pick<House, 'database'>): Promise<boolean> => {
  const timer = AbortSignal.timeout(LONGEST_MS)
  const late = new Promise<boolean>((resolve) => timer.addEventListener('abort', () => resolve(false)))
  const asked = database.pool.query('select 1').then(
    () => true,
    (error: unknown) => {
      log.warn('not_ready', { error: error instanceof Error ? error.name : 'unknown' })
      return false
    },
  )
  return await Promise.race([asked, late])
}

/**
 * `/readyz`: 200 where requests can be answered, 503 while the database does not answer. `/healthz` says only that the
 * process runs, so that a database that is away restarts nothing.
 */
export const mountReadiness = (app: Express, house: Pick<House, 'database'>): void => {
  let last: { readonly atMs: number; readonly isReady: Promise<boolean> } | undefined
  app.get('/readyz', (_request, response, next) => {
    const nowMs = performance.now()
    if (!last || nowMs - last.atMs > FRESH_MS) last = { atMs: nowMs, isReady: answers(house) }
    last.isReady.then((ok) => void response.status(ok ? 200 : 503).json({ ok, database: ok }), next)
  })
}

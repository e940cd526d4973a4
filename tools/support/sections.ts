import { sqlStateOf } from '../../db/errors.ts'
import { savepoint } from '../../db/tenant.ts'
import type { TenantTx } from '../../db/tenant.ts'
import { TactError } from '../../domain/errors.ts'
import { log } from '../../log.ts'

/** Something an answer is put together from, read on its own. Undefined when it does not apply. */
export interface Part<T> {
  readonly name: string
  readonly read: (tx: TenantTx) => Promise<T | undefined>
}

export interface Gathered<T> {
  readonly found: ReadonlyMap<string, T>
  /** Parts that are missing, each as a sentence. */
  readonly notes: readonly string[]
}

export interface GatherOptions {
  readonly tool: string
  readonly signal: AbortSignal
  /** Longest one statement of a part may run. */
  readonly eachMs?: number
  /** After this no further part is begun. */
  readonly allMs?: number
}

const EACH_MS = 1_000
const ALL_MS = 4_000

const STATEMENT_ENDED = '57014'

/** What the asker can mend is told to the asker; a cancelled request is over, and so is one whose connection is gone. */
const concernsAll = (error: unknown, signal: AbortSignal): boolean =>
  signal.aborted || (error instanceof TactError && (error.kind === 'user' || error.kind === 'unavailable'))

/**
 * Reads every part in a savepoint of its own with a deadline of its own: one that fails or is slow is left out and named,
 * the rest arrives. Throws user errors of a part, and when the connection itself is gone.
 */
export const gather = async <T>(
  tx: TenantTx,
  parts: readonly Part<T>[],
  { tool, signal, eachMs = EACH_MS, allMs = ALL_MS }: GatherOptions,
): Promise<Gathered<T>> => {
  const found = new Map<string, T>()
  const notes: string[] = []
  const startedMs = performance.now()
  for (const { name, read } of parts) {
    if (performance.now() - startedMs > allMs) {
      notes.push(`${name}: left out, the parts before it took too long. Ask for it alone.`)
      continue
    }
    try {
      const value = await savepoint(tx, read, { timeoutMs: eachMs })
      if (value !== undefined) found.set(name, value)
    } catch (error) {
      if (concernsAll(error, signal)) throw error
      const slow = sqlStateOf(error) === STATEMENT_ENDED
      log.warn('part_left_out', { tool, part: name, reason: slow ? 'slow' : (sqlStateOf(error) ?? 'failed') })
      notes.push(
        slow
          ? `${name}: left out, it took too long. Ask for it alone.`
          : `${name}: left out, it could not be read.`,
      )
    }
  }
  return { found, notes }
}

import type { TenantId } from '../domain/ids.ts'

/** What is rung: in which workspace something is due, and when. Nothing else is ever in a queue. */
export interface Ring {
  readonly tenantId: TenantId
  readonly jobId: string
  /** At once when left out. */
  readonly dueAt?: Date
}

/**
 * Wakes whoever works. A ring that is lost loses nothing: the row is the job, and workers look for themselves too. `ring`
 * never throws and waits for nobody.
 */
export interface Bell {
  readonly name: 'process' | 'redis'
  /** How often workers look for themselves beside this bell, in milliseconds. */
  readonly lookMs: number
  ring(rings: readonly Ring[]): void
  /** Tells of each ring; answers what ends that. */
  listen(hear: (tenantId: TenantId) => void): Promise<() => Promise<void>>
  close(): Promise<void>
}

const LOOK_MS = 500

/** The bell of one process: those who work in it are told at once, others find the row when they look. */
export const processBell = ({ lookMs = LOOK_MS }: { readonly lookMs?: number } = {}): Bell => {
  const hearers = new Set<(tenantId: TenantId) => void>()
  return {
    name: 'process',
    lookMs,
    ring: (rings) => {
      const now = Date.now()
      const tenants = new Set(
        rings.flatMap(({ tenantId, dueAt }) =>
          dueAt === undefined || dueAt.getTime() <= now ? [tenantId] : [],
        ),
      )
      for (const tenantId of tenants) for (const hear of hearers) hear(tenantId)
    },
    listen: async (hear) => {
      hearers.add(hear)
      return async () => void hearers.delete(hear)
    },
    close: async () => hearers.clear(),
  }
}

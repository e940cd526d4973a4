import type { Database } from '../db/connect.ts'
import { storeSlackEvents } from '../db/slack-events.ts'
import type { NewSlackEvent } from '../db/slack-events.ts'
import { asTenant } from '../db/tenant.ts'
import type { Actor } from '../domain/actor.ts'

/** Writes events down before Slack is told that they came. */
export interface EventStore {
  /** Resolves once it is written down for good: true where it was new. Rejects where it could not be. */
  store(event: NewSlackEvent): Promise<boolean>
}

interface Waiting {
  readonly event: NewSlackEvent
  readonly resolve: (isNew: boolean) => void
  readonly reject: (error: unknown) => void
}

/** Of one statement: more make it slow without making it cheaper. */
const MOST_AT_ONCE = 200

/**
 * While one transaction is under way, what comes meanwhile is gathered and goes into the next: a burst costs few of them.
 * `told` hears of every new event after it is written down.
 */
export const createEventStore = (
  database: Database,
  actor: Actor,
  told: (event: NewSlackEvent) => void,
): EventStore => {
  let queue: Waiting[] = []
  let isRunning = false

  const write = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const byId = new Map(batch.map(({ event }) => [event.eventId, event]))
      const fresh = new Set(await asTenant(database, actor, (tx) => storeSlackEvents(tx, [...byId.values()])))
      for (const { event, resolve } of batch) {
        // Of one that is in here twice, the first is the new one.
        const isNew = fresh.delete(event.eventId)
        resolve(isNew)
        if (isNew) told(event)
      }
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }

  const run = async (): Promise<void> => {
    isRunning = true
    while (queue.length > 0) {
      const batch = queue.slice(0, MOST_AT_ONCE)
      queue = queue.slice(MOST_AT_ONCE)
      await write(batch)
    }
    isRunning = false
  }

  return {
    store: (event) =>
      new Promise((resolve, reject) => {
        queue.push({ event, resolve, reject })
        if (!isRunning) void run()
      }),
  }
}

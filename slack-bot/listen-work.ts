import type { Database } from '../db/connect.ts'
import {
  endSlackEvent,
  forgetSlackEvents,
  keepSlackEvent,
  leaseSlackEvents,
  messageNow,
  retrySlackEvent,
  wasStopped,
} from '../db/slack-events.ts'
import type { LeasedSlackEvent, NewSlackEvent } from '../db/slack-events.ts'
import { asTenant } from '../db/tenant.ts'
import type { Actor } from '../domain/actor.ts'
import { asTactError } from '../domain/errors.ts'
import { log } from '../log.ts'

/** How an event ended; `dropped`: there was nothing to do (any more). */
export type Ended = 'done' | 'dropped'

export interface WorkerParts {
  readonly database: Database
  readonly actor: Actor
  /**
   * Does what an event asks for. `signal` says that the question was deleted or the answer stopped, or that the process
   * ends. May be called again for the same event after a crash or when it threw.
   */
  handle(event: LeasedSlackEvent, signal: AbortSignal): Promise<Ended>
  /** Called when an event is given up. */
  onGivenUp?(event: LeasedSlackEvent): Promise<void>
  readonly concurrency?: number
  readonly times?: Partial<WorkTimes>
}

export interface WorkTimes {
  readonly leaseMs: number
  /** How often a lease is held on, and deletions and stops are looked for that another process was told of. */
  readonly beatMs: number
  /** How often the table is looked at without being told. */
  readonly pollMs: number
  readonly retryMs: number
}

export interface Worker {
  /** Something may have become due. */
  poke(): void
  /** Told of every event as it is written down: ends an answer at once when this process writes it. */
  readonly told: (event: NewSlackEvent) => void
  /** Takes no more; resolves when what is under way has ended, told to stop after `graceMs`, or a little later. */
  close(graceMs?: number): Promise<void>
}

const TIMES: WorkTimes = { leaseMs: 30_000, beatMs: 2_000, pollMs: 1_000, retryMs: 2_000 }
const CONCURRENCY = 8
const MOST_ATTEMPTS = 5
const KEPT_MS = 3 * 24 * 3_600_000
const FORGET_EVERY_MS = 3_600_000

/** For taking back what was half said, once handlers were told to stop. */
const LAST_WORDS_MS = 5_000

/** Why a handler was told to stop; its answer is taken away where the question is. */
export const DELETED = 'deleted'
export const STOPPED = 'stopped'
export const CLOSING = 'closing'

interface Running {
  readonly event: LeasedSlackEvent
  readonly controller: AbortController
}

/** Works events off from their rows: a few at a time, one of each thread, as often as it takes. */
export const startWorker = (parts: WorkerParts): Worker => {
  const { database, actor, concurrency = CONCURRENCY } = parts
  const times = { ...TIMES, ...parts.times }
  const running = new Map<string, Running>()
  const under = new Set<Promise<void>>()
  let isClosed = false
  let look: Promise<void> | undefined
  let isPoked = false
  let forgottenAtMs = 0

  const beat = async ({ event, controller }: Running): Promise<void> => {
    const found = await asTenant(database, actor, async (tx) => ({
      isOurs: await keepSlackEvent(tx, event, times.leaseMs),
      isDeleted: event.aboutMessage !== null && (await messageNow(tx, event.aboutMessage)).isDeleted,
      isStopped: await wasStopped(tx, event),
    }))
    if (!found.isOurs) controller.abort(CLOSING)
    else if (found.isDeleted && event.kind === 'message') controller.abort(DELETED)
    else if (found.isStopped) controller.abort(STOPPED)
  }

  const giveUp = async (event: LeasedSlackEvent, failure: string): Promise<void> => {
    await parts
      .onGivenUp?.(event)
      .catch((error: unknown) => log.warn('slack_not_told', { error: asTactError(error).code }))
    await asTenant(database, actor, (tx) => endSlackEvent(tx, event.id, { state: 'failed', failure }))
    log.error('slack_event_failed', { kind: event.kind, attempts: event.attempts, error: failure })
  }

  const settle = async (event: LeasedSlackEvent, error: unknown): Promise<void> => {
    const failure = asTactError(error).code
    if (event.attempts >= MOST_ATTEMPTS) return await giveUp(event, failure)
    const delayMs = times.retryMs * 2 ** (event.attempts - 1)
    await asTenant(database, actor, (tx) => retrySlackEvent(tx, event.id, { delayMs, failure }))
    log.warn('slack_event_again', { kind: event.kind, attempts: event.attempts, error: failure })
  }

  const work = async (event: LeasedSlackEvent): Promise<void> => {
    const one: Running = { event, controller: new AbortController() }
    running.set(event.id, one)
    const timer = setInterval(() => {
      beat(one).catch((error: unknown) => log.debug('slack_beat_failed', { error: asTactError(error).code }))
    }, times.beatMs)
    try {
      const state = await parts.handle(event, one.controller.signal)
      await asTenant(database, actor, (tx) => endSlackEvent(tx, event.id, { state }))
    } catch (error) {
      await settle(event, error)
    } finally {
      clearInterval(timer)
      running.delete(event.id)
    }
  }

  const forget = async (): Promise<void> => {
    if (Date.now() - forgottenAtMs < FORGET_EVERY_MS) return
    forgottenAtMs = Date.now()
    await asTenant(database, actor, (tx) => forgetSlackEvents(tx, KEPT_MS))
  }

  const lookOnce = async (): Promise<void> => {
    await forget()
    for (;;) {
      isPoked = false
      const free = concurrency - running.size
      if (isClosed || free <= 0) return
      const taken = await asTenant(database, actor, (tx) =>
        leaseSlackEvents(tx, { limit: free, leaseMs: times.leaseMs }),
      )
      for (const event of taken) {
        const job: Promise<void> = work(event)
          .catch((error: unknown) => log.warn('slack_event_kept', { error: asTactError(error).code }))
          .finally(() => {
            under.delete(job)
            poke()
          })
        under.add(job)
      }
      if (taken.length === 0 && !isPoked) return
    }
  }

  const poke = (): void => {
    isPoked = true
    if (isClosed || look) return
    look = lookOnce()
      .catch((error: unknown) => log.warn('slack_poll_failed', { error: asTactError(error).code }))
      .finally(() => {
        look = undefined
        if (isPoked && running.size < concurrency) poke()
      })
  }

  const timer = setInterval(poke, times.pollMs)
  timer.unref()
  poke()

  return {
    poke,
    told: (event) => {
      if (event.kind === 'fact') {
        for (const { event: under_, controller } of running.values()) {
          if (event.says === 'stopped' && under_.queue === event.aboutMessage) controller.abort(STOPPED)
          if (
            event.says === 'deleted' &&
            under_.kind === 'message' &&
            under_.aboutMessage === event.aboutMessage
          )
            controller.abort(DELETED)
        }
      } else if (event.kind !== 'request') {
        setTimeout(poke, SETTLED_MS).unref()
      }
    },
    close: async (graceMs = 5_000) => {
      isClosed = true
      clearInterval(timer)
      await look
      const end = setTimeout(() => {
        for (const { controller } of running.values()) controller.abort(CLOSING)
      }, graceMs)
      // What Slack does not take to the end is left to the next process, whose lease on it begins when ours is over.
      let late: NodeJS.Timeout | undefined
      const given = new Promise<void>((resolve) => {
        late = setTimeout(resolve, graceMs + LAST_WORDS_MS)
      })
      await Promise.race([Promise.all(under), given])
      clearTimeout(late)
      clearTimeout(end)
    },
  }
}

/** A little more than the time in which what Slack sent earlier may still come (db/slack-events.ts). */
const SETTLED_MS = 170

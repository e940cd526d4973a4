import type { App, Receiver, ReceiverEvent } from '@slack/bolt'
import type { RequestHandler } from 'express'
import { log } from '../log.ts'
import { readEvent, requestEvent } from './listen-read.ts'
import type { EventStore } from './listen-store.ts'

/** Name under which the HTTP receiver hands the signature of a request on, after it judged it. */
export const SIGNATURE = 'slackSignature'

/** Slack's own bound for how old a signed request may be; a clock that is ahead is no better than one that is behind. */
const MOST_APART_S = 300
/** A clock that is wrong is told of once in so long, however much comes. */
const TOLD_EVERY_MS = 60_000

/**
 * Stands before Bolt's HTTP receiver, which takes requests from the future: refuses what is not of these five minutes,
 * to either side. Whether the signature holds, Bolt judges over the raw body.
 */
export const guardClock = (nowMs: () => number = Date.now): RequestHandler => {
  let toldMs = -Infinity
  return (request, response, next) => {
    const apartS = nowMs() / 1000 - Number(request.headers['x-slack-request-timestamp'])
    if (Math.abs(apartS) <= MOST_APART_S) {
      next()
      return
    }
    if (Number.isFinite(apartS) && nowMs() - toldMs >= TOLD_EVERY_MS) {
      toldMs = nowMs()
      log.warn('slack_clock', { apartSeconds: Math.round(apartS) })
    }
    response.status(401).end()
  }
}

export interface StoringParts {
  readonly events: EventStore
  readonly botUserId: () => string
}

const isEvent = ({ body }: ReceiverEvent): boolean => body['type'] === 'event_callback'

/** A request that was taken already, by its signature: it is answered, and nothing is done. */
const isReplay = async ({ events }: StoringParts, { customProperties }: ReceiverEvent): Promise<boolean> => {
  const signature = customProperties?.[SIGNATURE]
  return typeof signature === 'string' && !(await events.store(requestEvent(signature, Date.now())))
}

/**
 * A receiver of Bolt's whose events are written down before Slack is told that they came: Bolt itself tells first, and
 * what a crash loses then Slack does not send again. Clicks, dialogs and commands go on to Bolt's listeners. When they
 * cannot be written down Slack is told nothing, and sends again.
 */
export const storing = (receiver: Receiver, parts: StoringParts): Receiver => {
  const take = async (app: App, event: ReceiverEvent): Promise<void> => {
    if (!isEvent(event)) {
      if (await isReplay(parts, event)) await event.ack()
      else await app.processEvent(event)
      return
    }
    const found = readEvent(event.body, { botUserId: parts.botUserId() })
    if (found) await parts.events.store(found)
    await event.ack()
  }
  return {
    // The receiver calls nothing of the app but this.
    init: (app) => receiver.init({ processEvent: (event: ReceiverEvent) => take(app, event) } as App),
    start: (...options) => receiver.start(...options),
    stop: (...options) => receiver.stop(...options),
  }
}

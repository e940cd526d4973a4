import type { RequestHandler, Response } from 'express'
import { MemoryStore, rateLimit as limitRate } from 'express-rate-limit'
import { identityOf } from './bearer.ts'
import { refuse } from './refuse.ts'

const WINDOW_MS = 60_000

export interface RateLimit {
  /** Counts a request before its body is read. */
  readonly first: RequestHandler
  /** Counts the further messages of a batch. */
  readonly rest: RequestHandler
}

/** So many messages a minute for each credential; beyond, 429 with the seconds to wait. */
export const rateLimit = (messagesPerMinute: number): RateLimit => {
  const store = new MemoryStore()
  const tooMany = (response: Response, seconds: number): void => {
    response.set('Retry-After', String(seconds))
    refuse(response, 429, `Too many requests: ${messagesPerMinute} a minute. Try again in ${seconds} s.`)
  }
  const secondsTo = (resetAt: Date | undefined): number =>
    Math.max(1, Math.ceil(((resetAt?.getTime() ?? Date.now() + WINDOW_MS) - Date.now()) / 1000))
  return {
    first: limitRate({
      windowMs: WINDOW_MS,
      limit: messagesPerMinute,
      store,
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      // The key is no address: what a client claims of its own is not asked.
      validate: false,
      keyGenerator: (request) => identityOf(request).credentialId,
      handler: (_request, response) =>
        tooMany(response, Number(response.getHeader('Retry-After') ?? WINDOW_MS / 1000)),
    }),
    rest: async (request, response, next) => {
      const more = Array.isArray(request.body) ? request.body.length - 1 : 0
      const { credentialId } = identityOf(request)
      for (let count = 0; count < more; count += 1) {
        const { totalHits, resetTime } = await store.increment(credentialId)
        if (totalHits > messagesPerMinute) return tooMany(response, secondsTo(resetTime))
      }
      next()
    },
  }
}

import type { RequestHandler } from 'express'
import { rateLimit as limitRate } from 'express-rate-limit'
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
  const countOne = limitRate({
    windowMs: WINDOW_MS,
    limit: messagesPerMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: (request) => identityOf(request).credentialId,
    // Each message of a batch counts, and the key is no address: what a client claims of itself is not asked.
    validate: false,
    handler: (_request, response) => {
      const seconds = String(response.getHeader('Retry-After') ?? '60')
      refuse(response, 429, `Too many requests: ${messagesPerMinute} a minute. Try again in ${seconds} s.`)
    },
  })
  return {
    first: countOne,
    rest: (request, response, next) => {
      let left = Array.isArray(request.body) ? request.body.length - 1 : 0
      const countOn = (thrown?: unknown): void => {
        if (thrown !== undefined || left <= 0) return next(thrown)
        left -= 1
        void countOne(request, response, countOn)
      }
      countOn()
    },
  }
}

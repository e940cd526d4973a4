import type { Request, RequestHandler, Response } from 'express'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { identityOf } from './bearer.ts'
import { refuse } from './refuse.ts'

const WINDOW_SECONDS = 60

export interface RateLimit {
  /** Counts a request before its body is read. */
  readonly first: RequestHandler
  /** Counts the further messages of a batch. */
  readonly rest: RequestHandler
}

/** So many messages a minute for each credential; beyond, 429 with the seconds to wait. */
export const rateLimit = (messagesPerMinute: number): RateLimit => {
  const limiter = new RateLimiterMemory({ points: messagesPerMinute, duration: WINDOW_SECONDS })
  const admit = async (request: Request, response: Response, messages: number): Promise<boolean> => {
    try {
      await limiter.consume(identityOf(request).credentialId, messages)
      return true
    } catch (thrown) {
      if (!(thrown instanceof RateLimiterRes)) throw thrown
      const seconds = Math.max(1, Math.ceil(thrown.msBeforeNext / 1000))
      response.set('Retry-After', String(seconds))
      refuse(response, 429, `Too many requests: ${messagesPerMinute} a minute. Try again in ${seconds} s.`)
      return false
    }
  }
  return {
    first: async (request, response, next) => {
      if (await admit(request, response, 1)) next()
    },
    rest: async (request, response, next) => {
      const more = Array.isArray(request.body) ? request.body.length - 1 : 0
      if (more <= 0 || (await admit(request, response, more))) next()
    },
  }
}

import type { Request, RequestHandler } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import { EACH_MINUTE, isReading } from '../limits.ts'
import { callerOf } from './caller.ts'
import { HttpProblem } from './problem.ts'

/** Requests in a minute. */
export interface ApiLimits {
  /** From one address, whoever sends them. */
  readonly perAddress: number
  /** Changes by one token or session's member. */
  readonly changes: number
}

export const API_LIMITS: ApiLimits = { perAddress: 1_200, changes: 120 }

const tooMany = (): HttpProblem =>
  new HttpProblem(429, {
    code: 'too_many_requests',
    message: 'Too many requests in a minute.',
    fix: 'Wait as long as Retry-After says.',
  })

const limiter = (limit: number, keyOf: (request: Request) => string): RequestHandler =>
  rateLimit({
    ...EACH_MINUTE,
    limit,
    // What a client claims of itself is not believed, and not worth a warning.
    validate: { xForwardedForHeader: false, forwardedHeader: false },
    keyGenerator: keyOf,
    handler: (_request, _response, next) => next(tooMany()),
  })

/** Before it is known who calls: so many tries of a token, too. */
export const limitAddresses = ({ perAddress }: ApiLimits): RequestHandler =>
  limiter(perAddress, ({ ip }) => ipKeyGenerator(ip ?? 'none'))

export const limitChanges = ({ changes }: ApiLimits): RequestHandler => {
  const limited = limiter(changes, (request) => callerOf(request).conversationId)
  return (request, response, next) => (isReading(request) ? next() : limited(request, response, next))
}

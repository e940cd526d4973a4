import { createHash } from 'node:crypto'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import type { Request, RequestHandler } from 'express'
import { sendMessage } from './reply.ts'

/** Counts begin anew each minute; what is left stands in the RateLimit headers. */
export const EACH_MINUTE = { windowMs: 60_000, standardHeaders: 'draft-8', legacyHeaders: false } as const

/** Whoever only reads changes nothing, and is not counted. */
export const isReading = ({ method }: Pick<Request, 'method'>): boolean =>
  method === 'GET' || method === 'HEAD'

export interface InboxLimits {
  /** Sign-ins that fail, from one address. */
  readonly failedSignInsAMinute: number
  /** Forms sent in one session. */
  readonly formsAMinute: number
}

export const INBOX_LIMITS: InboxLimits = { failedSignInsAMinute: 20, formsAMinute: 120 }

const tooMany: RequestHandler = (_request, response) =>
  sendMessage(response, 429, 'Too many tries', 'Wait a minute and try again.')

/** Ways in, by address of the network: only tries that fail count. */
export const limitSignIns = ({ failedSignInsAMinute }: InboxLimits): RequestHandler =>
  rateLimit({
    ...EACH_MINUTE,
    limit: failedSignInsAMinute,
    skipSuccessfulRequests: true,
    handler: tooMany,
  })

/** Decisions and other forms, by session; without one, by address. */
export const limitForms = ({ formsAMinute }: InboxLimits): RequestHandler =>
  rateLimit({
    ...EACH_MINUTE,
    limit: formsAMinute,
    skip: isReading,
    keyGenerator: ({ headers: { cookie }, ip = '' }) =>
      cookie === undefined ? ipKeyGenerator(ip) : createHash('sha256').update(cookie).digest('hex'),
    handler: tooMany,
  })

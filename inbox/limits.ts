import { createHash } from 'node:crypto'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import type { RequestHandler } from 'express'
import { sendMessage } from './reply.ts'

const MINUTE_MS = 60_000

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
    windowMs: MINUTE_MS,
    limit: failedSignInsAMinute,
    skipSuccessfulRequests: true,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: tooMany,
  })

/** Decisions and other forms, by session; without one, by address. */
export const limitForms = ({ formsAMinute }: InboxLimits): RequestHandler =>
  rateLimit({
    windowMs: MINUTE_MS,
    limit: formsAMinute,
    skip: ({ method }) => method === 'GET' || method === 'HEAD',
    keyGenerator: ({ headers: { cookie }, ip = '' }) =>
      cookie === undefined ? ipKeyGenerator(ip) : createHash('sha256').update(cookie).digest('hex'),
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: tooMany,
  })

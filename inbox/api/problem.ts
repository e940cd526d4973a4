import { STATUS_CODES } from 'node:http'
import type { Response } from 'express'
import { z } from 'zod'
import type { ErrorKind, PublicError, TactError } from '../../domain/errors.ts'
import { STATUS } from '../reply.ts'

/** An error as programs read it: RFC 9457, with what to do about it. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  fix: z.string().optional(),
  at: z.string().optional().describe('Where in the request.'),
  valid_options: z.array(z.string()).optional(),
  did_you_mean: z.array(z.string()).optional(),
})

/** A refusal with a status of its own: 401, 405, 412, 413, 415, 429. */
export class HttpProblem extends Error {
  readonly status: number
  readonly error: PublicError
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, error: PublicError, headers: Readonly<Record<string, string>> = {}) {
    super(error.message)
    this.status = status
    this.error = error
    this.headers = headers
  }
}

export const statusOf = (kind: ErrorKind | undefined): number => (kind === undefined ? 500 : STATUS[kind])

export const problemOf = (error: TactError): HttpProblem =>
  new HttpProblem(statusOf(error.kind), error.toPublic())

export const sendProblem = (response: Response, { status, error, headers }: HttpProblem): void => {
  const { code, message, ...rest } = error
  const problem = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: message,
    code,
  }
  response
    .status(status)
    .set(headers)
    .type('application/problem+json')
    .send(JSON.stringify({ ...problem, ...rest }))
}

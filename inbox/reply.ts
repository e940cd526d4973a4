import type { Response } from 'express'
import { asTactError } from '../domain/errors.ts'
import type { Html } from './html.ts'
import { page } from './layout.ts'
import type { Frame, Notice } from './layout.ts'
import { messagePage } from './pages.ts'

/** HTTP status of each kind of error. */
export const STATUS = {
  user: 400,
  'not-found': 404,
  conflict: 409,
  denied: 403,
  unavailable: 503,
  bug: 500,
} as const

/** What a page says of an error, with the status to answer; a fault of ours is thrown on. */
export const refusalOf = (thrown: unknown): { readonly notice: Notice; readonly status: number } => {
  const error = asTactError(thrown)
  if (error.kind === 'bug') throw error
  return {
    notice: { tone: 'bad', text: error.message, fix: error.details.fix },
    status: STATUS[error.kind],
  }
}

const DONE: Readonly<Record<string, string>> = {
  executed: 'Written.',
  conflicted: 'A record was changed in the meantime. Nothing was written.',
  failed: 'It could not be written; nothing was changed.',
  executing: 'It is being written.',
  rejected: 'Rejected. Nothing was written.',
  undone: 'Taken back.',
  pending: 'Your approval is kept. Another person has to approve this too.',
  edited: 'Changed. Approve what it says now.',
}

/** What to say after a decision, by its outcome in the address; anything else there says nothing. */
export const noticeOf = (done: unknown): Notice | undefined => {
  const text = typeof done === 'string' && Object.hasOwn(DONE, done) ? DONE[done] : undefined
  if (text === undefined) return undefined
  return { tone: done === 'conflicted' || done === 'failed' ? 'bad' : 'good', text }
}

export const sendPage = (response: Response, frame: Frame, content: Html, status = 200): void => {
  response.status(status).type('html').send(page(frame, content))
}

export const sendMessage = (response: Response, status: number, heading: string, text: string): void =>
  sendPage(response, { title: heading, person: null }, messagePage(heading, text), status)

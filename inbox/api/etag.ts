import { createHash } from 'node:crypto'
import { HttpProblem } from './problem.ts'

const DIGEST_CHARACTERS = 22

const digestOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, DIGEST_CHARACTERS)

/** Of one record: its version and what is shown of it, so that it changes with either. */
export const recordTag = (version: number, shown: unknown): string => `"${version}-${digestOf(shown)}"`

/** Of what also says when it was read: the same content has the same one. */
export const weakTag = (shown: unknown): string => `W/"${digestOf(shown)}"`

const listed = (header: string): readonly string[] => header.split(',').map((part) => part.trim())
const opaque = (tag: string): string => tag.replace(/^W\//, '')

/** RFC 9110, 13.1.2: whether a reader who has one of these already needs nothing. */
export const isKnown = (ifNoneMatch: string | undefined, tag: string): boolean =>
  ifNoneMatch !== undefined && listed(ifNoneMatch).some((one) => one === '*' || opaque(one) === opaque(tag))

/** RFC 9110, 13.1.1. Throws 412 unless the record is as the writer saw it. */
export const assertMatches = (ifMatch: string | undefined, tag: string): void => {
  if (ifMatch === undefined || listed(ifMatch).some((one) => one === '*' || one === tag)) return
  throw changedSince()
}

export const changedSince = (): HttpProblem =>
  new HttpProblem(412, {
    code: 'version_conflict',
    message: 'The record is not as it was when you read it. Nothing was written.',
    fix: 'Read it again, and send what you want with the ETag that it has now.',
  })

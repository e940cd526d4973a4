import type { Response } from 'express'
import type { TokenScope } from '../domain/permissions.ts'
import { refuse } from './refuse.ts'

/** What a client is told to come back with. */
export interface Challenge {
  readonly error?: 'invalid_token' | 'insufficient_scope'
  readonly scopes: readonly TokenScope[]
  /** Where it reads which authorization server to go to, where there is one. */
  readonly metadataUrl: string | undefined
}

export const challenge = (response: Response, { error, scopes, metadataUrl }: Challenge): void => {
  const parts = [
    'realm="tact"',
    ...(error === undefined ? [] : [`error="${error}"`]),
    `scope="${scopes.join(' ')}"`,
    ...(metadataUrl === undefined ? [] : [`resource_metadata="${metadataUrl}"`]),
  ]
  response.set('WWW-Authenticate', `Bearer ${parts.join(', ')}`)
}

/** Answers 403 with what is missing, so that a client asks its person for more and comes again. */
export const refuseScope = (
  response: Response,
  scopes: readonly TokenScope[],
  metadataUrl: string | undefined,
): void => {
  challenge(response, { error: 'insufficient_scope', scopes, metadataUrl })
  refuse(response, 403, `This token lacks a scope that this takes: ${scopes.join(' ')}.`)
}

import type { Request, RequestHandler } from 'express'
import { scopesFor } from '../domain/permissions.ts'
import { identityOf } from './bearer.ts'
import { refuseScope } from './challenge.ts'

/** Whether a tool reads or proposes; undefined for a tool that does not exist. */
export type RiskOf = (tool: string) => 'read' | 'propose' | undefined

interface ToolCall {
  readonly method?: unknown
  readonly params?: { readonly name?: unknown }
}

const toolsCalledIn = (body: unknown): readonly string[] =>
  (Array.isArray(body) ? body : [body]).flatMap((message: ToolCall | null | undefined) => {
    const name = message?.method === 'tools/call' ? message.params?.name : undefined
    return typeof name === 'string' ? [name] : []
  })

/** Step-up: a call of a tool that proposes takes the scope for it. The body must have been read. */
export const requireScopes =
  (riskOf: RiskOf, metadataUrl: string | undefined): RequestHandler =>
  (request: Request, response, next) => {
    const held = identityOf(request).scopes
    const wanted = toolsCalledIn(request.body).flatMap((name) => scopesFor(riskOf(name) ?? 'read'))
    const missing = wanted.find((scope) => !held.includes(scope))
    if (missing === undefined) next()
    else refuseScope(response, scopesFor('propose'), metadataUrl)
  }

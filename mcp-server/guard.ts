import { hostHeaderValidation } from '@modelcontextprotocol/express'
import type { RequestHandler } from 'express'
import { refuse } from './refuse.ts'

const LOOPBACK = ['127.0.0.1', 'localhost', '::1']
/** An IPv6 address as it stands in a URL or a Host header. */
export const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host)

/** Host names a server bound to `host` answers to: its own, and the loopback names when it can be reached by them. */
export const hostNamesOf = (host: string): readonly string[] => {
  const wildcard = host === '0.0.0.0' || host === '::'
  if (wildcard || LOOPBACK.includes(host)) return LOOPBACK.map(bracketed)
  return [bracketed(host)]
}

/** The origins that pages we serve ourselves have. */
export const ownOriginsOf = (host: string, port: number): readonly string[] => {
  const names = host === '127.0.0.1' ? ['127.0.0.1', 'localhost'] : hostNamesOf(host)
  return names.map((name) => `http://${name}:${port}`)
}

/** Against DNS rebinding: a page of another name that resolves to us still says its own name. */
export const guardHost = (names: readonly string[]): RequestHandler => hostHeaderValidation([...names])

/**
 * Lets a browser in only from our own pages. Exact origins, port included: another program's page on another local
 * port is as foreign as any, and so is `null` (sandboxed frames, files, redirects across origins). Programs send no
 * `Origin` and pass; they need a token.
 */
export const guardOrigin =
  (origins: () => ReadonlySet<string>): RequestHandler =>
  (request, response, next) => {
    const { origin } = request.headers
    if (origin === undefined || origins().has(origin)) next()
    else refuse(response, 403, 'This origin may not call Tact.')
  }

/**
 * Bearer tokens belong to programs and models, so no other route may come to accept one by accident: they are good for
 * `exact` paths, and below `prefixes`.
 */
export const guardBearer =
  (exact: readonly string[], prefixes: readonly string[] = []): RequestHandler =>
  ({ headers, path }, response, next) => {
    const bearer = /^bearer\b/i.test(headers.authorization ?? '')
    const isGood = exact.includes(path) || prefixes.some((prefix) => path.startsWith(`${prefix}/`))
    if (!bearer || isGood) next()
    else refuse(response, 403, 'Bearer tokens are good for /mcp and the API only.')
  }

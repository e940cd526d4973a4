import type { RequestHandler } from 'express'

const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  'Cache-Control': 'no-store',
}

export const secureHeaders: RequestHandler = (_request, response, next) => {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
  next()
}

/** What a program carries opens nothing here; people sign in. */
export const refuseBearers: RequestHandler = (request, response, next) => {
  if (request.headers.authorization === undefined) next()
  else response.status(403).type('text').send('Credentials of programs are not good for the inbox.\n')
}

/**
 * Forms come from our own pages: the Origin is exactly the one this request was sent to, port included. A browser always
 * sends it with a POST; what sends none is no browser.
 */
export const ownOriginOnly: RequestHandler = (request, response, next) => {
  if (request.method === 'GET' || request.method === 'HEAD') {
    next()
    return
  }
  const { host, origin } = request.headers
  const site = request.headers['sec-fetch-site']
  const own = host !== undefined && (origin === `http://${host}` || origin === `https://${host}`)
  if (own && (site === undefined || site === 'same-origin')) next()
  else response.status(403).type('text').send('This form was not sent from the inbox.\n')
}

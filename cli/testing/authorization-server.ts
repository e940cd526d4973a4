import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'

/** Somebody with an account there. */
export interface TestAccount {
  readonly id: string
  readonly email: string
  readonly isVerified: boolean
}

export interface AuthorizationServer {
  readonly issuer: string
  /** Who signs in next, and consents to whatever a client asks. */
  signIn(account: TestAccount): void
  close(): Promise<void>
}

const SCOPES = 'crm.read crm.propose'

/**
 * A real authorization server: oidc-provider, with registration of clients, PKCE, resource indicators and access tokens
 * that are signed JWTs. Its person is whoever `signIn` named last, and agrees to everything.
 */
export const startAuthorizationServer = async (): Promise<AuthorizationServer> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
  ])
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', privateKey)
  const accounts = new Map<string, TestAccount>()
  let next: TestAccount | undefined
  const provider = new Provider(issuer, {
    jwks: { keys: [{ kty, crv, x, y, d, kid: 'test', alg: 'ES256', use: 'sig' }] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    cookies: { keys: ['test'] },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, Interaction: 60, Session: 600 },
    // A client registers with what it asks for first, and may ask for more later.
    extraClientMetadata: {
      properties: ['wider_scope'],
      validator: (_context, _key, _value, metadata) => {
        metadata['scope'] = SCOPES
      },
    },
    scopes: ['openid', 'offline_access', ...SCOPES.split(' ')],
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    extraTokenClaims: (_context, token) => {
      const account = 'accountId' in token ? accounts.get(token.accountId ?? '') : undefined
      return account && { email: account.email, email_verified: account.isVerified }
    },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    features: {
      devInteractions: { enabled: false },
      registration: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, resource) => ({
          scope: SCOPES,
          audience: resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 600,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  })
  const answer = provider.callback()
  const interact = async (...[request, response]: Parameters<typeof answer>): Promise<void> => {
    const { prompt, params, session, grantId } = await provider.interactionDetails(request, response)
    if (prompt.name === 'login') {
      accounts.set(next!.id, next!)
      return await provider.interactionFinished(request, response, { login: { accountId: next!.id } })
    }
    const grant =
      (grantId === undefined ? undefined : await provider.Grant.find(grantId)) ??
      new provider.Grant({ accountId: session!.accountId, clientId: String(params['client_id']) })
    const scope = typeof params['scope'] === 'string' ? params['scope'] : ''
    grant.addOIDCScope(scope)
    grant.addResourceScope(String(params['resource']), scope)
    await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } })
  }
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return void answer(request, response)
    interact(request, response).catch(() => response.writeHead(500).end())
  })
  return {
    issuer,
    signIn: (account) => {
      next = account
    },
    close: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTokenReader, type ReadToken } from './oauth.ts'

const RESOURCE = 'https://crm.example.com/mcp'

describe('tokens of an authorization server', () => {
  let server: Server
  let issuer: string
  let read: ReadToken
  let keys: Awaited<ReturnType<typeof generateKeyPair>>
  let isUp = true
  const asked: string[] = []

  const minted = (
    claims: Readonly<Record<string, unknown>> & { readonly expires?: string } = {},
    {
      kid = 'one',
      typ = 'at+jwt',
      key = keys.privateKey,
    }: { kid?: string; typ?: string; key?: typeof keys.privateKey } = {},
  ): Promise<string> => {
    const { expires = '5m', ...rest } = claims
    const full = { iss: issuer, sub: 'account-1', aud: RESOURCE, client_id: 'c', scope: 'crm.read', ...rest }
    return new SignJWT(full)
      .setProtectedHeader({ alg: 'ES256', kid, typ })
      .setExpirationTime(expires)
      .sign(key)
  }

  beforeAll(async () => {
    keys = await generateKeyPair('ES256', { extractable: true })
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }
    server = createServer((request, response) => {
      asked.push(request.url ?? '')
      const body = !isUp
        ? undefined
        : request.url === '/keys'
          ? { keys: [jwk] }
          : request.url === '/.well-known/openid-configuration'
            ? { issuer, jwks_uri: `${issuer}/keys` }
            : undefined
      response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body ?? {}))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    read = createTokenReader({ issuers: [issuer], resource: RESOURCE })
  })
  afterAll(() => server.close())

  test('say who, by which client, for what and until when; an address counts when the server verified it', async () => {
    expect(await read(await minted({ email: 'Ann@Team.example', email_verified: true, scp: ['x'] }))).toEqual(
      {
        issuer,
        subject: 'account-1',
        verifiedEmail: 'ann@team.example',
        clientId: 'c',
        scopes: ['crm.read', 'x'],
        expiresAt: expect.any(Number),
      },
    )
    for (const email_verified of [false, 'true', undefined])
      expect(await read(await minted({ email: 'ann@team.example', email_verified }))).toMatchObject({
        verifiedEmail: null,
      })
  })

  test.each([`${RESOURCE}/`, ['https://other.example', RESOURCE]])('meant for %j are for us', async (aud) => {
    expect(await read(await minted({ aud }))).toMatchObject({ subject: 'account-1' })
  })

  test('of which anything is wrong are nobody’s', async () => {
    const other = await generateKeyPair('ES256')
    const spki = new TextEncoder().encode(await exportSPKI(keys.publicKey))
    const good = await minted()
    const [head, , signature] = good.split('.')
    const swapped = Buffer.from(JSON.stringify({ iss: issuer, sub: 'owner', aud: RESOURCE, exp: 9e9 }))
    const wrong: Readonly<Record<string, string>> = {
      'for another resource': await minted({ aud: 'https://crm.example.com/other' }),
      'for the server as a whole': await minted({ aud: 'https://crm.example.com' }),
      'for a client (an ID token)': await minted({ aud: 'c' }, { typ: 'JWT' }),
      'for nobody': await minted({ aud: undefined }),
      expired: await minted({ expires: '-5m' }),
      'of an issuer that is not set': await minted({ iss: 'https://evil.example' }),
      'of no issuer': await minted({ iss: undefined }),
      'of no account': await minted({ sub: '' }),
      'signed with another key': await minted({}, { key: other.privateKey }),
      'of a key that is not there': await minted({}, { kid: 'two', key: other.privateKey }),
      'of another type': await minted({}, { typ: 'logout+jwt' }),
      'bound to a key of its client': await minted({ cnf: { jkt: 'x' } }),
      'not valid yet': await minted({ nbf: Math.floor(Date.now() / 1000) + 600 }),
      unsigned: new UnsecuredJWT({ iss: issuer, sub: 'owner', aud: RESOURCE })
        .setExpirationTime('5m')
        .encode(),
      'signed with the public key as a secret': await new SignJWT({
        iss: issuer,
        sub: 'owner',
        aud: RESOURCE,
      })
        .setProtectedHeader({ alg: 'HS256', kid: 'one' })
        .setExpirationTime('5m')
        .sign(spki),
      'with other claims put in': `${head}.${swapped.toString('base64url')}.${signature}`,
      opaque: 'gho_0123456789abcdef',
      empty: '',
    }
    for (const [what, token] of Object.entries(wrong))
      expect([what, await read(token)]).toEqual([what, undefined])
    expect(await read(good)).toBeDefined()
    const endless = await new SignJWT({ iss: issuer, sub: 'a', aud: RESOURCE })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .sign(keys.privateKey)
    expect(await read(endless)).toBeUndefined()
  })

  test('are read with keys that were fetched once', async () => {
    const fresh = createTokenReader({ issuers: [issuer], resource: RESOURCE })
    asked.length = 0
    const token = await minted()
    await Promise.all(Array.from({ length: 50 }, () => fresh(token)))
    expect(asked).toEqual([
      '/.well-known/oauth-authorization-server',
      '/.well-known/openid-configuration',
      '/keys',
    ])
  })

  test('of a server that does not answer are neither good nor bad, and it is asked again later, not each time', async () => {
    const fresh = createTokenReader({ issuers: [issuer], resource: RESOURCE })
    const token = await minted()
    isUp = false
    asked.length = 0
    for (let times = 0; times < 3; times += 1)
      await expect(fresh(token)).rejects.toMatchObject({ kind: 'unavailable' })
    isUp = true
    expect(asked).toHaveLength(2)
  })

  test('are read from no server that could be overheard', () => {
    for (const bad of ['http://idp.example', 'ftp://idp.example', 'idp.example'])
      expect(() => createTokenReader({ issuers: [bad], resource: RESOURCE })).toThrow(/https/)
  })
})

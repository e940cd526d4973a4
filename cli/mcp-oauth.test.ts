import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import {
  Client,
  type OAuthClientInformationMixed,
  type OAuthClientProvider,
  type OAuthDiscoveryState,
  type OAuthTokens,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../config.ts'
import { sql } from '../db/sql.ts'
import type { SQL } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase } from '../db/testing.ts'
import type { Actor } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import { furnish, type House } from './compose.ts'
import { runCommandLine } from './program.ts'
import { serve, type Service } from './serve.ts'
import {
  startAuthorizationServer,
  type AuthorizationServer,
  type TestAccount,
} from './testing/authorization-server.ts'

const REDIRECT = 'http://127.0.0.1:9/callback'

/** Follows a browser's way through the authorization server, cookies and all, back to the client. */
const answerTo = async (start: URL): Promise<URLSearchParams> => {
  const cookies = new Map<string, string>()
  for (let at = start, hops = 0; hops < 12; hops += 1) {
    const response = await fetch(at, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      cookies.set(name, value)
    }
    const location = response.headers.get('location')
    if (location === null)
      throw new Error(`the server stopped with ${response.status}: ${await response.text()}`)
    at = new URL(location, at)
    if (at.href.startsWith(REDIRECT)) return at.searchParams
  }
  throw new Error('the server sends in circles')
}

/** What a client keeps of its sign-in. */
class Memory implements OAuthClientProvider {
  readonly redirectUrl = REDIRECT
  readonly clientMetadata = {
    client_name: 'test client',
    redirect_uris: [REDIRECT],
    application_type: 'native',
    grant_types: ['authorization_code'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  }
  asked: URL | undefined
  #client: OAuthClientInformationMixed | undefined
  #tokens: OAuthTokens | undefined
  #verifier = ''
  #discovered: OAuthDiscoveryState | undefined
  clientInformation(): OAuthClientInformationMixed | undefined {
    return this.#client
  }
  saveClientInformation(client: OAuthClientInformationMixed): void {
    this.#client = client
  }
  tokens(): OAuthTokens | undefined {
    return this.#tokens
  }
  saveTokens(tokens: OAuthTokens): void {
    this.#tokens = tokens
  }
  redirectToAuthorization(url: URL): void {
    this.asked = url
  }
  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier
  }
  codeVerifier(): string {
    return this.#verifier
  }
  saveDiscoveryState(state: OAuthDiscoveryState): void {
    this.#discovered = state
  }
  discoveryState(): OAuthDiscoveryState | undefined {
    return this.#discovered
  }
}

const ada: TestAccount = { id: 'account-ada', email: 'Owner@team.example', isVerified: true }

describe.each(testEngines)('MCP by accounts of an authorization server, on %s', (engine) => {
  const home = mkdtempSync(join(tmpdir(), 'tact-mcp-oauth-'))
  let db: TestDatabase
  let owner: Actor
  let house: House
  let service: Service
  let idp: AuthorizationServer
  const query = <T extends object>(statement: SQL): Promise<T[]> =>
    asTenant(db.database, { ...owner, memberId: null, via: 'system' }, (tx) => rows<T>(tx, statement))

  beforeAll(async () => {
    idp = await startAuthorizationServer()
    db = await openTestDatabase(engine)
    const tenant = await db.addTenant({ slug: 'here' })
    owner = tenant.actor()
    await query(
      sql`insert into crm.companies (id, tenant_id, name) values (${newId()}, core.current_tenant(), 'Quillfeather')`,
    )
    const probe = createServer().listen(0, '127.0.0.1')
    await once(probe, 'listening')
    const { port } = probe.address() as AddressInfo
    probe.close()
    const config = loadConfig({
      TACT_HOME: home,
      TACT_PORT: String(port),
      TACT_PUBLIC_URL: `http://127.0.0.1:${port}`,
      TACT_OAUTH_ISSUERS: idp.issuer,
    })
    house = furnish(config, db.database)
    service = await serve(house, { config, run: async () => 1 })
  })
  afterAll(async () => {
    await service.close()
    await idp.close()
    await db.close()
    rmSync(home, { recursive: true, force: true })
  })

  const tact = async (
    ...argv: readonly string[]
  ): Promise<{ readonly code: number; readonly said: string }> => {
    let said = ''
    const code = await runCommandLine([...argv, '--json'], {
      config: house.config,
      house,
      io: {
        stdin: new PassThrough().end(),
        out: (text) => void (said += text),
        err: (text) => void (said += text),
        fancy: false,
        interactive: false,
        columns: 100,
        cwd: home,
        signal: new AbortController().signal,
      },
    })
    return { code, said }
  }
  const asOwner = ['--as', 'owner@team.example']
  const linked = async (...argv: readonly string[]): Promise<string> => {
    const { code, said } = await tact('oauth', 'link', 'owner@team.example', ...argv, ...asOwner)
    expect([code, said]).toEqual([0, said])
    return JSON.parse(said).id
  }

  const mcp = new URL('/mcp', 'http://127.0.0.1')
  const transportOf = (memory: Memory): StreamableHTTPClientTransport =>
    new StreamableHTTPClientTransport(new URL(mcp.pathname, service.url), { authProvider: memory })
  const newClient = (): Client =>
    new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } })
  /** A client that knows the address of Tact and nothing else; `account` signs in at the server it is sent to. */
  const signedIn = async (
    account: TestAccount,
  ): Promise<{ client: Client; memory: Memory; again: () => Promise<Client> }> => {
    idp.signIn(account)
    const memory = new Memory()
    const first = transportOf(memory)
    await expect(newClient().connect(first)).rejects.toThrow(UnauthorizedError)
    await first.finishAuth(await answerTo(memory.asked!))
    const again = async (): Promise<Client> => {
      const client = newClient()
      await client.connect(transportOf(memory))
      return client
    }
    return { client: await again(), memory, again }
  }
  const nameSeen = async (client: Client): Promise<string> => {
    const result = await client.callTool({
      name: 'query_crm',
      arguments: { find: 'companies', fields: ['name'] },
    })
    return JSON.parse((result.content[0] as { readonly text: string }).text).data.rows[0].name
  }

  test('a client that knows the address alone is sent to the server, signs in, reads with handles, and steps up to propose', async () => {
    const link = await linked('--email', 'owner@team.example')
    const { client, memory } = await signedIn(ada)
    expect(memory.asked?.searchParams.get('resource')).toBe(`${service.url}/mcp`)
    expect(memory.asked?.searchParams.get('scope')).toBe('crm.read')
    expect(memory.tokens()?.scope).toBe('crm.read')
    expect(await nameSeen(client)).toMatch(/^COMPANY_\d+$/)

    // The client is refused for want of a scope, asks its person for it, and comes again.
    const found = await client.callTool({
      name: 'query_crm',
      arguments: { find: 'companies', fields: ['name'] },
    })
    const record = JSON.parse((found.content[0] as { readonly text: string }).text).data.rows[0].name
    const proposing = {
      name: 'propose_writeback',
      arguments: { changes: [{ op: 'update', entity: 'companies', record, set: { city: 'Lyon' } }] },
    }
    memory.asked = undefined
    await expect(client.callTool(proposing)).rejects.toThrow(UnauthorizedError)
    const wider = memory.asked as URL | undefined
    expect(wider?.searchParams.get('scope')?.split(' ').sort()).toEqual(['crm.propose', 'crm.read'])
    const stepped = transportOf(memory)
    await stepped.finishAuth(await answerTo(wider!))
    const able = newClient()
    await able.connect(stepped)
    const proposed = await able.callTool(proposing)
    expect([proposed.isError ?? false, proposed.structuredContent]).toMatchObject([
      false,
      { data: { status: 'pending', written: false } },
    ])

    const [kept] = await query<{ subject: string }>(
      sql`select subject from core.oauth_links where id = ${link}::uuid and last_used_at is not null`,
    )
    expect(kept).toEqual({ subject: ada.id })
    expect(await query(sql`select data from core.audit_events where kind = 'oauth.linked'`)).toEqual([
      { data: { link } },
    ])

    // An owner may show the clients of one account more, and ends it at once.
    expect((await tact('oauth', 'unlink', link, ...asOwner)).code).toBe(0)
    await expect(nameSeen(client)).rejects.toThrow(/tact oauth link/)
    const looser = await linked('--subject', ada.id, '--policy', 'contacts-only')
    expect(await nameSeen(client)).toBe('Quillfeather')
    expect((await tact('oauth', 'unlink', looser, ...asOwner)).code).toBe(0)
    await Promise.all([client.close(), able.close()])
  })

  test('an account that no owner linked opens nothing, whatever its address says', async () => {
    const link = await linked('--email', 'owner@team.example')
    const strangers: readonly TestAccount[] = [
      { id: 'account-unverified', email: 'owner@team.example', isVerified: false },
      { id: 'account-other', email: 'admin@team.example', isVerified: true },
    ]
    for (const account of strangers) await expect(signedIn(account)).rejects.toThrow(/HTTP 403/)
    // The first account with the address has the link; another that comes by the address later has not.
    const { client, again } = await signedIn(ada)
    await expect(signedIn({ ...ada, id: 'account-later' })).rejects.toThrow(/HTTP 403/)
    await query(
      sql`update core.members set disabled_at = now() where email = 'owner@team.example' returning id`,
    )
    await expect(again()).rejects.toThrow(/HTTP 403/)
    await query(
      sql`update core.members set disabled_at = null where email = 'owner@team.example' returning id`,
    )
    expect(await nameSeen(client)).toMatch(/^COMPANY_/)
    expect((await tact('oauth', 'unlink', link, ...asOwner)).code).toBe(0)
    await client.close()
  })

  test('nobody but an owner links accounts', async () => {
    for (const role of ['admin', 'editor', 'viewer']) {
      const { code, said } = await tact(
        'oauth',
        'link',
        'owner@team.example',
        '--subject',
        'x',
        '--as',
        `${role}@team.example`,
      )
      expect([role, code, JSON.parse(said).error.code]).toEqual([role, 3, 'not_owner'])
    }
    // For code that forgets to ask, and for a road that a model can take.
    const raw = sql`insert into core.oauth_links (id, tenant_id, issuer, subject, member_id)
      values (${newId()}, core.current_tenant(), ${idp.issuer}, 'x', ${owner.memberId}::uuid) returning id`
    await expect(
      asTenant(db.database, { ...owner, via: 'mcp' }, (tx) => rows(tx, raw)),
    ).rejects.toMatchObject({
      kind: 'denied',
    })
    expect(
      (await tact('oauth', 'link', 'owner@team.example', '--subject', 'x', '--email', 'y', ...asOwner)).code,
    ).toBe(2)
    expect(
      (await tact('oauth', 'link', 'owner@team.example', '--subject', 'x', '--policy', 'off', ...asOwner))
        .code,
    ).toBe(2)
  })
})

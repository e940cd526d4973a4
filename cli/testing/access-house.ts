import { duplexPair, PassThrough } from 'node:stream'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import { loadConfig } from '../../config.ts'
import { createAccessToken } from '../../db/access-tokens.ts'
import type { EngineName } from '../../db/connect.ts'
import { openConversation } from '../../db/conversations.ts'
import { disableMember } from '../../db/members.ts'
import { sql } from '../../db/sql.ts'
import type { SQL } from '../../db/sql.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import { openTestDatabase } from '../../db/testing.ts'
import type { TestTenant } from '../../db/testing.ts'
import type { Actor, Role } from '../../domain/actor.ts'
import { asTactError } from '../../domain/errors.ts'
import { newId } from '../../domain/ids.ts'
import type { MemberId } from '../../domain/ids.ts'
import { startSession } from '../../inbox/session.ts'
import { ATTACH_PROTOCOL } from '../../mcp-server/handshake.ts'
import { sayYes } from '../../writeback/approve.ts'
import { propose } from '../../writeback/propose.ts'
import { furnish, modelSide } from '../compose.ts'
import { acceptStdio } from '../mcp-door.ts'
import { runCommandLine } from '../program.ts'
import { serve } from '../serve.ts'

/** Somebody who tries: what they hold, and the role that it is worth here (null: none). */
export interface Persona {
  readonly name: string
  readonly role: Role | null
  readonly email: string
  readonly workspace: string
  readonly actor: Actor
  readonly cookie: string
  readonly token: string
  /** A token's persona comes by MCP over HTTP and the API alone. */
  readonly tokenOnly?: true
}

/** Whether the deed was done, and how it was answered: an error's code, an HTTP status, or `ok`. */
export interface Answer {
  readonly done: boolean
  readonly said: string
}

const SECRET = 'Quillfeather'

/** A workspace with one company named with a canary, a second workspace, and every surface of the house open. */
export const openAccessHouse = async (engine: EngineName) => {
  const home = mkdtempSync(join(tmpdir(), 'tact-access-'))
  const db = await openTestDatabase(engine)
  const here = await db.addTenant({ slug: 'here' })
  const there = await db.addTenant({
    slug: 'there',
    members: [{ email: 'boss@there.example', givenName: 'Bo', familyName: 'There', role: 'owner' }],
  })
  const config = loadConfig({ TACT_HOME: home, TACT_PORT: '0', TACT_MCP_PER_MINUTE: '1000000' })
  const house = furnish(config, db.database)
  const service = await serve(house, { config, run: async () => 1 })
  const owner = here.actor('owner')
  const query = <T extends object>(statement: SQL): Promise<T[]> =>
    asTenant(db.database, { ...owner, memberId: null, via: 'system' }, (tx) => rows<T>(tx, statement))

  const addMember = async (name: string, role: Role): Promise<MemberId> => {
    const id = newId() as MemberId
    await query(sql`insert into core.members (id, tenant_id, email, given_name, family_name, role)
      values (${id}, core.current_tenant(), ${`${name}@here.example`}, ${name}, 'Here', ${role})`)
    return id
  }
  const tokenFor = async (actor: Actor, scope: string): Promise<string> => {
    const made = await asTenant(db.database, actor, (tx) =>
      createAccessToken(tx, { memberId: actor.memberId!, name: scope, scopes: [scope], expiresAt: null }),
    )
    return made.token
  }
  const persona = async (
    name: string,
    tenant: TestTenant,
    member: { readonly id: MemberId; readonly email: string; readonly role: Role },
  ): Promise<Persona> => {
    const actor: Actor = { tenantId: tenant.workspace.id, memberId: member.id, role: member.role, via: 'cli' }
    return {
      name,
      actor,
      role: member.role,
      email: member.email,
      workspace: 'here',
      cookie: `tact_inbox=${await startSession(db.database, { ...actor, via: 'inbox' })}`,
      token: await tokenFor(actor, 'crm'),
    }
  }

  const personas: Persona[] = []
  for (const role of ['owner', 'admin', 'editor', 'viewer'] as const) {
    personas.push(
      await persona(role, here, { id: here.actor(role).memberId!, email: `${role}@team.example`, role }),
    )
  }
  const goneId = await addMember('gone', 'owner')
  const colleague: Actor = { ...owner, memberId: await addMember('colleague', 'admin'), via: 'inbox' }
  const gone = await persona('deactivated', here, { id: goneId, email: 'gone@here.example', role: 'owner' })
  await asTenant(db.database, owner, (tx) => disableMember(tx, owner, goneId))
  const boss = there.members[0]!
  const other = await persona('other tenant', there, { id: boss.id, email: boss.email, role: 'owner' })
  const [first] = personas
  const ofToken = async (scope: string, role: Role | null): Promise<Persona> => ({
    ...first!,
    name: `token ${scope}`,
    role,
    token: await tokenFor(owner, scope),
    tokenOnly: true,
  })
  personas.push(
    { ...gone, role: null },
    // Claims this workspace with the id of a member of another one; its cookie and token are good over there.
    { ...other, role: null, actor: { ...other.actor, tenantId: owner.tenantId } },
    {
      ...other,
      name: 'stranger',
      role: null,
      email: 'nobody@nowhere.example',
      actor: { ...owner, memberId: newId() as MemberId },
      cookie: 'tact_inbox=tact_none',
      token: `tact_${'A'.repeat(43)}`,
    },
    await ofToken('crm', 'owner'),
    await ofToken('crm:read', 'viewer'),
    await ofToken('inbox:session', null),
    await ofToken('inbox:link', null),
  )

  const addRecord = async (entity: 'companies' | 'people'): Promise<string> => {
    const id = newId()
    await query(
      entity === 'companies'
        ? sql`insert into crm.companies (id, tenant_id, name) values (${id}, core.current_tenant(), ${`${SECRET} ${id.slice(-6)}`})`
        : sql`insert into crm.people (id, tenant_id, given_name, family_name) values (${id}, core.current_tenant(), 'Ada', ${`${SECRET} ${id.slice(-6)}`})`,
    )
    return id
  }
  let added = 0
  /** A viewer whom those who may can make something else. */
  const addMovable = async (): Promise<{ readonly id: string; readonly email: string }> => {
    const name = `movable${(added += 1)}`
    return { id: await addMember(name, 'viewer'), email: `${name}@here.example` }
  }
  /** Id of a token of a member whom no persona is. */
  const addToken = async (): Promise<string> => {
    const { id } = await addMovable()
    const actor = { ...owner, memberId: id as MemberId }
    const made = await asTenant(db.database, actor, (tx) =>
      createAccessToken(tx, { memberId: actor.memberId, name: 'x', scopes: ['crm'], expiresAt: null }),
    )
    return made.id
  }
  /** A pending proposal of the owner. */
  const pending = (change: object): Promise<{ id: string; hash: string }> =>
    asTenant(db.database, modelSide(owner), async (tx) => {
      const { proposal } = await propose(tx, {
        input: { changes: [change] },
        actor: modelSide(owner),
        workspace: here.workspace,
        now: new Date(),
        conversationId: null,
        openLimit: 'none',
      })
      return { id: proposal.id, hash: proposal.diffHash }
    })
  /** The same, to which a colleague has said yes already: what takes two people wants one more. */
  const seconded = async (change: object): Promise<{ id: string; hash: string }> => {
    const made = await pending(change)
    await sayYes(db.database, { proposalId: made.id, hash: made.hash, decider: colleague, now: new Date() })
    return made
  }

  const cli = async (who: Persona, argv: readonly string[]): Promise<Answer & { readonly out: string }> => {
    let out = ''
    const stdin = new PassThrough()
    stdin.end('')
    const code = await runCommandLine([...argv, '--workspace', who.workspace, '--as', who.email, '--json'], {
      config,
      house,
      io: {
        stdin,
        out: (text) => (out += text),
        err: (text) => (out += text),
        fancy: false,
        interactive: false,
        columns: 100,
        cwd: home,
        signal: new AbortController().signal,
      },
    })
    const said = code === 0 ? 'ok' : (/"code":\s*"(\w+)"/.exec(out)?.[1] ?? `exit ${code}`)
    return { done: code === 0, said, out }
  }

  const get = (who: Persona, path: string): Promise<Response> =>
    fetch(service.url + path, { headers: { cookie: who.cookie } })
  const post = async (
    who: Persona,
    path: string,
    fields: Readonly<Record<string, string>>,
  ): Promise<Answer> => {
    const page = await (await get(who, '/inbox/members')).text()
    const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? 'none'
    const answer = await fetch(service.url + path, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        Origin: service.url,
        cookie: who.cookie,
      },
      body: new URLSearchParams({ csrf, ...fields }).toString(),
    })
    return { done: answer.status === 303 || answer.status === 200, said: `http ${answer.status}` }
  }

  /** One request to the API, with the persona's token or session. */
  const api = async (
    who: Persona,
    by: 'token' | 'session',
    path: string,
    body?: object,
  ): Promise<Answer & { readonly body: Readonly<Record<string, unknown>> }> => {
    const credential: Record<string, string> =
      by === 'token' ? { authorization: `Bearer ${who.token}` } : { cookie: who.cookie, Origin: service.url }
    if (by === 'session' && body !== undefined) {
      const answer = await fetch(`${service.url}/api/session`, { headers: credential })
      const { csrf } = (await answer.json()) as { readonly csrf?: string }
      credential['X-CSRF-Token'] = csrf ?? 'none'
    }
    const answer = await fetch(service.url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...credential, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const said = (await answer.json()) as Readonly<Record<string, unknown>>
    return { done: answer.ok, said: answer.ok ? 'ok' : String(said['code']), body: said }
  }

  const answerOf = (result: {
    readonly isError?: boolean | undefined
    readonly content: unknown
  }): Answer & {
    readonly text: string
  } => {
    const text = (result.content as readonly { readonly text?: string }[])[0]?.text ?? ''
    const failed = result.isError ?? false
    return { done: !failed, said: failed ? (/"code":\s*"(\w+)"/.exec(text)?.[1] ?? text) : 'ok', text }
  }
  type ToolAnswer = Answer & { readonly text: string }
  const refusedWith = (error: unknown): ToolAnswer => ({
    done: false,
    said: /insufficient.?scope/i.test(String(error))
      ? 'http 403'
      : /\b401\b|token/i.test(String(error))
        ? 'http 401'
        : asTactError(error).code,
    text: '',
  })
  const overHttp = async (who: Persona, tool: string, args: Record<string, unknown>): Promise<ToolAnswer> => {
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } })
    try {
      await client.connect(
        new StreamableHTTPClientTransport(new URL('/mcp', service.url), {
          requestInit: { headers: { authorization: `Bearer ${who.token}` } },
        }),
      )
      return answerOf(await client.callTool({ name: tool, arguments: args }))
    } catch (error) {
      return refusedWith(error)
    } finally {
      await client.close()
    }
  }
  const accept = acceptStdio(house, null)
  const overStdio = async (
    who: Persona,
    tool: string,
    args: Record<string, unknown>,
  ): Promise<ToolAnswer> => {
    const [near, far] = duplexPair()
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'legacy' } })
    try {
      const attach = await accept({
        tact: ATTACH_PROTOCOL,
        version: '0',
        workspace: who.workspace,
        as: who.email,
      })
      const session = attach(far)
      await client.connect(new StdioServerTransport(near, near))
      const answer = answerOf(await client.callTool({ name: tool, arguments: args }))
      await session.close()
      return answer
    } catch (error) {
      return refusedWith(error)
    } finally {
      await client.close()
    }
  }
  const conversation = await asTenant(db.database, modelSide(owner), (tx) =>
    openConversation(tx, { channel: 'chat', externalKey: null, memberId: owner.memberId }),
  )
  const inProcess = async (
    who: Persona,
    tool: string,
    args: Record<string, unknown>,
  ): Promise<ToolAnswer> => {
    const outcome = await house.toolbox.call(tool, args, {
      actor: { ...who.actor, via: 'chat' },
      conversationId: conversation.id,
      signal: new AbortController().signal,
    })
    return outcome.ok
      ? { done: true, said: 'ok', text: JSON.stringify(outcome.result) }
      : { done: false, said: outcome.error.code, text: '' }
  }

  /** What must be as it was after a refusal. */
  const state = async (): Promise<string> =>
    JSON.stringify(
      await query(sql`select
        (select md5(string_agg(p.id || p.state, ',' order by p.id)) from workflow.proposals p) as proposals,
        (select md5(string_agg(c.id::text || c.version || coalesce(c.deleted_at::text, ''), ',' order by c.id)) from crm.companies c) as companies,
        (select md5(string_agg(c.id::text || c.version || coalesce(c.deleted_at::text, ''), ',' order by c.id)) from crm.people c) as people,
        (select md5(string_agg(m.id::text || m.version, ',' order by m.id)) from core.members m) as members,
        (select md5(string_agg(i.id::text || i.version, ',' order by i.id)) from core.invitations i) as invitations,
        (select count(*) from core.access_tokens t where t.revoked_at is not null and not 'inbox:link' = any(t.scopes)) as revoked,
        (select count(*) from core.audit_events a where a.kind = 'policy.set') as policies`),
    )

  return {
    db,
    here,
    there,
    owner,
    house,
    service,
    home,
    personas,
    secret: SECRET,
    query,
    addRecord,
    addMovable,
    addToken,
    pending,
    seconded,
    state,
    cli,
    get,
    post,
    api,
    tools: { 'MCP over HTTP': overHttp, 'MCP over stdio': overStdio, toolbox: inProcess },
    close: async () => {
      await service.close()
      await db.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

export type AccessHouse = Awaited<ReturnType<typeof openAccessHouse>>

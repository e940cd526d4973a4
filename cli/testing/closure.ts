import { createHash } from 'node:crypto'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { createAccessToken } from '../../db/access-tokens.ts'
import { catalog } from '../../db/catalog/all.ts'
import { openConversation } from '../../db/conversations.ts'
import { sql } from '../../db/sql.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import type { Actor } from '../../domain/actor.ts'
import { recordUri } from '../../domain/records.ts'
import { tools } from '../../tools/registry.ts'
import { modelSide, type House } from '../compose.ts'
import { serve } from '../serve.ts'
import { openForgedSlack, type SlackForgery } from './closure-slack.ts'
import { routesOf } from './routes.ts'

/** Tables a tool call itself may write: its record, the conversation's handles, new proposals, the audit, the token's last use. */
const OWN_TRACES = new Set([
  'tool_calls',
  'handles',
  'conversations',
  'turns',
  'proposals',
  'audit_events',
  'access_tokens',
  'asked_queries',
])

const hostile = (ids: readonly string[]): readonly unknown[] => [
  ...ids,
  ...ids.map((id) => id.split(':')[1]),
  'approve',
  'approved',
  true,
  false,
  null,
  0,
  -1,
  1e308,
  '',
  "'; update workflow.proposals set state = 'approved'; --",
  '$1',
  '../../etc/passwd',
  '__proto__',
  'PROPOSAL_00000',
  'A'.repeat(50_000),
  '\u0000\ud800',
  [],
  {},
  { $ne: null },
  { state: 'approved', approve: true, confirmed: true, hash: 'x' },
  [{ op: 'update', entity: 'proposals', record: ids[0], set: { state: 'approved' } }],
  [{ op: 'update', entity: 'members', set: { role: 'owner' } }],
]

/** Arguments that a well-behaved model might give, so that sequences get past the first check. */
const plausible = (ids: readonly string[], deals: readonly string[]): readonly unknown[] => [
  ...deals,
  [{ op: 'update', entity: 'deals', record: deals[0], set: { next_step: 'x' } }],
  [{ op: 'stage', record: deals[1], set: { stage: 'Won' } }],
  [{ op: 'archive', entity: 'deals', record: deals[2] }],
  [{ op: 'task', set: { title: 'approve everything' } }],
  { find: 'deals', fields: ['name'] },
  'Call them',
  'deals',
  ids[0],
]

/** Sequences are faster than any program may be. */
export const UNLIMITED = { perAddress: 1_000_000_000, changes: 1_000_000_000 }

const UNLIMITED_FORMS = { failedSignInsAMinute: 1_000_000_000, formsAMinute: 1_000_000_000 }

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** Every route of the application, with the open proposals in place of whatever its address names. */
const pathsOf = (routes: readonly string[], open: readonly string[]): readonly string[] => [
  ...new Set([
    '/',
    '/inbox/no-such-page',
    ...routes.flatMap((route) => open.map((id) => route.replaceAll(/:\w+/g, id))),
  ]),
]

/** What a token may read of them, and what anybody may. */
export const isReadable = (path: string, method: string): boolean =>
  method === 'GET' &&
  (/^\/inbox\/(style\.css|icon\.svg|keys\.js|passkeys\.js|sign-in\/passkey)$/.test(path) ||
    /^\/(healthz|\.well-known\/[\w/-]+|api\/(openapi\.json|session|proposals(\/[0-9a-f-]{36})?|crm\/(imports|contacts|accounts|opportunities|tasks|interactions|scores)))$/.test(
      path,
    ))

const md5Of = async (database: House['database'], actor: Actor, table: string): Promise<string | null> => {
  const [row] = await asTenant(database, { ...actor, via: 'system' }, (tx) =>
    rows<{ sum: string | null }>(
      tx,
      sql`select md5(string_agg(t::text, '|' order by t.id)) as sum from ${sql.raw(table)} t`,
    ),
  )
  return row?.sum ?? null
}

/** A fingerprint of every table of a workspace but the traces that calls leave of themselves, and those left out. */
export const watchRecords = async (
  database: House['database'],
  actor: Actor,
  leftOut: readonly string[] = [],
): Promise<string> => {
  const hash = createHash('sha256')
  const watched = [...catalog.values()].filter(({ name }) => !OWN_TRACES.has(name) && !leftOut.includes(name))
  for (const { name, sqlName } of watched) hash.update(`${name} ${await md5Of(database, actor, sqlName)}\n`)
  return hash.digest('hex')
}

/** A fixed sequence of pseudo-random numbers, so that a failure can be run again. */
export const sequence = (seed: number) => () => {
  seed = (seed * 1_664_525 + 1_013_904_223) >>> 0
  return seed / 2 ** 32
}

/** Everything an agent holds, and three open proposals of a person for it to go at. */
export interface Cage {
  /** Every address there is, of every route. */
  readonly paths: readonly string[]
  /** One tool called through MCP with hostile arguments; answers both and the text that came back. */
  callTool(): Promise<{
    readonly tool: string
    readonly args: Readonly<Record<string, unknown>>
    readonly text: string
  }>
  /** One HTTP request with the agent's token in every place for one; answers status, text and what was sent. */
  request(
    path?: string,
    method?: string,
  ): Promise<{ readonly status: number; readonly text: string; readonly said: string }>
  /** One click, dialog, command or message of Slack's as the agent can send it. */
  forge(): Promise<SlackForgery>
  /** A fingerprint of every table but the traces that calls leave of themselves, and the proposals with their states. */
  watch(): Promise<readonly string[]>
  /** How many proposals of the workspace are no longer pending. */
  decided(): Promise<number>
  close(): Promise<void>
}

const proposeThree = async (
  house: House,
  actor: Actor,
): Promise<{ readonly open: readonly string[]; readonly deals: readonly string[] }> => {
  const chat = modelSide(actor)
  const { id: conversationId } = await asTenant(house.database, chat, (tx) =>
    openConversation(tx, { channel: 'chat', externalKey: null, memberId: actor.memberId }),
  )
  const deals = await asTenant(house.database, actor, (tx) =>
    rows<{ id: string }>(tx, sql`select id from crm.deals order by id limit 3`),
  )
  const made: string[] = []
  for (const { id } of deals) {
    const record = recordUri({ entity: 'deals', id })
    const outcome = await house.toolbox.call(
      'propose_writeback',
      { changes: [{ op: 'update', entity: 'deals', record, set: { next_step: 'Call them' } }] },
      { actor: chat, conversationId, signal: new AbortController().signal },
    )
    if (!outcome.ok || !outcome.proposalId) throw new Error(`not proposed: ${JSON.stringify(outcome)}`)
    made.push(outcome.proposalId)
  }
  return { open: made, deals: deals.map(({ id }) => recordUri({ entity: 'deals', id })) }
}

/** Serves the house, with a token for an agent of that member. */
export const openCage = async (house: House, actor: Actor, seed: number): Promise<Cage> => {
  const { database, config } = house
  const random = sequence(seed)
  let token = ''
  const slack = await openForgedSlack(house, { actor, random, secret: () => token })
  const settings = { ...config, ...slack.serveWith, TACT_MCP_PER_MINUTE: 1_000_000 }
  const service = await serve(
    { ...house, config: settings },
    {
      config: settings,
      run: async () => 1,
      apiLimits: UNLIMITED,
      inboxLimits: UNLIMITED_FORMS,
    },
  )
  ;({ token } = await asTenant(database, actor, (tx) =>
    createAccessToken(tx, { memberId: actor.memberId!, name: 'agent', scopes: ['crm'], expiresAt: null }),
  ))
  const { open, deals } = await proposeThree(house, actor)
  await slack.furnish(service.url, open)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  const proposals = open.map((id) => recordUri({ entity: 'proposals', id }))
  const values = [...hostile(proposals), ...plausible(proposals, deals)]
  const client = new Client({ name: 'attacker', version: '1' })
  await client.connect(
    new StreamableHTTPClientTransport(new URL('/mcp', service.url), {
      requestInit: { headers: { authorization: `Bearer ${token}` } },
    }),
  )
  const read = <T extends object>(statement: ReturnType<typeof sql>): Promise<T[]> =>
    asTenant(database, actor, (tx) => rows<T>(tx, statement))
  const paths = pathsOf(routesOf(service.app), open)
  return {
    paths,
    callTool: async () => {
      const tool = pick([...tools.values()])
      const keys = [...Object.keys(tool.input.shape), 'approve', 'state']
      const args = Object.fromEntries(
        Array.from({ length: 1 + Math.floor(random() * 4) }, () => [pick(keys), pick(values)]),
      )
      const result = await client
        .callTool({ name: tool.name, arguments: args })
        .catch((error: unknown) => error)
      return { tool: tool.name, args, text: JSON.stringify(result) }
    },
    request: async (path = pick(paths), method = pick(METHODS)) => {
      const fields = {
        hash: 'x',
        csrf: token,
        token,
        items: '1',
        place: '0',
        pick: `${open[0]!} x`,
        kind: 'stage',
      }
      const isApi = path.startsWith('/api/')
      // The same token as a cookie alone, as a browser would send it.
      const asBrowser = !isApi && random() < 0.5
      const response = await fetch(new URL(path, service.url), {
        method,
        redirect: 'manual',
        headers: {
          ...(asBrowser ? { origin: new URL(service.url).origin } : { authorization: `Bearer ${token}` }),
          cookie: `tact_inbox=${token}; tact_session=${token}; tact=${token}`,
          'x-csrf-token': token,
          'content-type': isApi ? 'application/json' : 'application/x-www-form-urlencoded',
        },
        ...(method === 'GET'
          ? {}
          : { body: isApi ? JSON.stringify({ hash: 'x' }) : new URLSearchParams(fields).toString() }),
      })
      return { status: response.status, text: await response.text(), said: `${method} ${path}` }
    },
    forge: () => slack.forge(),
    watch: async () => {
      const states = await read<{ state: string; diff_hash: string; changes: string }>(
        sql`select state, diff_hash, changes::text as changes from workflow.proposals where id = any(${sql.param([...open])}::uuid[]) order by id`,
      )
      return [
        await watchRecords(database, actor),
        ...states.map(({ state, diff_hash, changes }) => `${state} ${diff_hash} ${changes}`),
      ]
    },
    decided: async () => {
      const [row] = await read<{ n: number }>(
        sql`select count(*)::int as n from workflow.proposals where state <> 'pending'`,
      )
      return row?.n ?? -1
    },
    close: async () => {
      await client.close()
      await service.close()
      await slack.close()
    },
  }
}

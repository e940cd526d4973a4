import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../config.ts'
import { createAccessToken } from '../db/access-tokens.ts'
import { catalog } from '../db/catalog/all.ts'
import { openConversation } from '../db/conversations.ts'
import { actorFor } from '../db/members.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { openTestDatabase, testEngines, type TestDatabase } from '../db/testing.ts'
import { importDocument } from '../db/workspace-document.ts'
import { findWorkspace } from '../db/workspace.ts'
import { makeDemo } from '../demo/make.ts'
import type { Actor } from '../domain/actor.ts'
import { recordUri } from '../domain/records.ts'
import { tools } from '../tools/registry.ts'
import { furnish, modelSide, type House } from './compose.ts'
import { serve, type Service } from './serve.ts'

/** Tables a tool call itself may write: its record, the conversation's handles, new proposals, the audit, the token's last use. */
const OWN_TRACES = new Set([
  'tool_calls',
  'handles',
  'conversations',
  'turns',
  'proposals',
  'audit_events',
  'access_tokens',
])
const ROUNDS = 250

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

/** A fixed sequence of pseudo-random numbers, so that a failure can be run again. */
const sequence = (seed: number) => () => {
  seed = (seed * 1_664_525 + 1_013_904_223) >>> 0
  return seed / 2 ** 32
}

describe.each(testEngines)("what an agent's token can reach on %s", (engine) => {
  const home = mkdtempSync(join(tmpdir(), 'tact-closure-'))
  let db: TestDatabase
  let house: House
  let service: Service
  let actor: Actor
  let token: string
  let open: readonly string[]

  beforeAll(async () => {
    db = await openTestDatabase(engine)
    const { document } = makeDemo('cobalt')
    await importDocument(db.database, document)
    const workspace = await findWorkspace(db.database, 'cobalt')
    if (!workspace) throw new Error('the demo workspace was not imported')
    actor = await actorFor(db.database, workspace, 'jenna@cobalt.example', 'cli')
    house = furnish(loadConfig({ TACT_HOME: home, TACT_PORT: '0' }), db.database)
    service = await serve(house, { config: house.config, run: async () => 1 })
    const made = await asTenant(db.database, actor, (tx) =>
      createAccessToken(tx, {
        memberId: actor.memberId!,
        name: 'agent',
        scopes: ['crm'],
        expiresAt: null,
      }),
    )
    token = made.token
    open = await propose(3)
  })
  afterAll(async () => {
    await service.close()
    await db.close()
    rmSync(home, { recursive: true, force: true })
  })

  const propose = async (count: number): Promise<string[]> => {
    const chat = modelSide(actor)
    const { id: conversationId } = await asTenant(db.database, chat, (tx) =>
      openConversation(tx, { channel: 'chat', externalKey: null, memberId: actor.memberId }),
    )
    const deals = await asTenant(db.database, actor, (tx) =>
      rows<{ id: string }>(tx, sql`select id from crm.deals order by id limit ${count}`),
    )
    const made: string[] = []
    for (const { id } of deals) {
      const outcome = await house.toolbox.call(
        'propose_writeback',
        {
          changes: [
            {
              op: 'update',
              entity: 'deals',
              record: recordUri({ entity: 'deals', id }),
              set: { next_step: 'Call them' },
            },
          ],
        },
        { actor: chat, conversationId, signal: new AbortController().signal },
      )
      if (!outcome.ok || !outcome.proposalId) throw new Error(`not proposed: ${JSON.stringify(outcome)}`)
      made.push(outcome.proposalId)
    }
    return made
  }

  /** A fingerprint of every table but the traces that calls leave of themselves. */
  const fingerprint = async (): Promise<string> => {
    const hash = createHash('sha256')
    for (const entity of [...catalog.values()].filter(({ name }) => !OWN_TRACES.has(name))) {
      const [row] = await asTenant(db.database, actor, (tx) =>
        rows<{ sum: string | null }>(
          tx,
          sql`select md5(string_agg(t::text, '|' order by t.id)) as sum from ${sql.raw(entity.sqlName)} t`,
        ),
      )
      hash.update(`${entity.name} ${row?.sum}\n`)
    }
    return hash.digest('hex')
  }

  const states = async (): Promise<readonly string[]> => {
    const found = await asTenant(db.database, actor, (tx) =>
      rows<{ state: string; diff_hash: string; changes: string }>(
        tx,
        sql`select state, diff_hash, changes::text as changes from workflow.proposals where id = any(${sql.param([...open])}::uuid[]) order by id`,
      ),
    )
    return found.map((row) => `${row.state} ${row.diff_hash} ${row.changes}`)
  }

  const decided = async (): Promise<number> => {
    const [row] = await asTenant(db.database, actor, (tx) =>
      rows<{ n: number }>(
        tx,
        sql`select count(*)::int as n from workflow.proposals where state <> 'pending'`,
      ),
    )
    return row?.n ?? -1
  }

  test('every tool, with hostile arguments, leaves proposals and records as they were', async () => {
    const before = [await fingerprint(), ...(await states())]
    const random = sequence(20_261_121)
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
    const values = hostile(open.map((id) => recordUri({ entity: 'proposals', id })))
    const client = new Client({ name: 'attacker', version: '1' })
    await client.connect(
      new StreamableHTTPClientTransport(new URL('/mcp', service.url), {
        requestInit: { headers: { authorization: `Bearer ${token}` } },
      }),
    )
    const called = new Map<string, number>()
    for (let round = 0; round < ROUNDS; round += 1) {
      const tool = pick([...tools.values()])
      const keys = [...Object.keys(tool.input.shape), 'approve', 'state']
      const args = Object.fromEntries(
        Array.from({ length: 1 + Math.floor(random() * 4) }, () => [pick(keys), pick(values)]),
      )
      const result = await client
        .callTool({ name: tool.name, arguments: args })
        .catch((error: unknown) => error)
      called.set(tool.name, (called.get(tool.name) ?? 0) + 1)
      expect(JSON.stringify(result)).not.toMatch(/postgres(?!ql)|pg_catalog|at async|node_modules/i)
    }
    await client.close()
    expect(called.size).toBe(tools.size)
    expect([await fingerprint(), ...(await states())]).toEqual(before)
    expect(await decided()).toBe(0)
  })

  test('every HTTP route refuses the token or changes nothing', async () => {
    const before = [await fingerprint(), ...(await states())]
    const paths = [
      '/',
      '/healthz',
      '/inbox',
      '/inbox/sign-in',
      '/inbox/sign-out',
      ...open.flatMap((id) =>
        ['', '/approve', '/reject', '/undo'].map((action) => `/inbox/proposals/${id}${action}`),
      ),
      '/api/proposals',
    ]
    for (const path of paths) {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        const response = await fetch(new URL(path, service.url), {
          method,
          redirect: 'manual',
          headers: {
            authorization: `Bearer ${token}`,
            cookie: `tact_session=${token}; tact=${token}`,
            'content-type': 'application/x-www-form-urlencoded',
          },
          ...(method === 'GET' ? {} : { body: `hash=x&csrf=${token}&token=${token}` }),
        })
        expect([path, method, response.status >= 400]).toEqual([
          path,
          method,
          path !== '/healthz' || method !== 'GET',
        ])
      }
    }
    expect([await fingerprint(), ...(await states())]).toEqual(before)
    expect(await decided()).toBe(0)
  })
})

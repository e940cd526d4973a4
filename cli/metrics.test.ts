import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { trace } from '@opentelemetry/api'
import type { Attributes, Span, SpanOptions } from '@opentelemetry/api'
import express from 'express'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../config.ts'
import { openConversation } from '../db/conversations.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { openTestDatabase, testEngines, type TestDatabase, type TestTenant } from '../db/testing.ts'
import { newId } from '../domain/ids.ts'
import { measure } from '../domain/measures.ts'
import { createAccessToken } from '../db/access-tokens.ts'
import { furnish } from './compose.ts'
import type { House } from './compose.ts'
import { checkSecurity } from './doctor-security.ts'
import { mountMetrics, startMetrics } from './metrics.ts'
import type { Metrics } from './metrics.ts'
import { mountReadiness } from './readiness.ts'
import { startTraces } from './traces.ts'

const TOKEN = 'a-token-of-some-length'

const listen = async (mount: (app: express.Express) => void) => {
  const app = express()
  mount(app)
  const server = app.listen(0, '127.0.0.1')
  await new Promise<void>((resolve) => server.on('listening', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    get: (path: string, headers: Record<string, string> = {}) =>
      fetch(`http://127.0.0.1:${port}${path}`, { headers }),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

describe.each(testEngines)('what an operator watches, on %s', (engine) => {
  const home = mkdtempSync(join(tmpdir(), 'tact-metrics-'))
  let db: TestDatabase
  let tenant: TestTenant
  let house: House
  let metrics: Metrics

  beforeAll(async () => {
    db = await openTestDatabase(engine)
    tenant = await db.addTenant()
    house = furnish(loadConfig({ TACT_HOME: home }), db.database)
    metrics = startMetrics(house)
  })
  afterAll(async () => {
    metrics.close()
    await db.close()
    rmSync(home, { recursive: true, force: true })
  })

  test('a call of a tool is counted and traced by name, code and conversation, without its words', async () => {
    const spans: { name: string; attributes: Attributes | undefined }[] = []
    const span = { setStatus: () => span, end: () => {} } as unknown as Span
    trace.setGlobalTracerProvider({
      getTracer: () => ({
        startSpan: (name: string, options?: SpanOptions) => {
          spans.push({ name, attributes: options?.attributes })
          return span
        },
        startActiveSpan: () => {
          throw new Error('nothing is active')
        },
      }),
    })
    const traces = startTraces()
    try {
      const actor = { ...tenant.actor('owner'), via: 'chat' as const }
      const { id: conversationId } = await asTenant(db.database, actor, (tx) =>
        openConversation(tx, { channel: 'chat', externalKey: newId(), memberId: actor.memberId }),
      )
      const caller = { actor, conversationId, signal: new AbortController().signal }
      await house.toolbox.call('search_people', { query: 'Zebulon Quackenbush' }, caller)
      await house.toolbox.call('search_people', { wrong: 'Zebulon' }, caller)
    } finally {
      traces.close()
      trace.disable()
    }
    const { text } = await metrics.read()
    expect(text).toMatch(/tact_tool_call_seconds_count\{tool="search_people",outcome="ok"\} 1/)
    expect(text).toMatch(
      /tact_tool_call_seconds_count\{tool="search_people",outcome="\w+"\} 1\n[^]*outcome="\w+"\} 1/,
    )
    expect(text).toMatch(/tact_scrub_seconds_count\{what="result"\} [1-9]/)
    expect(text).toMatch(/tact_proposals_pending 0/)
    expect(spans.filter(({ name }) => name === 'tact.tool_call')).toHaveLength(2)
    expect(JSON.stringify({ spans, text })).not.toMatch(/zebulon|quackenbush/i)
  })

  test('what waits in the queue is told in seconds', async () => {
    await asTenant(db.database, { ...tenant.actor('owner'), via: 'system' }, (tx) =>
      rows(
        tx,
        sql`insert into workflow.jobs (id, tenant_id, kind, data, due_at) values (${newId()}, core.current_tenant(), 'idle', '{}', now() - interval '90 seconds')`,
      ),
    )
    const { text } = await metrics.read()
    expect(Number(/^tact_job_wait_seconds (\S+)$/m.exec(text)?.[1])).toBeGreaterThanOrEqual(90)
  })

  test('with a token only who has it reads metrics, without one only programs here and through no proxy', async () => {
    const open = await listen((app) => mountMetrics(app, metrics, undefined))
    const closed = await listen((app) => mountMetrics(app, metrics, TOKEN))
    try {
      expect((await open.get('/metrics')).status).toBe(200)
      expect((await open.get('/metrics', { 'x-forwarded-for': '203.0.113.9' })).status).toBe(404)
      expect((await closed.get('/metrics')).status).toBe(404)
      expect((await closed.get('/metrics', { authorization: `Bearer ${TOKEN}x` })).status).toBe(404)
      const told = await closed.get('/metrics', { authorization: `Bearer ${TOKEN}` })
      expect(told.headers.get('content-type')).toContain('text/plain')
      expect(await told.text()).toContain('# TYPE tact_turn_seconds histogram')
    } finally {
      await open.close()
      await closed.close()
    }
  })

  test('security is tried, and what is open is named', async () => {
    const stateOf = async (check: string, config: Partial<House['config']> = {}) => {
      const checks = await checkSecurity({ ...house, config: { ...house.config, ...config } }, new Date())
      return checks.find((one) => one.check === check)
    }
    const grants = `grants of ${tenant.workspace.slug}`
    expect(await stateOf('row security, tried')).toMatchObject({ state: 'ok' })
    expect(await stateOf(grants)).toMatchObject({ state: 'ok' })
    const owner = tenant.actor('owner')
    await asTenant(db.database, owner, (tx) =>
      createAccessToken(tx, { memberId: owner.memberId!, name: 'endless', scopes: ['crm'], expiresAt: null }),
    )
    expect(await stateOf(grants)).toMatchObject({
      state: 'advice',
      detail: expect.stringContaining('without an end'),
    })
    writeFileSync(join(home, 'secret.key'), 'x')
    chmodSync(join(home, 'secret.key'), 0o644)
    expect(await stateOf('secrets')).toMatchObject({ state: 'wrong' })
    expect(await stateOf('address', { TACT_HOST: '0.0.0.0' })).toMatchObject({ state: 'advice' })
    expect(await stateOf('address', { TACT_PUBLIC_URL: 'http://crm.example.com' })).toMatchObject({
      state: 'wrong',
    })
    expect(await stateOf('Redis', { REDIS_URL: 'redis://cache.example:6379' })).toMatchObject({
      state: 'advice',
    })
  })

  test('it is ready while the database answers, and says so when it does not', async () => {
    const well = await listen((app) => mountReadiness(app, house))
    const gone = { database: { ...house.database, pool: { query: () => Promise.reject(new Error('gone')) } } }
    const ill = await listen((app) => mountReadiness(app, gone as unknown as House))
    try {
      expect((await well.get('/readyz')).status).toBe(200)
      expect((await ill.get('/readyz')).status).toBe(503)
    } finally {
      await well.close()
      await ill.close()
    }
  })
})

test('who hears no more is told no more', () => {
  const house = { database: {} } as unknown as House
  const metrics = startMetrics(house)
  metrics.close()
  expect(() =>
    measure('turn', { conversationId: newId(), status: 'answered', model: 'offline', requests: 0, ms: 1 }),
  ).not.toThrow()
})

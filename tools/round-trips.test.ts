import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openConversation } from '../db/conversations.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import { newId } from '../domain/ids.ts'
import { fill } from '../query/testing/small-workspace.ts'
import { createToolbox } from './call.ts'
import { createPrivacy } from './privacy/privacy.ts'
import { tools } from './registry.ts'
import type { ToolOutcome } from './toolbox.ts'

/** What was asked of the database: each text, and how often one had to be waited for before the next could be sent. */
const listening = (base: TestDatabase) => {
  const { pool } = base.database
  const texts: string[] = []
  let ways = 0
  const heard = new WeakSet<pg.PoolClient>()
  const connect = pool.connect.bind(pool) as () => Promise<pg.PoolClient>
  const hear = async (): Promise<pg.PoolClient> => {
    const client = await connect()
    if (heard.has(client)) return client
    heard.add(client)
    let underWay = 0
    const query = client.query.bind(client) as (given: unknown) => Promise<unknown>
    const listened = async (given: string | { readonly text: string }): Promise<unknown> => {
      texts.push(typeof given === 'string' ? given : given.text)
      if (underWay === 0) ways += 1
      underWay += 1
      try {
        return await query(given)
      } finally {
        underWay -= 1
      }
    }
    return Object.assign(client, { query: listened })
  }
  Object.assign(pool, { connect: hear })
  return {
    during: async (work: () => Promise<unknown>) => {
      texts.length = 0
      ways = 0
      await work()
      return {
        texts: [...texts],
        ways,
        transactions: texts.filter((text) => text.startsWith('begin')).length,
      }
    },
  }
}

describe.each(testEngines)('what a call that reads costs, on %s', (engine) => {
  let base: TestDatabase
  let tenant: TestTenant
  let call: (name: string, given: unknown) => Promise<ToolOutcome>

  beforeAll(async () => {
    base = await openTestDatabase(engine)
    tenant = await base.addTenant({ timezone: 'Europe/London', clockAt: new Date('2026-11-20T09:00:00Z') })
    await fill(base.database, tenant)
    const actor = { ...tenant.actor(), via: 'mcp' } as const
    const { id: conversationId } = await asTenant(base.database, actor, (tx) =>
      openConversation(tx, { channel: 'mcp', externalKey: 'ways', memberId: actor.memberId }),
    )
    const privacy = createPrivacy(base.database)
    const toolbox = createToolbox({ database: base.database, tools, privacy, queryTimeoutMs: 10_000 })
    const { signal } = new AbortController()
    call = async (name, given) => {
      const outcome = await toolbox.call(name, given, { actor, conversationId, signal })
      if (!outcome.ok) throw new Error(outcome.error.message)
      return outcome
    }
  })
  afterAll(() => base.close())

  const counted = { sql: 'select city, count(*) as companies from companies group by city order by city' }

  test('one transaction to read, one to record it, and at most five ways to the server in all', async () => {
    const listener = listening(base)
    await call('query_crm', counted)
    await call('query_crm', counted)
    const { transactions, ways } = await listener.during(() => call('query_crm', counted))
    expect(transactions).toBe(2)
    // Four, and one for the plan (embedded) or for the names (where another test wrote to the same server).
    expect(ways).toBeLessThanOrEqual(5)
  })

  test('a name that was written a moment ago is hidden, though names are not looked at for every call', async () => {
    const listener = listening(base)
    const told = { sql: "select city from companies where city <> '' order by city limit 3" }
    await call('query_crm', told)
    for (const [given, family] of [
      ['Ottoline', 'Farquhar'],
      ['Peregrine', 'Quennell'],
    ] as const) {
      await asTenant(base.database, tenant.actor(), (tx) =>
        rows(
          tx,
          sql`insert into crm.people (id, tenant_id, given_name, family_name) values (${newId()}, ${tenant.workspace.id}, ${given}, ${family})`,
        ),
      )
      await asTenant(base.database, tenant.actor(), (tx) =>
        rows(tx, sql`update crm.companies set city = ${`${given} ${family}`}`),
      )
      const { texts } = await listener.during(async () => {
        const said = JSON.stringify(await call('query_crm', told))
        expect(said).toContain('PERSON_')
        expect(said).not.toMatch(new RegExp(`${given}|${family}`))
      })
      expect(texts.filter((text) => text.includes('xid8::xid'))).toHaveLength(1)
    }
  })
})

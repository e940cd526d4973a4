import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openConversation } from '../db/conversations.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { sql } from '../db/sql.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase } from '../db/testing.ts'
import type { Actor } from '../domain/actor.ts'
import { fill } from '../query/testing/small-workspace.ts'
import { createToolbox } from './call.ts'
import { createPrivacy } from './privacy/privacy.ts'
import { tools } from './registry.ts'
import type { ToolOutcome } from './toolbox.ts'
import { gather } from './support/sections.ts'

describe.each(testEngines)('parts that are read each on their own, on %s', (engine) => {
  let base: TestDatabase
  let actor: Actor
  let call: (name: string, given: unknown) => Promise<ToolOutcome>
  const { signal } = new AbortController()

  beforeAll(async () => {
    base = await openTestDatabase(engine)
    const tenant = await base.addTenant({ clockAt: new Date('2026-11-20T09:00:00Z') })
    await fill(base.database, tenant)
    actor = { ...tenant.actor(), via: 'mcp' }
    const { id: conversationId } = await asTenant(base.database, actor, (tx) =>
      openConversation(tx, { channel: 'mcp', externalKey: 'sections', memberId: actor.memberId }),
    )
    const toolbox = createToolbox({
      database: base.database,
      tools,
      privacy: createPrivacy(base.database),
      queryTimeoutMs: 10_000,
    })
    call = (name, given) => toolbox.call(name, given, { actor, conversationId, signal })
  })
  afterAll(() => base.close())

  const read = async (name: string, given: unknown) => {
    const outcome = await call(name, given)
    expect(outcome).toMatchObject({ ok: true })
    const { result } = outcome as Extract<ToolOutcome, { ok: true }>
    return {
      ...result,
      data: result.data as {
        readonly people: readonly { readonly id: string; readonly company: string }[]
        readonly related: readonly { readonly relation: string }[]
        readonly sections: Record<string, { readonly total: number }>
      },
    }
  }
  const danaAndCompany = async () => (await read('search_people', { query: 'Dana' })).data.people[0]!

  test('a section that cannot be read is left out and named, the rest arrives', async () => {
    const { id } = await danaAndCompany()
    await base.database.pool.query('revoke select on asked.threads from tact_agent, tact_app')
    const broken = await read('get_record', { id })
    await base.database.pool.query('grant select on asked.threads to tact_agent, tact_app')
    expect(Object.keys(broken.data.sections)).toEqual(expect.arrayContaining(['interactions', 'deals']))
    expect(broken.data.sections['threads']).toBeUndefined()
    expect(broken.data.related.map(({ relation }) => relation)).toContain('deals')
    expect(broken.notes).toEqual(
      expect.arrayContaining([
        'threads: left out, it could not be read.',
        'related threads: left out, it could not be read.',
      ]),
    )
    expect(broken.completeness?.complete).toBe(false)
    const whole = await read('get_record', { id })
    expect(whole.data.sections['threads']).toMatchObject({ total: 0 })
  })

  test('any relation of a record is a section, and a wrong name is taught', async () => {
    const { company } = await danaAndCompany()
    const found = await read('get_record', { id: company, sections: ['people', 'deals'] })
    expect(Object.keys(found.data.sections)).toEqual(['people', 'deals'])
    const wrong = await call('get_record', { id: company, sections: ['meeting_notes'] })
    expect(wrong).toMatchObject({
      ok: false,
      error: { code: 'unknown_section', at: 'sections', valid_options: expect.arrayContaining(['people']) },
    })
  })

  test.runIf(engine === 'postgres')(
    'a slow part is left out, and the deadline before it holds again',
    async () => {
      const outcome = await asTenant(base.database, actor, async (tx) => {
        const before = await rows<{ statement_timeout: string }>(tx, sql`show statement_timeout`)
        const gathered = await gather(
          tx,
          [
            { name: 'slow', read: (inner) => rows(inner, sql`select pg_sleep(3)`) },
            { name: 'quick', read: (inner) => rows(inner, sql`select 1 as one`) },
          ],
          { tool: 'test', signal, eachMs: 80 },
        )
        return { gathered, before, after: await rows(tx, sql`show statement_timeout`) }
      })
      expect([...outcome.gathered.found.keys()]).toEqual(['quick'])
      expect(outcome.gathered.notes).toEqual(['slow: left out, it took too long. Ask for it alone.'])
      expect(outcome.after).toEqual(outcome.before)
    },
  )

  test('once the time for all is used up, the parts that remain are named', async () => {
    const { found, notes } = await asTenant(base.database, actor, (tx) =>
      gather(
        tx,
        [
          {
            name: 'first',
            read: (inner) => rows(inner, sql`select count(*) from generate_series(1, 300000)`),
          },
          { name: 'second', read: (inner) => rows(inner, sql`select 1`) },
        ],
        { tool: 'test', signal, allMs: 1 },
      ),
    )
    expect([...found.keys()]).toEqual(['first'])
    expect(notes).toEqual(['second: left out, the parts before it took too long. Ask for it alone.'])
  })

  test('what the asker can mend is told, not left out', async () => {
    const { id } = await danaAndCompany()
    const lately = await call('get_record', { id, since: 'lately' })
    expect(lately).toMatchObject({ ok: false, error: { code: 'bad_period' } })
  })
})

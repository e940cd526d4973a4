import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scriptedAnthropic } from '../agent/testing/fake-anthropic.ts'
import { loadConfig } from '../config.ts'
import { appendTurn, forgetConversation, openConversation } from '../db/conversations.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { openTestDatabase, testEngines, type TestDatabase } from '../db/testing.ts'
import { newId } from '../domain/ids.ts'
import { makeTeam } from '../writeback/testing.ts'
import { furnish, modelSide, takeDesk, type Desk, type House } from './compose.ts'
import { runConversationTurn } from './conversation.ts'
import { runCommandLine } from './program.ts'

const OWNER = 'owner@team.example'

describe.each(testEngines)('a chat on %s', (engine) => {
  const home = mkdtempSync(join(tmpdir(), 'tact-chat-'))
  let db: TestDatabase
  let house: House
  let desk: Desk

  beforeAll(async () => {
    db = await openTestDatabase(engine)
    await makeTeam(db)
    house = furnish(loadConfig({ TACT_HOME: home }), db.database)
    desk = await takeDesk(house, { as: OWNER }, 'cli')
  })
  afterAll(async () => {
    await db.close()
    rmSync(home, { recursive: true, force: true })
  })

  const run = async (
    argv: readonly string[],
    { lines = [], as = OWNER, at = house }: { lines?: readonly string[]; as?: string; at?: House } = {},
  ): Promise<string> => {
    let out = ''
    const stdin = new PassThrough()
    stdin.end(lines.map((line) => `${line}\n`).join(''))
    await runCommandLine([...argv, '--as', as], {
      config: at.config,
      house: at,
      io: {
        stdin,
        out: (text) => (out += text),
        err: (text) => (out += text),
        fancy: false,
        interactive: true,
        columns: 140,
        cwd: home,
        signal: new AbortController().signal,
      },
    })
    return out
  }
  const chat = (...lines: readonly string[]): Promise<string> => run(['chat'], { lines })
  const count = async (table: string): Promise<number> => {
    const query = sql`select count(*)::int as n from ${sql.raw(table)}`
    const [found] = await asTenant(house.database, desk.actor, (tx) => rows<{ n: number }>(tx, query))
    return found!.n
  }

  test('what is not read is kept with handles; one key teaches the word, and it is read from then on', async () => {
    const out = await chat('How many zorbs does Dana Whitfield have?', 'How many zorbs do we have?', '1')
    expect(out).toContain('What does “zorbs” mean here?')
    expect(out).toMatch(/“zorbs” means deal from now on[\s\S]*Read as: count of deals/u)
    expect(await run(['words', 'list'])).toContain('zorbs')
    const unread = await asTenant(house.database, desk.actor, (tx) =>
      rows<{ question: string }>(tx, sql`select question from workflow.unread_questions`),
    )
    expect(unread.length).toBeGreaterThan(0)
    expect(JSON.stringify(unread)).not.toContain('Whitfield')
    expect(await run(['words', 'unread'])).toContain('Dana Whitfield')
    expect(await chat('How many zorbs do we have?')).toContain('Read as: count of deals')
    await run(['words', 'forget', 'zorbs'])
    expect(await chat('How many zorbs do we have?')).not.toContain('Read as: count of deals')
  })

  test('a preference is one person’s own: it changes their answers, is listed and dropped', async () => {
    const stale = async (as: string): Promise<string> =>
      /no interaction since [^,\n]+/u.exec(await run(['ask', 'Which deals have gone stale?'], { as }))?.[0] ??
      'none'
    const usual = await stale(OWNER)
    await run(['preferences', 'set', 'stale_days', '90'])
    expect(await stale(OWNER)).not.toBe(usual)
    expect(await stale('admin@team.example')).toBe(usual)
    expect(await run(['preferences', 'list'])).toContain('90')
    expect(await run(['preferences', 'list'], { as: 'admin@team.example' })).toContain('You have set none')
    expect(await run(['preferences', 'set', 'stale_days', 'many'])).toContain('no value for stale_days')
    await run(['preferences', 'forget', 'stale_days'])
    expect(await stale(OWNER)).toBe(usual)
  })

  test('a proposal is approved where it was made, by the person at the terminal', async () => {
    const out = await chat('Remind me to call Dana Whitfield tomorrow', 'y', '/undo')
    expect(out).toContain('Approve it now? y or n')
    expect(out).toContain('It is executed now.')
    expect(out).toContain('It is undone now.')
  })

  test('who asks to be told of somebody’s mail has a watch at once, can list it and stop it', async () => {
    const before = await count('workflow.turns')
    const out = await chat(
      'Tell me when Acme Rockets replies',
      '/watches',
      '/unwatch Acme Rockets',
      '/watches',
    )
    expect(out).toMatch(
      /You are told when Acme Rockets writes[\s\S]*Whom[\s\S]*Acme Rockets[\s\S]*no longer told/u,
    )
    expect(out).toContain('You wait for nobody’s mail.')
    expect(await chat('let me know once Nobody Inc answers')).toContain('nobody of that name')
    // No model read any of it.
    expect(await count('workflow.turns')).toBe(before)
    expect(await run(['patterns', 'Dana', 'Whitfield'])).toContain('Warmth, 0 to 100')
  })

  test('a conversation shows its history, and can be forgotten', async () => {
    const before = await count('workflow.turns')
    const out = await chat('Who is Dana Whitfield?', '/history', '/forget', '/history')
    expect(out).toContain('› Who is Dana Whitfield?')
    expect(out).toContain('Forgotten. A new conversation begins.')
    expect(out).toContain('Nothing was said yet.')
    expect(await count('workflow.turns')).toBe(before)
  })

  test('an answer that broke off is taken up again, and what answers cost is kept', async () => {
    const server = await scriptedAnthropic((_seen, step) =>
      step === 0
        ? { text: 'I count them.', calls: [{ name: 'describe_crm', input: {} }] }
        : { text: 'It is described.' },
    )
    const config = loadConfig({ TACT_HOME: home, ...server.settings, TACT_MODEL_PRICE: '3/15' })
    const at: House = { ...house, config }
    const turn = runConversationTurn(at, desk, 'Describe it', { signal: new AbortController().signal })
    for await (const event of turn) if (event.type === 'tool-result') break
    const running = sql`update workflow.agent_runs set leased_until = now() - interval '1 second' where state = 'running'`
    expect(await run(['chat'], { at, lines: ['/resume'] })).toContain('No answer of yours broke off')
    await asTenant(house.database, desk.actor, (tx) => rows(tx, running))
    const out = await run(['chat'], { at, lines: ['/resume', '/history', '/resume'] })
    await server.close()
    expect(out).toMatch(/I count them\.[\s\S]*It is described\./u)
    expect(out).toContain('› Describe it')
    expect(out).toContain('No answer of yours broke off')
    expect(await run(['usage'])).toMatch(/anthropic:claude-test\s+1\s+0\s+2\s+220/u)
  })

  test('a long conversation is folded into a summary with handles, which a model gets and `forget` drops', async () => {
    const server = await scriptedAnthropic(() => ({ text: 'Nothing more.' }))
    const config = loadConfig({ TACT_HOME: home, ...server.settings, TACT_NARRATIVE_MODEL: 'offline' })
    const name = newId()
    const signal = new AbortController().signal
    const ask = async (at: House, question: string): Promise<void> => {
      const turn = runConversationTurn(at, desk, question, { name, signal })
      while (!(await turn.next()).done);
    }
    await ask(house, 'Who is Dana Whitfield?')
    const { id } = await asTenant(house.database, desk.actor, async (tx) => {
      const opened = await openConversation(tx, {
        channel: modelSide(desk.actor).via,
        externalKey: name,
        memberId: desk.actor.memberId,
      })
      for (let at = 0; at < 30; at += 1)
        await appendTurn(tx, opened.id, {
          role: at % 2 === 0 ? 'user' : 'assistant',
          content: { text: `Said ${at}.` },
        })
      return opened
    })
    await ask({ ...house, config }, 'And now?')
    const kept = sql`select summary, summary_until from workflow.conversations where id = ${id}`
    const read = async () =>
      (
        await asTenant(house.database, desk.actor, (tx) =>
          rows<{ summary: string | null; summary_until: number }>(tx, kept),
        )
      )[0]!
    const { summary, summary_until: until } = await read()
    expect(summary).toMatch(/^Asked: Who is PERSON_\d+\?/u)
    expect(summary).not.toContain('Whitfield')
    expect(until).toBe(12)
    expect(server.bodies[0]).toContain('Earlier in this conversation')
    expect(server.bodies[0]).toContain('Asked: Said 8.')
    await asTenant(house.database, desk.actor, (tx) => forgetConversation(tx, id))
    expect((await read()).summary).toBeNull()
    await server.close()
  })
})

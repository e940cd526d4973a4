import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import { listRatings } from '../db/answer-ratings.ts'
import type { TurnEvent } from '../domain/events.ts'
import { checkSlack } from './app-check.ts'
import { SCOPES } from './manifest.ts'
import type { Asking } from './parts.ts'
import { signature } from './testing/deliver.ts'
import { FakeSlack } from './testing/fake-slack.ts'
import {
  clickOn,
  deletionOf,
  editOf,
  eventEnvelope,
  homeOpened,
  mentionOf,
  messageEventOf,
  sessionStopped,
  slashCommand,
} from './testing/payloads.ts'
import { serveBot, turnOf } from './testing/serve-bot.ts'
import type { ServedBot } from './testing/serve-bot.ts'
import type { FakeMessage } from './testing/world.ts'

const TIMES = { retryMs: 50, beatMs: 100, pollMs: 100 }

let waiting = ''

const until = async (what: string, look: () => boolean | Promise<boolean>): Promise<void> => {
  const endMs = Date.now() + 100_000
  while (!(await look())) {
    if (Date.now() > endMs) throw new Error(`waited in vain for ${what}: ${waiting}`)
    await new Promise((done) => setTimeout(done, 10))
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((done) =>
    signal.aborted ? done() : signal.addEventListener('abort', () => done(), { once: true }),
  )

/** Says that it began, and goes on until it is told to stop. */
async function* endless(text: string, signal: AbortSignal): AsyncGenerator<TurnEvent> {
  yield { type: 'text-delta', text: `${text}\n` }
  await aborted(signal)
  for await (const event of turnOf('Stopped.'))
    yield event.type === 'turn-end' ? { ...event, status: 'cancelled' } : event
}

/** What a person reads, streamed or posted. */
const wordsOf = ({ markdown, text }: FakeMessage): string => markdown || text

describe.each(testEngines)('the way of events through the bot, on %s', (engine) => {
  let db: TestDatabase
  let tenant: TestTenant
  let slack: FakeSlack
  let bot: ServedBot
  const questions: string[] = []
  const answer = (question: string, { signal }: Asking): AsyncIterable<TurnEvent> => {
    questions.push(question)
    return question.startsWith('endless') ? endless(question, signal) : turnOf(`Answer to ${question}`)
  }
  const serve = (): Promise<ServedBot> =>
    serveBot({ database: db.database, tenantId: tenant.workspace.id, ask: answer, times: TIMES, slack })

  beforeAll(async () => {
    db = await openTestDatabase(engine)
    tenant = await db.addTenant()
    slack = await new FakeSlack({ ackTimeoutMs: 60_000 }).listen()
    bot = await serve()
    await bot.link('UANA', tenant.actor('owner'))
    bot.slack.world.addChannel({ id: 'CDEALS', members: ['UANA'] })
  })
  afterAll(async () => {
    await bot.close()
    await slack.close()
    await db.close()
  })

  const direct = (): string => bot.slack.world.directMessage('UANA').id
  const say = (text: string): FakeMessage => bot.slack.world.say(direct(), 'UANA', text)
  const answersTo = ({ ts }: FakeMessage): readonly string[] =>
    bot.slack
      .inChannel(direct(), { threadTs: ts })
      .filter(({ user }) => user === bot.slack.botUser)
      .map(wordsOf)
  const idle = (): Promise<void> =>
    until('the events', async () => {
      const [found] = await asTenant(
        db.database,
        { ...tenant.actor(), memberId: null, via: 'system' },
        (tx) =>
          rows<{ waiting: string | null }>(
            tx,
            sql`select string_agg(concat_ws(' ', kind, body->>'text', attempts, failure, leased_until, due_at), '; ') as waiting
              from workflow.slack_events where state = 'waiting'`,
          ),
      )
      waiting = found!.waiting ?? ''
      return waiting === ''
    })

  test('a request more than five minutes from our clock to either side, or badly signed, is refused', async () => {
    const { sender } = bot
    const body = JSON.stringify(eventEnvelope(slack.world, { type: 'team_join' }))
    const now = Math.floor(Date.now() / 1000)
    const statusAt = async (seconds: number, secret = slack.signingSecret): Promise<number> => {
      const headers = { 'content-type': 'application/json', ...signature(secret, body, seconds) }
      return (await sender.post(body, headers)).status
    }
    expect([await statusAt(now - 290), await statusAt(now + 290), await statusAt(now)]).toEqual([
      200, 200, 200,
    ])
    expect([await statusAt(now - 310), await statusAt(now + 310), await statusAt(now + 86_400)]).toEqual([
      401, 401, 401,
    ])
    expect(await statusAt(now, 'another-secret')).toBe(401)
    // The signature is of the bytes: the same JSON written otherwise is another body.
    const spaced = { 'content-type': 'application/json', ...signature(slack.signingSecret, body) }
    expect((await sender.post(JSON.stringify(JSON.parse(body), null, 1), spaced)).status).toBe(401)
  })

  test('a signed request that is sent again is answered and does nothing', async () => {
    const { sender } = bot
    const payload = slashCommand(slack.world, slack.actionsAt, 'UANA', direct(), '/tact', 'ask replayed?')
    const body = new URLSearchParams(payload as Record<string, string>).toString()
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      ...signature(slack.signingSecret, body),
    }
    for (let times = 0; times < 3; times += 1) expect((await sender.post(body, headers)).status).toBe(200)
    await idle()
    expect(questions.filter((question) => question === 'replayed?')).toHaveLength(1)
  })

  test('an event that comes four times at once, and again later, is answered once', async () => {
    const asked = say('once?')
    const send = () =>
      bot.sender.event(messageEventOf(bot.slack.world, asked), { envelope: { event_id: 'EvOnce' } })
    const sent = await Promise.all([send(), send(), send(), send()])
    expect(sent.every(({ acknowledged }) => acknowledged)).toBe(true)
    await idle()
    await send()
    await idle()
    expect(questions.filter((question) => question === 'once?')).toHaveLength(1)
    expect(answersTo(asked)).toEqual(['Answer to once?'])
  })

  test('questions of one thread are answered in the order they were written, however they come', async () => {
    const root = say('first?')
    const second = bot.slack.world.say(direct(), 'UANA', 'second?', { threadTs: root.ts })
    const third = bot.slack.world.say(direct(), 'UANA', 'third?', { threadTs: root.ts })
    await Promise.all(
      [third, root, second].map((one) => bot.sender.event(messageEventOf(bot.slack.world, one))),
    )
    await idle()
    expect(questions.slice(-3)).toEqual(['first?', 'second?', 'third?'])
  })

  test('an edit before the answer counts, and a question that was deleted before is not answered', async () => {
    const { world } = bot.slack
    const [edited, gone] = [say('draft?'), say('never?')]
    const event = messageEventOf(world, edited)
    const goneEvent = messageEventOf(world, gone)
    // The edit overtakes the question it is about.
    await bot.sender.event(editOf(world, edited, 'final?'))
    await bot.sender.event(deletionOf(world, gone))
    await bot.sender.event(event)
    await bot.sender.event(goneEvent)
    await idle()
    expect(answersTo(edited)).toEqual(['Answer to final?'])
    expect(questions).not.toContain('draft?')
    expect(questions).not.toContain('never?')
  })

  test('an answer under way ends with the stop button, and is taken away with its question', async () => {
    // Anew, so that what Slack lets begin in a minute is not used up.
    await bot.close()
    bot = await serve()
    const { world } = bot.slack
    const [stopped, deleted] = [say('endless one'), say('endless two')]
    for (const one of [stopped, deleted]) await bot.sender.event(messageEventOf(world, one))
    await until('both to begin', () => answersTo(stopped).length === 1 && answersTo(deleted).length === 1)
    const stream = bot.slack.inChannel(direct(), { threadTs: stopped.ts }).find(({ streamed }) => streamed)!
    await bot.sender.event(sessionStopped(world, 'UANA', [stream]))
    await bot.sender.event(deletionOf(world, deleted))
    await idle()
    expect(answersTo(stopped)).toHaveLength(1)
    expect(bot.slack.inChannel(direct(), { threadTs: deleted.ts })).toEqual([])
    expect(bot.slack.world.messages.filter(({ streamed }) => streamed?.open)).toEqual([])
  })

  test('a question that a process leaves behind is answered by the next one, once', async () => {
    const asked = say('endless until the next process')
    await bot.sender.event(messageEventOf(bot.slack.world, asked))
    await until('the turn to begin', () => questions.includes(asked.text))
    const next = await serveBot({
      database: db.database,
      tenantId: tenant.workspace.id,
      ask: () => turnOf('From the next process'),
      times: TIMES,
      slack,
    })
    await bot.close()
    await idle()
    expect(answersTo(asked)).toEqual(['From the next process'])
    await next.close()
    bot = await serve()
  })

  test('a command answers in the direct message, where the answer can be rated', async () => {
    const { sender } = bot
    await sender.command(
      slashCommand(slack.world, slack.actionsAt, 'UANA', 'CDEALS', '/tact', 'ask by command?'),
    )
    await idle()
    const rated = slack.inChannel(direct()).findLast((message) => wordsOf(message).includes('by command?'))!
    expect(slack.sent('Answer to by command?').every(({ fields }) => fields['channel'] === direct())).toBe(
      true,
    )
    const [block] = rated.blocks.filter(({ type }) => type === 'context_actions')
    const [feedback] = block!['elements'] as { positive_button: { value: string } }[]
    await asTenant(db.database, tenant.actor(), (tx) =>
      rows(
        tx,
        sql`insert into workflow.conversations (id, tenant_id, channel, external_key)
          select gen_random_uuid(), tenant_id, 'chat', answer->>'conversation' from workflow.slack_events
          where id = ${feedback!.positive_button.value.split(':')[1]!}::uuid`,
      ),
    )
    const click = {
      user: 'UANA',
      message: rated,
      actionId: 'tact_rate',
      value: feedback!.positive_button.value,
    }
    await sender.interaction(clickOn(slack.world, slack.actionsAt, click))
    await idle()
    const ratings = await asTenant(db.database, tenant.actor(), (tx) => listRatings(tx))
    expect(ratings.map(({ rating, memberId }) => [rating, memberId])).toEqual([
      ['good', tenant.actor().memberId],
    ])
  })

  test('a Slack user is linked by an address that works once; a guest is told that they are not', async () => {
    const { sender } = bot
    slack.world.addUser({ id: 'UNEW' })
    slack.world.addUser({ id: 'UGUEST', is_restricted: true })
    const replies = async (user: string, text: string): Promise<string> => {
      const before = slack.calls('response_url').length
      await sender.command(slashCommand(slack.world, slack.actionsAt, user, 'CDEALS', '/tact', text))
      await until('the reply', () => slack.calls('response_url').length > before)
      return String(slack.calls('response_url').at(-1)!.fields['text'])
    }
    expect(await replies('UNEW', 'link')).toMatch(/http:\/\/127\.0\.0\.1\/inbox\/access\?code=link_/)
    expect(await replies('UGUEST', 'link')).toContain('guests')
    expect(await replies('UGUEST', `link link_${'A'.repeat(43)}`)).toContain('guests')
    expect(await replies('UNEW', `link link_${'A'.repeat(43)}`)).toContain('none of ours')
    expect(await replies('UANA', 'privacy')).toBe('Nothing leaves this machine.')
    expect(await replies('UNEW', 'privacy')).toContain('/tact link')
    expect(await replies('UANA', 'digest')).toContain('direct messages')
    const [told] = slack
      .calls('chat.postMessage')
      .filter(({ fields }) => JSON.stringify(fields).includes('Your day'))
    expect(JSON.stringify(told!.fields)).toContain('Nothing waits.')
    expect(await replies('UANA', 'inbox')).toContain(`/inbox/sign-in?token=of-${tenant.actor().memberId}|`)
    expect(await replies('UNEW', 'inbox')).toContain('/tact link')
    expect(await replies('UGUEST', 'digest')).toContain('guests')
    expect(await replies('UANA', '')).toContain('/tact ask')
  })

  test('the opened home offers what to ask, and names nothing to who is not linked', async () => {
    const { sender } = bot
    await sender.event(homeOpened(slack.world, 'UANA', 'messages'))
    await sender.event(homeOpened(slack.world, 'UANA', 'home'))
    await sender.event(homeOpened(slack.world, 'UNEW', 'home'))
    await idle()
    expect(slack.calls('assistant.threads.setSuggestedPrompts')).toHaveLength(1)
    expect(JSON.stringify(slack.world.homes.get('UANA'))).toContain('No proposed change waits')
    expect(JSON.stringify(slack.world.homes.get('UNEW'))).toContain('/tact link')
  })

  test('a mention in a channel is answered there, and nothing that was sent was wrong', async () => {
    const asked = bot.slack.world.say('CDEALS', 'UANA', '<@U_TACT> here?')
    await bot.sender.event(mentionOf(asked))
    await idle()
    const [, said] = bot.slack.inChannel('CDEALS', { threadTs: asked.ts })
    expect(wordsOf(said!)).toContain('Answer to here?')
    expect(bot.slack.violations).toEqual([])
  })

  test('doctor tells scopes that are missing and more than enough, and a socket that does not open', async () => {
    const check = async (scopes: readonly string[], appToken: string | undefined = slack.appToken) => {
      slack.scopes = scopes
      const api = slack.clientOptions()
      const checks = await checkSlack({
        botToken: slack.botToken,
        appToken,
        signingSecret: undefined,
        publicUrl: undefined,
        api,
      })
      return checks.map(({ state }) => state).join()
    }
    const all = Object.keys(SCOPES)
    expect(await check(all)).toBe('ok,ok,ok,advice')
    expect(await check(all.slice(1))).toBe('ok,wrong,ok,advice')
    expect(await check([...all, 'files:write'])).toBe('ok,advice,ok,advice')
    expect(await check(all, 'xapp-other')).toBe('ok,ok,wrong,advice')
  })
})

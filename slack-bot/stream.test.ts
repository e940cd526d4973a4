import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebAPIRequestError } from '@slack/web-api'
import { beforeAll, describe, expect, test } from 'vitest'
import { SlackBudget } from './budget.ts'
import { slackClients } from './clients.ts'
import { AnswerStream, type AnswerStreamOptions } from './stream.ts'
import { FakeSlack, type FakeSlackOptions } from './testing/fake-slack.ts'
import { SimulatedClock } from './testing/simulated-clock.ts'
import { runAnswersAtOnce, runStream, type StreamRun } from './testing/stream-runs.ts'

const RUNS = 150

const house = (options: FakeSlackOptions = {}) => {
  const clock = new SimulatedClock()
  const slack = new FakeSlack({ clock, ...options })
  slack.world.addUser({ id: 'U_ANA' })
  const channel = slack.world.directMessage('U_ANA').id
  const asked = slack.world.say(channel, 'U_ANA', 'how many?')
  const open = (more: Partial<AnswerStreamOptions> = {}): AnswerStream =>
    new AnswerStream({
      clients: slackClients(slack.botToken, slack.clientOptions()),
      budget: new SlackBudget(clock),
      clock,
      place: { channel, threadTs: asked.ts },
      answerId: 'answer-1',
      hosts: new Set(['crm.example']),
      ...more,
    })
  return {
    clock,
    slack,
    open,
    answers: () => slack.inChannel(channel).filter(({ user }) => user === slack.botUser),
  }
}
const table = '| Stage | Count |\n| --- | ---: |\n| Won | 4 |\n| Lost | 2 |\n'

describe('a stream', () => {
  test('sends what has come since the last call, one call at a time, and is ended once', async () => {
    const { clock, slack, open, answers } = house()
    const stream = open()
    const write = async () => {
      for (let line = 0; line < 40; line++) {
        stream.write(`line ${line}\n`)
        await clock.sleep(50)
      }
      return stream.finish()
    }
    const { outcome, messages } = await clock.until(write())
    expect({ outcome, messages: messages.length }).toEqual({ outcome: 'delivered', messages: 1 })
    expect(slack.calls('chat.startStream')).toHaveLength(1)
    expect(slack.calls('chat.appendStream').length).toBeLessThan(5)
    expect(slack.calls('chat.stopStream')).toHaveLength(1)
    expect(answers()[0]!.markdown).toBe(Array.from({ length: 40 }, (_, line) => `line ${line}\n`).join(''))
  })

  test('that Slack ended after five minutes is put right by replacing the message', async () => {
    const { clock, slack, open, answers } = house({ streamTtlMs: 1000 })
    const stream = open({ rotateAfterMs: 60_000 })
    const write = async () => {
      stream.write('one\n')
      await clock.sleep(2000)
      stream.write('two\n')
      return stream.finish()
    }
    expect(await clock.until(write())).toMatchObject({ outcome: 'delivered' })
    expect(slack.calls('chat.update')).toHaveLength(1)
    expect(answers()).toMatchObject([{ blocks: [{ type: 'markdown', text: 'one\ntwo\n' }] }])
  })

  test('begins another message before Slack ends it', async () => {
    const { clock, slack, open, answers } = house({ streamTtlMs: 10_000 })
    const stream = open({ rotateAfterMs: 8000 })
    const write = async () => {
      for (let line = 0; line < 20; line++) {
        stream.write(`${line}\n`)
        await clock.sleep(1000)
      }
      return stream.finish()
    }
    await clock.until(write())
    expect(slack.calls('chat.update')).toEqual([])
    expect(answers().length).toBeGreaterThan(1)
    expect(
      answers()
        .map(({ markdown }) => markdown)
        .join(''),
    ).toBe(Array.from({ length: 20 }, (_, line) => `${line}\n`).join(''))
  })

  test('shows a table as a table, and as text where Slack does not take the block', async () => {
    for (const refuses of [false, true]) {
      const { clock, slack, open, answers } = house()
      const stream = open()
      if (refuses) slack.faults.plan('chat.startStream', { kind: 'error', error: 'invalid_blocks' })
      stream.write(`By stage:\n${table}\nThat is all.\n`)
      await clock.until(stream.finish())
      const [message] = answers()
      const text = JSON.stringify([message!.markdown, message!.blocks])
      expect({
        isTable: message!.blocks.some(({ type }) => type === 'table'),
        isText: text.includes('Won    4'),
      }).toEqual({
        isTable: !refuses,
        isText: refuses,
      })
    }
  })

  test('says what Slack refuses for good, and leaves no room of the budget taken', async () => {
    const { clock, slack, open } = house()
    slack.faults.decide = () => ({ kind: 'error', error: 'token_revoked' })
    const budget = new SlackBudget(clock)
    for (let answer = 0; answer < 20; answer++) {
      const stream = open({ budget, answerId: `answer-${answer}` })
      stream.write('text\n')
      await clock.until(clock.sleep(0))
      expect(await clock.until(stream.finish())).toMatchObject({ outcome: 'failed', code: 'token_revoked' })
    }
    await clock.until(clock.sleep(60_000))
    expect(budget.tryOpenStream()).toBe(true)
  })

  test('gives up when Slack is gone for longer than it was told to try', async () => {
    const { clock, slack, open } = house()
    slack.faults.decide = () => ({ kind: 'reset' })
    const stream = open({ giveUpAfterMs: 60_000 })
    stream.write('text\n')
    expect(await clock.until(stream.finish())).toMatchObject({ outcome: 'failed', code: 'no_answer' })
  })
})

describe('the clients', () => {
  test('do not send a post again whose answer was lost, where the SDK by itself would', async () => {
    const { slack } = house()
    const { background } = slackClients(slack.botToken, slack.clientOptions())
    slack.faults.plan('chat.postMessage', { kind: 'accept-then-reset' })
    const { id } = slack.world.directMessage('U_ANA')
    await expect(background.chat.postMessage({ channel: id, text: 'once' })).rejects.toThrow('fetch failed')
    expect(slack.inChannel(id).filter(({ text }) => text === 'once')).toHaveLength(1)
  })

  test('do not wait for ever for a Slack that takes a request and says nothing', async () => {
    const { slack } = house()
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const { background } = slackClients(slack.botToken, { slackApiUrl: `http://127.0.0.1:${port}/api/` })
    await expect(background.auth.test()).rejects.toBeInstanceOf(WebAPIRequestError)
    silent.closeAllConnections()
    silent.close()
  })

  test('do not hold up a dialog when posts come too often', async () => {
    const { slack } = house()
    const { background, interactive } = slackClients(slack.botToken, slack.clientOptions())
    slack.faults.plan('chat.postMessage', { kind: 'rate-limit', seconds: 30 })
    const { id } = slack.world.directMessage('U_ANA')
    await expect(background.chat.postMessage({ channel: id, text: 'x' })).rejects.toMatchObject({
      retryAfter: 30,
    })
    const view = {
      type: 'modal' as const,
      title: { type: 'plain_text' as const, text: 'Edit' },
      blocks: [{ type: 'divider' as const }],
    }
    await expect(interactive.views.open({ trigger_id: slack.world.trigger(), view })).resolves.toMatchObject({
      ok: true,
    })
  })
})

describe(`${RUNS} answers with random pauses, faults, expiry and stops`, () => {
  let runs: readonly StreamRun[] = []
  beforeAll(async () => {
    const all: StreamRun[] = []
    for (let seed = 1; seed <= RUNS; seed++) all.push(await runStream(seed))
    runs = all
  })

  test('lose nothing, double nothing and leave no stream open', () => {
    expect(runs.filter(({ wrong }) => wrong.length > 0)).toEqual([])
  })

  test('met faults, stops and further messages', () => {
    expect(runs.reduce((sum, { faults }) => sum + faults, 0)).toBeGreaterThan(50)
    expect(runs.some(({ outcome }) => outcome === 'stopped')).toBe(true)
    expect(runs.some(({ messages }) => messages > 1)).toBe(true)
  })
})

test('forty answers at once, within what Slack allows, arrive whole', async () => {
  const run = await runAnswersAtOnce(40, 1)
  expect(run.wrong).toEqual([])
  expect(run.limited / run.calls).toBeLessThanOrEqual(0.01)
})

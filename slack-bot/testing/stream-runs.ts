import { createRandom, type Random } from '../../writeback/imports/testing/random.ts'
import { SlackBudget } from '../budget.ts'
import { slackClients } from '../clients.ts'
import { AnswerText } from '../render/answer.ts'
import { AnswerStream, type Delivered } from '../stream.ts'
import { FakeSlack } from './fake-slack.ts'
import type { Fault } from './faults.ts'
import { sessionStopped } from './payloads.ts'
import { SimulatedClock } from './simulated-clock.ts'
import type { FakeMessage } from './world.ts'

/** What one answer met, and what was wrong with what stands in Slack at its end; nothing should be. */
export interface StreamRun {
  readonly seed: number
  readonly outcome: Delivered['outcome']
  readonly wrong: readonly string[]
  readonly faults: number
  readonly calls: number
  readonly limited: number
  readonly messages: number
  readonly characters: number
}

const WORDS = [
  'Forty-two',
  'deals',
  'are',
  'open',
  '**worth**',
  '€1.2m',
  'at',
  'Zürich',
  '🙂',
  'שלום',
  '`code`',
  '<b>',
  'a&b',
  '- item',
  '@channel',
  '日本語',
  '_soft_',
]
const FAULTS: readonly ((random: Random) => Fault)[] = [
  () => ({ kind: 'reset' }),
  () => ({ kind: 'accept-then-reset' }),
  () => ({ kind: 'status', status: 500 }),
  (random) => ({ kind: 'delay', ms: random.below(20_000) }),
  (random) => ({ kind: 'rate-limit', seconds: 1 + random.below(5) }),
  () => ({ kind: 'error', error: 'internal_error' }),
]
const MOST_FAULTS = 12

/** The deltas of an answer: words, lines, tables, fences, now and then a very long text. */
const answerOf = (random: Random): string[] => {
  const deltas: string[] = []
  const count = 1 + random.below(random.chance(0.05) ? 900 : 60)
  for (let at = 0; at < count; at++) {
    if (random.chance(0.02)) {
      const rows = 2 + random.below(6)
      deltas.push(
        `\n| Stage | Count |\n| --- | ---: |\n${Array.from({ length: rows }, (_, row) => `| Stage ${row} | ${random.below(90)} |\n`).join('')}\n`,
      )
    } else if (random.chance(0.01)) deltas.push(`\n\`\`\`\nlet a = ${at}\n\`\`\`\n`)
    else if (random.chance(0.03)) deltas.push(`${random.pick(WORDS)} `.repeat(1 + random.below(400)))
    else deltas.push(`${at}${random.pick(WORDS)}${random.pick([' ', ' ', '\n', '\n\n'])}`)
  }
  return deltas
}

/** What a person reads of a message: its Markdown, then that of its blocks; and its tables' cells. */
const read = (message: FakeMessage): { text: string; tables: string } => {
  const blocks = message.blocks as readonly {
    type: string
    text?: unknown
    rows?: readonly (readonly { text: string }[])[]
  }[]
  return {
    text:
      message.markdown +
      blocks
        .filter(({ type }) => type === 'markdown')
        .map(({ text }) => String(text))
        .join(''),
    tables: blocks
      .filter(({ type }) => type === 'table')
      .map(({ rows }) =>
        rows!
          .flat()
          .map(({ text }) => text)
          .join('|'),
      )
      .join('\n'),
  }
}
const packed = (text: string): string => text.replaceAll(/\s+/g, '')

const expectedOf = (deltas: readonly string[]): { text: string; tables: string } => {
  const whole = new AnswerText(new Set())
  const pieces = [...whole.push(deltas.join('')), ...whole.end()]
  return {
    text: pieces
      .filter(({ block }) => !block)
      .map(({ text }) => text)
      .join(''),
    tables: pieces
      .flatMap(({ block }) =>
        block?.type === 'table'
          ? [
              block.rows
                .flat()
                .map((cell) => (cell.type === 'raw_text' ? cell.text : ''))
                .join('|'),
            ]
          : [],
      )
      .join('\n'),
  }
}

const END = {
  type: 'context' as const,
  block_id: 'end',
  elements: [{ type: 'plain_text' as const, text: 'The end' }],
}

/**
 * One answer through the streamer into the strict fake, in simulated time: random pauses, faults, expiry, rotation too
 * late or in time, budgets, and now and then the stop button. The same seed gives the same run.
 */
export const runStream = async (seed: number): Promise<StreamRun> => {
  const random = createRandom(seed)
  const clock = new SimulatedClock()
  const streamTtlMs = random.pick([3000, 20_000, 300_000])
  const slack = new FakeSlack({ clock, tiers: random.chance(0.7), streamTtlMs })
  slack.world.addUser({ id: 'U_ANA' })
  const direct = random.chance(0.5)
  const channel = direct
    ? slack.world.directMessage('U_ANA').id
    : slack.world.addChannel({ id: 'C_DEALS', members: ['U_ANA'] }).id
  const asked = slack.world.say(channel, 'U_ANA', 'how many?')
  const probability = random.pick([0, 0.05, 0.2, 0.5])
  let faults = 0
  slack.faults.decide = () => {
    if (faults >= MOST_FAULTS || !random.chance(probability)) return undefined
    faults++
    return random.pick(FAULTS)(random)
  }
  let isStopped = false
  const stream = new AnswerStream({
    clients: slackClients(slack.botToken, slack.clientOptions()),
    budget: new SlackBudget(clock),
    clock,
    place: {
      channel,
      threadTs: asked.ts,
      ...(direct ? {} : { recipient: { userId: 'U_ANA', teamId: 'THOME' } }),
    },
    answerId: `answer-${seed}`,
    hosts: new Set(),
    onStop: () => (isStopped = true),
    rotateAfterMs: streamTtlMs * random.pick([0.5, 0.8, 2]),
    gapMs: random.pick([50, 700]),
  })
  const deltas = answerOf(random)
  const pressesStop = random.chance(0.08)
  const pauseMs = random.pick([0, 20, 400, 3000])
  const work = async (): Promise<Delivered> => {
    for (const [at, delta] of deltas.entries()) {
      if (isStopped) break
      if (random.chance(0.05)) stream.task('look', 'Looking it up', 'in_progress')
      stream.write(delta)
      if (random.chance(0.7)) await clock.sleep(random.below(pauseMs + 1))
      if (pressesStop && at > deltas.length / 2) {
        const open = slack.world.messages.filter(({ streamed }) => streamed?.open)
        if (open.length > 0) sessionStopped(slack.world, 'U_ANA', open)
      }
    }
    return stream.finish([END])
  }
  const { outcome, ...rest } = await clock.until(work())
  const messages = slack
    .inChannel(channel, { threadTs: asked.ts })
    .filter(({ user }) => user === slack.botUser)
  const expected = expectedOf(deltas)
  const shown = messages.map(read)
  const text = shown.map((one) => one.text).join('')
  const wrong = [
    ...slack.violations.map(
      ({ method, error, details }) => `violation: ${method} ${error} ${details.join('; ')}`,
    ),
    ...(messages.some(({ streamed }) => streamed?.open && clock.now() - streamed.startedAtMs <= streamTtlMs)
      ? ['a stream is left open']
      : []),
    ...(outcome === 'failed' ? [`failed: ${'code' in rest ? rest.code : ''}`] : []),
    ...(outcome === 'stopped' && !pressesStop ? ['stopped by nobody'] : []),
    ...(outcome === 'delivered' && packed(text) !== packed(expected.text)
      ? [differs(packed(text), packed(expected.text))]
      : []),
    ...(outcome === 'delivered' &&
    shown
      .map(({ tables }) => tables)
      .filter(Boolean)
      .join('\n') !== expected.tables
      ? ['tables differ']
      : []),
    ...(outcome === 'delivered' &&
    messages.flatMap(({ blocks }) => blocks).filter(({ block_id: id }) => id === 'end').length !== 1
      ? ['the end does not stand once']
      : []),
    ...(outcome === 'stopped' && !packed(expected.text).startsWith(packed(text))
      ? ['what stands before the stop differs']
      : []),
  ]
  return {
    seed,
    outcome,
    wrong,
    faults,
    calls: slack.requests.length,
    limited: slack.requests.filter(({ limited }) => limited).length,
    messages: messages.length,
    characters: text.length,
  }
}

const differs = (got: string, expected: string): string => {
  let at = 0
  while (at < got.length && got[at] === expected[at]) at++
  return `text differs at ${at} of ${expected.length}: got ${JSON.stringify(got.slice(at, at + 40))}, expected ${JSON.stringify(expected.slice(at, at + 40))} (${got.length} characters)`
}

/** What so many answers in one workspace came to, under Slack's tiers; `seconds` are of the simulated time. */
export interface AnswersAtOnce {
  readonly wrong: readonly string[]
  readonly calls: number
  readonly limited: number
  readonly streamed: number
  readonly posted: number
  readonly seconds: number
}

/** As many answers at once, each in its own direct message, from one process into one workspace. */
export const runAnswersAtOnce = async (count: number, seed: number): Promise<AnswersAtOnce> => {
  const random = createRandom(seed)
  const clock = new SimulatedClock()
  const slack = new FakeSlack({ clock, tiers: true })
  const budget = new SlackBudget(clock)
  const clients = slackClients(slack.botToken, slack.clientOptions())
  const startMs = clock.now()
  const wrong: string[] = []
  const answer = async (at: number): Promise<void> => {
    const user = `U${at}`
    slack.world.addUser({ id: user })
    const channel = slack.world.directMessage(user).id
    const asked = slack.world.say(channel, user, 'how many?')
    const deltas = answerOf(random)
    const stream = new AnswerStream({
      clients,
      budget,
      clock,
      place: { channel, threadTs: asked.ts },
      answerId: `answer-${at}`,
      hosts: new Set(),
    })
    for (const delta of deltas) {
      stream.write(delta)
      await clock.sleep(random.below(200))
    }
    const { outcome } = await stream.finish([END])
    const shown = slack
      .inChannel(channel, { threadTs: asked.ts })
      .filter(({ user: by }) => by === slack.botUser)
    const text = packed(shown.map((message) => read(message).text).join(''))
    const expected = packed(expectedOf(deltas).text)
    if (outcome !== 'delivered') wrong.push(`answer ${at}: ${outcome}`)
    if (text !== expected) wrong.push(`answer ${at}: ${differs(text, expected)}`)
    if (shown.some(({ streamed }) => streamed?.open)) wrong.push(`answer ${at}: a stream is left open`)
  }
  await clock.until(Promise.all(Array.from({ length: count }, (_, at) => answer(at))))
  return {
    wrong: [...wrong, ...slack.violations.map(({ method, error }) => `violation: ${method} ${error}`)],
    calls: slack.requests.length,
    limited: slack.requests.filter(({ limited }) => limited).length,
    streamed: slack.calls('chat.startStream').filter(({ reply }) => reply?.ok).length,
    posted: slack.calls('chat.postMessage').filter(({ reply }) => reply?.ok).length,
    seconds: (clock.now() - startMs) / 1000,
  }
}

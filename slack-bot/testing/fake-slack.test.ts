import { WebClient, WebAPIPlatformError } from '@slack/web-api'
import { describe, expect, test } from 'vitest'
import { FakeSlack } from './fake-slack.ts'
import { generateSchemas } from './schemas/generate.ts'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const quiet = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => 'error' as never,
  setName() {},
}
const clientOf = (slack: FakeSlack): WebClient =>
  new WebClient(slack.botToken, {
    ...slack.clientOptions(),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: quiet,
  })

const house = (options: ConstructorParameters<typeof FakeSlack>[0] = {}) => {
  const slack = new FakeSlack(options)
  slack.world.addUser({ id: 'U_ANA' })
  slack.world.addChannel({ id: 'C_DEALS', members: ['U_ANA'] })
  const asked = slack.world.say('C_DEALS', 'U_ANA', 'how many deals?')
  return { slack, client: clientOf(slack), asked }
}
const errorOf = async (call: Promise<unknown>): Promise<string> => {
  const error = await call.then(
    () => 'none',
    (thrown: unknown) => thrown,
  )
  return error instanceof WebAPIPlatformError ? error.data.error : String(error)
}
const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } })
const button = (id: string) => ({ type: 'button', action_id: id, text: { type: 'plain_text', text: 'Go' } })

describe('the schemas', () => {
  test('are those that the installed SDK gives', () => {
    const committed = JSON.parse(
      readFileSync(join(import.meta.dirname, 'schemas', 'schemas.json'), 'utf8'),
    ) as unknown
    expect(JSON.parse(JSON.stringify(generateSchemas()))).toEqual(committed)
  })
})

describe('the strict fake refuses and records', () => {
  const wrongBlocks: [string, unknown[]][] = [
    ['a block that does not exist', [{ type: 'bogus' }]],
    ['51 blocks', Array.from({ length: 51 }, () => ({ type: 'divider' }))],
    ['a header of 151 characters', [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }]],
    ['a header in mrkdwn', [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }]],
    ['a section of 3,001 characters', [section('x'.repeat(3001))]],
    ['a section without text', [{ type: 'section' }]],
    ['an empty section', [section('')]],
    [
      '11 fields',
      [{ type: 'section', fields: Array.from({ length: 11 }, () => ({ type: 'mrkdwn', text: 'x' })) }],
    ],
    [
      'a field of 2,001 characters',
      [{ type: 'section', fields: [{ type: 'mrkdwn', text: 'x'.repeat(2001) }] }],
    ],
    [
      '11 elements of context',
      [{ type: 'context', elements: Array.from({ length: 11 }, () => ({ type: 'mrkdwn', text: 'x' })) }],
    ],
    [
      '26 buttons',
      [{ type: 'actions', elements: Array.from({ length: 26 }, (_, index) => button(`b${index}`)) }],
    ],
    ['a misspelt field of a button', [{ type: 'actions', elements: [{ ...button('a'), valeu: 'x' }] }]],
    [
      'a button with 76 characters',
      [
        {
          type: 'actions',
          elements: [{ ...button('a'), text: { type: 'plain_text', text: 'x'.repeat(76) } }],
        },
      ],
    ],
    [
      'a value of 2,001 characters',
      [{ type: 'actions', elements: [{ ...button('a'), value: 'x'.repeat(2001) }] }],
    ],
    ['one action_id twice in a block', [{ type: 'actions', elements: [button('a'), button('a')] }]],
    [
      'one block_id twice',
      [
        { type: 'divider', block_id: 'a' },
        { type: 'divider', block_id: 'a' },
      ],
    ],
    [
      'a table of 101 rows',
      [{ type: 'table', rows: Array.from({ length: 101 }, () => [{ type: 'raw_text', text: 'x' }]) }],
    ],
    [
      'a table of 21 columns',
      [{ type: 'table', rows: [Array.from({ length: 21 }, () => ({ type: 'raw_text', text: 'x' }))] }],
    ],
    [
      'two tables',
      [
        { type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]] },
        { type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]] },
      ],
    ],
    ['Markdown of 12,001 characters', [{ type: 'markdown', text: 'x'.repeat(12_001) }]],
    ['13,201 characters over all', Array.from({ length: 5 }, () => section('x'.repeat(2700)))],
    ['an alert outside a modal', [{ type: 'alert', text: { type: 'plain_text', text: 'x' } }]],
    [
      'a link that runs scripts',
      [{ type: 'actions', elements: [{ ...button('a'), url: 'javascript:alert(1)' }] }],
    ],
    [
      'a card with a body of 201 characters',
      [{ type: 'card', body: { type: 'mrkdwn', text: 'x'.repeat(201) } }],
    ],
    [
      'a carousel of 11 cards',
      [
        {
          type: 'carousel',
          elements: Array.from({ length: 11 }, () => ({ type: 'card', body: { type: 'mrkdwn', text: 'x' } })),
        },
      ],
    ],
  ]
  test.each(wrongBlocks)('%s', async (_, blocks) => {
    const { slack, client } = house()
    expect(
      await errorOf(client.chat.postMessage({ channel: 'C_DEALS', text: 'x', blocks: blocks as never })),
    ).toBe('invalid_blocks')
    expect(slack.violations).toHaveLength(1)
    expect(slack.inChannel('C_DEALS')).toHaveLength(1)
  })

  test('fields that a method does not have, and texts that are too long or missing', async () => {
    const { slack, client } = house()
    const post = (fields: object) =>
      errorOf(client.apiCall('chat.postMessage', { channel: 'C_DEALS', ...fields }))
    expect(await post({ text: 'x', blcoks: [] })).toBe('invalid_arguments')
    expect(await post({})).toBe('invalid_arguments')
    expect(await post({ text: ' ' })).toBe('no_text')
    expect(await post({ text: 'x'.repeat(40_001) })).toBe('msg_too_long')
    expect(await post({ markdown_text: 'x'.repeat(12_001) })).toBe('invalid_arguments')
    expect(await errorOf(client.apiCall('chat.explode', {}))).toBe('unknown_method')
    expect(slack.violations).toHaveLength(6)
  })

  test('a modal with a long title, without a way to submit, or by a spent trigger', async () => {
    const { slack, client } = house()
    const view = (more: object) =>
      ({
        type: 'modal',
        title: { type: 'plain_text', text: 'Edit' },
        blocks: [{ type: 'divider' }],
        ...more,
      }) as never
    const open = (trigger: string, more: object = {}) =>
      errorOf(client.views.open({ trigger_id: trigger, view: view(more) }))
    expect(await open(slack.world.trigger(), { title: { type: 'plain_text', text: 'x'.repeat(25) } })).toBe(
      'invalid_arguments',
    )
    const input = {
      type: 'input',
      label: { type: 'plain_text', text: 'Stage' },
      element: { type: 'plain_text_input', action_id: 'v' },
    }
    expect(await open(slack.world.trigger(), { blocks: [input] })).toBe('invalid_arguments')
    expect(await open(slack.world.trigger(), { private_metadata: 'x'.repeat(3001) })).toBe(
      'invalid_arguments',
    )
    const trigger = slack.world.trigger()
    expect(await open(trigger)).toBe('none')
    expect(await open(trigger)).toBe('exchanged_trigger_id')
  })

  test('a trigger older than three seconds', async () => {
    let nowMs = 1_700_000_000_000
    const { slack, client } = house({ clock: { now: () => nowMs, sleep: () => Promise.resolve() } })
    const trigger = slack.world.trigger()
    nowMs += 3001
    const view = {
      type: 'modal' as const,
      title: { type: 'plain_text' as const, text: 'Edit' },
      blocks: [{ type: 'divider' as const }],
    }
    expect(await errorOf(client.views.open({ trigger_id: trigger, view }))).toBe('expired_trigger_id')
    expect(slack.violations).toEqual([])
  })

  test('a call without the scope for it', async () => {
    const { slack, client } = house({ scopes: ['chat:write'] })
    expect(await errorOf(client.users.info({ user: 'U_ANA' }))).toBe('missing_scope')
    expect(slack.violations[0]?.error).toBe('missing_scope')
  })
})

describe('streams', () => {
  test('need a recipient outside of a direct message, end by themselves after five minutes, and forbid updates while open', async () => {
    let nowMs = 1_700_000_000_000
    const { slack, client, asked } = house({ clock: { now: () => nowMs, sleep: () => Promise.resolve() } })
    const start = { channel: 'C_DEALS', thread_ts: asked.ts, markdown_text: 'Forty' }
    expect(await errorOf(client.chat.startStream(start))).toBe('missing_recipient_user_id')
    const { ts } = await client.chat.startStream({
      ...start,
      recipient_user_id: 'U_ANA',
      recipient_team_id: 'THOME',
    })
    const message = { channel: 'C_DEALS', ts: ts! }
    await client.chat.appendStream({ ...message, markdown_text: ' two' })
    expect(await errorOf(client.chat.update({ ...message, text: 'no' }))).toBe('streaming_state_conflict')
    nowMs += 5 * 60_000 + 1
    expect(await errorOf(client.chat.appendStream({ ...message, markdown_text: ' more' }))).toBe(
      'message_not_in_streaming_state',
    )
    expect(await errorOf(client.chat.stopStream(message))).toBe('message_not_in_streaming_state')
    expect(slack.world.message('C_DEALS', ts)?.markdown).toBe('Forty two')
    await client.chat.update({ ...message, markdown_text: 'Forty two more' })
    expect(slack.world.message('C_DEALS', ts)).toMatchObject({ markdown: 'Forty two more', edits: 1 })
  })
})

describe('faults and tiers', () => {
  test('an accepted request whose answer is lost has been carried out', async () => {
    const { slack, client } = house()
    slack.faults.plan('chat.postMessage', { kind: 'accept-then-reset' })
    slack.faults.plan('chat.postMessage', { kind: 'reset' })
    expect(await errorOf(client.chat.postMessage({ channel: 'C_DEALS', text: 'one' }))).not.toBe('none')
    expect(await errorOf(client.chat.postMessage({ channel: 'C_DEALS', text: 'two' }))).not.toBe('none')
    expect(slack.inChannel('C_DEALS').map(({ text }) => text)).toEqual(['how many deals?', 'one'])
  })

  test('the seventh post of a moment in one channel has to wait', async () => {
    const { client } = house({ tiers: true })
    const posts = await Promise.all(
      Array.from({ length: 7 }, () => errorOf(client.chat.postMessage({ channel: 'C_DEALS', text: 'x' }))),
    )
    expect(posts.filter((error) => error !== 'none')).toHaveLength(1)
  })

  test('metadata of messages comes back from history only when asked for', async () => {
    const { client } = house()
    const metadata = { event_type: 'tact_answer', event_payload: { id: 'a1' } }
    await client.chat.postMessage({ channel: 'C_DEALS', text: 'x', metadata })
    const plain = await client.conversations.history({ channel: 'C_DEALS', limit: 1 })
    const whole = await client.conversations.history({
      channel: 'C_DEALS',
      limit: 1,
      include_all_metadata: true,
    })
    expect(plain.messages?.[0]?.metadata).toBeUndefined()
    expect(whole.messages?.[0]?.metadata).toEqual(metadata)
  })
})

describe('a picture', () => {
  test('is uploaded in three steps and shown in the channel', async () => {
    await using slack = await listening()
    slack.fake.world.addChannel({ id: 'C_DEALS' })
    await clientOf(slack.fake).filesUploadV2({
      channel_id: 'C_DEALS',
      file: Buffer.from('a picture'),
      filename: 'chart.png',
      initial_comment: 'a chart',
    })
    expect([...slack.fake.world.files.values()]).toMatchObject([{ name: 'chart.png', complete: true }])
    expect(slack.fake.inChannel('C_DEALS')).toMatchObject([{ text: 'a chart' }])
    expect(slack.fake.violations).toEqual([])
  })
})

const listening = async () => {
  const fake = await new FakeSlack().listen()
  return { fake, [Symbol.asyncDispose]: () => fake.close() }
}

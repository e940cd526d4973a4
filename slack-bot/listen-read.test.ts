import { describe, expect, test } from 'vitest'
import { clickEvent, readEvent } from './listen-read.ts'
import {
  editOf,
  deletionOf,
  eventEnvelope,
  homeOpened,
  mentionOf,
  messageEventOf,
  sessionStopped,
} from './testing/payloads.ts'
import { World } from './testing/world.ts'
import type { Fields } from './testing/world.ts'
import { machineClock } from './clock.ts'

const world = new World(machineClock)
world.addChannel({ id: 'CDEALS', members: ['UANA'] })
const direct = world.directMessage('UANA')
const read = (event: Fields, more: Fields = {}) =>
  readEvent(eventEnvelope(world, event, more), { botUserId: 'U_TACT' })

describe('what is written down of an event', () => {
  test('a question in a direct message, and a mention in a thread of a channel without the mention', () => {
    const asked = world.say(direct.id, 'UANA', 'how many deals?')
    expect(read(messageEventOf(world, asked))).toMatchObject({
      kind: 'message',
      queue: `${direct.id}:${asked.ts}`,
      aboutMessage: `${direct.id}:${asked.ts}`,
      slackTs: asked.ts,
      body: {
        userId: 'UANA',
        userTeam: 'THOME',
        text: 'how many deals?',
        isDirect: true,
        isSharedByEnvelope: false,
      },
    })
    const reply = world.say('CDEALS', 'UANA', '<@U_TACT> and in Bonn?', { threadTs: '1700000000.000100' })
    expect(read(mentionOf(reply), { is_ext_shared_channel: true })).toMatchObject({
      queue: 'CDEALS:1700000000.000100',
      body: { text: 'and in Bonn?', isDirect: false, isSharedByEnvelope: true },
    })
  })

  test('the same message is one event, however often and as whatever Slack tells of it', () => {
    const asked = world.say(direct.id, 'UANA', '<@U_TACT> how many deals?')
    const ids = [
      read(messageEventOf(world, asked)),
      read(messageEventOf(world, asked)),
      read(mentionOf(asked)),
    ]
    expect(new Set(ids.map((event) => event?.eventId)).size).toBe(1)
  })

  test('what people say in channels to each other, what bots say, and other events are not kept', () => {
    const said = world.say('CDEALS', 'UANA', 'lunch?')
    const own = { ...messageEventOf(world, world.say(direct.id, 'UANA', 'x')), bot_id: 'B1' }
    const ours = messageEventOf(world, world.say(direct.id, 'U_TACT', 'an answer'))
    const joined = { ...messageEventOf(world, world.say(direct.id, 'UANA', 'x')), subtype: 'channel_join' }
    for (const event of [
      messageEventOf(world, said),
      own,
      ours,
      joined,
      { type: 'team_join' },
      { type: 'app_mention' },
    ])
      expect(read(event)).toBeUndefined()
    expect(readEvent({ type: 'url_verification' }, { botUserId: 'U_TACT' })).toBeUndefined()
  })

  test('an edit is kept with its words where they are for us, as the end of the question where they no longer are', () => {
    const asked = world.say('CDEALS', 'UANA', '<@U_TACT> how many deals?')
    const about = `CDEALS:${asked.ts}`
    expect(read(editOf(world, asked, '<@U_TACT> how many open deals?'))).toMatchObject({
      kind: 'fact',
      says: 'edited',
      aboutMessage: about,
      body: { text: 'how many open deals?' },
    })
    expect(read(editOf(world, asked, 'lunch with Ana Secret?'))).toMatchObject({
      says: 'deleted',
      body: null,
    })
    // A preview that Slack adds changes no word.
    const preview = editOf(world, asked, asked.text)
    expect(read(preview)).toBeUndefined()
    expect(read(deletionOf(world, asked))).toMatchObject({ says: 'deleted', aboutMessage: about })
  })

  test('the stop button and the opened home are kept', () => {
    const answer = { ...world.say(direct.id, 'U_TACT', '…', { threadTs: '1700000000.000100' }) }
    expect(read(sessionStopped(world, 'UANA', [answer]))).toMatchObject({
      says: 'stopped',
      aboutMessage: `${direct.id}:1700000000.000100`,
    })
    expect(read(homeOpened(world, 'UANA'))).toMatchObject({
      kind: 'command',
      body: { tab: 'messages', userId: 'UANA' },
    })
  })

  test('that a channel was shared or somebody joined it, but not that the bot did', () => {
    const body = { type: 'audience_changed', channelId: 'CDEALS' }
    const event = { channel: 'CDEALS', event_ts: '1700000000.000100' }
    expect(read({ type: 'channel_shared', connected_team_id: 'T2', ...event })).toMatchObject({ body })
    expect(read({ type: 'member_joined_channel', user: 'UNEW', ...event })).toMatchObject({ body })
    expect(read({ type: 'member_joined_channel', user: 'U_TACT', ...event })).toBeUndefined()
  })

  test('a click sent twice is one, a second click is another', () => {
    const click = {
      type: 'click' as const,
      userId: 'UANA',
      channelId: 'CDEALS',
      messageTs: '1.2',
      isSharedByEnvelope: false,
      action: 'tact_approve',
      value: 'x:1',
    }
    expect(clickEvent(click, '3.4').eventId).toBe(clickEvent(click, '3.4').eventId)
    expect(clickEvent(click, '3.5').eventId).not.toBe(clickEvent(click, '3.4').eventId)
  })
})

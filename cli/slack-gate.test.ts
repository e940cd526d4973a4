import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { disableMember } from '../db/members.ts'
import { sql } from '../db/sql.ts'
import { asTenant } from '../db/tenant.ts'
import { testEngines } from '../db/testing.ts'
import { newId } from '../domain/ids.ts'
import { clickOn, mentionOf, messageEventOf } from '../slack-bot/testing/payloads.ts'
import type { FakeMessage, Fields } from '../slack-bot/testing/world.ts'
import { openSlackHouse } from './testing/slack-house.ts'
import type { SlackHouse } from './testing/slack-house.ts'

/** Name of a deal that the question is answered with. */
const CANARY = 'Rocket fuel'
const QUESTION = 'List the open deals'

/** One row of the matrix: who asks where, and the one place that may hear of a deal, if any. */
interface Case {
  readonly name: string
  /** What Slack says of the asker; linked as owner unless `unlinked`. */
  readonly asker?: Fields
  readonly unlinked?: true
  /** A channel, with these beside the asker; a direct message where absent. */
  readonly channel?: Fields & { readonly with?: readonly string[] }
  /** Bends the event and its envelope. */
  readonly event?: Fields
  readonly envelope?: Fields
  /** Done to the world while the records are read. */
  readonly meanwhile?: (world: {
    readonly channel: Fields & { members: string[] }
    readonly asker: Fields
  }) => void
  /** This method fails for this asker or channel. */
  readonly fails?: 'users.info' | 'conversations.info' | 'conversations.members'
  readonly answered: 'nowhere' | 'here' | 'apart'
}

const INSIDE = { with: ['UADMIN'] }

const CASES: readonly Case[] = [
  { name: 'a member in a direct message', answered: 'here' },
  { name: 'a member in a channel of members', channel: INSIDE, answered: 'here' },
  {
    name: 'a member in a private channel of members',
    channel: { ...INSIDE, is_private: true },
    answered: 'here',
  },
  { name: 'a member in a group message of members', channel: { ...INSIDE, is_mpim: true }, answered: 'here' },
  { name: 'a member beside a bot', channel: { with: ['UADMIN', 'UBOT'] }, answered: 'here' },
  {
    name: 'somebody of another team, as the event says',
    event: { user_team: 'TOTHER' },
    channel: INSIDE,
    answered: 'nowhere',
  },
  { name: 'somebody of another team, as Slack says', asker: { team_id: 'TOTHER' }, answered: 'nowhere' },
  { name: 'a stranger', asker: { is_stranger: true }, channel: INSIDE, answered: 'nowhere' },
  { name: 'a guest', asker: { is_restricted: true }, answered: 'nowhere' },
  {
    name: 'a guest of one channel',
    asker: { is_ultra_restricted: true },
    channel: INSIDE,
    answered: 'nowhere',
  },
  { name: 'somebody who is gone', asker: { deleted: true }, answered: 'nowhere' },
  { name: 'a bot', asker: { is_bot: true }, channel: INSIDE, answered: 'nowhere' },
  { name: 'somebody without a confirmed address', asker: { is_email_confirmed: false }, answered: 'nowhere' },
  { name: 'somebody who is not linked', unlinked: true, answered: 'nowhere' },
  { name: 'somebody whom Slack does not know', fails: 'users.info', answered: 'nowhere' },
  {
    name: 'a channel that Slack does not tell of',
    channel: INSIDE,
    fails: 'conversations.info',
    answered: 'nowhere',
  },
  {
    name: 'a channel whose members Slack does not tell',
    channel: INSIDE,
    fails: 'conversations.members',
    answered: 'nowhere',
  },
  {
    name: 'a shared channel, by the envelope',
    channel: INSIDE,
    envelope: { is_ext_shared_channel: true },
    answered: 'apart',
  },
  { name: 'a shared channel', channel: { ...INSIDE, is_ext_shared: true }, answered: 'apart' },
  {
    name: 'a channel about to be shared',
    channel: { ...INSIDE, is_pending_ext_shared: true },
    answered: 'apart',
  },
  {
    name: 'a channel shared within the organisation',
    channel: { ...INSIDE, is_shared: true },
    answered: 'apart',
  },
  {
    name: 'a channel of several teams',
    channel: { ...INSIDE, connected_team_ids: ['THOME', 'TOTHER'] },
    answered: 'apart',
  },
  { name: 'a channel with a guest', channel: { with: ['UADMIN', 'UGUEST'] }, answered: 'apart' },
  { name: 'a channel with a stranger', channel: { with: ['USTRANGER'] }, answered: 'apart' },
  { name: 'a channel with somebody who is not linked', channel: { with: ['UNOBODY'] }, answered: 'apart' },
  { name: 'a channel with a disabled member', channel: { with: ['UEDITOR'] }, answered: 'apart' },
  {
    name: 'a channel with somebody of whom Slack says nothing',
    channel: { with: ['UMISSING'] },
    answered: 'nowhere',
  },
  {
    name: 'a channel that is shared before the answer',
    channel: INSIDE,
    meanwhile: ({ channel }) => Object.assign(channel, { is_ext_shared: true }),
    answered: 'apart',
  },
  {
    name: 'a channel that a guest joins before the answer',
    channel: INSIDE,
    meanwhile: ({ channel }) => void channel.members.push('UGUEST'),
    answered: 'apart',
  },
  {
    name: 'an asker who is made a guest before the answer',
    meanwhile: ({ asker }) => Object.assign(asker, { is_restricted: true }),
    answered: 'nowhere',
  },
  {
    name: 'an asker who is gone before the answer',
    channel: INSIDE,
    meanwhile: ({ asker }) => Object.assign(asker, { deleted: true }),
    answered: 'nowhere',
  },
]

interface Played extends Case {
  readonly channelId: string
  readonly askerId: string
}

const play = async (house: SlackHouse, one: Case, at: number): Promise<Played> => {
  const { slack, link } = house
  const { world } = slack
  const askerId = `UASKER${at}`
  if (one.unlinked) world.addUser({ ...one.asker, id: askerId })
  else await link(askerId, 'owner', one.asker)
  const { with: others = [], ...more } = one.channel ?? {}
  const channel = one.channel
    ? world.addChannel({ ...more, id: `CROOM${at}`, members: [askerId, ...others] })
    : world.directMessage(askerId)
  return { ...one, channelId: channel.id, askerId }
}

const ask = async ({ slack }: SlackHouse, one: Played): Promise<void> => {
  const { world } = slack
  const text = one.channel ? `<@U_TACT> ${QUESTION}` : QUESTION
  const message = world.say(one.channelId, one.askerId, text)
  const event = one.channel ? mentionOf(message) : messageEventOf(world, message)
  await slack.socket.event({ ...event, ...one.event }, one.envelope ? { envelope: one.envelope } : {})
}

const whereSaid = ({ slack }: SlackHouse, text: string): ReadonlySet<string> =>
  new Set(
    slack.sent(text).map(({ fields }) => JSON.stringify(fields['channel'] ?? fields['user_id']).slice(1, -1)),
  )

const isIdle = async ({ team }: SlackHouse): Promise<boolean> => {
  const [found] = await team.query<{ waiting: number }>(
    sql`select count(*)::int as waiting from workflow.slack_events where state = 'waiting'`,
  )
  return found!.waiting === 0
}

describe.each(testEngines)('who is answered in Slack, on %s', (engine) => {
  let house: SlackHouse
  beforeAll(async () => {
    house = await openSlackHouse(engine)
    const { world } = house.slack
    world.addUser({ id: 'UGUEST', is_restricted: true })
    world.addUser({ id: 'USTRANGER', is_stranger: true, team_id: 'TOTHER' })
    world.addUser({ id: 'UNOBODY' })
    world.addUser({ id: 'UBOT', is_bot: true })
    const { owner, tenant, database } = house.team
    await asTenant(database, owner, (tx) => disableMember(tx, owner, tenant.actor('editor').memberId!))
  }, 60_000)
  afterAll(() => house.close())

  test('every row of the matrix: what is known stands only where those may read it who do', async () => {
    const { slack } = house
    const { world } = slack
    const played: Played[] = []
    for (const [at, one] of CASES.entries()) played.push(await play(house, one, at))
    slack.faults.decide = (method, fields) => {
      const one = played.find(({ channelId, askerId }) =>
        method === 'users.info'
          ? fields['user'] === askerId
          : (fields['channel'] ?? fields['channel_id']) === channelId,
      )
      if (one?.fails === method) return { kind: 'error', error: 'internal_error' }
      if (method === 'assistant.threads.setStatus' && String(fields['status']).includes('reading'))
        one?.meanwhile?.({
          channel: world.channels.get(one.channelId)!,
          asker: world.users.get(one.askerId)!,
        })
      return undefined
    }
    await Promise.all(played.map((one) => ask(house, one)))
    await house.until('all to be worked off', () => isIdle(house), 60_000)
    slack.faults.decide = () => undefined

    const said = whereSaid(house, CANARY)
    const may = (one: Played): string | undefined =>
      one.answered === 'nowhere'
        ? undefined
        : one.answered === 'here'
          ? one.channelId
          : world.directMessage(one.askerId).id
    const wrong = played.flatMap((one) => {
      const own = new Set([one.channelId, world.directMessage(one.askerId).id])
      const places = [...own].filter((place) => said.has(place))
      const wanted = may(one)
      return places.join() === (wanted ?? '') ? [] : [`${one.name}: ${places.join() || 'nowhere'}`]
    })
    expect(wrong).toEqual([])
    expect([...said].filter((place) => !played.some((one) => may(one) === place))).toEqual([])
    for (const one of played.filter(({ answered }) => answered === 'apart')) {
      const lines = slack.inChannel(one.channelId).filter(({ user }) => user === slack.botUser)
      expect([one.name, lines.map(({ text }) => text.includes('direct message'))]).toEqual([one.name, [true]])
    }
    expect(slack.violations).toEqual([])
  }, 90_000)

  test('what one member alone may see is not said in a channel, and is in their direct message', async () => {
    const { slack, team } = house
    const { owner, ids } = team
    await team.query(sql`insert into intel.interactions (id, tenant_id, kind, occurred_at, summary, deal_id, company_id, only_for)
      values (${newId()}, core.current_tenant(), 'call', now() - interval '1 day', 'Quillfeather is private', ${ids.deal}::uuid,
        ${ids.acme}::uuid, array[${owner.memberId}])`)
    const text = 'Show the last calls with Acme Rockets'
    const shared = slack.world.say('CDEALS', 'UOWNER', `<@U_TACT> ${text}`)
    await slack.socket.event(mentionOf(shared))
    const direct = slack.world.directMessage('UOWNER')
    await slack.socket.event(messageEventOf(slack.world, slack.world.say(direct.id, 'UOWNER', text)))
    await house.until('both answers', () => isIdle(house))
    expect([...whereSaid(house, 'First call')]).toContain('CDEALS')
    expect([...whereSaid(house, 'Quillfeather')]).toEqual([direct.id])
  }, 60_000)

  test('clicks of outsiders, on forwarded cards and in a channel that was shared since decide nothing', async () => {
    const { slack, team } = house
    const { world } = slack
    // Slack closes a socket now and then: another one is opened, and nothing is lost.
    slack.disconnectSockets('cut')
    await house.until('the cut', () => slack.connectedSockets === 0)
    await house.until('the next socket', () => slack.connectedSockets === 1)
    const asked = world.say('CDEALS', 'UOWNER', '<@U_TACT> Move Rocket fuel to Offer out')
    await slack.socket.event(mentionOf(asked))
    const card = (): FakeMessage | undefined =>
      slack.inChannel('CDEALS').find(({ blocks }) => JSON.stringify(blocks).includes('tact_approve'))
    await house.until('the card', () => card() !== undefined)
    const click = async (user: string, more: Fields = {}): Promise<void> => {
      const body = clickOn(world, slack.actionsAt, { user, message: card()!, actionId: 'tact_approve', more })
      await slack.socket.interaction(body)
      await house.until('the click', () => isIdle(house))
    }
    const stateNow = async (): Promise<string> => {
      const [found] = await team.query<{ state: string }>(
        sql`select state from workflow.proposals order by created_at desc, id desc limit 1`,
      )
      return found!.state
    }
    for (const user of ['UGUEST', 'USTRANGER', 'UNOBODY', 'UBOT', 'UEDITOR']) await click(user)
    const other = world.addChannel({ id: 'COTHER', members: ['UOWNER'] })
    await click('UOWNER', {
      channel: { id: other.id },
      container: { channel_id: other.id, message_ts: card()!.ts },
    })
    expect(await stateNow()).toBe('pending')
    const message = { ...card()! }
    Object.assign(world.channels.get('CDEALS')!, { is_ext_shared: true })
    const event = {
      type: 'channel_shared',
      connected_team_id: 'TOTHER',
      channel: 'CDEALS',
      event_ts: world.ts(),
    }
    await slack.socket.event(event)
    await house.until('the closed card', () => card() === undefined)
    await slack.socket.interaction(
      clickOn(world, slack.actionsAt, { user: 'UOWNER', message, actionId: 'tact_approve' }),
    )
    await house.until('the late click', () => isIdle(house))
    expect(await stateNow()).toBe('pending')
    expect(JSON.stringify(slack.inChannel('CDEALS').at(-1)!.blocks)).not.toContain(CANARY)
  }, 60_000)
})

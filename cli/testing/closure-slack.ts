import { addSlackCard, proposalMark } from '../../db/slack-cards.ts'
import { asTenant } from '../../db/tenant.ts'
import { nowOf, ownWorkspace } from '../../db/workspace.ts'
import type { Actor } from '../../domain/actor.ts'
import { readProposal } from '../../writeback/store.ts'
import { SLACK_PATH } from '../../slack-bot/app.ts'
import { DIALOGS } from '../../slack-bot/actions-dialogs.ts'
import { ACTIONS, targetOf } from '../../slack-bot/cards.ts'
import { HttpSender, signature } from '../../slack-bot/testing/deliver.ts'
import { FakeSlack } from '../../slack-bot/testing/fake-slack.ts'
import {
  clickOn,
  eventEnvelope,
  mentionOf,
  messageEventOf,
  slashCommand,
  submissionOf,
} from '../../slack-bot/testing/payloads.ts'
import { linkInSlack } from '../../slack-bot/testing/serve-bot.ts'
import { TEAM } from '../../slack-bot/testing/world.ts'
import type { FakeMessage, Fields } from '../../slack-bot/testing/world.ts'
import type { House } from '../compose.ts'

/** Who may decide in Slack, and a bot that an agent posts as. */
const [PERSON, BOT, CHANNEL] = ['UPERSON', 'UAGENT', 'CDEALS'] as const
const ACK_TIMEOUT_MS = 30_000
const FORM = 'application/x-www-form-urlencoded'
const TEN_MINUTES_S = 600

export interface SlackForgery {
  readonly status: number
  readonly text: string
  readonly said: string
}

/** A Slack before the house, with a card for each open proposal; `serveWith` is the house's configuration for it. */
export interface ForgedSlack {
  readonly serveWith: Partial<House['config']>
  /** Puts the cards where the person could click on them, once the house is served at `url`. */
  furnish(url: string, open: readonly string[]): Promise<void>
  /** One click, dialog, command or message as an agent can send it that has no secret of Slack's. */
  forge(): Promise<SlackForgery>
  close(): Promise<void>
}

const cardOf = (slack: FakeSlack, id: string, revision: number): FakeMessage => {
  const card = slack.world.say(CHANNEL, slack.botUser, 'A proposal')
  const elements = Object.values(ACTIONS).map((action) => ({
    type: 'button',
    action_id: action,
    text: { type: 'plain_text', text: action },
    value: targetOf(id, revision),
  }))
  Object.assign(card, { blocks: [{ type: 'actions', block_id: 'decide', elements }] })
  return card
}

/** Opens the fake of Slack for what an agent may send to the app's address; `secret` is all that the agent holds. */
export const openForgedSlack = async (
  house: House,
  {
    actor,
    random,
    secret,
  }: { readonly actor: Actor; readonly random: () => number; readonly secret: () => string },
): Promise<ForgedSlack> => {
  const { database } = house
  const slack = await new FakeSlack().listen()
  const { world } = slack
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  await linkInSlack({ slack, database }, PERSON, { member: actor })
  world.addUser({ id: BOT, is_bot: true })
  world.addChannel({ id: CHANNEL, members: [PERSON, BOT] })
  const { slug } = await asTenant(database, actor, (tx) => ownWorkspace(tx))
  const cards: { readonly message: FakeMessage; readonly value: string }[] = []
  let at = ''

  const form = (payload: Fields): readonly [string, string] => [
    `payload=${encodeURIComponent(JSON.stringify(payload))}`,
    FORM,
  ]
  const bodies: Readonly<Record<string, () => readonly [string, string]>> = {
    click: () =>
      form(
        clickOn(world, slack.actionsAt, {
          user: PERSON,
          message: pick(cards).message,
          actionId: pick(Object.values(ACTIONS)),
        }),
      ),
    dialog: () => {
      const { message, value } = pick(cards)
      const place = { value, channelId: CHANNEL, messageTs: message.ts }
      return form(
        submissionOf(
          world,
          PERSON,
          {
            id: 'V1',
            type: 'modal',
            callback_id: pick(Object.values(DIALOGS)),
            private_metadata: JSON.stringify(place),
            blocks: [],
          },
          {},
        ),
      )
    },
    command: () => {
      const words = pick(['ask approve everything', 'inbox', 'digest', 'link', 'ask how many deals are open'])
      const command = slashCommand(world, slack.actionsAt, PERSON, CHANNEL, '/tact', words)
      return [new URLSearchParams(command as Record<string, string>).toString(), FORM]
    },
    message: () => {
      const asked = world.say(CHANNEL, PERSON, '<@U_TACT> approve everything')
      return [JSON.stringify(eventEnvelope(world, mentionOf(asked))), 'application/json']
    },
  }
  const proofs: Readonly<Record<string, (body: string) => Record<string, string>>> = {
    unsigned: () => ({}),
    'signed with the token': (body) => signature(secret(), body),
    'signed for another body': () => signature(slack.signingSecret, ''),
    'signed ten minutes ago': (body) =>
      signature(slack.signingSecret, body, Math.floor(Date.now() / 1000) - TEN_MINUTES_S),
    'signed ten minutes ahead': (body) =>
      signature(slack.signingSecret, body, Math.floor(Date.now() / 1000) + TEN_MINUTES_S),
  }
  /** What Slack itself sends when a bot of the agent's writes: it is let in, and nothing to us. */
  const asBot = async (): Promise<SlackForgery> => {
    const text = pick(['approve', 'approve everything', '<@U_TACT> approve the proposal'])
    const said = { ...messageEventOf(world, world.say(CHANNEL, BOT, text)), bot_id: 'B_AGENT' }
    const { status, answer } = await slack.http(at).event(said, { retryDelaysMs: [] })
    return { status, text: answer, said: `slack message of a bot: ${text}` }
  }

  return {
    serveWith: {
      TACT_SLACK_BOT_TOKEN: slack.botToken,
      TACT_SLACK_API_URL: slack.apiUrl,
      TACT_SLACK_SIGNING_SECRET: slack.signingSecret,
      TACT_SLACK_WORKSPACE: slug,
      TACT_PUBLIC_URL: 'http://127.0.0.1',
    },
    furnish: async (url, open) => {
      at = new URL(SLACK_PATH, url).href
      await asTenant(database, actor, async (tx) => {
        const now = nowOf(await ownWorkspace(tx))
        for (const id of open) {
          const { revision } = await readProposal(tx, id)
          const message = cardOf(slack, id, revision)
          const place = { teamId: TEAM, channelId: CHANNEL, messageTs: message.ts, memberId: null }
          await addSlackCard(tx, { ...place, proposalId: id, drawn: (await proposalMark(tx, id, now))! })
          cards.push({ message, value: targetOf(id, revision) })
        }
      })
    },
    forge: async () => {
      if (random() < 0.2) return await asBot()
      const kind = pick(Object.keys(bodies))
      const proof = pick(Object.keys(proofs))
      const [body, type] = bodies[kind]!()
      const sender = new HttpSender(at, world, '', ACK_TIMEOUT_MS)
      const { status, answer } = await sender.post(body, {
        'content-type': type,
        ...(random() < 0.5 ? { authorization: `Bearer ${secret()}` } : {}),
        ...proofs[proof]!(body),
      })
      return { status, text: answer, said: `slack ${kind}, ${proof}` }
    },
    close: () => slack.close(),
  }
}

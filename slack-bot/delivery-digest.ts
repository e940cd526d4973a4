import type { DigestChannel, Handed, OutgoingDigest } from '../digest/channel.ts'
import type { Layout } from '../digest/layout.ts'
import { SlackBudget } from './budget.ts'
import { slackClients } from './clients.ts'
import type { SlackApi } from './clients.ts'
import { machineClock } from './clock.ts'
import type { Clock } from './clock.ts'
import { postedIn, postOnce } from './delivery-post.ts'
import type { Poster } from './delivery-post.ts'
import { createGate } from './gate.ts'
import { lookupsOf } from './lookups.ts'
import type { SlackParts } from './parts.ts'
import { digestPosts } from './render/layout.ts'
import type { DigestPost } from './render/layout.ts'
import { hostsOf } from './render/text.ts'
import { failureOf } from './slack-failure.ts'

/**
 * Posts a digest into a channel, each message of it once for that key: what an earlier attempt posted is looked for first.
 * Answers the ts of the first. Throws what Slack refuses.
 */
export const postDigest = async (
  parts: Poster & Pick<SlackParts, 'inboxUrl'>,
  { channelId, key, layout }: { readonly channelId: string; readonly key: string; readonly layout: Layout },
): Promise<string> => {
  const [first, ...replies] = digestPosts(layout, hostsOf(parts.inboxUrl()))
  const nameOf = (post: DigestPost): string => `digest:${key}:${post.key}`
  const put = (post: DigestPost, threadTs?: string): Promise<string> =>
    postOnce(parts, { channelId, threadTs }, { text: post.text, blocks: post.blocks, key: nameOf(post) })
  const there = (await postedIn(parts.client, { channelId })).get(nameOf(first!))
  const root = there ?? (await put(first!))
  const posted = there === undefined ? undefined : await postedIn(parts.client, { channelId, threadTs: root })
  for (const reply of replies) if (!posted?.has(nameOf(reply))) await put(reply, root)
  return root
}

/** What Slack did not take; nothing says that it has it, so that it is looked for and tried again. */
const failed = (thrown: unknown): Handed => {
  const failure = failureOf(thrown)
  return failure.kind === 'refused'
    ? { outcome: 'refused', failure: `slack_${failure.code}` }
    : { outcome: 'later', failure: `slack_${failure.kind}` }
}

export interface DigestChannelOptions extends Pick<SlackParts, 'database' | 'tenantId' | 'inboxUrl'> {
  readonly botToken: string
  /** Another Slack than the real one. */
  readonly api?: SlackApi
  /** By which it is counted what may be sent in a minute; the machine's unless given. */
  readonly budgetClock?: Clock
}

/**
 * Digests of the team into a channel of Slack where everybody may read what every member may. A message that stands there
 * already is found by what Slack keeps with it, so a digest that broke off is gone on with, and none is posted twice.
 */
export const digestChannel = (options: DigestChannelOptions): DigestChannel => {
  const { botToken, api, inboxUrl } = options
  const { background: client, interactive } = slackClients(botToken, api)
  const budget = new SlackBudget(options.budgetClock ?? machineClock)
  const lookups = lookupsOf(interactive)
  const mayStandIn = async (channelId: string): Promise<boolean> => {
    const { team_id: teamId, user_id: botUserId } = await client.auth.test()
    const home = { teamId: teamId!, botUserId: botUserId! }
    return createGate({ ...options, lookups, home }).mayShow(channelId, null)
  }
  return {
    send: async ({ runId, policy: { destination: channelId }, layout }: OutgoingDigest, beforeHandover) => {
      if (channelId === null) return { outcome: 'refused', failure: 'no_slack_channel' }
      try {
        if (!(await mayStandIn(channelId))) return { outcome: 'later', failure: 'slack_others_may_read' }
      } catch (error) {
        return failed(error)
      }
      await beforeHandover()
      try {
        const ts = await postDigest({ client, budget, inboxUrl }, { channelId, key: runId, layout })
        return { outcome: 'done', ref: `${channelId}:${ts}` }
      } catch (error) {
        return failed(error)
      }
    },
    // `send` looks for itself what stands there.
    find: async () => ({ found: 'absent' }),
  }
}

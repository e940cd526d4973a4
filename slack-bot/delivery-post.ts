import type { KnownBlock } from '@slack/types'
import type { WebClient } from '@slack/web-api'
import type { SlackBudget } from './budget.ts'
import { failureOf } from './slack-failure.ts'

/** Where a message goes: a channel, and a thread of it unless it begins one. */
export interface Spot {
  readonly channelId: string
  readonly threadTs?: string | undefined
}

export interface Post {
  readonly text: string
  readonly blocks?: readonly KnownBlock[] | undefined
  /** What it is, once and for all: a message that carries the same stands there already, and is answered. */
  readonly key: string
}

const METADATA = 'tact_message'

/** Slack's word for what it refused, such as `message_not_found`; undefined where it did not get to refuse. */
export const slackRefusal = (error: unknown): string | undefined => {
  const failure = failureOf(error)
  return failure.kind === 'refused' ? failure.code : undefined
}

/** Messages of a day, or of a thread, are looked through for a key, up to so many. */
const LOOK_BACK_S = 24 * 3_600
const PAGE = 100
const MOST_PAGES = 10

/** The messages of ours in that place, by their keys. */
export const postedIn = async (
  client: WebClient,
  { channelId, threadTs }: Spot,
): Promise<ReadonlyMap<string, string>> => {
  const found = new Map<string, string>()
  const options = { channel: channelId, include_all_metadata: true, limit: PAGE }
  const oldest = (Date.now() / 1000 - LOOK_BACK_S).toFixed(6)
  let cursor = ''
  for (let page = 0; page < MOST_PAGES; page++) {
    const from = cursor === '' ? {} : { cursor }
    const { messages = [], response_metadata: more } =
      threadTs === undefined
        ? await client.conversations.history({ ...options, ...from, oldest })
        : await client.conversations.replies({ ...options, ...from, ts: threadTs })
    for (const { metadata, ts } of messages) {
      const payload: { readonly key?: unknown } | undefined = metadata?.event_payload
      if (metadata?.event_type === METADATA && typeof payload?.key === 'string' && ts !== undefined)
        found.set(payload.key, ts)
    }
    cursor = more?.next_cursor ?? ''
    if (cursor === '') break
  }
  return found
}

/** The message with that key, where Slack has it. */
export const findPosted = async (client: WebClient, spot: Spot, key: string): Promise<string | undefined> =>
  (await postedIn(client, spot)).get(key)

export interface Poster {
  /** For posts: it repeats nothing by itself. */
  readonly client: WebClient
  readonly budget: SlackBudget
}

/**
 * Posts a message once and answers its ts: when it cannot be told whether Slack took it, Slack is asked for it before it
 * is sent again. Links are not unfolded and names not looked up. Throws what Slack refuses.
 */
export const postOnce = async (
  { client, budget }: Poster,
  spot: Spot,
  { text, blocks, key }: Post,
  { isAgain = false }: { readonly isAgain?: boolean } = {},
): Promise<string> => {
  if (isAgain) {
    const found = await findPosted(client, spot, key)
    if (found !== undefined) return found
  }
  const send = async (): Promise<string> => {
    await budget.take('post', spot.channelId)
    const { ts } = await client.chat.postMessage({
      channel: spot.channelId,
      text,
      parse: 'none',
      unfurl_links: false,
      unfurl_media: false,
      metadata: { event_type: METADATA, event_payload: { key } },
      ...(spot.threadTs === undefined ? {} : { thread_ts: spot.threadTs }),
      ...(blocks === undefined ? {} : { blocks: [...blocks] }),
    })
    return ts!
  }
  try {
    return await send()
  } catch (error) {
    if (failureOf(error).kind !== 'unknown') throw error
    return (await findPosted(client, spot, key)) ?? (await send())
  }
}

/** A line that one person alone sees, and that is lost when they reload: never the only place something stands. */
export const whisper = async (
  client: WebClient,
  { channelId, threadTs }: Spot,
  { userId, text }: { readonly userId: string; readonly text: string },
): Promise<void> => {
  await client.chat
    .postEphemeral({
      channel: channelId,
      user: userId,
      text,
      ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
    })
    .catch(() => {})
}

/** A direct message with a person. Throws what Slack refuses. */
export const directMessageWith = async (client: WebClient, userId: string): Promise<string> => {
  const { channel } = await client.conversations.open({ users: userId })
  return channel!.id!
}

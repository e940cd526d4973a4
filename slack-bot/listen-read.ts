import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { NewSlackEvent } from '../db/slack-events.ts'

const Envelope = z.object({
  type: z.literal('event_callback'),
  event_id: z.string().min(1),
  team_id: z.string().optional(),
  is_ext_shared_channel: z.boolean().optional(),
  event: z.record(z.string(), z.unknown()),
})

/** A question as it is kept until it is answered. */
export const Question = z.object({
  type: z.literal('question'),
  userId: z.string(),
  userTeam: z.string().optional(),
  channelId: z.string(),
  threadTs: z.string(),
  ts: z.string(),
  text: z.string(),
  isSharedByEnvelope: z.boolean(),
  isDirect: z.boolean(),
})
export type Question = z.infer<typeof Question>

/** Somebody opened the bot's own place. */
export const HomeOpened = z.object({
  type: z.literal('home_opened'),
  userId: z.string(),
  channelId: z.string(),
  tab: z.enum(['home', 'messages']),
})
export type HomeOpened = z.infer<typeof HomeOpened>

/** Others may read a channel from now on. */
export const AudienceChanged = z.object({ type: z.literal('audience_changed'), channelId: z.string() })
export type AudienceChanged = z.infer<typeof AudienceChanged>

const Joined = z.object({ channel: z.string(), user: z.string().optional(), event_ts: z.string() })

const Message = z.object({
  channel: z.string(),
  channel_type: z.string().optional(),
  user: z.string(),
  user_team: z.string().optional(),
  source_team: z.string().optional(),
  team: z.string().optional(),
  text: z.string().default(''),
  ts: z.string(),
  thread_ts: z.string().optional(),
  bot_id: z.string().optional(),
  subtype: z.string().optional(),
})

const Changed = z.object({
  channel: z.string(),
  channel_type: z.string().optional(),
  event_ts: z.string().optional(),
  ts: z.string(),
  message: z.object({ ts: z.string(), text: z.string().default(''), bot_id: z.string().optional() }),
  previous_message: z.object({ text: z.string().optional() }).optional(),
})

const Deleted = z.object({ channel: z.string(), ts: z.string(), deleted_ts: z.string() })

const Stopped = z.object({ channel: z.string(), thread_ts: z.string(), event_ts: z.string() })

const Opened = z.object({
  user: z.string(),
  channel: z.string(),
  tab: z.enum(['home', 'messages']).default('home'),
  event_ts: z.string(),
})

/** Subtypes of messages that people write. */
const WRITTEN = new Set(['file_share', 'thread_broadcast'])

export const queueOf = (channelId: string, threadTs: string): string => `${channelId}:${threadTs}`

const digest = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40)

const fact = (
  event: Pick<NewSlackEvent, 'eventId' | 'slackTs' | 'says'> & {
    readonly about: string
    readonly text?: string
  },
): NewSlackEvent => ({
  eventId: event.eventId,
  kind: 'fact',
  queue: event.about,
  slackTs: event.slackTs,
  aboutMessage: event.about,
  says: event.says,
  body: event.text === undefined ? null : { text: event.text },
})

const mention = (botUserId: string): string => `<@${botUserId}>`

/** A message without the mention of the bot, as the person meant it. */
const spoken = (text: string, botUserId: string): string => text.replaceAll(mention(botUserId), ' ').trim()

/** By the message, so that one which Slack tells of twice (as a mention and as a message) is one. */
export const questionEvent = (body: Question): NewSlackEvent => {
  const about = queueOf(body.channelId, body.ts)
  return {
    eventId: `message:${about}`,
    kind: 'message',
    queue: queueOf(body.channelId, body.threadTs),
    slackTs: body.ts,
    aboutMessage: about,
    says: null,
    body,
  }
}

const question = (
  raw: unknown,
  {
    isShared,
    botUserId,
    isDirect,
  }: { readonly isShared: boolean; readonly botUserId: string; readonly isDirect: boolean },
): NewSlackEvent | undefined => {
  const parsed = Message.safeParse(raw)
  if (!parsed.success) return undefined
  const { channel, user, ts, text, thread_ts: thread, subtype, bot_id: bot } = parsed.data
  if (bot !== undefined || user === botUserId || (subtype !== undefined && !WRITTEN.has(subtype)))
    return undefined
  const threadTs = thread ?? ts
  const team = parsed.data.user_team ?? parsed.data.source_team ?? parsed.data.team
  const body: Question = {
    type: 'question',
    userId: user,
    ...(team === undefined ? {} : { userTeam: team }),
    channelId: channel,
    threadTs,
    ts,
    text: spoken(text, botUserId),
    isSharedByEnvelope: isShared,
    isDirect,
  }
  return questionEvent(body)
}

const changed = (raw: unknown, eventId: string, botUserId: string): NewSlackEvent | undefined => {
  const parsed = Changed.safeParse(raw)
  if (!parsed.success || parsed.data.message.bot_id !== undefined) return undefined
  const { channel, channel_type: kind, message, previous_message: before, event_ts: at, ts } = parsed.data
  // Slack also says so when it adds a preview, say; then the words are as before.
  if (before?.text === message.text) return undefined
  const isAddressed = kind === 'im' || message.text.includes(mention(botUserId))
  const about = queueOf(channel, message.ts)
  // Words that are not for us are not kept, and a question that no longer is for us is none.
  return isAddressed
    ? fact({ eventId, slackTs: at ?? ts, says: 'edited', about, text: spoken(message.text, botUserId) })
    : fact({ eventId, slackTs: at ?? ts, says: 'deleted', about })
}

/**
 * What is to be written down of a request of Slack's events API; undefined where it is nothing to us: messages of bots,
 * of channels that do not mention us, other kinds. Pure.
 */
export const readEvent = (
  raw: unknown,
  { botUserId }: { readonly botUserId: string },
): NewSlackEvent | undefined => {
  const parsed = Envelope.safeParse(raw)
  if (!parsed.success) return undefined
  const { event, event_id: eventId, is_ext_shared_channel: isShared = false } = parsed.data
  switch (event['type']) {
    case 'app_mention':
      return question(event, { isShared, botUserId, isDirect: false })
    case 'message':
      if (event['subtype'] === 'message_changed') return changed(event, eventId, botUserId)
      if (event['subtype'] === 'message_deleted') {
        const gone = Deleted.safeParse(event)
        if (!gone.success) return undefined
        const { channel, ts, deleted_ts: deletedTs } = gone.data
        return fact({ eventId, slackTs: ts, says: 'deleted', about: queueOf(channel, deletedTs) })
      }
      return event['channel_type'] === 'im'
        ? question(event, { isShared, botUserId, isDirect: true })
        : undefined
    case 'agent_session_stopped': {
      const stopped = Stopped.safeParse(event)
      if (!stopped.success) return undefined
      const { channel, thread_ts: thread, event_ts: slackTs } = stopped.data
      return fact({ eventId, slackTs, says: 'stopped', about: queueOf(channel, thread) })
    }
    case 'app_home_opened': {
      const opened = Opened.safeParse(event)
      if (!opened.success) return undefined
      const { user, channel, tab, event_ts: slackTs } = opened.data
      const body: HomeOpened = { type: 'home_opened', userId: user, channelId: channel, tab }
      return {
        eventId,
        kind: 'command',
        queue: `home:${user}`,
        slackTs,
        aboutMessage: null,
        says: null,
        body,
      }
    }
    case 'channel_shared':
    case 'member_joined_channel': {
      const joined = Joined.safeParse(event)
      if (!joined.success || joined.data.user === botUserId) return undefined
      const { channel: channelId, event_ts: slackTs } = joined.data
      const body: AudienceChanged = { type: 'audience_changed', channelId }
      return {
        eventId,
        kind: 'command',
        queue: `audience:${channelId}`,
        slackTs,
        aboutMessage: null,
        says: null,
        body,
      }
    }
    default:
      return undefined
  }
}

/** A click as it is kept until it is done. */
export const Click = z.object({
  type: z.literal('click'),
  userId: z.string(),
  userTeam: z.string().optional(),
  channelId: z.string(),
  messageTs: z.string(),
  threadTs: z.string().optional(),
  isSharedByEnvelope: z.boolean(),
  action: z.string(),
  value: z.string(),
})
export type Click = z.infer<typeof Click>

/** What is to be written down of a click: the same click, however often it is sent, is one. */
export const clickEvent = (click: Click, actionTs: string): NewSlackEvent => ({
  eventId: `click:${digest(click.userId, click.channelId, click.messageTs, click.action, click.value, actionTs)}`,
  kind: 'click',
  queue: `click:${queueOf(click.channelId, click.messageTs)}`,
  slackTs: actionTs,
  aboutMessage: queueOf(click.channelId, click.messageTs),
  says: null,
  body: click,
})

/** `/tact ask …`, kept until it is answered, in a direct message. */
export const AskCommand = z.object({
  type: z.literal('ask_command'),
  userId: z.string(),
  userTeam: z.string().optional(),
  channelId: z.string(),
  text: z.string(),
})
export type AskCommand = z.infer<typeof AskCommand>

/** `atMs`: when it came; `trigger` is Slack's own id of the command. */
export const commandEvent = (
  command: AskCommand,
  { trigger, atMs }: { readonly trigger: string; readonly atMs: number },
): NewSlackEvent => ({
  eventId: `command:${digest(trigger)}`,
  kind: 'command',
  queue: `command:${command.userId}`,
  slackTs: (atMs / 1000).toFixed(6),
  aboutMessage: null,
  says: null,
  body: command,
})

/** A signature that was used: the request is refused when it comes again. */
export const requestEvent = (signature: string, atMs: number): NewSlackEvent => ({
  eventId: `request:${digest(signature)}`,
  kind: 'request',
  queue: 'request',
  slackTs: (atMs / 1000).toFixed(6),
  aboutMessage: null,
  says: null,
  body: null,
})

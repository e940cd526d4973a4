import { BOT, BOT_USER, textOf, type FakeMessage, type Fields, type World } from '../world.ts'

export interface Times {
  /** Slack ends a stream about five minutes after its start, traffic or not. */
  readonly streamTtlMs: number
  readonly triggerTtlMs: number
}
export interface Call {
  readonly world: World
  readonly fields: Fields
  readonly times: Times
}
export type Reply = { readonly ok: boolean; readonly error?: string } & Fields
export type Method = (call: Call) => Reply

export const refuse = (error: string, more: Fields = {}): Reply => ({ ok: false, error, ...more })

/** Why the bot may not write there, if it may not. */
export const closedTo = ({ world, fields }: Call): string | undefined => {
  const channel = world.channels.get(textOf(fields.channel))
  if (!channel) return 'channel_not_found'
  if (channel.is_archived) return 'is_archived'
  return channel.members.includes(BOT_USER) ? undefined : 'not_in_channel'
}

/** A message as history and answers show it. */
export const shown = (message: FakeMessage, withMetadata: boolean): Fields => ({
  type: 'message',
  ts: message.ts,
  user: message.user,
  ...(message.user === BOT_USER ? { bot_id: BOT, app_id: 'A_TACT' } : {}),
  text: message.text || message.markdown,
  blocks: [
    ...(message.streamed?.tasks.size
      ? [...message.streamed.tasks.values()].map((task) => ({
          type: 'task_card',
          task_id: task.id,
          title: task.title,
          status: task.status,
        }))
      : []),
    ...message.blocks,
  ],
  ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}),
  ...(message.edits ? { edited: { user: message.user, ts: message.ts } } : {}),
  ...(withMetadata && message.metadata ? { metadata: message.metadata } : {}),
})

/** The page of a list that `cursor` and `limit` ask for, with Slack's `next_cursor`. */
export const paged = <T>(items: readonly T[], fields: Fields, usual: number): { page: T[]; rest: Fields } => {
  const from = Number(textOf(fields.cursor).replace('at:', '') || 0)
  const limit = Number(fields.limit ?? usual)
  const more = from + limit < items.length
  return {
    page: items.slice(from, from + limit),
    rest: { response_metadata: { next_cursor: more ? `at:${from + limit}` : '' } },
  }
}

import { BOT_USER, textOf, type Fields } from '../world.ts'
import { closedTo, refuse, shown, type Call, type Method, type Reply } from './method.ts'

const LONGEST_TEXT = 40_000
const LONGEST_UPDATE = 4000
const LONGEST_MARKDOWN = 12_000
const LONGEST_METADATA = 16_000

const wrongContent = ({ fields }: Call, longestText: number): Reply | undefined => {
  if (textOf(fields.text).length > longestText) return refuse('msg_too_long')
  if (textOf(fields.markdown_text).length > LONGEST_MARKDOWN) return refuse('msg_too_long')
  if (fields.markdown_text !== undefined && (fields.blocks !== undefined || fields.text !== undefined))
    return refuse('markdown_text_conflict')
  if (JSON.stringify(fields.metadata ?? {}).length > LONGEST_METADATA) return refuse('metadata_too_large')
  const empty =
    !textOf(fields.text).trim() &&
    !textOf(fields.markdown_text).trim() &&
    !(fields.blocks as unknown[] | undefined)?.length
  return empty && !fields.attachments ? refuse('no_text') : undefined
}

const postMessage: Method = (call) => {
  const { world, fields } = call
  const closed = closedTo(call)
  if (closed) return refuse(closed)
  const wrong = wrongContent(call, LONGEST_TEXT)
  if (wrong) return wrong
  const threadTs = textOf(fields.thread_ts)
  if (threadTs && !world.message(fields.channel, threadTs)) return refuse('thread_not_found')
  const message = world.put({
    ...content(fields),
    channel: textOf(fields.channel),
    ts: world.ts(),
    user: BOT_USER,
    edits: 0,
    ...(threadTs ? { thread_ts: threadTs } : {}),
    unfurl: fields.unfurl_links !== false || fields.unfurl_media !== false,
  })
  return { ok: true, channel: message.channel, ts: message.ts, message: shown(message, true) }
}

const postEphemeral: Method = (call) => {
  const { world, fields } = call
  const closed = closedTo(call)
  if (closed) return refuse(closed)
  if (!world.channels.get(textOf(fields.channel))!.members.includes(textOf(fields.user)))
    return refuse('user_not_in_channel')
  const wrong = wrongContent(call, LONGEST_TEXT)
  if (wrong) return wrong
  const message = world.put({
    ...content(fields),
    channel: textOf(fields.channel),
    ts: world.ts(),
    user: BOT_USER,
    edits: 0,
    ephemeralFor: textOf(fields.user),
  })
  return { ok: true, message_ts: message.ts }
}

const update: Method = (call) => {
  const { world, fields } = call
  const message = world.message(fields.channel, fields.ts)
  if (!message || message.ephemeralFor) return refuse('message_not_found')
  if (message.user !== BOT_USER) return refuse('cant_update_message')
  if (message.streamed?.open) return refuse('streaming_state_conflict')
  const closed = closedTo(call)
  if (closed) return refuse(closed)
  const wrong = wrongContent(call, LONGEST_UPDATE)
  if (wrong) return wrong
  // Blocks that are not sent again stay when a text alone is sent; a Markdown text replaces them.
  const { text: newText, blocks, markdown, metadata } = content(fields)
  message.text = newText
  message.markdown = markdown
  if (fields.blocks !== undefined || fields.markdown_text !== undefined) message.blocks = blocks
  if (fields.metadata !== undefined && metadata) message.metadata = metadata
  message.streamed?.tasks.clear()
  message.streamed?.parts.splice(0)
  message.edits++
  return {
    ok: true,
    channel: message.channel,
    ts: message.ts,
    text: message.text,
    message: shown(message, true),
  }
}

const remove: Method = ({ world, fields }) => {
  const message = world.message(fields.channel, fields.ts)
  if (!message) return refuse('message_not_found')
  if (message.user !== BOT_USER) return refuse('cant_delete_message')
  message.deleted = true
  return { ok: true, channel: message.channel, ts: message.ts }
}

const getPermalink: Method = ({ world, fields }) => {
  const message = world.message(fields.channel, fields.message_ts)
  if (!message) return refuse('message_not_found')
  return {
    ok: true,
    channel: message.channel,
    permalink: `https://home.slack.com/archives/${message.channel}/p${message.ts.replace('.', '')}`,
  }
}

const content = (
  fields: Fields,
): { text: string; markdown: string; blocks: readonly Fields[]; metadata?: Fields } => ({
  text: textOf(fields.text),
  markdown: textOf(fields.markdown_text),
  blocks: (fields.blocks as Fields[] | undefined) ?? [],
  ...(fields.metadata ? { metadata: fields.metadata as Fields } : {}),
})

export const chatMethods: Readonly<Record<string, Method>> = {
  'chat.postMessage': postMessage,
  'chat.postEphemeral': postEphemeral,
  'chat.update': update,
  'chat.delete': remove,
  'chat.getPermalink': getPermalink,
}

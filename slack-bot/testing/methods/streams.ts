import { checkBlocks } from '../validate.ts'
import { BOT_USER, textOf, type FakeMessage, type Fields } from '../world.ts'
import { closedTo, refuse, shown, type Call, type Method, type Reply } from './method.ts'

const LONGEST_MARKDOWN = 12_000
const LONGEST_TASK_TEXT = 256
const MOST_BLOCKS = 50

/** Slack closes a stream by itself when its time is over. */
const current = ({ world, fields, times }: Call): FakeMessage | undefined => {
  const message = world.message(fields.channel, fields.ts)
  if (message?.streamed?.open && world.clock.now() - message.streamed.startedAtMs > times.streamTtlMs)
    message.streamed.open = false
  return message
}

/** Adds what a call carries to the message, or says why not; nothing is added when something is wrong. */
const take = (message: FakeMessage, fields: Fields): Reply | undefined => {
  const chunks = (fields.chunks as Fields[] | undefined) ?? []
  const texts = [
    textOf(fields.markdown_text),
    ...chunks.filter(({ type }) => type === 'markdown_text').map((chunk) => textOf(chunk.text)),
  ]
  if (texts.join('').length > LONGEST_MARKDOWN) return refuse('msg_too_long')
  if (fields.markdown_text !== undefined && fields.chunks !== undefined) return refuse('invalid_arguments')
  const tasks = chunks.filter(({ type }) => type === 'task_update')
  if (
    tasks.some(
      (task) =>
        textOf(task.details).length > LONGEST_TASK_TEXT || textOf(task.output).length > LONGEST_TASK_TEXT,
    )
  )
    return refuse('invalid_chunks')
  const blocks = [
    ...message.blocks,
    ...chunks.filter(({ type }) => type === 'blocks').flatMap((chunk) => chunk.blocks as Fields[]),
  ]
  if (blocks.length > MOST_BLOCKS || checkBlocks(blocks).length > 0) return refuse('invalid_blocks')
  message.markdown += texts.join('')
  message.streamed!.parts.push(
    ...[{ type: 'markdown_text', text: textOf(fields.markdown_text) }, ...chunks].flatMap((chunk: Fields) =>
      chunk.type === 'markdown_text' && textOf(chunk.text)
        ? [{ type: 'markdown', text: chunk.text }]
        : ((chunk.blocks as Fields[] | undefined) ?? []),
    ),
  )
  message.blocks = blocks
  for (const task of tasks)
    message.streamed!.tasks.set(textOf(task.id), { ...message.streamed!.tasks.get(textOf(task.id)), ...task })
  return undefined
}

const startStream: Method = (call) => {
  const { world, fields } = call
  const closed = closedTo(call)
  if (closed) return refuse(closed)
  const channel = world.channels.get(textOf(fields.channel))!
  if (!channel.is_im && !fields.recipient_user_id) return refuse('missing_recipient_user_id')
  if (!channel.is_im && !fields.recipient_team_id) return refuse('missing_recipient_team_id')
  if (!world.message(channel.id, fields.thread_ts)) return refuse('thread_not_found')
  const message: FakeMessage = {
    channel: channel.id,
    ts: world.ts(),
    user: BOT_USER,
    thread_ts: textOf(fields.thread_ts),
    text: '',
    markdown: '',
    blocks: [],
    edits: 0,
    streamed: { open: true, startedAtMs: world.clock.now(), tasks: new Map(), parts: [] },
  }
  const wrong = take(message, fields)
  if (wrong) return wrong
  world.put(message)
  return { ok: true, channel: message.channel, ts: message.ts }
}

const appendStream: Method = (call) => {
  const message = current(call)
  if (!message?.streamed) return refuse('message_not_found')
  if (message.streamed.stoppedBy) return refuse('stopped_by_user')
  if (!message.streamed.open) return refuse('message_not_in_streaming_state')
  const { fields } = call
  if (!textOf(fields.markdown_text) && !(fields.chunks as unknown[] | undefined)?.length)
    return refuse('no_text')
  return take(message, fields) ?? { ok: true, channel: message.channel, ts: message.ts }
}

const stopStream: Method = (call) => {
  const message = current(call)
  if (!message?.streamed) return refuse('message_not_found')
  if (message.streamed.stoppedBy) return refuse('stopped_by_user')
  if (!message.streamed.open) return refuse('message_not_in_streaming_state')
  const { fields, world } = call
  const wrong = take(message, fields)
  if (wrong) return wrong
  // Blocks of the call that stops are counted apart from those streamed before.
  const last = (fields.blocks as Fields[] | undefined) ?? []
  message.blocks = [...message.blocks, ...last]
  message.streamed.parts.push(...last)
  if (fields.metadata) message.metadata = fields.metadata as Fields
  if (fields.session_status)
    world.sessions.set(`${message.channel}:${message.thread_ts}`, { status: fields.session_status })
  message.streamed.open = false
  return { ok: true, channel: message.channel, ts: message.ts, message: shown(message, true) }
}

export const streamMethods: Readonly<Record<string, Method>> = {
  'chat.startStream': startStream,
  'chat.appendStream': appendStream,
  'chat.stopStream': stopStream,
}

import { textOf, type Fields } from '../world.ts'
import { refuse, type Method } from './method.ts'

const SESSION_STATES = new Set(['processing', 'active', 'suspended', 'closed'])
const LONGEST_TITLE = 200
const MOST_LOADING_MESSAGES = 10
const MOST_PROMPTS = 4

const setStatus: Method = ({ world, fields }) => {
  const thread = world.message(fields.channel_id, fields.thread_ts)
  if (!thread) return refuse('thread_not_found')
  if (((fields.loading_messages as unknown[] | undefined) ?? []).length > MOST_LOADING_MESSAGES)
    return refuse('too_many_loading_messages')
  const key = `${thread.channel}:${thread.ts}`
  world.statuses.set(key, [...(world.statuses.get(key) ?? []), { ...fields }])
  return { ok: true }
}

const setPrompts: Method = ({ world, fields }) => {
  if (!world.channels.has(textOf(fields.channel_id))) return refuse('channel_not_found')
  const prompts = fields.prompts as unknown[]
  if (prompts.length === 0 || prompts.length > MOST_PROMPTS) return refuse('invalid_prompts')
  world.sessions.set(`prompts:${textOf(fields.channel_id)}`, { prompts })
  return { ok: true }
}

const session = (change: Fields, { world, fields }: Parameters<Method>[0]): ReturnType<Method> => {
  const key = `${textOf(fields.channel_id ?? fields.channel)}:${textOf(fields.thread_ts)}`
  if (textOf(change.title).length > LONGEST_TITLE) return refuse('title_too_long')
  world.sessions.set(key, { ...world.sessions.get(key), ...change })
  return { ok: true }
}

export const agentMethods: Readonly<Record<string, Method>> = {
  'assistant.threads.setStatus': setStatus,
  'assistant.threads.setSuggestedPrompts': setPrompts,
  'assistant.threads.setTitle': (call) => session({ title: call.fields.title }, call),
  'agents.sessions.rename': (call) => session({ title: call.fields.title }, call),
  'agents.sessions.setStatus': (call) =>
    SESSION_STATES.has(textOf(call.fields.status))
      ? session({ ...call.fields }, call)
      : refuse('invalid_status'),
}

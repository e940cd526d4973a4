import type { Bot } from './bot.ts'

interface Where {
  readonly channelId: string
  readonly threadTs: string
}

/** What is said of a tool while it runs: never a word of what it looks for. */
const DOING: Readonly<Record<string, string>> = {
  query_crm: 'is reading the records…',
  search_email: 'is searching the mail…',
  read_email: 'is reading the mail…',
  search_people: 'is looking for people…',
  get_record: 'is reading a record…',
  brief: 'is gathering a brief…',
  activity: 'is looking at what happened…',
  intro_path: 'is looking for a way to somebody…',
  propose_writeback: 'is writing a proposal…',
  log_interaction: 'is writing a proposal…',
}

/**
 * A sign of life under the question; `initiator` begins the session, which gives the person Slack's own stop button. What
 * Slack does not take of it is no reason not to answer.
 */
export const showStatus = async (
  { interactive }: Pick<Bot, 'interactive'>,
  { channelId, threadTs }: Where,
  { tool, initiator }: { readonly tool: string | null; readonly initiator?: string },
): Promise<void> => {
  const status = tool === null ? 'is thinking…' : (DOING[tool] ?? 'is working…')
  const session = initiator
    ? interactive.agents.sessions.setStatus({
        channel_id: channelId,
        thread_ts: threadTs,
        status: 'processing',
        initiator_user_id: initiator,
      })
    : undefined
  await Promise.allSettled([
    session,
    interactive.assistant.threads.setStatus({ channel_id: channelId, thread_ts: threadTs, status }),
  ])
}

/** The answer stands, or there is none: nothing is under way any more. */
export const clearStatus = async (
  { interactive }: Pick<Bot, 'interactive'>,
  { channelId, threadTs }: Where,
): Promise<void> => {
  await Promise.allSettled([
    interactive.agents.sessions.setStatus({ channel_id: channelId, thread_ts: threadTs, status: 'active' }),
    interactive.assistant.threads.setStatus({ channel_id: channelId, thread_ts: threadTs, status: '' }),
  ])
}

import type { MessageMetadata } from '@slack/types'
import type { WebClient } from '@slack/web-api'

/** Where an answer goes: a thread, and outside of a direct message for whom. */
export interface AnswerPlace {
  readonly channel: string
  readonly threadTs: string
  readonly recipient?: { readonly userId: string; readonly teamId: string }
}

const EVENT_TYPE = 'tact_answer'
const PAGE = 100
const MOST_PAGES = 5

/** Tells of which answer a message is, and which part: Slack keeps it with the message. */
export const answerMetadata = (answerId: string, part: number): MessageMetadata => ({
  event_type: EVENT_TYPE,
  event_payload: { answer: answerId, part },
})

/** A stream takes no metadata when it starts; this step stands in it from the first call on. */
export const markerOf = (answerId: string, part: number): string => `${answerId}-${part}`

interface Reply {
  readonly ts?: string
  readonly metadata?: { readonly event_type?: string; readonly event_payload?: unknown }
  readonly blocks?: readonly unknown[]
}

const carries = ({ metadata, blocks }: Reply, answerId: string, part: number): boolean => {
  const { answer, part: itsPart } = (metadata?.event_payload ?? {}) as { answer?: unknown; part?: unknown }
  if (metadata?.event_type === EVENT_TYPE && answer === answerId && Number(itsPart) === part) return true
  return (blocks ?? []).some((block) => (block as { task_id?: unknown }).task_id === markerOf(answerId, part))
}

/** The `ts` of the message in the thread that carries a part of an answer. Throws what the client throws. */
export const findPart = async (
  client: WebClient,
  { channel, threadTs }: AnswerPlace,
  answerId: string,
  part: number,
): Promise<string | undefined> => {
  let cursor = ''
  for (let page = 0; page < MOST_PAGES; page++) {
    const { messages, response_metadata: more } = await client.conversations.replies({
      channel,
      ts: threadTs,
      include_all_metadata: true,
      limit: PAGE,
      ...(cursor === '' ? {} : { cursor }),
    })
    const found = ((messages ?? []) as readonly Reply[]).find((message) => carries(message, answerId, part))
    if (found?.ts) return found.ts
    cursor = more?.next_cursor ?? ''
    if (cursor === '') return undefined
  }
  return undefined
}

import { createHash } from 'node:crypto'
import type { AnthropicBlock, AnthropicRequest } from '../../agent/testing/fake-anthropic.ts'

type Answer = (request: AnthropicRequest) => Promise<readonly AnthropicBlock[]>

interface Look {
  readonly name: string
  readonly input: Readonly<Record<string, unknown>>
}

const HANDLE = /(?<![A-Z])(PERSON|COMPANY|DEAL|THREAD|MESSAGE)_\d{5}(?:\d{2})?(?!\d)/gu

/** What may be looked at by a handle of each kind. */
const LOOKS: Readonly<Record<string, readonly ((id: string) => Look)[]>> = {
  PERSON: [
    (id) => ({ name: 'get_record', input: { id } }),
    (id) => ({ name: 'search_email', input: { from: id, limit: 3 } }),
    (id) => ({ name: 'intro_path', input: { to: id, limit: 3 } }),
    (id) => ({ name: 'activity', input: { of: id, limit: 5 } }),
  ],
  COMPANY: [
    (id) => ({ name: 'get_record', input: { id } }),
    (id) => ({ name: 'search_email', input: { company: id, limit: 3 } }),
    (id) => ({ name: 'brief', input: { id, limit: 3 } }),
  ],
  DEAL: [
    (id) => ({ name: 'get_record', input: { id } }),
    (id) => ({ name: 'activity', input: { of: id, limit: 5 } }),
  ],
  THREAD: [(id) => ({ name: 'search_email', input: { in_thread: id, limit: 3 } })],
  MESSAGE: [(id) => ({ name: 'read_email', input: { id, include_quoted: true } })],
}

/** Content since the person's last words. */
const sinceQuestion = ({ messages }: AnthropicRequest): AnthropicRequest['messages'] => {
  const isQuestion = ({ role, content }: AnthropicRequest['messages'][number]): boolean =>
    role === 'user' && (typeof content === 'string' || content.every(({ type }) => type === 'text'))
  return messages.slice(messages.findLastIndex(isQuestion))
}

/** Looks at handles of this turn that were not made yet, the last seen first. */
const nextLook = (turn: string): Look | undefined => {
  const seen = new Set(Array.from(turn.matchAll(HANDLE), ([handle]) => handle).toReversed())
  for (const handle of seen)
    for (const look of LOOKS[handle.slice(0, handle.indexOf('_'))] ?? []) {
      const { name, input } = look(handle)
      if (!turn.includes(`"name":"${name}","input":${JSON.stringify(input)}`)) return { name, input }
    }
  return undefined
}

/**
 * A model that does what `answer` does, but before it says anything looks further: at people, companies, deals and mail
 * whose handles it was shown in this turn, one a request, `looks` times at most. One question becomes many requests,
 * each with another result in it.
 */
export const curious =
  (answer: Answer, looks: number): Answer =>
  async (request) => {
    const turn = sinceQuestion(request)
    const blocks = await answer(request)
    const asked = turn.filter(({ role }) => role === 'assistant').length
    if (asked === 0 || asked > looks || blocks.some(({ type }) => type === 'tool_use')) return blocks
    const text = JSON.stringify(turn)
    const look = nextLook(text)
    if (look === undefined) return blocks
    const id = `look_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
    return [{ type: 'tool_use', id, ...look }]
  }

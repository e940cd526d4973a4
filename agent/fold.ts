import type { ModelMessage, ToolModelMessage } from 'ai'
import { HANDLE } from './check/ground.ts'

/** Roughly four letters a token, in JSON with handles: measured by nobody, only a bound. */
const LETTERS_PER_TOKEN = 4
/** What all messages of a request may hold, in letters, before old results are folded. */
const MOST_LETTERS = 60_000 * LETTERS_PER_TOKEN

const lettersOf = (messages: readonly ModelMessage[]): number =>
  messages.reduce((sum, { content }) => sum + JSON.stringify(content).length, 0)

const isFoldable = (message: ModelMessage): message is ToolModelMessage =>
  message.role === 'tool' && JSON.stringify(message.content).length > 500

const folded = (message: ToolModelMessage): ToolModelMessage => ({
  ...message,
  content: message.content.map((part) => {
    if (part.type !== 'tool-result' || (part.output.type !== 'text' && part.output.type !== 'error-text'))
      return part
    const handles = [...new Set(part.output.value.match(HANDLE) ?? [])]
    const value = `[An earlier result, left out for its length. It named: ${handles.join(', ') || 'nothing'}. Call the tool again to see it.]`
    return { ...part, output: { type: part.output.type, value } }
  }),
})

/**
 * Messages within what a request may hold: the oldest tool results give way to the handles they named. Results behind the
 * model's last reply always stay whole.
 */
export const foldOld = (
  messages: readonly ModelMessage[],
  mostLetters = MOST_LETTERS,
): readonly ModelMessage[] => {
  let left = lettersOf(messages) - mostLetters
  if (left <= 0) return messages
  const lastReply = messages.findLastIndex(({ role }) => role === 'assistant')
  return messages.map((message, at) => {
    if (left <= 0 || at >= lastReply || !isFoldable(message)) return message
    const short = folded(message)
    left -= lettersOf([message]) - lettersOf([short])
    return short
  })
}

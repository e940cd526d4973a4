import type { ModelMessage } from 'ai'
import type { ToolOutcome } from '../tools/toolbox.ts'

export interface CheckInput {
  readonly answer: string
  readonly question: string
  readonly outcomes: readonly ToolOutcome[]
  readonly history: readonly ModelMessage[]
}

const HANDLE = /\b[A-Z]+_\d{5,7}[fl]?\b/g
const NUMBER = /(?<![\w.])[-−]?\d[\d,.'\u00a0\u202f]*\d|(?<![\w.])\d(?![\w])/g
const WRITTEN =
  /\b(?:has|have|was|were|been|I(?:'ve| have)?)\s+(?:now\s+|just\s+)?(?:updated|logged|moved|changed|created|deleted|archived|saved|sent)\b/i

const digits = (text: string): string =>
  text
    .replace(/[^\d.]/g, '')
    .replace(/\.0+$/, '')
    .replace(/\.$/, '')

/** Numbers of a text in comparable form; handles left out. Dates count by their parts. */
const numbersIn = (text: string): Set<string> => {
  const found = new Set<string>()
  for (const [match] of text.replace(HANDLE, ' ').matchAll(NUMBER)) {
    const plain = digits(match.replace(/[,'\u00a0\u202f](?=\d{3}\b)/g, ''))
    if (plain) found.add(plain)
    for (const part of match.split(/[^\d]+/)) if (part) found.add(String(Number(part)))
  }
  return found
}

const textOf = (messages: readonly ModelMessage[]): string =>
  messages.map(({ content }) => JSON.stringify(content)).join('\n')

/**
 * What code can find wrong in an answer: figures that no result of this conversation holds, and the claim that a
 * change was made when it was only proposed. Answers with one sentence for each doubt; none when all is well.
 */
export const checkAnswer = ({ answer, question, outcomes, history }: CheckInput): string[] => {
  const results = outcomes
    .map((outcome) => JSON.stringify(outcome.ok ? outcome.result : outcome.error))
    .join('\n')
  const known = numbersIn(`${results}\n${question}\n${textOf(history)}`)
  const listLength = outcomes.flatMap((outcome) =>
    outcome.ok && Array.isArray(outcome.result.data) ? [String(outcome.result.data.length)] : [],
  )
  for (const length of listLength) known.add(length)
  for (const [run] of results.matchAll(/\d+/g)) known.add(String(Number(run)))
  const withoutOrdinals = answer.replace(/^\s*\d+[.)]\s/gm, '').replace(/^Read as:.*$/gm, '')
  const unfounded = [...withoutOrdinals.replace(HANDLE, ' ').matchAll(NUMBER)]
    .map(([match]) => match)
    .filter(
      (match) =>
        !known.has(digits(match.replace(/[,'\u00a0\u202f](?=\d{3}\b)/g, ''))) &&
        !match
          .split(/[^\d]+/)
          .filter(Boolean)
          .every((part) => known.has(String(Number(part)))),
    )
  const doubts: string[] = []
  if (unfounded.length > 0) {
    doubts.push(
      `Check: no record of this conversation holds ${[...new Set(unfounded)].slice(0, 5).join(', ')}. Do not rely on ${unfounded.length === 1 ? 'it' : 'them'}.`,
    )
  }
  const proposed = outcomes.some((outcome) => outcome.ok && outcome.proposalId)
  if (proposed && WRITTEN.test(answer))
    doubts.push('Check: nothing has been changed. The change is proposed and waits for a person.')
  return doubts
}

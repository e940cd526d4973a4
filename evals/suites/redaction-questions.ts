import { takeDesk } from '../../cli/compose.ts'
import type { House } from '../../cli/compose.ts'
import { runConversationTurn } from '../../cli/conversation.ts'
import { setPolicy } from '../../db/workspace.ts'
import type { TurnEnd } from '../../domain/events.ts'
import { newId } from '../../domain/ids.ts'
import type { Policy } from '../../domain/policy.ts'
import { DEMO_OF } from '../demo-house.ts'
import type { EgressQuestion } from './egress.ts'

export interface Difference {
  readonly id: string
  readonly question: string
  readonly hidden: string
  readonly open: string
}

export interface SameAnswersReport {
  readonly total: number
  readonly same: number
  /** Refused without redaction: the offline planner knows names by their handles alone, and has none then. */
  readonly unread: readonly string[]
  /** Answered both ways, and differently. */
  readonly different: readonly Difference[]
}

/** Handles of proposals and ids differ from turn to turn whatever is hidden. */
const comparable = ({ status, text }: TurnEnd): string =>
  `${status}\n${text}`
    .replaceAll(/\b[A-Z]{2,11}_\d{5}(?:\d{2})?[fl]?\b/gu, '#')
    .replaceAll(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gu, '#')

const answerUnder = async (
  house: House,
  policy: Policy,
  { vertical, context, question }: EgressQuestion,
): Promise<TurnEnd> => {
  const before = await takeDesk(house, { workspace: DEMO_OF[vertical] ?? vertical }, 'cli')
  await setPolicy(house.database, before.workspace.id, policy)
  const desk = await takeDesk(house, { workspace: before.workspace.slug }, 'cli')
  const signal = new AbortController().signal
  const name = newId()
  let end: TurnEnd | undefined
  for (const turn of [...context, question]) {
    for await (const event of runConversationTurn(house, desk, turn, { name, signal }))
      if (event.type === 'turn-end') end = event
  }
  await setPolicy(house.database, before.workspace.id, 'standard')
  return end!
}

/** Asks each question twice through the whole product, with names hidden from the model and without. */
export const runSameAnswers = async (
  house: House,
  questions: readonly EgressQuestion[],
): Promise<SameAnswersReport> => {
  const different: Difference[] = []
  const unread: string[] = []
  let same = 0
  for (const question of questions) {
    const hidden = comparable(await answerUnder(house, 'standard', question))
    const open = comparable(await answerUnder(house, 'off', question))
    if (hidden === open) same += 1
    else if (open.startsWith('refused\n')) unread.push(question.id)
    else different.push({ id: question.id, question: question.question, hidden, open })
  }
  return { total: questions.length, same, unread, different }
}

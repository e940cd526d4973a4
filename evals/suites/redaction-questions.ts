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
  for (const question of questions) {
    const hidden = comparable(await answerUnder(house, 'standard', question))
    const open = comparable(await answerUnder(house, 'off', question))
    if (hidden !== open) different.push({ id: question.id, question: question.question, hidden, open })
  }
  return { total: questions.length, same: questions.length - different.length, different }
}

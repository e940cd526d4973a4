import { takeDesk } from '../../cli/compose.ts'
import type { Desk, House } from '../../cli/compose.ts'
import { runConversationTurn } from '../../cli/conversation.ts'
import type { TurnOptions } from '../../cli/conversation.ts'
import { setPolicy } from '../../db/workspace.ts'
import type { TurnEnd } from '../../domain/events.ts'
import { newId } from '../../domain/ids.ts'
import type { Policy } from '../../domain/policy.ts'
import { DEMO_OF } from '../demo-house.ts'
import type { EgressQuestion } from './egress.ts'
import { readsNames } from './reads-names.ts'
import type { Planner } from './reads-names.ts'
import { namesOfWorkspace } from './workspace-names.ts'
import type { RecordName } from './workspace-names.ts'

export interface Difference {
  readonly id: string
  readonly question: string
  readonly hidden: string
  readonly open: string
}

export interface SameAnswersReport {
  readonly total: number
  readonly same: number
  /** Of the same ones, those under which only the line of the answer check differs. */
  readonly marked: readonly string[]
  /** Answered both ways, and differently. */
  readonly different: readonly Difference[]
}

/** Handles of proposals and ids differ from turn to turn whatever is hidden. */
const comparable = ({ status, text }: TurnEnd): string =>
  `${status}\n${text}`
    .replaceAll(/\b[A-Z]{2,11}_\d{5}(?:\d{2})?[fl]?\b/gu, '#')
    .replaceAll(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gu, '#')

type Model = NonNullable<TurnOptions['model']>

const answerUnder = async (
  house: House,
  policy: Policy,
  { vertical, context, question }: EgressQuestion,
  modelFor: (desk: Desk) => Promise<Model | undefined>,
): Promise<TurnEnd> => {
  const before = await takeDesk(house, { workspace: DEMO_OF[vertical] ?? vertical }, 'cli')
  await setPolicy(house.database, before.workspace.id, policy)
  const desk = await takeDesk(house, { workspace: before.workspace.slug }, 'cli')
  const signal = new AbortController().signal
  const name = newId()
  const model = await modelFor(desk)
  let end: TurnEnd | undefined
  for (const turn of [...context, question]) {
    for await (const event of runConversationTurn(house, desk, turn, { name, signal, model }))
      if (event.type === 'turn-end') end = event
  }
  await setPolicy(house.database, before.workspace.id, 'standard')
  return end!
}

/** The answer check's own line below an answer; it reads names surer by their handles than in plain words. */
const withoutCheck = (answer: string): string => answer.replace(/\n+Check: [^\n]*\s*$/u, '').trimEnd()

const asItIs = (): Promise<undefined> => Promise.resolve(undefined)

/**
 * Asks each question twice through the whole product: with names hidden from the model, and with none hidden from a model
 * that reads names by itself.
 */
export const runSameAnswers = async (
  house: House,
  questions: readonly EgressQuestion[],
): Promise<SameAnswersReport> => {
  const different: Difference[] = []
  const byWorkspace = new Map<string, readonly RecordName[]>()
  const reading = async (desk: Desk): Promise<Model> => {
    const { slug } = desk.workspace
    const names = byWorkspace.get(slug) ?? (await namesOfWorkspace(house, desk))
    byWorkspace.set(slug, names)
    return (offline) => ({
      name: offline.name,
      local: true,
      language: readsNames(offline.language as Planner, names),
    })
  }
  const marked: string[] = []
  let same = 0
  for (const question of questions) {
    const hidden = comparable(await answerUnder(house, 'standard', question, asItIs))
    const open = comparable(await answerUnder(house, 'off', question, reading))
    if (withoutCheck(hidden) === withoutCheck(open)) {
      same += 1
      if (hidden !== open) marked.push(question.id)
    } else different.push({ id: question.id, question: question.question, hidden, open })
  }
  return { total: questions.length, same, marked, different }
}

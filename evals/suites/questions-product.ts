import type { Plan, PlannedCall } from '../../agent/model/offline/plan-types.ts'
import { takeDesk, modelSide, type House } from '../../cli/compose.ts'
import { runConversationTurn } from '../../cli/conversation.ts'
import { openConversation } from '../../db/conversations.ts'
import { asTenant } from '../../db/tenant.ts'
import type { TurnEnd } from '../../domain/events.ts'
import { newId } from '../../domain/ids.ts'
import { loadVocabulary } from '../../query/vocabulary.ts'
import { DEMO_OF } from '../demo-house.ts'
import type { Fixture } from '../questions-workspace.ts'
import { plannerSetup, type Setup } from './questions.ts'

/** The handle of a record whatever form of its name was asked for. */
const wholeForms = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replaceAll(/\b([A-Z]+_\d{5,7})[fl]\b/g, '$1'))

/** A change of the one row that a question before it found is one action: the change of `$row`, as the planner writes it. */
const chained = ({ calls }: TurnEnd): readonly PlannedCall[] => {
  const [first, second, ...rest] = calls.map(({ tool, arguments: args }) => ({
    tool,
    args: wholeForms(args) as Record<string, unknown>,
  }))
  if (
    !first ||
    !second ||
    rest.length > 0 ||
    first.tool !== 'query_crm' ||
    second.tool !== 'propose_writeback'
  ) {
    return [first, second, ...rest].filter((call) => call !== undefined)
  }
  const args = JSON.parse(JSON.stringify(second.args).replaceAll(/"DEAL_\d{5,7}"/g, '"$row"')) as Record<
    string,
    unknown
  >
  return [{ ...first, next: { tool: second.tool, args } }]
}

const planOf = (end: TurnEnd): Plan => {
  switch (end.status) {
    case 'answered':
      return {
        kind: 'calls',
        calls: chained(end),
        readAs: end.readAs ?? '',
        notes: [],
      }
    case 'asked_back':
      return { kind: 'clarify', question: end.textWithHandles, choices: [] }
    case 'refused':
      return { kind: 'refuse', reason: end.textWithHandles, suggestions: [] }
    case 'failed':
    case 'cancelled':
      throw new Error(`The turn failed: ${end.textWithHandles}`)
  }
}

/**
 * Asks through the whole product, on the demo workspaces: names are hidden by the redaction layer, tools run against the
 * database, and what is judged are the calls that the model made.
 */
export const productSetup =
  (house: House) =>
  async (fixture: Fixture, key: string, tools: ReadonlySet<string>): Promise<Setup> => {
    const paper = plannerSetup(fixture, key, tools)
    const desk = await takeDesk(house, { workspace: DEMO_OF[key] ?? key }, 'cli')
    const actor = modelSide(desk.actor)
    const { stages } = await asTenant(house.database, actor, (tx) => loadVocabulary(tx))
    const handles = new Map<string, string>()
    const signal = new AbortController().signal
    return {
      names: { ...paper.names, stages, handleOf: (name) => handles.get(name.toLowerCase()) },
      plan: async (context, question) => {
        const name = newId()
        let end: TurnEnd | undefined
        for (const turn of [...context, question]) {
          for await (const event of runConversationTurn(house, desk, turn, { name, signal })) {
            if (event.type === 'turn-end') end = event
          }
        }
        const { id } = await asTenant(house.database, actor, (tx) =>
          openConversation(tx, { channel: 'chat', externalKey: name, memberId: actor.memberId }),
        )
        const session = await house.privacy.open(actor, id)
        handles.clear()
        for (const known of paper.known)
          handles.set(known.toLowerCase(), (await session.scrubQuestion(known)).text)
        return planOf(end!)
      },
    }
  }

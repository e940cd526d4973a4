import { appendTurn, openConversation } from '../db/conversations.ts'
import { asTenant } from '../db/tenant.ts'
import { newId } from '../domain/ids.ts'
import { denied } from '../domain/errors.ts'
import type { TurnEnd, TurnEvent } from '../domain/events.ts'
import { historyOf, promptFor } from '../agent/context.ts'
import { offlineChatModel } from '../agent/model/offline/chat-model.ts'
import type { ChatModel } from '../agent/model/model.ts'
import { selectModel } from '../agent/model/select.ts'
import { runTurn } from '../agent/turn.ts'
import { loadVocabulary } from '../query/vocabulary.ts'
import { listedHosts } from '../tools/support/listed-hosts.ts'
import { modelSide, type Desk, type House } from './compose.ts'

export interface TurnOptions {
  /** Name of the conversation to go on with; a new one without. */
  readonly name?: string | undefined
  readonly signal: AbortSignal
  /** On this machine, in place of the model that the settings name. */
  readonly model?: ((offline: ChatModel) => ChatModel & { readonly local: true }) | undefined
}

const openToRemote = (): Error =>
  denied('policy_off', 'This workspace hides nothing, so nothing of it may go to a model elsewhere.', {
    fix: 'Use a model on this machine, or let an owner run `tact policy set standard`.',
  })

/** One turn of a conversation at a desk: opens it, runs the agent, keeps what was said (with handles). */
export async function* runConversationTurn(
  house: House,
  desk: Desk,
  question: string,
  { name, signal, model: replace }: TurnOptions,
): AsyncGenerator<TurnEvent, TurnEnd> {
  const { workspace } = desk
  const actor = modelSide(desk.actor)
  const now = desk.now()
  const { conversation, history, vocabulary } = await asTenant(house.database, actor, async (tx) => {
    const opened = await openConversation(tx, {
      channel: actor.via,
      externalKey: name ?? newId(),
      memberId: actor.memberId,
    })
    return {
      conversation: opened,
      history: await historyOf(tx, opened.id),
      vocabulary: await loadVocabulary(tx),
    }
  })
  const privacy = await house.privacy.open(actor, conversation.id)
  const answerId = newId()
  const offline = (): ChatModel => offlineChatModel({ vocabulary, workspace, now })
  const model = replace?.(offline()) ?? selectModel(house.config, offline, privacy.beforeSend(answerId))
  if (privacy.policy === 'off' && !model.local) throw openToRemote()
  return yield* runTurn(question, {
    model,
    toolbox: house.toolbox,
    privacy,
    instructions: promptFor({ workspace, now, vocabulary }),
    actor,
    conversationId: conversation.id,
    answerId,
    history,
    signal,
    listedHosts: (hosts) =>
      asTenant(house.database, actor, (tx) => listedHosts(tx, hosts), { readOnly: true }),
    sourcesOf: (handles) => privacy.sourcesOf(handles),
    remember: (asked, answered) =>
      asTenant(house.database, actor, async (tx) => {
        await appendTurn(tx, conversation.id, { role: 'user', content: { text: asked } })
        await appendTurn(tx, conversation.id, { role: 'assistant', content: { text: answered } })
      }),
  })
}

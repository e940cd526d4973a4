import type { TurnStep } from '../agent/turn-state.ts'
import { endRun, keepRun, startRun, type OpenRun, type RunPlace, type RunUse } from '../db/agent-runs.ts'
import {
  appendTurn,
  keepSummary,
  openConversation,
  readConversation,
  readSummary,
  readTurns,
  type ConversationSummary,
  type Turn,
} from '../db/conversations.ts'
import { keepUnread, listPreferences, listTaughtWords, type Preference } from '../db/memory.ts'
import { asTenant, type TenantTx } from '../db/tenant.ts'
import { newId } from '../domain/ids.ts'
import { measure } from '../domain/measures.ts'
import { denied } from '../domain/errors.ts'
import type { TurnEnd, TurnEvent } from '../domain/events.ts'
import { historyOf, promptFor } from '../agent/context.ts'
import { offlineChatModel } from '../agent/model/offline/chat-model.ts'
import type { ChatModel, LocalModel } from '../agent/model/model.ts'
import { budgetOf, selectModels, selectNarrator } from '../agent/model/select.ts'
import { UNREAD } from '../agent/model/offline/plan.ts'
import { readLegend } from '../agent/legend.ts'
import { costOf } from '../agent/budget.ts'
import { foldable, summarise } from '../agent/summary.ts'
import { runTurn } from '../agent/turn.ts'
import type { PrivacySession } from '../tools/privacy/session.ts'
import { loadVocabulary } from '../query/vocabulary.ts'
import { listedHosts } from '../tools/support/listed-hosts.ts'
import { storable } from '../domain/storable.ts'
import { modelSide, type Desk, type House } from './compose.ts'

export interface TurnOptions {
  /** Name of the conversation to go on with; a new one without. */
  readonly name?: string | undefined
  readonly signal: AbortSignal
  /** On this machine, in place of the model that the settings name. */
  readonly model?: ((offline: ChatModel) => LocalModel) | undefined
  /** A turn that broke off, taken over with `takeRun`: it goes on, in its own conversation. */
  readonly resumed?: OpenRun | undefined
}

const openToRemote = (): Error =>
  denied('policy_off', 'This workspace hides nothing, so nothing of it may go to a model elsewhere.', {
    fix: 'Use a model on this machine, or let an owner run `tact policy set standard`.',
  })

const useOf = ({ status, receipt, calls }: TurnEnd): RunUse => ({
  model: receipt.model,
  insteadOf: receipt.insteadOf,
  requests: receipt.requests,
  toolCalls: calls.length,
  inputTokens: receipt.inputTokens,
  outputTokens: receipt.outputTokens,
  cachedTokens: receipt.cachedTokens ?? 0,
  costMicrodollars: receipt.costMicrodollars ?? null,
  failure: status === 'failed' || status === 'cancelled' ? status : null,
})

/** The question of a turn that broke off, with handles and without its legend. */
const askedIn = (steps: unknown): string => {
  const first = (steps as readonly TurnStep[])[0]
  return first?.kind === 'asked' ? readLegend(first.text).said : ''
}

/** Preferences as a line for a model; what the person wrote may hold names, so it is scrubbed like a question. */
const preferencesText = async (
  preferences: readonly Preference[],
  model: ChatModel,
  privacy: PrivacySession,
): Promise<string> => {
  if (preferences.length === 0 || model.name === 'offline') return ''
  const text = preferences.map(({ name, value }) => `${name.replace('_', ' ')}: ${value}`).join('; ')
  return `The person asking prefers: ${await privacy.scrubContent(text)}.`
}

/** The summary of a conversation, and the turns behind it that have become old enough to be folded into it. */
const earlierIn = async (
  tx: TenantTx,
  id: string,
): Promise<{ readonly summary: ConversationSummary; readonly old: readonly Turn[] }> => {
  const summary = await readSummary(tx, id)
  return { summary, old: foldable(await readTurns(tx, id, { after: summary.until })) }
}

interface Folding {
  readonly summary: ConversationSummary
  readonly old: readonly Turn[]
  readonly offline: () => ChatModel
  readonly privacy: PrivacySession
  readonly place: RunPlace
  readonly replace: TurnOptions['model']
  readonly signal: AbortSignal
}

/** Longest a model may take to fold; the rules do it then. */
const FOLDING_MS = 30_000

/** Folds old turns into the summary and keeps it; what a model used for that stands in `tact usage` like an answer. */
const fold = async (
  house: House,
  { summary, old, offline, privacy, place, replace, signal }: Folding,
): Promise<string> => {
  const answerId = newId()
  const chosen = replace
    ? replace(offline())
    : selectNarrator(house.config, offline, privacy.beforeSend(answerId))
  const model = privacy.policy === 'off' && !chosen.local ? offline() : chosen
  const made = await summarise(summary.text, old, {
    model,
    signal: AbortSignal.any([signal, AbortSignal.timeout(FOLDING_MS)]),
  })
  await asTenant(house.database, place.actor, async (tx) => {
    await keepSummary(tx, place.conversationId, { text: made.text, until: old.at(-1)!.position })
    if (made.used === undefined) return
    const run = await startRun(tx, { ...place, model: model.name, answerId })
    const usage = { ...made.used, requests: 1 }
    await endRun(tx, run, {
      ...usage,
      model: model.name,
      toolCalls: 0,
      costMicrodollars: costOf(usage, model.price) ?? null,
      failure: made.failure ?? null,
    })
  })
  return made.text
}

/** One turn of a conversation at a desk: opens it, runs the agent, keeps what was said (with handles). */
export async function* runConversationTurn(
  house: House,
  desk: Desk,
  question: string,
  { name, signal, model: replace, resumed }: TurnOptions,
): AsyncGenerator<TurnEvent, TurnEnd> {
  const startedMs = performance.now()
  const { workspace } = desk
  const actor = modelSide(desk.actor)
  const now = desk.now()
  const { conversation, history, vocabulary, preferences, summary, old } = await asTenant(
    house.database,
    actor,
    async (tx) => {
      const opened = resumed
        ? await readConversation(tx, resumed.conversation_id)
        : await openConversation(tx, {
            channel: actor.via,
            externalKey: name ?? newId(),
            memberId: actor.memberId,
          })
      return {
        conversation: opened,
        history: await historyOf(tx, opened.id),
        vocabulary: {
          ...(await loadVocabulary(tx)),
          synonyms: (await listTaughtWords(tx)).map(({ word, means }) => [word, means] as const),
        },
        preferences: await listPreferences(tx, actor.memberId),
        ...(await earlierIn(tx, opened.id)),
      }
    },
  )
  const staleDays = Number(preferences.find((one) => one.name === 'stale_days')?.value ?? 0) || undefined
  const privacy = await house.privacy.open(actor, conversation.id)
  const answerId = resumed?.answer_id ?? newId()
  const offline = (): ChatModel => offlineChatModel({ vocabulary, workspace, now, staleDays })
  const chosen: { model: ChatModel; fallback?: ChatModel } = replace
    ? { model: replace(offline()) }
    : selectModels(house.config, offline, privacy.beforeSend(answerId))
  const { model } = chosen
  if (privacy.policy === 'off' && !model.local) throw openToRemote()
  // A fallback that is elsewhere may be no way round that.
  const fallback = privacy.policy === 'off' && chosen.fallback?.local === false ? undefined : chosen.fallback
  const place = { conversationId: conversation.id, actor, model: model.name, answerId }
  // The planner answers at once and from nothing but the question: there is nothing to take up again.
  const run =
    resumed?.id ??
    (model.name === 'offline'
      ? undefined
      : await asTenant(house.database, actor, (tx) => startRun(tx, place)))
  const earlier =
    old.length === 0
      ? summary.text
      : await fold(house, { summary, old, offline, privacy, place, replace, signal })
  const words = resumed ? await privacy.restoreText(askedIn(resumed.steps)) : question
  const ended = yield* runTurn(words, {
    model,
    fallback,
    toolbox: house.toolbox,
    privacy,
    instructions: promptFor({
      workspace,
      now,
      vocabulary,
      preferences: await preferencesText(preferences, model, privacy),
      earlier,
    }),
    actor,
    conversationId: conversation.id,
    answerId,
    history,
    signal,
    budget: budgetOf(house.config),
    resumed: resumed?.steps as readonly TurnStep[] | undefined,
    keep:
      run === undefined
        ? undefined
        : (steps) =>
            asTenant(house.database, actor, (tx) => keepRun(tx, run, storable(steps) as readonly unknown[])),
    listedHosts: (hosts) =>
      asTenant(house.database, actor, (tx) => listedHosts(tx, hosts), { readOnly: true }),
    sourcesOf: (handles) => privacy.sourcesOf(handles),
    finish: (end, said) =>
      asTenant(house.database, actor, async (tx) => {
        if (said) {
          await appendTurn(tx, conversation.id, { role: 'user', content: { text: said.asked } })
          await appendTurn(tx, conversation.id, { role: 'assistant', content: { text: said.answered } })
        }
        const isUnread = end.receipt.model === 'offline' && end.textWithHandles.startsWith(UNREAD)
        if (said && isUnread)
          await keepUnread(tx, conversation.id, { memberId: actor.memberId, question: said.asked })
        await endRun(tx, run ?? (await startRun(tx, place)), useOf(end))
      }),
  })
  measure('turn', {
    conversationId: conversation.id,
    status: ended.status,
    model: ended.receipt.model === 'offline' ? 'offline' : 'model',
    requests: ended.receipt.requests,
    ms: performance.now() - startedMs,
  })
  return ended
}

import type { ChatModel } from '../model.ts'
import { offlineModel } from './model.ts'
import type { Vocabulary } from './vocabulary.ts'

export interface OfflineChatOptions {
  readonly vocabulary: Vocabulary
  readonly workspace: { readonly timezone: string }
  readonly now: Date
  readonly staleDays?: number | undefined
}

/** The offline planner as a model of the agent: local, so it may see what a local model may see. */
export const offlineChatModel = ({
  vocabulary,
  workspace,
  now,
  staleDays,
}: OfflineChatOptions): ChatModel => ({
  name: 'offline',
  local: true,
  language: offlineModel({ vocabulary, now, timezone: workspace.timezone, staleDays }),
})

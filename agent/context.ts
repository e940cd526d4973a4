import type { ModelMessage } from 'ai'
import { z } from 'zod'
import { readTurns } from '../db/conversations.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { Workspace } from '../db/workspace.ts'
import { localIso } from '../domain/zone.ts'
import type { Vocabulary } from '../query/vocabulary.ts'
import { instructions } from './prompt.ts'

/** Turns of a conversation that a model still sees. */
const MAX_TURNS = 20

const Kept = z.object({ text: z.string() })

/** What was said before, with handles, oldest first. */
export const historyOf = async (tx: TenantTx, conversationId: string): Promise<readonly ModelMessage[]> => {
  const turns = await readTurns(tx, conversationId, { last: MAX_TURNS })
  return turns.map(({ role, content }) => ({ role, content: Kept.parse(content).text }))
}

const listed = (name: string, words: readonly string[]): string =>
  words.length === 0 ? '' : `${name}: ${words.join(', ')}.`

const vocabularyText = (vocabulary: Vocabulary): string =>
  [
    listed(
      'Stages',
      vocabulary.stages.map(({ name, kind }) => (kind === 'open' ? name : `${name} (${kind})`)),
    ),
    listed('Tags', vocabulary.tags),
    listed('Roles of people', vocabulary.roles),
    listed('Statuses of companies', vocabulary.statuses),
  ]
    .filter((line) => line !== '')
    .join('\n')

export interface PromptParts {
  readonly workspace: Workspace
  readonly now: Date
  readonly vocabulary: Vocabulary
}

/** The instructions for one turn. They hold no name: only words that the catalog marks as harmless. */
export const promptFor = ({ workspace, now, vocabulary }: PromptParts): string =>
  instructions({
    now: localIso(now.getTime(), workspace.timezone),
    timezone: workspace.timezone,
    currency: workspace.currency,
    vocabulary: vocabularyText(vocabulary),
  })

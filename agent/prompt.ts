import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SystemModelMessage } from 'ai'

/** Raised whenever prompt.md changes meaning, so that recorded conversations say which prompt they had. */
export const PROMPT_VERSION = '3'

const text = readFileSync(join(import.meta.dirname, 'prompt.md'), 'utf8')

export interface PromptFacts {
  /** "Now" for the asker, ISO 8601 with offset. */
  readonly now: string
  readonly timezone: string
  readonly currency: string
  /** Words of this workspace that name nobody: stages, tags, roles. */
  readonly vocabulary: string
}

/** The instructions every model gets. They hold no name. */
export const instructions = (facts: PromptFacts): string =>
  `${text}\nCurrency: ${facts.currency}.\n${facts.vocabulary}\n${NOW}${facts.now} (${facts.timezone}).\n`

/** What changes from turn to turn stands behind this, so that a provider can keep all that stands before. */
const NOW = 'Now: '

/** The same instructions in two parts, the lasting one marked for Anthropic's prompt cache (with the tools before it). */
export const keptInstructions = (whole: string): SystemModelMessage[] => {
  const at = whole.lastIndexOf(`\n${NOW}`)
  const [lasting, passing] = at < 0 ? [whole, ''] : [whole.slice(0, at), whole.slice(at + 1)]
  return [
    {
      role: 'system',
      content: lasting,
      providerOptions: { anthropic: { cacheControl: { type: 'ephemeral' } } },
    },
    ...(passing === '' ? [] : [{ role: 'system' as const, content: passing }]),
  ]
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Raised whenever prompt.md changes meaning, so that recorded conversations say which prompt they had. */
export const PROMPT_VERSION = '2'

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
  `${text}\nNow: ${facts.now} (${facts.timezone}). Currency: ${facts.currency}.\n${facts.vocabulary}\n`

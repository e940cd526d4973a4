import type { Turn } from '../db/conversations.ts'
import { z } from 'zod'
import { readLegend } from './legend.ts'
import { retell, type Retold } from './retell.ts'
import type { ChatModel } from './model/model.ts'

/** Turns of a conversation that a model still sees word for word. */
export const KEPT_TURNS = 20
/** Turns folded together: a summary is not made anew for each of them. */
const FOLDED_AT_ONCE = 10
/** Turns that stand in no summary yet, at most. */
export const MOST_UNFOLDED = KEPT_TURNS + FOLDED_AT_ONCE
const MOST_LETTERS = 4000
const MOST_OF_ONE = 200

const Said = z.object({ text: z.string() })

const saidIn = ({ content }: Turn): string => {
  const { text } = Said.parse(content)
  try {
    return readLegend(text).said
  } catch {
    return text
  }
}

const short = (text: string): string => {
  const line = text.trim().split('\n')[0]!.trim()
  return line.length <= MOST_OF_ONE ? line : `${line.slice(0, MOST_OF_ONE - 1).replace(/\s+\S*$/u, '')}…`
}

/** The turns that are old enough to be folded: whole pairs, the latest stay. Empty while there are few. */
export const foldable = (turns: readonly Turn[]): readonly Turn[] => {
  const count = turns.length - KEPT_TURNS
  return count < FOLDED_AT_ONCE ? [] : turns.slice(0, count - (count % 2))
}

/** What was asked and found, a line each, the latest last; what does not fit gives way from the front. Handles only. */
export const plainSummary = (before: string | null, turns: readonly Turn[]): string => {
  const lines = [
    ...(before === null ? [] : before.split('\n')),
    ...turns.map((turn) => `${turn.role === 'user' ? 'Asked' : 'Answered'}: ${short(saidIn(turn))}`),
  ]
  while (lines.length > 1 && lines.join('\n').length > MOST_LETTERS) lines.shift()
  return lines.join('\n')
}

/** The earlier part of a conversation, shorter: by rules offline, else in the model's words, checked against the turns. */
export const summarise = async (
  before: string | null,
  turns: readonly Turn[],
  options: { readonly model: ChatModel; readonly signal: AbortSignal },
): Promise<Retold> => retell(plainSummary(before, turns), options)

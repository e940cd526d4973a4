import { isContent } from './cover.ts'
import { LEXICON, patternsOf } from './lexicon.ts'
import { plainly } from './idioms.ts'
import { tokenise } from './normalise.ts'
import { plan } from './plan.ts'
import type { PlanInput } from './plan.ts'
import { grammarFor } from './seeds.ts'

/** What a word of the team may stand for: words of the lexicon, the likeliest first. */
const MEANINGS = [
  'deal',
  'company',
  'customer',
  'prospect',
  'person',
  'task',
  'meeting',
  'viewing',
  'phone call',
  'open',
  'closed won',
  'closed lost',
  'overdue',
  'stale',
] as const

const KNOWN: ReadonlySet<string> = new Set(LEXICON.flatMap(patternsOf))

/** Whether a word of the team can be taught to mean this. */
export const isMeaning = (means: string): boolean => KNOWN.has(means)

/** Words that may be taught as a meaning. */
export const meanings = (): readonly string[] => MEANINGS

export interface Offer {
  readonly means: string
  /** How the question would be read then, with handles. */
  readonly readAs: string
}

export interface Lesson {
  readonly word: string
  readonly offers: readonly Offer[]
}

const MOST_OFFERS = 5

/**
 * The word that a question was not read for, and the meanings under which it would be; undefined where it was not one
 * unknown word.
 */
export const lessonFor = (input: PlanInput): Lesson | undefined => {
  const last = input.turns.at(-1)
  if (!last) return undefined
  const grammar = grammarFor(input.vocabulary)
  const unknown = [
    ...new Set(
      tokenise(plainly(last.said))
        .filter(
          (token) =>
            token.kind === 'word' &&
            isContent(token) &&
            !grammar.known.has(token.word) &&
            !grammar.known.has(token.stem),
        )
        .map(({ word }) => word),
    ),
  ]
  const [word] = unknown
  if (word === undefined || unknown.length > 1) return undefined
  const offers: Offer[] = []
  for (const means of MEANINGS) {
    const synonyms = [...(input.vocabulary.synonyms ?? []), [word, means] as const]
    const made = plan({ ...input, vocabulary: { ...input.vocabulary, synonyms } })
    if (made.kind === 'calls' && !offers.some(({ readAs }) => readAs === made.readAs))
      offers.push({ means, readAs: made.readAs })
    if (offers.length === MOST_OFFERS) break
  }
  return offers.length > 0 ? { word, offers } : undefined
}

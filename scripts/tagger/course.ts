import type { Lexicon } from '../../redaction/tagger/lexicon.ts'
import { lessonOf } from './learn.ts'
import type { Lesson } from './learn.ts'
import { peopleInHeaders } from '../../evals/suites/redaction-known.ts'
import { explainer } from './knowledge.ts'
import { makeMail } from './make-mail.ts'
import { readOpenSets } from './open-sets.ts'
import { readSet } from './sets.ts'

/** Sets whose licence lets weights learned from them be passed on, and how much a word of each counts. */
const SETS: readonly { readonly name: string; readonly weight: number; readonly templates?: true }[] = [
  { name: 'presidio-synth', weight: 0.5, templates: true },
  { name: 'enron-threads', weight: 1 },
  { name: 'ewt-email', weight: 1 },
  { name: 'ewt-all', weight: 1 },
  { name: 'pt-bosque', weight: 0.5 },
]

export interface Course {
  readonly about: string
  readonly made: readonly Lesson[]
  /** By set and document, for judging on documents that were not learned from. */
  readonly real: readonly {
    readonly set: string
    readonly ids: readonly string[]
    readonly lessons: readonly Lesson[]
  }[]
}

/** How much a word of a short public message counts. */
const OPEN_WEIGHT = 0.5

/** Everything the tagger learns from; `folder` holds clones of the public sets. */
export const courseOf = (lexicon: Lexicon, folder: string, madeCount = 1_200): Course => {
  const seen = new Set<string>()
  const real = SETS.map(({ name, weight }) => {
    const documents = readSet(name).filter(({ id }) => !seen.has(id))
    for (const { id } of documents) seen.add(id)
    const explained = explainer(peopleInHeaders(documents.map(({ text }) => text)))
    return {
      set: name,
      ids: documents.map(({ id }) => id),
      lessons: documents.map((document) =>
        lessonOf(document, lexicon, { weight, explained: explained(document.text) }),
      ),
    }
  })
  const made = makeMail(madeCount).map((mail) =>
    lessonOf(mail, lexicon, { weight: 0.7, explained: explainer(mail.people ?? [])(mail.text) }),
  )
  const nobody = explainer([])
  const open = readOpenSets(folder)
  const more = open.flatMap(({ texts }) =>
    texts.map((text) => lessonOf(text, lexicon, { weight: OPEN_WEIGHT, explained: nobody(text.text) })),
  )
  const about = [
    `${made.length} made-up messages`,
    ...open.map(({ name, texts }) => `${name} (${texts.length})`),
    ...real.map(({ set, ids }) => `${set} (${ids.length})`),
  ].join(', ')
  return { about, made: [...made, ...more], real }
}

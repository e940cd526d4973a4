import { readFileSync } from 'node:fs'
import type { KnownName } from '../../evals/suites/redaction-known.ts'
import { htmlToText } from '../../mail/body.ts'
import { spamAssassinFiles } from '../../mail/testing/corpus.ts'
import { KNOWN, readDocument } from '../../redaction/tagger/document.ts'
import { foldForLexicon, givenOf } from '../../redaction/tagger/lexicon.ts'
import type { Lexicon } from '../../redaction/tagger/lexicon.ts'
import { readCertainty } from '../../redaction/tagger/model.ts'
import type { Weights } from '../../redaction/tagger/sums.ts'
import { explainer } from './knowledge.ts'
import type { Lesson } from './learn.ts'
import { LEFT_OUT } from './learn.ts'

/** How many messages of the archive teach. */
export const MAILS = 1_500
const MOST_CHARACTERS = 6_000
const HEADERS = /^(?:From|To|Cc|Subject|Date|Reply-To):/iu

interface Mail {
  readonly text: string
  /** People whom the headers and the lines before quotations name in full. */
  readonly people: readonly KnownName[]
}

const personOf = (name: string, lexicon: Lexicon): KnownName | undefined => {
  const words = name.replace(/["“”]/gu, '').trim().split(/\s+/u)
  const plain = words.every((word) => /^(?:\p{Lu}\p{Ll}*['’-]?\p{L}+|\p{Lu}\.?)$/u.test(word))
  if (words.length < 2 || words.length > 4 || !plain) return undefined
  if (givenOf(lexicon.kindOf(foldForLexicon(words[0]!))) === 0) return undefined
  return { given: words[0]!, family: words.at(-1)! }
}

const NAMED =
  /^(?:From|To|Cc|Reply-To):[ \t]*"?([^"<\n,]{3,50})"?[ \t]*<|^(?:>? ?On .{5,40}, )?"?([\p{L} .'-]{5,40})"? (?:<[^>\n]+> )?(?:wrote|writes|said):?$/gimu

const readMail = (path: string, lexicon: Lexicon): Mail | undefined => {
  const raw = readFileSync(path, 'latin1').replaceAll('\r', '')
  const cut = raw.search(/\n\n/u)
  if (cut < 0 || /^content-transfer-encoding:\s*base64/imu.test(raw.slice(0, cut))) return undefined
  const head = raw
    .slice(0, cut)
    .replace(/\n[ \t]+/gu, ' ')
    .split('\n')
    .filter((line) => HEADERS.test(line))
  const body = raw.slice(cut + 2)
  const isHtml =
    /^content-type:\s*text\/html/imu.test(raw.slice(0, cut)) || /<html/iu.test(body.slice(0, 400))
  const text = `${head.join('\n')}\n\n${isHtml ? htmlToText(body) : body}`.slice(0, MOST_CHARACTERS)
  const people = Array.from(text.matchAll(NAMED), ([, one, two]) => personOf(one ?? two ?? '', lexicon))
  return { text, people: people.filter((person) => person !== undefined) }
}

/** How sure weights learned elsewhere must be to say what an unmarked word is. */
const SURE_NAME = 0.9
const SURE_NONE = 0.04
const WEIGHT = 0.4

/**
 * Lessons from unmarked public mail (SpamAssassin, public domain): a word is a name where headers of the archive name such
 * a person or weights learned from marked texts are sure of it, none where they are sure of that, and left out otherwise.
 */
export const publicMailLessons = (lexicon: Lexicon, teacher: Weights, count: number): Lesson[] => {
  const files = spamAssassinFiles(/ham/u)
  const mails = files
    .filter(
      (_file, at) =>
        Math.floor((at * count) / files.length) !== Math.floor(((at - 1) * count) / files.length),
    )
    .map(({ path }) => readMail(path, lexicon))
    .filter((mail) => mail !== undefined)
  const seen = new Set<string>()
  return mails.flatMap(({ text, people }, turn) => {
    const key = text.replace(/^.*$/mu, '').slice(200, 500)
    if (seen.has(key)) return []
    seen.add(key)
    const known = explainer(people)(text)
    const document = readDocument(text, lexicon, turn % 2 === 0 ? known : [])
    const certainty = readCertainty(readDocument(text, lexicon, known), teacher)
    const { count: words, start, end } = document.tokens
    const isName = Uint8Array.from({ length: words }, (_, at) => {
      const sure = certainty[at]!
      const named = known.some(
        (span) =>
          (span.known === KNOWN.word || span.known === KNOWN.name) &&
          span.start < end[at]! &&
          start[at]! < span.end,
      )
      if (sure >= SURE_NAME || (named && sure >= SURE_NONE)) return 1
      return sure < SURE_NONE && !named ? 0 : LEFT_OUT
    })
    return [{ document, isName, weight: WEIGHT }]
  })
}

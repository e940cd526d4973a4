import { isCommonWord } from '../../redaction/common-words.ts'
import { even, handlesIn, withoutHandles } from './ground.ts'
import type { Ground } from './ground.ts'

/** Handles that were never issued in this conversation. */
export const unknownHandles = (sentence: string, ground: Ground): string[] =>
  handlesIn(sentence).filter((handle) => !ground.handles.has(handle))

const QUOTED = /[“„«"]([^“”„«»"\n]+)[”“»"]/gu
const CUT = /\s*(?:\[?(?:…|\.\.\.)\]?)\s*/u

/** Quotes (in quotation marks, or lines after `>`) that are no part of any text that was fetched. */
export const unfoundedQuotes = (sentence: string, ground: Ground): string[] => {
  const line = /^\s*>\s?(.*)$/su.exec(sentence)?.[1]
  const quotes =
    line === undefined
      ? [...sentence.matchAll(QUOTED)].map((match) => match[1]!).filter((quote) => /\S\s+\S/.test(quote))
      : [line]
  return quotes.filter((quote) =>
    quote
      .split(CUT)
      .map((part) => even(part).replace(/^["']|[.,;:!?"']+$/g, ''))
      .filter((part) => part !== '')
      .some((part) => !ground.texts.some((text) => text.includes(part))),
  )
}

const CAPITAL = /(?<![\p{L}\p{N}_])\p{Lu}[\p{L}’'-]*\p{L}/gu
const VERB =
  /^\s+(?:is|was|has|had|will|said|says|wants|asked|works|wrote|owns|joined|left|and\s+\p{Lu})\b|^['’]s\b/u

const isKnownWord = (word: string, ground: Ground): boolean => {
  const plain = word.toLowerCase().replace(/['’]s$/, '')
  if (!/\p{Ll}/u.test(word)) return true
  const isKnown = (part: string): boolean =>
    ['', 's', 'es', 'ed', 'd', 'ing', 'ly'].some((end) => {
      const form = part.endsWith(end) ? part.slice(0, part.length - end.length) : part
      return form.length > 1 && (ground.words.has(form) || isCommonWord(form))
    })
  return isKnown(plain) || plain.split('-').every(isKnown)
}

/** Names that the answer writes out although no result, question or instruction holds them. */
export const unfoundedNames = (sentence: string, ground: Ground): string[] => {
  const text = withoutHandles(sentence)
  return [...text.matchAll(CAPITAL)]
    .filter(({ 0: word, index }) => {
      if (isKnownWord(word, ground)) return false
      const before = text.slice(0, index)
      const after = text.slice(index + word.length)
      const begins = /(?:^|[.!?:|>#*]|^\s*[-*]|\d[.)])\s*(?:\*\*)?$/u.test(before)
      return !begins || /^\s+\p{Lu}\p{Ll}/u.test(after) || VERB.test(after)
    })
    .map(([word]) => word)
}

const SWEEPING =
  /\b(?:all|every|everyone|everybody|each|none|only|nobody|no one|nothing|never|entire|no (?:other|more|further|deals?|people|person|contacts?|compan(?:y|ies)|tasks?|mails?|e-?mails?|messages?|meetings?|calls?|records?|interactions?|notes?))\b/iu
const HARMLESS =
  /\b(?:at all|above all|after all|in all|all right|not (?:all|every|only|each)|all the best|all (?:of )?(?:the |these |those )?(?:\d+ )?(?:shown|listed|returned)|only the first|only(?= [\d,.]+ of)|only (?:shows?|part|some|a part)|nothing (?:has been|was|is) (?:changed|written|saved)|nothing yet|each other)\b/giu

/** "All", "none", "only" said although some list of this turn was cut short, or nothing was looked up at all. */
export const sweepingWord = (sentence: string, ground: Ground): string | undefined => {
  if (/^\s*>/u.test(sentence)) return undefined
  const said = SWEEPING.exec(sentence.replace(HARMLESS, ' ').replace(QUOTED, ' '))
  if (!said) return undefined
  const isCovered =
    ground.completeness.every(({ complete }) => complete) &&
    (ground.completeness.length > 0 ||
      ground.proposed ||
      ground.texts.some((text) => text.includes(even(sentence))))
  return isCovered || ground.texts.some((text) => text.includes(even(sentence).replace(/^note: /, '')))
    ? undefined
    : said[0]
}

const DEED =
  'updated|logged|moved|changed|created|deleted|archived|saved|sent|added|recorded|set|assigned|marked|scheduled|removed|closed|emailed|booked'
const FIRST_PERSON = new RegExp(
  `\\b(?:I|we)(?:['’]ve| have)?\\s+(?:now |just |already |successfully )?(?:${DEED})\\b`,
  'iu',
)
const PASSIVE = new RegExp(
  `\\b(?:has|have|was|were|is|are)\\s+(?:now |just |already |successfully )?(?:been )?(?:now |successfully )?(?:${DEED})\\b|^\\s*(?:Done|All set|${DEED})\\b(?!\\s*:)|\\bis now\\b`,
  'iu',
)
const HELD_BACK =
  /\b(?:propos|wait|pending|until|once|after (?:you|a person|someone)|approv|nothing (?:has|was|is)|not (?:yet|been)|will be|would be|to be)/iu

/** Says that a change was made: nothing in a turn can make one. */
export const claimsChange = (sentence: string, ground: Ground): boolean => {
  if (/^\s*[>|]/u.test(sentence)) return false
  const said = sentence.replace(QUOTED, ' ')
  if (FIRST_PERSON.test(said)) return !/\b(?:propos|not|n['’]t)\b/iu.test(said)
  return ground.proposed && PASSIVE.test(said) && !HELD_BACK.test(said)
}

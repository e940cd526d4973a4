import { newId } from '../../domain/ids.ts'

/** Words whose stem is the word itself, so that the oracle needs no stemmer. */
const WORDS = [
  'boat',
  'mast',
  'garden',
  'soil',
  'invoic',
  'zebra',
  'quartz',
  'harbor',
  'lamp',
  'fjord',
  'cobalt',
  'plum',
] as const

export interface OracleMail {
  readonly id: string
  readonly subject: string
  readonly body: string
  readonly quoted: string
  readonly sentAt: string
}

export interface OracleQuestion {
  readonly query: string
  readonly words: readonly string[]
  readonly phrase: string | undefined
  readonly excluded: string | undefined
  readonly after: Date | undefined
  readonly before: Date | undefined
}

/** Whole numbers below `most`, the same for a seed. */
export const randomFrom = (seed: number): ((most: number) => number) => {
  let state = seed >>> 0
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 4_294_967_296) * most)
  }
}

type Random = ReturnType<typeof randomFrom>

const wordFrom = (random: Random): string => WORDS[random(WORDS.length)]!
const sentence = (random: Random, words: number): string =>
  Array.from({ length: words }, () => wordFrom(random)).join(' ')
const dayOf = (random: Random): Date => new Date(Date.UTC(2026, 0, 1 + random(300)))

export const randomMails = (random: Random, count: number): readonly OracleMail[] =>
  Array.from({ length: count }, () => ({
    id: newId(),
    subject: sentence(random, 1 + random(2)),
    body: sentence(random, 1 + random(4)),
    quoted: sentence(random, random(2)),
    sentAt: dayOf(random).toISOString(),
  }))

export const questionOf = (random: Random): OracleQuestion => {
  const words = Array.from({ length: random(3) }, () => wordFrom(random))
  const phrase = random(4) === 0 ? sentence(random, 2) : undefined
  const excluded = random(3) === 0 ? wordFrom(random) : undefined
  return {
    query: [...words, ...(phrase ? [`"${phrase}"`] : []), ...(excluded ? [`-${excluded}`] : [])].join(' '),
    words,
    phrase,
    excluded,
    after: random(3) === 0 ? dayOf(random) : undefined,
    before: random(3) === 0 ? dayOf(random) : undefined,
  }
}

/** Whether the message answers, by reading it. */
export const holdsQuestion = (
  mail: OracleMail,
  { words, phrase, excluded, after, before }: OracleQuestion,
): boolean => {
  const held = new Set(`${mail.subject} ${mail.body} ${mail.quoted}`.split(' '))
  const sentAt = new Date(mail.sentAt)
  if (after && sentAt < after) return false
  if (before && sentAt >= before) return false
  if (excluded !== undefined && held.has(excluded)) return false
  if (phrase !== undefined) return `${mail.subject} ${mail.body}`.includes(phrase)
  return words.length === 0 || words.some((word) => held.has(word))
}

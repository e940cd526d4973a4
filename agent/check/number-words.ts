import type { NumberFigure } from './figures.ts'

const SMALL: Readonly<Record<string, number>> = Object.fromEntries(
  (
    'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen ' +
    'eighteen nineteen'
  )
    .split(' ')
    .map((word, value) => [word, value]),
)
const TENS: Readonly<Record<string, number>> = Object.fromEntries(
  'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ').map((word, at) => [word, (at + 2) * 10]),
)
const LARGE: Readonly<Record<string, number>> = { hundred: 100, thousand: 1e3, million: 1e6, billion: 1e9 }

const WORD = [...Object.keys(SMALL), ...Object.keys(TENS), ...Object.keys(LARGE), 'dozen'].join('|')
const PHRASE = new RegExp(
  String.raw`(?<![\p{L}\p{N}-])(?:a\s+(?=dozen|hundred|thousand|million|billion))?(?:${WORD})(?:(?:\s+and)?[\s-]+(?:${WORD}))*(?![\p{L}\p{N}])(?:\s+(percent|per cent))?`,
  'giu',
)
/** "one" counts only before what the CRM counts: elsewhere it is a pronoun. */
const COUNTED =
  /^\s+(?:\p{L}+\s+)?(?:deal|person|contact|compan|task|message|e-?mail|meeting|call|thread|interaction|note|proposal|reminder|record|lead|note)/iu
const PRONOUN = /(?:no|every|each|this|that|any|the|which|another|at least)\s+$/iu

const valueOf = (phrase: string): number => {
  let total = 0
  let part = 0
  for (const word of phrase.toLowerCase().split(/[\s-]+/)) {
    if (word in SMALL) part += SMALL[word]!
    else if (word in TENS) part += TENS[word]!
    else if (word === 'dozen') part = (part || 1) * 12
    else if (word === 'hundred') part = (part || 1) * 100
    else if (word in LARGE) {
      total += (part || 1) * LARGE[word]!
      part = 0
    }
  }
  return total + part
}

/** Numbers written as words. */
export const readNumberWords = (text: string): NumberFigure[] =>
  [...text.matchAll(PHRASE)].flatMap((match) => {
    const end = match.index + match[0].length
    const isLoneOne = /^one$/i.test(match[0])
    if (isLoneOne && (!COUNTED.test(text.slice(end)) || PRONOUN.test(text.slice(0, match.index)))) return []
    const words = match[1] ? match[0].slice(0, -match[1].length) : match[0]
    return [
      {
        kind: match[1] ? ('percent' as const) : ('number' as const),
        start: match.index,
        end,
        text: match[0],
        values: [valueOf(words.trim())],
        tolerance: 0,
      },
    ]
  })

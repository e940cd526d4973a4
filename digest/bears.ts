const WORDS = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
  'thirteen',
  'fourteen',
  'fifteen',
  'sixteen',
  'seventeen',
  'eighteen',
  'nineteen',
  'twenty',
]
const NUMBER_WORD = new RegExp(`\\b(${WORDS.slice(2).join('|')})\\b`, 'giu')
const FIGURE = /\p{N}[\p{N}.,:'’/-]*\p{N}|\p{N}/gu
/** A word that names something: a capital or a digit at its head, and not only because a sentence begins there. */
const NAME = /\p{Lu}[\p{L}\p{N}'’&-]+/gu

const figuresOf = (text: string): readonly string[] => [
  ...[...text.matchAll(FIGURE)].map(([figure]) => figure.replaceAll(/[,'’](?=\p{N}{3})/gu, '')),
  ...[...text.matchAll(NUMBER_WORD)].map(([word]) => String(WORDS.indexOf(word.toLowerCase()))),
]
const namesOf = (text: string): readonly string[] =>
  [...text.matchAll(NAME)].map(([name]) => name.toLowerCase())
const sentencesOf = (text: string): readonly string[] =>
  text.split(/(?<=[.!?])\s+(?=\p{Lu}|\p{N}|“|")/u).filter((sentence) => sentence.trim() !== '')

/** Words with which a sentence may begin, or that every text of this kind holds. */
const COMMON = new Set(
  `a an the there this that these those they we he she it its his her their our today yesterday tomorrow in on at of for
  from with and but so also most more still since no nobody none nothing one some several please both all each other another
  meanwhile finally first second next then among besides while when whose who what which to by as after before until
  monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
  october november december mail deal deals task tasks meeting meetings proposal proposals rule reminder going quiet
  waiting waits wait needs need decision decide two three four five six seven eight nine ten has have had is are was were`
    .split(/\s+/)
    .filter((word) => word !== ''),
)

/**
 * Whether lines of facts bear a text: each name and figure of it stands in them, and a sentence that names something has
 * its figures from the lines that hold what it names. A sentence that names nothing may have them from any line, or say
 * how many lines there are. Pure.
 */
export const bears = (facts: readonly string[], text: string): boolean => {
  const lines = facts.map((line) => ({
    names: new Set([...namesOf(line), ...line.toLowerCase().split(/[^\p{L}\p{N}'’&-]+/u)]),
    figures: new Set(figuresOf(line)),
  }))
  return sentencesOf(text).every((sentence) => {
    const names = namesOf(sentence).filter((name) => !COMMON.has(name))
    if (!names.every((name) => lines.some((line) => line.names.has(name)))) return false
    const meant =
      names.length === 0 ? lines : lines.filter((line) => names.some((name) => line.names.has(name)))
    const counts = names.length === 0 ? [String(lines.length)] : []
    return figuresOf(sentence).every(
      (figure) => counts.includes(figure) || meant.some((line) => line.figures.has(figure)),
    )
  })
}

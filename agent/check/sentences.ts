/** A sentence, list item or table row of an answer, with its place; the pieces of a text add up to it. */
export interface Sentence {
  readonly start: number
  readonly end: number
  readonly text: string
}

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' })
const WHOLE_LINE = /^\s*(?:\||>|[-*+]\s|\d+[.)]\s|#)/u

const isQuoteOpen = (text: string): boolean =>
  (text.match(/[“„«]/gu)?.length ?? 0) > (text.match(/[”»]/gu)?.length ?? 0) ||
  (text.match(/"/gu)?.length ?? 0) % 2 === 1

/** Lists, tables, quotes and headings go by lines; prose by sentences. */
export const splitSentences = (text: string): Sentence[] => {
  const found: Sentence[] = []
  let at = 0
  for (const line of text.match(/[^\n]*\n+|[^\n]+$/gu) ?? []) {
    const pieces = WHOLE_LINE.test(line) ? [line] : [...segmenter.segment(line)].map(({ segment }) => segment)
    for (const piece of pieces) {
      const last = found.at(-1)
      // An abbreviation or an ordinal is no end: "approx. 12", "No. 3".
      const isCut =
        last !== undefined &&
        /(?:\b(?:approx|ca|No|vs|e\.g|i\.e|incl|Mr|Ms|Dr)\.|\d\.)\s*$/u.test(last.text) &&
        /^[\p{Ll}\d]/u.test(piece)
      const isTorn =
        last !== undefined &&
        !last.text.endsWith('\n') &&
        !WHOLE_LINE.test(last.text) &&
        (isCut || isQuoteOpen(last.text))
      if (isTorn)
        found[found.length - 1] = { start: last.start, end: at + piece.length, text: last.text + piece }
      else found.push({ start: at, end: at + piece.length, text: piece })
      at += piece.length
    }
  }
  return found
}

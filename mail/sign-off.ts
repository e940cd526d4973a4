const MAX_LINES = 14
const MAX_LINE_CHARACTERS = 70

const CLOSING =
  /^\s*(?:(?:(?:best|kind|warm(?:est)?|many)[ -])?(?:regards|wishes|thanks)|all the best|best|cheers|sincerely(?: yours)?|yours(?: (?:sincerely|faithfully|truly))?|respectfully|thank you(?: very much)?|thanks(?: again| a lot| in advance)?|take care|mit (?:freundlichen|besten|herzlichen) gr(?:ü|ue)(?:ß|ss)en|(?:viele|beste|liebe|freundliche|herzliche) gr(?:ü|ue)(?:ß|ss)e|mfg|vg|lg|cordialement|bien (?:cordialement|à vous)|salutations(?: distinguées)?|amicalement|(?:un )?saludos?(?: cordiales)?|atentamente|(?:cordiali|distinti) saluti|un saluto|met vriendelijke groet(?:en)?|groeten|groetjes|(?:com os melhores )?cumprimentos|atenciosamente|abraços?|(?:med )?v(?:e|ä)nlig(?:a)? h(?:ilsen|älsningar?)|mvh|med vennlig hilsen|hilsen|terveisin|ystävällisin terveisin|z poważaniem|pozdrawiam|s pozdravem|с уважением|cu stimă|saygılarımla)\s*[,.!]?\s*$/iu

const wordsOf = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 1)

const isNameOf = (line: string, sender: ReadonlySet<string>): boolean => {
  const words = wordsOf(line)
  return words.length > 0 && words.length <= 4 && words.some((word) => sender.has(word))
    ? words.filter((word) => sender.has(word)).length * 2 >= words.length
    : false
}

const looksLikeName = (line: string): boolean =>
  line.length <= 50 && /^\s*\p{Lu}[\p{L}.'’-]*(?:\s+\p{Lu}[\p{L}.'’-]*){0,4}\s*$/u.test(line)

const isSentence = (line: string): boolean => /[.!?]\s*$/.test(line) && wordsOf(line).length > 7

/**
 * Where the sign-off begins in the last lines of a text, as an index into `lines`; undefined where there is none. It is
 * a closing word with a name under it, or the sender's own name, with short lines that are no sentences behind it.
 * Something must stand before it.
 */
export const signOffStart = (
  lines: readonly string[],
  senderName: string | undefined,
): number | undefined => {
  const sender = new Set(wordsOf(senderName ?? ''))
  const filled = lines.flatMap((line, at) => (line.trim() === '' ? [] : [at]))
  for (const at of filled.slice(1).slice(-MAX_LINES)) {
    const rest = filled.filter((other) => other > at).map((other) => lines[other]!)
    if (rest.some((line) => line.length > MAX_LINE_CHARACTERS || isSentence(line))) continue
    const line = lines[at]!
    if (CLOSING.test(line)) {
      const name = rest[0]
      if (name !== undefined && (looksLikeName(name) || isNameOf(name, sender))) return at
      continue
    }
    if (line.length <= 50 && isNameOf(line, sender) && !/[:?]\s*$/.test(line)) return at
  }
  return undefined
}

import { englishOf, familyOf, givenOf, isPlace } from './lexicon.ts'
import { KNOWN } from './document.ts'
import type { Document } from './document.ts'
import { GAP } from './read-tokens.ts'
import type { TokenList } from './read-tokens.ts'
import { SHAPE } from './word-facts.ts'

export const TITLE =
  /^(?:mr|mrs|ms|mx|miss|dr|prof|professor|sir|madam|herr|frau|senhor|senhora|sr|sra|uncle|aunt|coach)$/u
const PARTICLE =
  /^(?:de|da|do|dos|das|del|della|di|du|la|le|van|von|der|den|ter|ten|el|al|bin|ben|st|san|y|e|zu)$/u

const isCapital = (shape: number): boolean => shape < SHAPE.number && shape !== SHAPE.small

const bridges = (gap: number): boolean =>
  gap === GAP.blank || gap === GAP.stop || gap === GAP.quote || gap === GAP.line || gap === GAP.dot

const close = (gap: number): boolean =>
  gap === GAP.blank || gap === GAP.hyphen || gap === GAP.none || gap === GAP.line

/** `dana okonjo`: after a given name in small letters, a small word that no list has. */
const isSmallFamily = ({ shape, gap, kind, length }: TokenList, at: number): boolean =>
  shape[at - 1] === SHAPE.small &&
  shape[at] === SHAPE.small &&
  gap[at] === GAP.blank &&
  kind[at] === 0 &&
  givenOf(kind[at - 1]!) > 0 &&
  length[at]! > 3

/** Whether the word may be the given name of the family name after it. */
const isGivenBefore = ({ shape, kind }: TokenList, at: number): boolean =>
  isCapital(shape[at]!) &&
  shape[at] !== SHAPE.letter &&
  englishOf(kind[at]!) !== 1 &&
  (givenOf(kind[at]!) > 0 || (englishOf(kind[at]!) === 0 && !isPlace(kind[at]!)))

/** Whether what stands from `from` up to `far`, a chosen word, only joins it to the word before: `de la`, `M.`, a nickname. */
const isJoined = ({ tokens: { gap, shape }, folded }: Document, from: number, far: number): boolean => {
  for (let at = from; at <= far; at += 1) if (!bridges(gap[at]!)) return false
  if (far === from + 1 && gap[from] === GAP.quote && gap[far] === GAP.quote) return true
  for (let at = from; at < far; at += 1)
    if (!PARTICLE.test(folded(at)) && shape[at] !== SHAPE.letter) return false
  return true
}

/** Title or given name right before a chosen word. */
const chooseBefore = (document: Document, at: number, certain: boolean): boolean => {
  const { tokens, folded, known } = document
  const gap = tokens.gap[at]
  if (gap !== GAP.stop && gap !== GAP.blank && gap !== GAP.line) return false
  if (isCapital(tokens.shape[at - 1]!) && TITLE.test(folded(at - 1))) return true
  return gap !== GAP.stop && known[at - 1] === KNOWN.nothing && certain && isGivenBefore(tokens, at - 1)
}

/**
 * Which tokens are hidden: those the tagger is sure enough of, and what belongs to a name beside them (a title, an
 * initial, a particle, a nickname in quotes, the capitalised word no list knows).
 */
export const chooseWords = (document: Document, certainty: Float32Array, least: number): Uint8Array => {
  const { tokens, folded, known } = document
  const { count, gap, shape, kind } = tokens
  const chosen = new Uint8Array(count)
  for (let at = 0; at < count; at += 1)
    if (certainty[at]! >= least || known[at] === KNOWN.name) chosen[at] = 1
  for (let at = 0; at < count; at += 1) {
    if (chosen[at] === 0) continue
    if (at > 0 && chosen[at - 1] === 0 && chooseBefore(document, at, certainty[at - 1]! >= least / 8))
      chosen[at - 1] = 1
    for (let reach = 1; reach <= 2; reach += 1) {
      const far = at + reach + 1
      if (far >= count || chosen[at + 1] === 1 || chosen[far] === 0) continue
      if (isJoined(document, at + 1, far)) chosen.fill(1, at + 1, far)
    }
    if (at + 1 >= count) continue
    let far = at + 1
    while (far < count && far - at < 4 && bridges(gap[far]!) && PARTICLE.test(folded(far))) far += 1
    if (
      far > at + 1 &&
      far < count &&
      isCapital(shape[far]!) &&
      gap[far] === GAP.blank &&
      englishOf(kind[far]!) !== 1
    ) {
      chosen.fill(1, at + 1, far + 1)
    }
    const after = at + 1
    if (certainty[at]! > 0.5 && isSmallFamily(tokens, after)) chosen[after] = 1
    if (chosen[after] === 1 || !isCapital(shape[after]!) || !close(gap[after]!)) continue
    if (known[after] !== KNOWN.nothing) continue
    const unknown = englishOf(kind[after]!) === 0 && (familyOf(kind[after]!) > 0 || kind[after] === 0)
    const given = givenOf(kind[at]!) > 0 || shape[at] === SHAPE.letter
    if (unknown && given && certainty[after]! >= least / 8) chosen[after] = 1
    else if (given && familyOf(kind[after]!) > 1 && certainty[after]! >= least / 4) chosen[after] = 1
  }
  return chosen
}

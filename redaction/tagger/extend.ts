import { englishOf, familyOf, givenOf, isPlace } from './lexicon.ts'
import { KNOWN } from './document.ts'
import type { Document } from './document.ts'
import { GAP } from './read-tokens.ts'
import type { Token } from './read-tokens.ts'
import { SHAPE } from './word-facts.ts'

export const TITLE =
  /^(?:mr|mrs|ms|mx|miss|dr|prof|professor|sir|madam|herr|frau|senhor|senhora|sr|sra|uncle|aunt|coach)$/u
const PARTICLE =
  /^(?:de|da|do|dos|das|del|della|di|du|la|le|van|von|der|den|ter|ten|el|al|bin|ben|st|san|y|e|zu)$/u

const capital = ({ shape }: Token): boolean => shape < SHAPE.number && shape !== SHAPE.small

const bridges = (gap: number): boolean =>
  gap === GAP.blank || gap === GAP.stop || gap === GAP.quote || gap === GAP.line || gap === GAP.dot

const close = (gap: number): boolean =>
  gap === GAP.blank || gap === GAP.hyphen || gap === GAP.none || gap === GAP.line

/** `dana okonjo`: after a given name in small letters, a small word that no list has. */
const isSmallFamily = (given: Token, word: Token): boolean =>
  given.shape === SHAPE.small &&
  word.shape === SHAPE.small &&
  word.gap === GAP.blank &&
  word.kind === 0 &&
  givenOf(given.kind) > 0 &&
  word.folded.length > 3

/** Whether the word may be the given name of the family name after it. */
const isGivenBefore = (word: Token): boolean =>
  capital(word) &&
  word.shape !== SHAPE.letter &&
  englishOf(word.kind) !== 1 &&
  (givenOf(word.kind) > 0 || (englishOf(word.kind) === 0 && !isPlace(word.kind)))

/**
 * Which tokens are hidden: those the tagger is sure enough of, and what belongs to a name beside them (a title, an
 * initial, a particle, a nickname in quotes, the capitalised word no list knows).
 */
export const chooseWords = (
  { tokens, known }: Document,
  certainty: Float32Array,
  least: number,
): Uint8Array => {
  const chosen = new Uint8Array(tokens.length)
  for (let at = 0; at < chosen.length; at += 1)
    if (certainty[at]! >= least || known[at] === KNOWN.name) chosen[at] = 1
  for (let at = 0; at < tokens.length; at += 1) {
    if (chosen[at] === 0) continue
    const before = tokens[at - 1]
    const here = tokens[at]!
    if (
      before &&
      chosen[at - 1] === 0 &&
      (here.gap === GAP.stop || here.gap === GAP.blank || here.gap === GAP.line)
    ) {
      if (TITLE.test(before.folded) && capital(before)) chosen[at - 1] = 1
      else if (
        (here.gap === GAP.blank || here.gap === GAP.line) &&
        known[at - 1] === KNOWN.nothing &&
        isGivenBefore(before) &&
        certainty[at - 1]! >= least / 8
      )
        chosen[at - 1] = 1
    }
    for (let reach = 1; reach <= 2; reach += 1) {
      const far = at + reach + 1
      if (far >= tokens.length || chosen[at + 1] === 1 || chosen[far] === 0) continue
      const between = tokens.slice(at + 1, far)
      const joined = [...between, tokens[far]!].every(({ gap }) => bridges(gap))
      const small = between.every(
        (token) => PARTICLE.test(token.folded) || (capital(token) && token.shape === SHAPE.letter),
      )
      const quoted = reach === 1 && between[0]!.gap === GAP.quote && tokens[far]!.gap === GAP.quote
      if (joined && (small || quoted)) for (let turn = at + 1; turn < far; turn += 1) chosen[turn] = 1
    }
    let far = at + 1
    while (
      far < tokens.length &&
      far - at < 4 &&
      PARTICLE.test(tokens[far]!.folded) &&
      bridges(tokens[far]!.gap)
    )
      far += 1
    const family = tokens[far]
    if (
      far > at + 1 &&
      family &&
      capital(family) &&
      family.gap === GAP.blank &&
      englishOf(family.kind) !== 1
    ) {
      chosen.fill(1, at + 1, far + 1)
    }
    const after = tokens[at + 1]
    if (after && isSmallFamily(here, after) && certainty[at]! > 0.5) chosen[at + 1] = 1
    if (!after || chosen[at + 1] === 1 || !capital(after) || !close(after.gap)) continue
    if (known[at + 1] !== KNOWN.nothing) continue
    const unknown = englishOf(after.kind) === 0 && (familyOf(after.kind) > 0 || after.kind === 0)
    const given = givenOf(here.kind) > 0 || here.shape === SHAPE.letter
    if (unknown && given && certainty[at + 1]! >= least / 8) chosen[at + 1] = 1
    else if (given && familyOf(after.kind) > 1 && certainty[at + 1]! >= least / 4) chosen[at + 1] = 1
  }
  return chosen
}

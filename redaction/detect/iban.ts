import { isHarmless } from './never.ts'
import { detected, hitsIn } from './recogniser.ts'
import type { Recogniser } from './recogniser.ts'

const SHAPE = /(?<![\p{L}\p{N}])[A-Z]{2}\d{2}(?:[ \u00a0-]?[A-Z0-9]){11,30}(?![\p{L}\p{N}])/giu

/** Length of an IBAN by country (SWIFT registry); others are taken at any length from 15. */
const LENGTHS: Readonly<Record<string, number>> = {
  AD: 24, AE: 23, AT: 20, BE: 16, BG: 22, CH: 21, CY: 28, CZ: 24, DE: 22, DK: 18, EE: 20, ES: 24, FI: 18, FR: 27,
  GB: 22, GR: 27, HR: 21, HU: 28, IE: 22, IL: 23, IS: 26, IT: 27, LI: 21, LT: 20, LU: 20, LV: 21, MC: 27, MT: 31,
  NL: 18, NO: 15, PL: 28, PT: 25, RO: 24, SA: 24, SE: 24, SI: 19, SK: 24, SM: 27, TR: 26,
} // prettier-ignore

/** ISO 13616: the rearranged number leaves 1 when divided by 97. */
export const isIban = (text: string): boolean => {
  const iban = text.replace(/[^\p{L}\p{N}]/gu, '').toUpperCase()
  const length = LENGTHS[iban.slice(0, 2)]
  if (length === undefined ? iban.length < 15 || iban.length > 34 : iban.length !== length) return false
  let rest = 0
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest === 1
}

/** Bank accounts by IBAN, in groups or not. A word that follows is given back one group at a time. */
export const recogniseIban: Recogniser = (text, { taken, windows }) =>
  hitsIn(
    text,
    windows.filter(({ lettered }) => lettered),
    SHAPE,
  ).flatMap((hit) => {
    let candidate = hit.text
    while (candidate.length >= 15 && !isIban(candidate)) {
      const shorter = candidate.replace(/[ \u00a0-][A-Z0-9]+$/iu, '')
      if (shorter === candidate) return []
      candidate = shorter
    }
    const end = hit.start + candidate.length
    if (candidate.length < 15 || taken.has(hit.start, end) || isHarmless(text, hit.start, end)) return []
    return [detected('IBAN', hit.start, end, candidate.replace(/[ \u00a0-]/gu, '').toUpperCase())]
  })

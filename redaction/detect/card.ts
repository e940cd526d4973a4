import { isHarmless } from './never.ts'
import { detected, hitsIn } from './recogniser.ts'
import type { Recogniser } from './recogniser.ts'

const SHAPE = /(?<![\p{L}\p{N}.,_-])[2-6]\d{3}(?:[ \u00a0-]?\d){8,15}(?![\p{L}\p{N}_]|[.,]\d)/gu

const FEWEST_DIGITS = 12

/** ISO/IEC 7812 check digit. */
export const isLuhn = (digits: string): boolean => {
  let sum = 0
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits.charAt(digits.length - 1 - at))
    const doubled = at % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** Payment cards: 12 to 19 digits of a card network, in groups or not, whose Luhn digit holds. */
export const recogniseCard: Recogniser = (text, { taken, windows }) =>
  hitsIn(
    text,
    windows.filter(({ close }) => close >= FEWEST_DIGITS),
    SHAPE,
  ).flatMap((hit) => {
    const digits = hit.text.replace(/\D/gu, '')
    const plausible =
      digits.length >= FEWEST_DIGITS && digits.length <= 19 && !/^(\d)\1+$/u.test(digits) && isLuhn(digits)
    return plausible && !taken.has(hit.start, hit.end) && !isHarmless(text, hit.start, hit.end)
      ? [detected('CARD', hit.start, hit.end, digits)]
      : []
  })

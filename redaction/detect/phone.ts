import { canonicalPhone, readPhone } from '../phone-forms.ts'
import { isHarmless } from './never.ts'
import { detected, hitsIn } from './recogniser.ts'
import type { Recogniser } from './recogniser.ts'

const SHAPE =
  /(?<![\p{L}\p{N}_#$€£¥/+-]|[\p{N}][.,:])(?:\+|00)?[(]?\d(?:[ \t\u00a0]{0,2}(?:[-./–‑·][ \u00a0]?)?\(?\d\)?){5,16}(?:\s?(?:ext\.?|extension|x|durchwahl|dw)\s?\.?\d{1,6})?(?![\p{L}\p{N}_]|[-:/]\d|[.,]\d)/giu
const FEWEST_DIGITS = 6
const CUE =
  /(?:tel|telephone|phone|mobile|mobil|cell|fax|call|dial|ring|text|whatsapp|sms|telefon|handy|ext|direct|office|home|work|reach\w*(?: \w+){0,2} (?:at|on)|numbers?|[tmpf])\s?(?:no\.?|nr\.?|#|number|is|at|on|me at|us at)?\s?[:.=)-]?\s*$/iu
const CUE_AFTER = /^\s?[-(,]?\s?(?:office|fax|mobile|cell|home|work|direct|phone|tel)\b/iu
const MONEY_AFTER = /^\s?(?:%|€|£|\$|USD|EUR|GBP|CHF|k\b|m\b|bn\b|million|units?\b|shares?\b)/iu
/** Numbers in groups of three, which are phones only where a word says so. */
const THOUSANDS = /^\d{1,3}(?:[ .]\d{3})+$/u
const DATE =
  /^(?:\d{4}([-./])\d{1,2}\1\d{1,2}|\d{1,2}([-./])\d{1,2}\2(?:\d{4}|\d{2}))(?:$|[\sT])|^\d{4}\s?[-–]\s?\d{4}$|^(?:19|20)\d{6}(?:\d{4}(?:\d{2})?)?$|^\d{1,3}(?:\.\d{1,3}){3}$|^\d+\.\d+$/u

const looksGrouped = (text: string): boolean => /\d[\s\u00a0().\-/–‑·]+\d/u.test(text)

/**
 * Phone numbers: with a country code where possible at all; without one where they are valid in one of the workspace's
 * countries and written in groups, have ten digits, or follow a word such as `tel`. Never dates, amounts or identifiers.
 */
export const recognisePhone: Recogniser = (text, { taken, countries, windows }) =>
  hitsIn(
    text,
    windows.filter(({ near }) => near >= FEWEST_DIGITS),
    SHAPE,
  ).flatMap((hit) => {
    const found = hit.text.replace(/[\s(]+$/u, '')
    const { start } = hit
    const end = start + found.length
    const digits = found.replace(/\D/gu, '')
    if (digits.length < FEWEST_DIGITS || taken.has(start, end) || DATE.test(found)) return []
    if (MONEY_AFTER.test(text.slice(end, end + 12))) return []
    const international = /^\(?(?:\+|00[1-9])/u.test(found)
    const cue =
      CUE.test(text.slice(Math.max(0, start - 28), start)) || CUE_AFTER.test(text.slice(end, end + 12))
    const grouped = looksGrouped(found) && digits.length >= 9
    if (!cue && (THOUSANDS.test(found) || !(international || grouped || digits.length >= 10))) return []
    if (isHarmless(text, start, end)) return []
    const number = readPhone(found, countries)
    if (!number) return cue && digits.length <= 15 ? [detected('PHONE', start, end, digits)] : []
    const plausible =
      international || cue || grouped || (number.isValid() && digits.length >= 10 && digits.length <= 12)
    return plausible ? [detected('PHONE', start, end, canonicalPhone(number))] : []
  })

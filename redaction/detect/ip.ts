import { isIPv4, isIPv6 } from 'node:net'
import { detected, hitsIn } from './recogniser.ts'
import type { Recogniser, Window } from './recogniser.ts'

const FOUR = /(?<![\p{L}\p{N}.-])\d{1,3}(?:\.\d{1,3}){3}(?![\p{L}\p{N}]|\.\d|-\d)/gu
const SIX =
  /(?<![\p{L}\p{N}:.])[0-9a-f]{0,4}(?:::?[0-9a-f]{1,4}){2,7}(?:::)?(?:(?<=:)\d{1,3}(?:\.\d{1,3}){3})?(?![\p{L}\p{N}:])/giu
const VERSION_BEFORE = /\b(?:v|version|release|build|firmware|section|chapter|kapitel)\.?\s*$/iu

const LONGEST_SIX = 48

/** Around colons that stand as close as they do in IPv6: five characters at most, or side by side. */
const colonWindows = (text: string): Window[] => {
  const found: Window[] = []
  let before = -9
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) {
    if (
      at - before <= 5 &&
      !text.startsWith('//', at + 1) &&
      at >= (found.at(-1)?.end ?? 0) - LONGEST_SIX / 2
    ) {
      const start = Math.max(found.at(-1)?.end ?? 0, before - 5, 0)
      found.push({ start, end: Math.min(text.length, at + LONGEST_SIX) })
    }
    before = at
  }
  return found
}

/** IPv4 in four decimal parts and IPv6 in any of its short forms; never versions or times of day. */
export const recogniseIp: Recogniser = (text, { taken, windows }) => {
  const dotted = windows.filter((window) => window.dotted >= 3)
  const four = hitsIn(text, dotted, FOUR).filter(
    ({ start, text: found }) =>
      isIPv4(found) && !VERSION_BEFORE.test(text.slice(Math.max(0, start - 12), start)),
  )
  const six = hitsIn(text, colonWindows(text), SIX).filter(
    ({ text: found }) => isIPv6(found) && found.replaceAll(':', '').length >= 4,
  )
  return [...four, ...six]
    .filter(({ start, end }) => !taken.has(start, end))
    .map(({ start, end, text: found }) => detected('IP', start, end, found.toLowerCase()))
}

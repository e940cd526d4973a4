import type { Span } from '../types.ts'
import { detected, isTaken } from './recogniser.ts'
import type { Recogniser } from './recogniser.ts'

const URL_SHAPE =
  /(?<![\p{L}\p{N}@])(?:(?:https?|ftp|ftps|sftp|ssh|git|wss?|tel|sip|slack|callto|file):(?:\/\/)?|www\d?\.)[^\s<>"'`{}|\\^[\]]+/giu
/** Hosts without a scheme, where a path follows or the ending is one that sentences do not make. */
const BARE_HOST =
  /(?<![\p{L}\p{N}@._/-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:(?:com|org|net|io|ai|co|dev|app|eu|de|uk|us|fr|nl|ch|at|ca|example|test|invalid)(?![\p{L}\p{N}-]|\.\p{L})|[a-z]{2,12}(?=\/[\p{L}\p{N}]))(?:[/?#:][^\s<>"'`{}|\\^[\]]*)?/giu

const count = (text: string, character: string): number => text.split(character).length - 1

/** A URL written in a sentence does not own the sentence's punctuation, nor a closing bracket it did not open. */
const trim = (url: string): string => {
  let trimmed = url
  for (;;) {
    const next = trimmed.replace(/[.,;:!?*_]+$/u, '')
    const unopened = next.endsWith(')') && count(next, ')') > count(next, '(')
    if (next === trimmed && !unopened) return trimmed
    trimmed = unopened ? next.slice(0, -1) : next
  }
}

/** Web and other addresses with a scheme, with www, or as a bare host name. */
export const recogniseUrl: Recogniser = (text, { taken }) => {
  if (!text.includes('.') && !text.includes(':')) return []
  const found: Span[] = []
  for (const pattern of [URL_SHAPE, BARE_HOST]) {
    for (const match of text.matchAll(pattern)) {
      const url = trim(match[0])
      const end = match.index + url.length
      const ofMail = taken.some((span) => span.start < match.index && match.index < span.end)
      if (url.length < 5 || /:(?:\/\/)?$/u.test(url) || ofMail || isTaken(found, match.index, end)) continue
      found.push(detected('URL', match.index, end))
    }
  }
  return found
}

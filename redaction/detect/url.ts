import { detected } from './recogniser.ts'
import type { Recogniser } from './recogniser.ts'

const URL_SHAPE =
  /(?<![\p{L}\p{N}@])(?:(?:https?|ftp|ftps|sftp|ssh|git|wss?|tel|sip|slack|callto|file):(?:\/\/)?|www\d?\.)[^\s<>"'`{}|\\^[\]]+/giu
/** Hosts without a scheme, where a path follows or the ending is one that sentences do not make. */
const BARE_HOST =
  /(?<![\p{L}\p{N}@._/-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:(?:com|org|net|io|ai|co|dev|app|eu|de|uk|us|fr|nl|ch|at|ca|example|test|invalid)(?![\p{L}\p{N}-]|\.\p{L})|[a-z]{2,12}(?=\/[\p{L}\p{N}]))(?:[/?#:][^\s<>"'`{}|\\^[\]]*)?/giu

/** A URL written in a sentence does not own the sentence's punctuation, nor a closing bracket it did not open. */
const trim = (url: string): string => {
  let trimmed = url.replace(/[.,;:!?*_]+$/u, '')
  while (trimmed.endsWith(')') && !trimmed.includes('('))
    trimmed = trimmed.slice(0, -1).replace(/[.,;:!?]+$/u, '')
  return trimmed
}

/** Web and other addresses with a scheme, with www, or as a bare host name. */
export const recogniseUrl: Recogniser = (text, { taken }) => {
  if (!text.includes('.') && !text.includes(':')) return []
  return [URL_SHAPE, BARE_HOST].flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const url = trim(match[0])
      const end = match.index + url.length
      const insideMail = taken.some(
        (span) => span.start < end && match.index < span.end && span.start < match.index,
      )
      return url.length < 5 || /:(?:\/\/)?$/u.test(url) || insideMail
        ? []
        : [detected('URL', match.index, end)]
    }),
  )
}

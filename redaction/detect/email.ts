import { detected } from './recogniser.ts'
import type { Recogniser } from './recogniser.ts'

const ADDRESS =
  /(?:mailto:)?((?:"[^"\n@]{1,64}"|[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}.!#$%&'*+/=?^_`{|}~-]{0,62}[\p{L}\p{N}_+-])?)@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}][\p{L}\p{N}-]{0,61}[\p{L}])/giu
const AT_NUMBER = /([\p{L}\p{N}._%+-]{1,64}@\[?\d{1,3}(?:\.\d{1,3}){3}\]?)/gu

/** E-mail addresses, in any script, also at a numeric host. */
export const recogniseEmail: Recogniser = (text) => {
  if (!text.includes('@')) return []
  return [ADDRESS, AT_NUMBER].flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => {
      const start = match.index + match[0].length - match[1]!.length
      return detected('EMAIL', start, start + match[1]!.length)
    }),
  )
}

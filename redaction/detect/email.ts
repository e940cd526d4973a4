import { detected } from './recogniser.ts'
import type { Recogniser } from './recogniser.ts'

const LOCAL_AT_END =
  /(?:"[^"\n@]{1,64}"|[\p{L}\p{N}_+-](?:[\p{L}\p{N}\p{M}.!#$%&'*+/=?^_`{|}~-]{0,63}[\p{L}\p{N}_+-])?)$/u
const HOST =
  /(?:(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+\p{L}[\p{L}\p{N}-]{0,61}\p{L}|\[?\d{1,3}(?:\.\d{1,3}){3}\]?)/uy
const LONGEST_LOCAL = 68

/** E-mail addresses, in any script, also at a numeric host. Read outwards from each @. */
export const recogniseEmail: Recogniser = (text) => {
  const found = []
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    HOST.lastIndex = at + 1
    const host = HOST.exec(text)
    if (!host) continue
    const before = text.slice(Math.max(0, at - LONGEST_LOCAL), at)
    const local = LOCAL_AT_END.exec(before)?.[0].replace(/^(?:mailto:|['`{|}=?&*~^/]+)/iu, '') ?? ''
    if (local !== '') found.push(detected('EMAIL', at - local.length, at + 1 + host[0].length))
  }
  return found
}

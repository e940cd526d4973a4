import { detected } from './recogniser.ts'
import type { Recogniser } from './recogniser.ts'

const HOST =
  /(?:(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+\p{L}[\p{L}\p{N}-]{0,61}\p{L}|\[?\d{1,3}(?:\.\d{1,3}){3}\]?)/uy
const LONGEST_LOCAL = 64
const EDGE = /[\p{L}\p{N}_+-]/u
const INNER = /[\p{L}\p{N}\p{M}]/u
const QUOTED = /"[^"\n@]{1,64}"$/u

const LOCAL_UNITS = new Uint8Array(128)
for (const character of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$%&'*+/=?^_`{|}~-")
  LOCAL_UNITS[character.charCodeAt(0)] = 1

const isLocalUnit = (text: string, at: number): boolean => {
  const unit = text.charCodeAt(at)
  return unit < 128
    ? LOCAL_UNITS[unit] === 1
    : unit >= 0xd800 && unit < 0xe000
      ? true
      : INNER.test(text.charAt(at))
}

/** Where the local part that ends at `at` begins; `at` itself when there is none. */
const localStart = (text: string, at: number): number => {
  if (text.charCodeAt(at - 1) === 0x22) {
    const quoted = QUOTED.exec(text.slice(Math.max(0, at - LONGEST_LOCAL - 2), at))
    return quoted ? at - quoted[0].length : at
  }
  let start = at
  while (start > 0 && at - start < LONGEST_LOCAL && isLocalUnit(text, start - 1)) start -= 1
  if (start === at || !EDGE.test(text.charAt(at - 1))) return at
  while (start < at && !EDGE.test(text.charAt(start)) && text.charCodeAt(start) < 0xd800) start += 1
  return start
}

/** E-mail addresses, in any script, also at a numeric host. Read outwards from each @. */
export const recogniseEmail: Recogniser = (text) => {
  const found = []
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const start = localStart(text, at)
    if (start === at) continue
    HOST.lastIndex = at + 1
    const host = HOST.exec(text)
    if (host) found.push(detected('EMAIL', start, at + 1 + host[0].length))
  }
  return found
}

/** Letters, digits and what else an address holds, as far as they reach from `at` in one direction. */
const reach = (text: string, from: number, by: 1 | -1): number => {
  let at = from
  while (at >= 0 && at < text.length) {
    const code = text.charCodeAt(at)
    const isWord = (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90)
    if (!isWord && code < 128 && !"_.'+-".includes(text.charAt(at))) break
    if (code >= 128 && !/[\p{L}\p{N}]/u.test(text.charAt(at))) break
    at += by
  }
  return at
}

const LINK_HERE = /(?:https?:\/\/|www\.|\/o=)\S+/iuy
const BEFORE_SLASHES = /https?$/iu

/** Where a link may begin, in order, if the text has a sign of any. */
const linkStarts = (text: string): readonly number[] => {
  const starts: number[] = []
  let www = false
  for (let at = text.indexOf('.', 3); at >= 0; at = text.indexOf('.', at + 1)) {
    if ((text.charCodeAt(at - 1) | 32) !== 0x77 || !/^www$/iu.test(text.slice(at - 3, at))) continue
    www = true
    starts.push(at - 3)
  }
  if (!www && !text.includes('://') && !text.includes('/o=')) return starts
  for (let at = text.indexOf('/'); at >= 0; at = text.indexOf('/', at + 1)) {
    if (text.charCodeAt(at - 1) === 0x3a && text.charCodeAt(at + 1) === 0x2f) {
      const scheme = BEFORE_SLASHES.exec(text.slice(Math.max(0, at - 6), at - 1))
      if (scheme) starts.push(at - 1 - scheme[0].length)
    }
    if ((text.charCodeAt(at + 1) | 32) === 0x6f && text.charCodeAt(at + 2) === 0x3d) starts.push(at)
  }
  return starts.sort((a, b) => a - b)
}

/** 1 where a character belongs to an address or a link; undefined where there is none. */
export const takenIn = (text: string): Uint8Array | undefined => {
  let taken: Uint8Array | undefined
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const start = reach(text, at - 1, -1) + 1
    const end = reach(text, at + 1, 1)
    const dot = text.indexOf('.', at + 2)
    if (start === at || dot < 0 || dot >= end - 1) continue
    taken ??= new Uint8Array(text.length)
    taken.fill(1, start, end)
  }
  let free = 0
  for (const start of linkStarts(text)) {
    if (start < free) continue
    LINK_HERE.lastIndex = start
    if (!LINK_HERE.test(text)) continue
    free = LINK_HERE.lastIndex
    taken ??= new Uint8Array(text.length)
    taken.fill(1, start, free)
  }
  return taken
}

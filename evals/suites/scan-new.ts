import type { Leak } from '../../redaction/scan.ts'

/** A value may begin in what was scanned before and end in what is new: in any encoding it is shorter than this. */
const OVERLAP = 4_096

const sharedStart = (one: string, two: string): number => {
  const most = Math.min(one.length, two.length)
  let at = 0
  while (at < most && one.charCodeAt(at) === two.charCodeAt(at)) at += 1
  return at
}

const sharedEnd = (one: string, two: string, most: number): number => {
  let at = 0
  while (at < most && one.charCodeAt(one.length - 1 - at) === two.charCodeAt(two.length - 1 - at)) at += 1
  return at
}

/**
 * Scans bodies that resemble each other, as the requests of one conversation do: of a body, what the one before (in which
 * nothing was found) does not hold at its beginning or end, with some of both around it. The body after a find is scanned
 * whole, and so is the one with the find.
 */
export const scanWhatIsNew = (
  scan: (body: string) => readonly Leak[],
): ((body: string) => readonly Leak[]) => {
  let clean: string | undefined
  return (body) => {
    const start = clean === undefined ? 0 : sharedStart(clean, body)
    const end = clean === undefined ? 0 : sharedEnd(clean, body, Math.min(clean.length, body.length) - start)
    const part = body.slice(Math.max(0, start - OVERLAP), body.length - end + OVERLAP)
    const leaks = scan(part)
    if (leaks.length === 0) {
      clean = body
      return leaks
    }
    clean = undefined
    return part.length === body.length ? leaks : scan(body)
  }
}

import type { Span } from '../types.ts'
import { detected } from './recogniser.ts'
import type { Recogniser } from './recogniser.ts'

const SCHEME =
  /(?:https?|ftps?|sftp|ssh|git|wss?|tel|sip|slack|callto|file|postgres(?:ql)?|mongodb(?:\+srv)?|redis|mysql|amqps?)$/iu
/** From the colon of a scheme, or from `www`. */
const AFTER_SCHEME = /:(?:\/\/)?[^\s<>"'`{}|\\^[\]]+/uy
const WWW = /www\d?\.[^\s<>"'`{}|\\^[\]]+/iuy
/** Endings of hosts without a scheme that sentences do not make. */
const ENDINGS: ReadonlySet<string> = new Set(
  'com org net io ai co dev app eu de uk us fr nl ch at ca example test invalid'.split(' '),
)
const AFTER_HOST = /[/?#:][^\s<>"'`{}|\\^[\]]*/uy
const LONGEST_SCHEME = 12

const isWordBefore = (text: string, at: number): boolean =>
  at > 0 && /[\p{L}\p{N}@]/u.test(text.charAt(at - 1))

/** Letter, digit or hyphen of a host name. */
const isHostUnit = (unit: number): boolean =>
  (unit >= 0x61 && unit <= 0x7a) ||
  (unit >= 0x41 && unit <= 0x5a) ||
  (unit >= 0x30 && unit <= 0x39) ||
  unit === 0x2d

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

const withScheme = (text: string, colon: number): readonly [number, number] | undefined => {
  if (!isHostUnit(text.charCodeAt(colon - 1))) return undefined
  const scheme = SCHEME.exec(text.slice(Math.max(0, colon - LONGEST_SCHEME), colon))?.[0]
  if (scheme === undefined || isWordBefore(text, colon - scheme.length)) return undefined
  AFTER_SCHEME.lastIndex = colon
  const rest = AFTER_SCHEME.exec(text)?.[0]
  return rest === undefined ? undefined : [colon - scheme.length, colon + rest.length]
}

const withWww = (text: string, dot: number): readonly [number, number] | undefined => {
  const start = /www\d?$/iu.exec(text.slice(Math.max(0, dot - 4), dot))
  if (!start) return undefined
  const from = dot - start[0].length
  WWW.lastIndex = from
  const url = isWordBefore(text, from) ? undefined : WWW.exec(text)?.[0]
  return url === undefined ? undefined : [from, from + url.length]
}

/** A bare host around a dot: where a path follows, or the ending is one that sentences do not make. */
const bareHost = (text: string, dot: number): readonly [number, number] | undefined => {
  let from = dot
  while (from > 0 && (isHostUnit(text.charCodeAt(from - 1)) || text.charCodeAt(from - 1) === 0x2e)) from -= 1
  let to = dot + 1
  while (to < text.length && (isHostUnit(text.charCodeAt(to)) || text.charCodeAt(to) === 0x2e)) to += 1
  // `//host/path`, as pages write it: a browser puts a scheme before it.
  const slashes =
    from > 1 && text.startsWith('//', from - 2) && !/[\p{L}\p{N}:/]/u.test(text.charAt(from - 3))
  if (from > 0 && !slashes && /[\p{L}\p{N}@_/]/u.test(text.charAt(from - 1))) return undefined
  const end = text.charCodeAt(to - 1) === 0x2e ? to - 1 : to
  if (/[\p{L}\p{N}]/u.test(text.charAt(to))) return undefined
  const path = end === to && text.charCodeAt(to) === 0x2f && /[\p{L}\p{N}]/u.test(text.charAt(to + 1))
  const ending = text.slice(text.lastIndexOf('.', end - 1) + 1, end).toLowerCase()
  if (!ENDINGS.has(ending) && !(path && /^[a-z]{2,12}$/u.test(ending))) return undefined
  const labels = text.slice(from, end).split('.')
  if (labels.length < 2 || labels.some((label) => !/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/iu.test(label))) {
    return undefined
  }
  AFTER_HOST.lastIndex = end
  return [slashes ? from - 2 : from, end + (AFTER_HOST.exec(text)?.[0].length ?? 0)]
}

/** Web and other addresses with a scheme, with www, or as a bare host name. Read outwards from colons and dots. */
export const recogniseUrl: Recogniser = (text, { taken }) => {
  const found: Span[] = []
  let free = 0
  let tried = 0
  const take = (range: readonly [number, number] | undefined): void => {
    if (!range || range[0] < free) return
    const url = trim(text.slice(range[0], range[1]))
    const end = range[0] + url.length
    const ofMail = taken.has(range[0] - 1, range[0]) && taken.has(range[0], range[0] + 1)
    if (url.length < 5 || /:(?:\/\/)?$/u.test(url) || ofMail) return
    found.push(detected('URL', range[0], end))
    free = end
  }
  let colon = text.indexOf(':')
  let dot = text.indexOf('.')
  while (colon >= 0 || dot >= 0) {
    if (colon >= 0 && (dot < 0 || colon < dot)) {
      if (colon >= free) take(withScheme(text, colon))
      colon = text.indexOf(':', Math.max(colon + 1, free))
      continue
    }
    if (dot >= free && isHostUnit(text.charCodeAt(dot + 1)) && isHostUnit(text.charCodeAt(dot - 1))) {
      const www = withWww(text, dot)
      if (www) take(www)
      else if (dot >= tried) {
        take(bareHost(text, dot))
        tried = dot + 1
        while (isHostUnit(text.charCodeAt(tried)) || text.charCodeAt(tried) === 0x2e) tried += 1
      }
    }
    dot = text.indexOf('.', Math.max(dot + 1, free))
  }
  return found
}

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Marks of the annotators that name no person, by what they stand on. */
const NO_NAMES = ['company', 'place', 'group', 'role', 'relation', 'word'] as const

/** What somebody who read a mark that stayed visible says of it. */
export interface Verdict {
  /** `name`, or what the mark stands on in truth. */
  readonly is: 'name' | (typeof NO_NAMES)[number]
  /** Where the mark reaches beyond a name (a title, the next line), the name's own part, from the mark's start. */
  readonly part?: { readonly start: number; readonly end: number }
}

export interface Mark {
  readonly start: number
  readonly end: number
}

/** Names a mark without holding any of its text. */
export const verdictKey = (text: string, { start, end }: Mark): string =>
  createHash('sha256').update(`${text}\0${start}:${end}`).digest('hex').slice(0, 16)

const parse = (written: string): Verdict => {
  const [is = '', part] = written.split(' ')
  const [start, end] = (part ?? '').split('-').map(Number)
  if (is !== 'name' && !(NO_NAMES as readonly string[]).includes(is))
    throw new Error(`There is no verdict called ${is}.`)
  return { is: is as Verdict['is'], ...(part === undefined ? {} : { part: { start: start!, end: end! } }) }
}

/** Our reading of marks that leaked, by key; marks that are not in it were not read. */
export const readVerdicts = (): ReadonlyMap<string, Verdict> => {
  const path = join(import.meta.dirname, '..', 'sets', 'redaction-verdicts.json')
  const written = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>
  return new Map(Object.entries(written).map(([key, verdict]) => [key, parse(verdict)]))
}

/** Counts what leaks once marks that name nobody are left out, and of marks that reach too far only the name counts. */
export const createReading = (verdicts: ReadonlyMap<string, Verdict>) => {
  const count = { mentions: 0, leaked: 0, unread: 0 }
  return {
    count: count as Readonly<typeof count>,
    /** `isShown` tells whether a letter of a stretch of the text is visible. */
    add(text: string, mark: Mark, isShown: (stretch: Mark) => boolean): void {
      const verdict = verdicts.get(verdictKey(text, mark))
      if (verdict !== undefined && verdict.is !== 'name') return
      count.mentions += 1
      const { part } = verdict ?? {}
      const name = part ? { start: mark.start + part.start, end: mark.start + part.end } : mark
      if (!isShown(name)) return
      count.leaked += 1
      if (verdict === undefined) count.unread += 1
    },
  }
}

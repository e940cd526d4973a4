import { NICKNAMES } from '../../redaction/nicknames.ts'
import type { MarkedText } from './redaction.ts'

/** How a mention stands to the records: the name as it is, another form of one record's name, nobody's. */
export type Knowledge = 'exact' | 'alias' | 'unknown'

export interface KnownName {
  readonly given: string
  readonly family: string
}

const titled = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()

const collector = () => {
  const names = new Map<string, KnownName>()
  return {
    names,
    add: (name: string): void => {
      const words = name.trim().split(/\s+/u)
      if (words.length < 2 || name.length > 60 || /[@\d\n<>]/u.test(name)) return
      names.set(name.toLowerCase(), { given: words.slice(0, -1).join(' '), family: words.at(-1)! })
    },
  }
}

/** The people whom addresses of two parts and `Last, First` in header lines name. */
export const peopleInHeaders = (texts: readonly string[]): KnownName[] => {
  const { names, add } = collector()
  for (const text of texts) {
    for (const [, first, middle, last] of text.matchAll(
      /\b([a-z]{2,})\.(?:([a-z])\.)?\.?([a-z][a-z'-]+)@[\w.-]+\.\w+/giu,
    )) {
      add([first, middle, last].flatMap((part) => (part === undefined ? [] : [titled(part)])).join(' '))
    }
    for (const [, line] of text.matchAll(/^(?:X ?-? ?)?(?:From|To|Cc|Bcc)\s*:\s*(.+)$/gimu)) {
      for (const [, last, first] of line!.matchAll(
        /([A-Z][\w'-]+), ([A-Z][\w'-]+(?: [A-Z]\.?)?)(?=\s*(?:;|<|\[|$|,))/gu,
      )) {
        add(`${first} ${last}`)
      }
    }
  }
  return [...names.values()]
}

const plain = (mention: string): string => {
  const text = mention.replace(/@\S+$/u, '').replace(/\s+/gu, ' ').trim()
  const [, last, first] = /^([^,]+), (.+)$/u.exec(text) ?? []
  return first === undefined ? text : `${first} ${last}`
}

/** Everyone whom the annotation names in full: an upper bound. */
export const peopleInGold = (documents: readonly MarkedText[]): KnownName[] => {
  const { names, add } = collector()
  for (const { text, spans } of documents) {
    for (const { start, end, type } of spans) if (type === 'PERSON') add(plain(text.slice(start, end)))
  }
  return [...names.values()]
}

/** Tells how a mention stands to these people. */
export const classifier = (people: readonly KnownName[]): ((mention: string) => Knowledge) => {
  const whole = new Set<string>()
  const byWord = new Map<string, Set<number>>()
  const shortOf = new Map<string, string[]>()
  for (const [short, names] of NICKNAMES) {
    for (const name of names) shortOf.set(name, [...(shortOf.get(name) ?? []), short])
  }
  for (const [at, { given, family }] of people.entries()) {
    const name = `${given} ${family}`.toLowerCase()
    whole.add(name)
    const words = name.replaceAll('.', '').split(/\s+/u)
    for (const word of [...words, ...(shortOf.get(words[0]!) ?? [])]) {
      byWord.set(word, (byWord.get(word) ?? new Set()).add(at))
    }
  }
  return (mention) => {
    const name = plain(mention).toLowerCase()
    if (whole.has(name)) return 'exact'
    const words = name
      .replaceAll('.', '')
      .replace(/['’]s$/u, '')
      .split(/\s+/u)
      .filter((word) => word.length > 1 && !/^(?:mr|mrs|ms|dr|jr|sr)$/u.test(word))
    let sharing: number[] | undefined
    for (const word of words) {
      const owners = byWord.get(word) ?? new Set<number>()
      sharing = sharing === undefined ? [...owners] : sharing.filter((owner) => owners.has(owner))
    }
    return sharing === undefined || sharing.length === 0 ? 'unknown' : 'alias'
  }
}

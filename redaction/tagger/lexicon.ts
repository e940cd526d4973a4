import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { foldWord } from '../words.ts'

/**
 * What lists of words say about one word, in bits: how common it is as an English word (0 not at all, 1 among the
 * commonest, 3 rare), as a given name (0, 1 rare, 2 common), as a family name (0, 1 rare, 3 common), and whether places
 * or companies are called so.
 */
export type WordKind = number

export const englishOf = (kind: WordKind): number => kind & 3
export const givenOf = (kind: WordKind): number => (kind >> 2) & 3
export const familyOf = (kind: WordKind): number => (kind >> 4) & 3
export const isPlace = (kind: WordKind): boolean => (kind & 64) !== 0
export const isCompanyWord = (kind: WordKind): boolean => (kind & 128) !== 0

export interface WordFacts {
  readonly english: number
  readonly given: number
  readonly family: number
  readonly place: boolean
  readonly company: boolean
}

export const wordKind = ({ english, given, family, place, company }: WordFacts): WordKind =>
  english | (given << 2) | (family << 4) | (place ? 64 : 0) | (company ? 128 : 0)

/** Words by kind; the words of a kind sorted, each as the length it shares with the one before (A for 0) and its rest. */
export interface PackedLexicon {
  readonly kinds: Readonly<Record<string, string>>
  /** The commonest words of mail, blank-separated: these alone are known by themselves to the features. */
  readonly cues: string
  /** Common words of German and of Portuguese that no list of ours has as a name; packed as the kinds are. */
  readonly german: string
  readonly portuguese: string
}

/** What a text is written in: 0 English or unclear. */
export const LANGUAGE = { english: 0, german: 1, romance: 2 } as const

/** The packed form of sorted words. */
export const packWords = (words: readonly string[]): string => {
  let before = ''
  return words
    .map((word) => {
      let shared = 0
      while (shared < 25 && shared < before.length && before[shared] === word[shared]) shared += 1
      before = word
      return String.fromCharCode(65 + shared) + word.slice(shared)
    })
    .join('')
}

export const unpackWords = (packed: string): string[] => {
  let before = ''
  return Array.from(packed.matchAll(/([A-Z])([^A-Z]*)/gu), ([, shared, rest]) => {
    before = before.slice(0, shared!.charCodeAt(0) - 65) + rest!
    return before
  })
}

export interface Lexicon {
  /** The kind of a folded word; 0 when no list has it. */
  kindOf(folded: string): WordKind
  /** From 1; 0 for words that are no cue. */
  cueOf(folded: string): number
  /** Whether the word is a common one of this language; of English, `kindOf` tells. */
  isWordOf(language: number, folded: string): boolean
}

export const createLexicon = ({ kinds, cues, german, portuguese }: PackedLexicon): Lexicon => {
  const kindOfWord = new Map<string, number>()
  for (const [kind, packed] of Object.entries(kinds)) {
    for (const word of unpackWords(packed)) kindOfWord.set(word, Number(kind))
  }
  const cueOfWord = new Map(cues.split(' ').map((word, at) => [word, at + 1]))
  // Unpacked at the first text in that language.
  const words: ReadonlySet<string>[] = []
  const wordsOf = (language: number): ReadonlySet<string> =>
    (words[language] ??= new Set(unpackWords(language === LANGUAGE.german ? german : portuguese)))
  return {
    isWordOf: (language, folded) => language !== LANGUAGE.english && wordsOf(language).has(folded),
    kindOf: (folded) => kindOfWord.get(folded) ?? 0,
    cueOf: (folded) => cueOfWord.get(folded) ?? 0,
  }
}

/** The word as the lists hold it: without case and accents. */
export const foldForLexicon = (word: string): string => {
  for (let at = 0; at < word.length; at += 1) if (word.charCodeAt(at) > 127) return foldWord(word)
  return word.toLowerCase()
}

/** The lists shipped with the product; made by scripts/tagger/build-lexicon.ts. */
export const readLexicon = (): Lexicon =>
  createLexicon(JSON.parse(readFileSync(join(import.meta.dirname, 'lexicon.json'), 'utf8')) as PackedLexicon)

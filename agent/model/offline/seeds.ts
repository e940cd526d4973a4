import * as chrono from 'chrono-node'
import { formatInZone, wallParts } from './zone.ts'
import type { Edge } from './chart.ts'
import { LEXICON, patternsOf } from './lexicon.ts'
import { SHAPE_LEXICON } from './lexicon-shape.ts'
import { PARTS, TRADES } from './lexicon-trades.ts'
import { compile, grammarOf } from './chart.ts'
import type { Grammar, Rule } from './chart.ts'
import type { Token } from './normalise.ts'
import { tokenise } from './normalise.ts'
import type { Period, Reference, Want } from './pieces.ts'
import { RULES } from './rules.ts'
import type { Legend, Vocabulary } from './vocabulary.ts'

/** A workspace's own words as a pattern of the chart; marks and hyphens fall away. */
const patternOf = (words: string): string =>
  tokenise(words)
    .filter(({ kind }) => kind !== 'mark')
    .map(({ word }) => word)
    .join(' ')

const wordRules = (
  name: string,
  type: string,
  words: readonly string[],
  want: (word: string) => unknown,
): readonly Rule[] =>
  words.flatMap((word) => {
    const pattern = patternOf(word)
    return pattern === '' || /^[A-Z|?= ]+$/.test(pattern)
      ? []
      : compile(name, type, pattern, () => want(word), 0.1)
  })

/** Spelled-out forms of the same title; a title is asked for by all of them. */
const TITLE_FORMS: readonly (readonly string[])[] = [
  ['ceo', 'chief executive officer', 'chief executive'],
  ['cfo', 'chief financial officer', 'finance chief', 'head of finance'],
  ['cto', 'chief technology officer'],
  ['coo', 'chief operating officer'],
  ['cmo', 'chief marketing officer'],
  ['cro', 'chief revenue officer'],
  ['cpo', 'chief product officer'],
  ['cio', 'chief information officer'],
  ['ciso', 'chief information security officer', 'chief security officer'],
  ['chro', 'chief human resources officer'],
  ['general counsel'],
  ['managing director'],
  ['vice president', 'vp'],
  ['director'],
  ['controller'],
  ['treasurer'],
  ['chairman', 'chair'],
  ['procurement manager'],
  ['office manager'],
  ['engineer'],
  ['president'],
  ['general partner'],
  ['managing partner'],
  ['operations director', 'ops director', 'director of operations'],
]
/** Only the spellings that mean the very same are alternatives of each other. */
const alternatives = (forms: readonly string[]): readonly string[] =>
  forms.filter((form) => !form.startsWith('head of') && form !== 'finance chief')

const titleWant = (values: readonly string[]): readonly Want[] => [
  { slot: 'title', op: values.length > 1 ? 'any_of' : '=', value: values.length > 1 ? values : values[0]! },
]
const TITLE_RULES: readonly Rule[] = TITLE_FORMS.flatMap((forms) =>
  forms.flatMap((form) => {
    const same = alternatives(forms).slice(0, 2)
    return compile(
      'title',
      'TITLE',
      form,
      () => titleWant(same.includes(form) || !alternatives(forms).includes(form) ? same : [form]),
      0.2,
    )
  }),
)

/** The workspace's own words for the parts people play. */
const partRules = (vocabulary: Vocabulary): readonly Rule[] => {
  const known = new Set(PARTS.flatMap(patternsOf))
  const own = vocabulary.roles.filter((role) => !known.has(role.toLowerCase()))
  return wordRules('part', 'ENTITY', own, (value) => ({
    entity: 'people',
    where: [{ slot: 'part', op: '=', value: value.toLowerCase() }],
  }))
}

const BONUS: Readonly<Record<string, number>> = { UNANSWERED: 0.9, WAITING_US: 0.9, WAITING_THEM: 0.9 }

/** Stages called by a word that says something else unless it is said to be a stage: "new deals", "active deals". */
const MEANS_MORE = /^(?:new|open|active|live|created|added|current)$/i

/** All rules for a workspace: the language's, its trade's, and its own words. */
export const grammarFor = (vocabulary: Vocabulary): Grammar => {
  const lexical = [...LEXICON, ...SHAPE_LEXICON, ...PARTS, ...TRADES[vocabulary.vertical]].flatMap(
    (entry) => {
      const [type, value] = entry
      return patternsOf(entry).flatMap((pattern) =>
        compile(`word.${type.toLowerCase()}`, type, pattern, () => value, BONUS[type] ?? 0),
      )
    },
  )
  const single =
    (slot: Want['slot']) =>
    (value: string): readonly Want[] => [{ slot, op: '=', value }]
  const own: Rule[] = [
    ...wordRules(
      'stage',
      'STAGE',
      vocabulary.stages.map(({ name }) => name).filter((name) => !MEANS_MORE.test(name)),
      single('stage'),
    ),
    ...wordRules(
      'stage.plain',
      'STAGE_NAMED',
      vocabulary.stages.map(({ name }) => name).filter((name) => MEANS_MORE.test(name)),
      single('stage'),
    ),
    ...wordRules('tag', 'TAG', vocabulary.tags, single('tag')),
    ...wordRules('city', 'CITY', vocabulary.cities, single('city')),
    ...wordRules('country', 'CITY', vocabulary.countries, single('country')),
    ...wordRules('industry', 'INDUSTRY', vocabulary.industries, single('industry')),
    ...wordRules(
      'standing',
      'STANDING',
      vocabulary.statuses.filter((word) => !/^(active|open|closed|won|lost)$/i.test(word)),
      single('standing'),
    ),
    ...wordRules(
      'title',
      'TITLE',
      vocabulary.titles.filter(
        (title) => !/^(founder|buyer|seller|investor|advisor|attorney|lender|scout)$/i.test(title),
      ),
      (title) => titleWant([title.toLowerCase()]),
    ),
    ...partRules(vocabulary),
  ]
  for (const [word, means] of vocabulary.synonyms ?? []) {
    for (const entry of [...LEXICON, ...SHAPE_LEXICON]) {
      const [type, value] = entry
      if (patternsOf(entry).includes(means))
        own.push(...compile('synonym', type, patternOf(word), () => value, 0.1))
    }
  }
  return grammarOf([...RULES, ...lexical, ...TITLE_RULES, ...own])
}

const LABELS: Readonly<Record<string, Reference['label']>> = {
  PERSON: 'people',
  COMPANY: 'companies',
  DEAL: 'deals',
  MEMBER: 'members',
  EMAIL: 'value',
  PHONE: 'value',
  URL: 'value',
  PLACE: 'value',
}

export const referenceOf = (handle: string, legend: Legend): Reference => {
  const entry = legend.find((line) => line.handle.replace(/[fl]$/, '') === handle)
  if (entry?.is === 'group' && entry.candidates && entry.candidates.length > 0) {
    const label = LABELS[entry.candidates[0]!.split('_')[0]!] ?? 'people'
    return { label, handles: entry.candidates }
  }
  if (entry?.is === 'ambiguous')
    return { label: 'ambiguous', handles: [handle], candidates: entry.candidates ?? [] }
  if (entry?.is === 'value') return { label: 'value', handles: [handle] }
  if (entry && ['people', 'companies', 'deals', 'members'].includes(entry.is)) {
    return { label: entry.is as Reference['label'], handles: [handle] }
  }
  return { label: LABELS[handle.split('_')[0]!] ?? 'unknown', handles: [handle] }
}

const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
)
const monthOf = (word: string): number => {
  if (word === 'may') return 4
  const at = MONTHS.findIndex(
    (name) =>
      name === word ||
      (word.length >= 3 && name.slice(0, 3) === word) ||
      (word === 'sept' && name === 'september'),
  )
  return at
}
const two = (value: number): string => String(value).padStart(2, '0')
const ORDINALS: Readonly<Record<string, number>> = {
  first: 1,
  second: 2,
  third: 3,
  fourth: 4,
  '1st': 1,
  '2nd': 2,
  '3rd': 3,
  '4th': 4,
}

/** Months, quarters, years: calendar periods that need today to be complete. A month alone is the latest one begun. */
const calendarSeeds = (tokens: readonly Token[], now: Date, timezone: string): readonly Edge[] => {
  const { year: thisYear, month: thisMonth } = wallParts(now, timezone)
  const edges: Edge[] = []
  const add = (start: number, end: number, token: string, isFloating = false): void => {
    edges.push({
      start,
      end,
      type: 'CALENDAR',
      value: { kind: 'named', token, ...(isFloating ? { isFloating } : {}) },
      bonus: 0.2,
      rule: 'calendar',
    })
  }
  const yearAt = (at: number): number | undefined => {
    const token = tokens[at]
    const value = token?.kind === 'number' ? token.number! : 0
    return Number.isInteger(value) && value >= 1990 && value <= 2100 && token?.isMoney !== true
      ? value
      : undefined
  }
  for (const [index, token] of tokens.entries()) {
    const month = token.kind === 'word' ? monthOf(token.word) : -1
    const isModalMay = token.word === 'may' && !token.raw.startsWith('M')
    if (month >= 0 && !isModalMay) {
      const skip = /^(of|,)$/.test(tokens[index + 1]?.word ?? '') ? 2 : 1
      const named = yearAt(index + skip)
      const before = tokens[index - 1]?.word
      if (named !== undefined) add(index, index + skip + 1, `${named}-${two(month + 1)}`)
      else if (before === 'last' && month + 1 === thisMonth)
        add(index - 1, index + 1, `${thisYear - 1}-${two(month + 1)}`)
      else if (before === 'next')
        add(index - 1, index + 1, `${month + 1 > thisMonth ? thisYear : thisYear + 1}-${two(month + 1)}`)
      else {
        const year = month + 1 <= thisMonth ? thisYear : thisYear - 1
        const start = before === 'last' || before === 'this' ? index - 1 : index
        add(start, index + 1, `${year}-${two(month + 1)}`, true)
      }
      if (tokens[index + 1]?.word === 'last' && tokens[index + 2]?.word === 'year')
        add(index, index + 3, `${thisYear - 1}-${two(month + 1)}`)
      if (tokens[index + 1]?.word === 'this' && tokens[index + 2]?.word === 'year')
        add(index, index + 3, `${thisYear}-${two(month + 1)}`)
      if (tokens[index + 1]?.word === 'next' && tokens[index + 2]?.word === 'year')
        add(index, index + 3, `${thisYear + 1}-${two(month + 1)}`)
    }
    const quarter = /^q([1-4])(?:20(\d\d))?$/.exec(token.word)
    const spoken =
      ORDINALS[token.word] !== undefined && tokens[index + 1]?.word === 'quarter'
        ? ORDINALS[token.word]
        : undefined
    if (quarter || spoken) {
      const number = quarter ? Number(quarter[1]) : spoken!
      const end = index + (quarter ? 1 : 2)
      const skip = tokens[end]?.word === 'of' ? 1 : 0
      const named = quarter?.[2] ? 2000 + Number(quarter[2]) : yearAt(end + skip)
      const current = Math.floor((thisMonth - 1) / 3) + 1
      if (quarter?.[2]) add(index, end, `${named}-Q${number}`)
      else if (named !== undefined) add(index, end + skip + 1, `${named}-Q${number}`)
      else if (tokens[end + skip]?.word === 'last' && tokens[end + skip + 1]?.word === 'year')
        add(index, end + skip + 2, `${thisYear - 1}-Q${number}`)
      else if (tokens[end + skip]?.word === 'this' && tokens[end + skip + 1]?.word === 'year')
        add(index, end + skip + 2, `${thisYear}-Q${number}`)
      else if (tokens[end + skip]?.word === 'next' && tokens[end + skip + 1]?.word === 'year')
        add(index, end + skip + 2, `${thisYear + 1}-Q${number}`)
      else if (yearAt(index - 1) !== undefined) add(index - 1, end, `${yearAt(index - 1)}-Q${number}`)
      else add(index, end, `${number <= current ? thisYear : thisYear - 1}-Q${number}`, true)
    }
    const year = yearAt(index)
    if (year !== undefined && monthOf(tokens[index - 1]?.word ?? '') < 0) add(index, index + 1, String(year))
    if (/^\d{4}-\d\d(-\d\d)?$/.test(token.word)) add(index, index + 1, token.word)
  }
  return edges
}

const NAMES_A_DAY =
  /\b(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\b\d{1,2}(?:st|nd|rd|th)\b|\b\d{1,2}[/.]\d|\d\s?(?:am|pm)\b|\d:\d\d|\bat \d|\b(?:noon|midnight|tomorrow|today|yesterday|tonight)\b/i

/** Days and hours in words ("next Tuesday at 10", "October 3rd"), by chrono-node. */
export const dateSeeds = (
  text: string,
  tokens: readonly Token[],
  now: Date,
  timezone: string,
): readonly Edge[] => {
  if (!/\d|mon|tue|wed|thu|fri|sat|sun|noon|midnight|weekend/i.test(text)) return []
  const here = wallParts(now, timezone)
  const wallNow = new Date(Date.UTC(here.year, here.month - 1, here.day, here.hour, here.minute))
  const edges: Edge[] = []
  for (const found of chrono.en.parse(
    text.replace(/[A-Z]+_\d+[fl]?/g, (handle) => '·'.repeat(handle.length)),
    { instant: wallNow, timezone: 0 },
  )) {
    const { start } = found
    if (!start.isCertain('day') && !start.isCertain('weekday') && !start.isCertain('hour')) continue
    if (
      !NAMES_A_DAY.test(found.text) ||
      /\b(?:days?|weeks?|months?|years?|quarters?|ago)\b/i.test(found.text)
    )
      continue
    const from = tokens.findIndex((token) => token.end > found.index)
    const until = tokens.findLastIndex((token) => token.start < found.index + found.text.length)
    if (from < 0 || until < from) continue
    let date = start.date()
    const isPastTalk = start.isCertain('weekday') && !/next|coming|this/i.test(found.text)
    const day = date.toISOString().slice(0, 10)
    const token = start.isCertain('hour') ? `${day}T${date.toISOString().slice(11, 16)}` : day
    date = start.date()
    edges.push({
      start: from,
      end: until + 1,
      type: 'MOMENT',
      value: { kind: 'moment', token, ...(isPastTalk ? { isFloating: true } : {}) },
      bonus: 0.3,
      rule: 'chrono',
    })
  }
  return edges
}

const AFTER_IN = new Set(['in', 'near', 'around'])
const NOT_A_PLACE =
  /^(January|February|March|April|May|June|July|August|September|October|November|December|Q[1-4]|I|AI|CRM|SSO|NDA)$/

/** A capitalised word that nothing else knows, after "in": taken for a city. */
const placeSeeds = (tokens: readonly Token[], grammar: Grammar): readonly Edge[] => {
  const edges: Edge[] = []
  for (const [index, token] of tokens.entries()) {
    if (!AFTER_IN.has(token.word)) continue
    let end = index + 1
    while (
      end < tokens.length &&
      tokens[end]!.kind === 'word' &&
      /^\p{Lu}[\p{L}.]+$/u.test(tokens[end]!.raw) &&
      !NOT_A_PLACE.test(tokens[end]!.raw) &&
      monthOf(tokens[end]!.word) < 0 &&
      !grammar.byWord.has(tokens[end]!.stem)
    )
      end += 1
    if (end === index + 1) continue
    const name = tokens
      .slice(index + 1, end)
      .map(({ raw }) => raw)
      .join(' ')
    edges.push({
      start: index + 1,
      end,
      type: 'CITY',
      value: [{ slot: 'city', op: '=', value: name }],
      bonus: -0.2,
      rule: 'place.unknown',
    })
  }
  return edges
}

const HEAD_OF = new Set(['head', 'vp', 'director', 'svp', 'chief', 'manager'])
/** "head of IT", "VP of Sales", "VP Engineering": titles nobody listed. */
const titleSeeds = (tokens: readonly Token[]): readonly Edge[] => {
  const edges: Edge[] = []
  for (const [index, token] of tokens.entries()) {
    if (!HEAD_OF.has(token.word)) continue
    const skip = tokens[index + 1]?.word === 'of' ? 2 : 1
    const next = tokens[index + skip]
    if (
      !next ||
      next.kind !== 'word' ||
      (skip === 1 && !/^\p{Lu}/u.test(next.raw)) ||
      /^(at|in|from|for|of|the|who|we|is)$/.test(next.word)
    )
      continue
    const words = tokens.slice(index, index + skip + 1).map(({ word }) => word)
    edges.push({
      start: index,
      end: index + skip + 1,
      type: 'TITLE',
      value: titleWant([words.join(' ')]),
      bonus: 0.5,
      rule: 'title.of',
    })
  }
  return edges
}

/** Edges that come from the tokens themselves rather than from rules. */
export const seedsFor = (
  text: string,
  tokens: readonly Token[],
  grammar: Grammar,
  setting: { readonly legend: Legend; readonly now: Date; readonly timezone: string },
): readonly Edge[] => {
  const edges: Edge[] = [
    ...calendarSeeds(tokens, setting.now, setting.timezone),
    ...dateSeeds(text, tokens, setting.now, setting.timezone),
    ...placeSeeds(tokens, grammar),
    ...titleSeeds(tokens),
  ]
  for (const [index, token] of tokens.entries()) {
    const add = (type: string, value: unknown): void => {
      edges.push({ start: index, end: index + 1, type, value, bonus: 0, rule: 'seed' })
    }
    if (token.kind === 'number') add('NUM', { value: token.number, isMoney: token.isMoney === true })
    if (token.kind === 'handle') add('H', referenceOf(token.raw, setting.legend))
    if (token.kind === 'quote') add('QUOTE', token.raw)
    if (token.word === ',') add('OR_COMMA', true)
  }
  return edges
}

export type { Period }
export { formatInZone }

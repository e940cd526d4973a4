import type { Edge } from './chart.ts'
import { LEXICON, patternsOf } from './lexicon.ts'
import { SHAPE_LEXICON } from './lexicon-shape.ts'
import { PARTS, TRADES } from './lexicon-trades.ts'
import { compile, grammarOf } from './chart.ts'
import type { Grammar, Rule } from './chart.ts'
import { isStop } from './cover.ts'
import type { Token } from './normalise.ts'
import { tokenise } from './normalise.ts'
import type { Reference, Want } from './pieces.ts'
import { RULES } from './rules.ts'
import { calendarSeeds, dateSeeds, monthOf } from './seeds-dates.ts'
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
    return compile('title', 'TITLE', form, () => titleWant(same), 0.2)
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
const MEANS_MORE =
  /^(?:new|open|active|live|created|added|current|(?:viewing|meeting|call|tour|showing|task|email|deal)s?)$/i

/** Country codes that are words of the language: meant only in capitals. */
const IS_A_WORD = /^(?:us|it|in|no|is|at|be|my|me|so|am|to|as|do)$/i

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
    ...wordRules(
      'country',
      'CITY',
      vocabulary.countries.filter((code) => !IS_A_WORD.test(code)),
      single('country'),
    ),
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

/** "Plant manager", "data engineer": titles nobody listed, but for those of ours. */
const ENDS_TITLE = new Set([
  'manager',
  'director',
  'engineer',
  'analyst',
  'coordinator',
  'supervisor',
  'officer',
])
const NO_TITLE = new Set([
  'account',
  'relationship',
  'deal',
  'case',
  'listing',
  'managing',
  'vice',
  'ops',
  'operations',
  'contains',
  'contain',
  'includes',
  'called',
  'title',
])
const RUNS = new Set(['runs', 'heads', 'leads', 'handles', 'manages', 'does', 'oversees'])
/** A line of work ("procurement", "operations"), not things of ours ("deals", "accounts"). */
const isField = ({ kind, word }: Token): boolean =>
  kind === 'word' &&
  word.length > 1 &&
  (!word.endsWith('s') ||
    ['operations', 'sales', 'logistics', 'communications', 'partnerships'].includes(word))

const HEAD_OF = new Set(['head', 'vp', 'director', 'svp', 'chief', 'manager'])
/** "head of IT", "VP of Sales", "VP Engineering": titles nobody listed. */
const titleSeeds = (tokens: readonly Token[]): readonly Edge[] => {
  const edges: Edge[] = []
  for (const [index, token] of tokens.entries()) {
    const field = tokens[index + 1]
    const isAtSomebody =
      ['at', 'for', 'in', 'inside'].includes(tokens[index + 2]?.word ?? '') &&
      tokens[index + 3]?.kind === 'handle'
    if (RUNS.has(token.word) && tokens[index - 1]?.word === 'who' && isAtSomebody && field && isField(field))
      edges.push({
        start: index,
        end: index + 2,
        type: 'TITLE',
        value: titleWant([field.word]),
        bonus: 0.8,
        rule: 'title.runs',
      })
    const kindOf = tokens[index - 1]
    if (
      ENDS_TITLE.has(token.word) &&
      kindOf?.kind === 'word' &&
      !NO_TITLE.has(kindOf.word) &&
      !isStop(kindOf)
    )
      edges.push({
        start: index - 1,
        end: index + 1,
        type: 'TITLE',
        value: titleWant([`${kindOf.word} ${token.word}`]),
        bonus: 0.3,
        rule: 'title.ends',
      })
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
  setting: {
    readonly legend: Legend
    readonly now: Date
    readonly timezone: string
    readonly vocabulary: Vocabulary
  },
): readonly Edge[] => {
  const spelled = new Set(setting.vocabulary.countries.filter((code) => IS_A_WORD.test(code)))
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
    if (spelled.has(token.raw)) add('CITY', [{ slot: 'country', op: '=', value: token.raw }])
    if (token.word === ',') add('OR_COMMA', true)
  }
  return edges
}

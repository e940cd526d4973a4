import type { Token } from './normalise.ts'
import type { PlannedCall } from './plan-types.ts'
import { stem } from './stem.ts'
import { monthOf } from './seeds-dates.ts'

/** What calls say, seen from outside: nothing here knows how they were read. */
interface Evidence {
  readonly tool: string
  readonly find: string
  /** The arguments as they go out. */
  readonly text: string
  readonly hasOrder: boolean
  readonly hasMeasure: boolean
  readonly hasGroup: boolean
  readonly hasDate: boolean
  readonly isNewest: boolean
  /** Words that mail is searched for, lower case. */
  readonly searched: string
}

const DATE =
  /[+-]\d+(?:d|w|mo|m|q|y|h)\b|\d{4}-(?:\d\d|Q\d)|"\d{4}"|\b(?:this|last|next)_\w+|\b(?:today|yesterday|tomorrow|now)\b|_at"|_date"|_since"|:(?:day|week|month|quarter|year)/

const evidenceOf = (calls: readonly PlannedCall[]): Evidence => {
  const all = calls.flatMap((call) => (call.next ? [call, call.next] : [call]))
  const [first] = all
  const args = first?.args ?? {}
  const text = JSON.stringify(all.map((call) => call.args))
  return {
    tool: first?.tool ?? '',
    find: typeof args['find'] === 'string' ? args['find'] : '',
    text,
    hasOrder: args['order'] !== undefined || args['sort'] !== undefined || args['rank'] !== undefined,
    hasMeasure: args['measures'] !== undefined,
    hasGroup: args['group_by'] !== undefined,
    hasDate: DATE.test(text),
    isNewest: args['limit'] !== undefined || args['sort'] === 'newest' || args['order'] !== undefined,
    searched: typeof args['query'] === 'string' ? args['query'].toLowerCase() : '',
  }
}

interface Place {
  readonly at: number
  readonly words: readonly string[]
}
type Witness = (evidence: Evidence, place: Place) => boolean

const near = ({ at, words }: Place, reach: number, wanted: readonly string[]): boolean =>
  words.slice(Math.max(0, at - reach), at + reach + 1).some((word) => wanted.includes(word))
const before = ({ at, words }: Place, wanted: readonly string[], reach = 1): boolean =>
  words.slice(Math.max(0, at - reach), at).some((word) => wanted.includes(word))
const after = ({ at, words }: Place, wanted: readonly string[], reach = 1): boolean =>
  words.slice(at + 1, at + 1 + reach).some((word) => wanted.includes(word))
const holds =
  (pattern: RegExp): Witness =>
  ({ text }) =>
    pattern.test(text)

const NEGATED = /"none":|"op":"(?:!=|not_in|empty|<|<=)"|"value":false|last_direction|needs_reply/
const isDated: Witness = ({ hasDate, hasGroup }) => hasDate || hasGroup
const isRanked: Witness = ({ isNewest, hasOrder, hasMeasure, text }) =>
  hasOrder || isNewest || (hasMeasure && /"fn":"(?:max|min)"/.test(text))
/** After "most" and "least" these rank by themselves; anything else is counted. */
const SUPERLATIVE = 'recent recently expensive valuable lucrative affordable senior urgent important'.split(
  ' ',
)
/** Groups that "who" asks for. */
const WHO =
  /"group_by":\["(?:owner|member|assignee|people|person|company|id|from_member|from_person|to_people)"/
const isGrouped: Witness = ({ hasGroup }) => hasGroup

/**
 * What must be seen in the calls when a word was said. A word that is spelled several ways stands by its stems. A word
 * that no row names is somebody else's concern: the price of words that no rule covered.
 */
const WITNESSES: readonly (readonly [words: string, seen: Witness])[] = [
  ['not never nobody none without except excluding exclude neither nor minus besides', holds(NEGATED)],
  [
    'many',
    ({ hasMeasure, isNewest }, place) =>
      !before(place, ['how']) || hasMeasure || (after(place, ['days', 'weeks', 'months']) && isNewest),
  ],
  [
    'number count',
    ({ hasMeasure, tool, text }, place) =>
      !(after(place, ['of']) || place.words[place.at] === 'count') ||
      hasMeasure ||
      /phone/.test(text) ||
      tool !== 'query_crm',
  ],
  [
    'how',
    ({ tool, hasMeasure, hasOrder, hasGroup, text }, place) =>
      after(place, [
        'about',
        'long',
        'recently',
        'big',
        'large',
        'much',
        'far',
        'soon',
        'old',
        'expensive',
      ]) ||
      tool !== 'query_crm' ||
      hasMeasure ||
      hasOrder ||
      hasGroup ||
      /"fields"/.test(text),
  ],
  ['average avg mean', ({ text }, place) => !before(place, ['on']) && text.includes('"avg"')],
  [
    'biggest largest smallest cheapest priciest',
    ({ text, hasGroup }, place) => !hasGroup || after(place, ['number', 'count']) || /amount/.test(text),
  ],
  ['weighted', holds(/weighted/)],
  [
    'total sum combined',
    ({ hasMeasure, find, text }, place) =>
      find === 'deals' && !near(place, 2, ['number', 'count', 'many', 'deals'])
        ? /amount/.test(text)
        : hasMeasure || /amount/.test(text),
  ],
  ['per', isGrouped],
  ['each', ({ hasGroup, text }, place) => hasGroup || (/interactions/.test(text) && before(place, ['with']))],
  [
    'most least fewest',
    (evidence, place) =>
      before(place, ['at']) ||
      (after(place, SUPERLATIVE)
        ? isRanked(evidence, place)
        : evidence.hasMeasure || evidence.tool !== 'query_crm'),
  ],
  [
    'biggest largest highest lowest smallest cheapest priciest top oldest newest latest',
    (evidence, place) =>
      (place.words[place.at] !== 'top' && before(place, ['at'])) || isRanked(evidence, place),
  ],
  [
    'when',
    ({ isNewest, text, tool }, place) =>
      (place.at > 2 && !before(place, ['and', ',', 'or'])) ||
      isNewest ||
      /"fields":\[[^\]]*_(?:at|date)"/.test(text) ||
      tool !== 'query_crm',
  ],
  ['won win', holds(/"won"|closed_at|"Won"|[Ww]on\b/)],
  ['lost lose', holds(/"lost"|closed_at|last_inter|last_inb|[Ll]ost\b|churned/)],
  ['weekly monthly quarterly yearly', isDated],
  ['vs versus compare against', holds(/"compare"/)],
  [
    'up down',
    (evidence, place) =>
      !after(place, ['on', 'from', 'over', 'versus', 'vs']) || /"compare"/.test(evidence.text),
  ],
  ['today yesterday tomorrow fortnight recently lately', isDated],
  ['monday tuesday wednesday thursday friday saturday sunday', isDated],
  ['week month quarter year day', isDated],
  ['since', isDated],
  ['overdue', isDated],
  [
    'close closing',
    ({ text }, place) => !after(place, ['date', 'dates']) || /close_date|closed_at/.test(text),
  ],
  ['who', ({ text, hasGroup }, place) => place.at > 1 || !hasGroup || WHO.test(text)],
  ['mine my', ({ text, tool }) => /"me"/.test(text) || tool === 'brief' || tool === 'intro_path'],
  ['unassigned unowned', holds(/"empty"/)],
  ['viewing', holds(/viewing|Viewing|last_(?:interaction|meeting)/)],
  [
    'meeting meet',
    ({ text, tool }) => /meeting|Meeting/.test(text) || tool === 'brief' || tool === 'log_interaction',
  ],
  ['call phone', ({ text, tool }) => /"call"|phone/.test(text) || tool !== 'query_crm'],
  ['task reminder todo', ({ text }) => /task/.test(text)],
  ['attachment attached', holds(/has_attachment/)],
  [
    'know',
    ({ tool }, place) =>
      tool !== 'search_people' || (before(place, ['you', 'to', 'we', 'i'], 2) && place.at < 4),
  ],
]

const BY_STEM = new Map<string, Witness[]>()
for (const [words, seen] of WITNESSES)
  for (const word of words.split(' ')) BY_STEM.set(stem(word), [...(BY_STEM.get(stem(word)) ?? []), seen])

/** Nouns of what somebody said: they are the subject searched for, never a way of saying "about". */
const SUBJECT = new Set(
  'objection concern feedback promise complaint reference suggestion agreement offer quote'
    .split(' ')
    .map(stem),
)
/** One fact of a record, which a briefing would drown. */
const ASKS_ONE_FACT = new Set('stage phone owner price amount title'.split(' ').map(stem))
const IS_VERB = new Set(['did', 'does', 'has', 'have', 'they', 'we', 'he', 'she', 'to'])

const isNumberSeen = (value: number, { text }: Evidence): boolean => {
  const spelled = [1, 7, 14, 30, 90, 365, 1000, 1_000_000].map((scale) => String(value * scale))
  return spelled.some((digits) => new RegExp(`(?<!\\d)0?${digits.replace('.', '\\.')}(?!\\d)`).test(text))
}

/** Words of an open stage, spelled as the workspace spells it inside the question, that the calls do not name. */
const lostStages = (
  tokens: readonly Token[],
  { text }: Evidence,
  stages: readonly string[],
): readonly Token[] =>
  stages.flatMap((stage) => {
    const parts = stage.split(' ')
    const at = tokens.findIndex(
      (_token, index) => index > 0 && parts.every((part, offset) => tokens[index + offset]?.raw === part),
    )
    return at < 0 || !/^\p{Lu}/u.test(stage) || text.includes(stage)
      ? []
      : tokens.slice(at, at + parts.length)
  })

/** "More than ten deals" counts deals: ten is no amount of money. */
const isSmallCount = ({ number = 0, isMoney }: Token, { text }: Evidence): boolean =>
  isMoney !== true &&
  number < 1000 &&
  new RegExp(`"field":"amount","op":"[^"]+","value":${number}[^\\d]`).test(text)

/**
 * The words of a question that its calls leave out. It reads the question and the calls alone, not how
 * one became the other: a reading that lost a word on the way is seen here whatever lost it.
 */
export const unaccounted = (
  tokens: readonly Token[],
  calls: readonly PlannedCall[],
  stages: readonly string[] = [],
): readonly Token[] => {
  const evidence = evidenceOf(calls)
  if (['propose_writeback', 'log_interaction'].includes(evidence.tool) || calls.some(({ next }) => next))
    return []
  const words = tokens.map(({ word }) => word)
  const lost: Token[] = []
  const isSearch = evidence.tool === 'search_email'
  for (const [at, token] of tokens.entries()) {
    if (isSearch && evidence.searched.includes(token.word)) continue
    if (token.kind === 'number') {
      if (isSmallCount(token, evidence)) lost.push(token)
      else if (evidence.tool !== 'brief' && !isNumberSeen(token.number ?? 0, evidence)) lost.push(token)
      continue
    }
    if (token.kind !== 'word') continue
    const place = { at, words }
    if (evidence.tool === 'brief' && ASKS_ONE_FACT.has(token.stem)) lost.push(token)
    if (isSearch && SUBJECT.has(token.stem) && !IS_VERB.has(words[at - 1] ?? '')) {
      lost.push(token)
      continue
    }
    if (evidence.tool === 'brief') continue
    if (/^\d{4}-\d\d/.test(token.raw) || (monthOf(token.word) >= 0 && token.word !== 'may')) {
      if (!evidence.hasDate) lost.push(token)
      continue
    }
    const witnesses = BY_STEM.get(token.stem) ?? BY_STEM.get(token.word) ?? []
    if (!witnesses.every((seen) => seen(evidence, place))) lost.push(token)
  }
  return evidence.tool === 'query_crm' ? [...lost, ...lostStages(tokens, evidence, stages)] : lost
}

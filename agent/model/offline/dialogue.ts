import type { Bag } from './bag.ts'
import { says, take, takeAll } from './bag.ts'
import type { Draft } from './draft.ts'
import type { Frame, Reading } from './frames/common.ts'
import { draftDelta } from './frames/query-draft.ts'
import type { Token } from './normalise.ts'
import type { Slot, Want } from './pieces.ts'
import type { Legend } from './vocabulary.ts'

export interface DialogueState {
  readonly draft: Draft | undefined
  /** Handles spoken of, latest first. */
  readonly salient: readonly string[]
  readonly shown: readonly string[]
  readonly legend: Legend
}

export interface Resolved {
  readonly tokens: readonly Token[]
  readonly text: string
  /** A pronoun was replaced by the record it stands for. */
  readonly isReplaced?: boolean
  /** A pronoun was left that means the list before. */
  readonly meansList?: boolean
  readonly ask?: { readonly question: string; readonly choices: readonly string[] }
}

const POSSESSIVE = new Set(['their', 'his', 'its'])
const PERSONAL = new Set(['they', 'them', 'him', 'he', 'she', 'it', 'theirs', 'hers'])
const ORDINALS = [
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
  'ninth',
  'tenth',
]

const ordinalOf = (word: string): number => {
  const spelled = ORDINALS.indexOf(word)
  if (spelled >= 0) return spelled
  const numeric = /^(\d+)(?:st|nd|rd|th)$/.exec(word)
  return numeric ? Number(numeric[1]) - 1 : word === 'last' ? -1 : Number.NaN
}

const handleToken = (token: Token, handle: string): Token => ({
  ...token,
  kind: 'handle',
  raw: handle,
  word: handle,
  stem: handle,
})
const possessiveToken = (token: Token): Token => ({
  ...token,
  kind: 'word',
  raw: "'s",
  word: "'s",
  stem: "'s",
})

/** A plural in the question itself, which "their" may be about. */
const namesSeveral = (tokens: readonly Token[]): boolean =>
  tokens.some(
    ({ kind, word }) => kind === 'word' && (/[^s']s$/.test(word) || word === 'people') && word.length > 3,
  )

/** Puts the record a pronoun or "the second one" stands for in its place; asks back when there is none. */
export const resolvePronouns = (tokens: readonly Token[], text: string, state: DialogueState): Resolved => {
  const hasName = tokens.some(({ kind, raw }) => kind === 'handle' && !raw.startsWith('MEMBER'))
  const made: Token[] = []
  let meansList = false
  const isList =
    state.draft !== undefined &&
    state.draft.limit !== 1 &&
    !state.draft.wants.some(({ slot }) => slot === 'person' || slot === 'company' || slot === 'deal')
  const antecedent = state.salient.find((handle) => !handle.startsWith('MEMBER'))
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index]!
    const next = tokens[index + 1]
    const pick =
      token.kind === 'word' && next && (next.word === 'one' || next.number === 1)
        ? ordinalOf(token.word)
        : Number.NaN
    if (!Number.isNaN(pick) && state.draft) {
      const handle = state.shown.at(pick)
      if (handle === undefined)
        return {
          tokens,
          text,
          ask: {
            question: 'I cannot tell which row you mean. Which record is it?',
            choices: state.shown.slice(0, 5),
          },
        }
      made.push(handleToken(token, handle))
      index += 1
      continue
    }
    const isHer = token.word === 'her'
    const isHerPossessive =
      isHer &&
      next !== undefined &&
      next.kind === 'word' &&
      !['in', 'on', 'at', 'last', 'this', 'next', 'about', 'today', 'tomorrow', 'for', 'to'].includes(
        next.word,
      )
    const isPossessive = POSSESSIVE.has(token.word) || isHerPossessive
    const isPersonal = PERSONAL.has(token.word) || (isHer && !isHerPossessive)
    const isThat =
      ['that', 'this', 'the', 'same'].includes(token.word) &&
      next !== undefined &&
      [
        'company',
        'person',
        'deal',
        'account',
        'client',
        'customer',
        'buyer',
        'seller',
        'contact',
        'guy',
        'listing',
        'property',
        'startup',
        'founder',
        ...(token.word === 'that' && index === tokens.length - 2 ? ['one'] : []),
      ].includes(next.word) &&
      token.word !== 'the'
    if (token.kind === 'word' && (isPossessive || isPersonal || isThat) && !hasName) {
      // What a talk was about is not what is known of whom it was with.
      const isTheTalk =
        state.draft?.entity === 'interactions' && token.word === 'it' && tokens.at(-1)?.word === 'about'
      if (isTheTalk && antecedent !== undefined)
        return { tokens, text, ask: { question: 'What do you want to see of it?', choices: [antecedent] } }
      if (
        antecedent !== undefined &&
        !(isList && ['they', 'them', 'their', 'it', 'its'].includes(token.word) && !isThat)
      ) {
        made.push(handleToken(token, antecedent))
        if (isPossessive) made.push(possessiveToken(token))
        if (isThat) index += 1
        continue
      }
      if (['he', 'she', 'him', 'his', 'her', 'hers'].includes(token.word)) {
        return { tokens, text, ask: { question: 'Who do you mean?', choices: [] } }
      }
    }
    const isAlone = antecedent === undefined && state.draft === undefined && !hasName && !namesSeveral(tokens)
    if (token.kind === 'word' && isAlone && ['their', 'them', 'they'].includes(token.word)) {
      return { tokens, text, ask: { question: 'Whom do you mean? Nobody was named before.', choices: [] } }
    }
    if (token.kind === 'word' && (isPossessive || isPersonal)) {
      if (isList && !hasName) meansList = true
      made.push({ ...token, word: 'it', stem: 'it' })
      continue
    }
    if (token.word === 'there' && antecedent !== undefined && !hasName && index === tokens.length - 1) {
      made.push({ ...token, word: 'at', stem: 'at', raw: 'at' }, handleToken(token, antecedent))
      continue
    }
    made.push(token)
  }
  return {
    tokens: made,
    text,
    meansList,
    isReplaced: made.some(({ kind }, at) => kind === 'handle' && tokens[at]?.kind !== 'handle'),
  }
}

const OPENERS = new Set([
  'and',
  'only',
  'just',
  'now',
  'same',
  'but',
  'also',
  'instead',
  'or',
  'exclude',
  'excluding',
  'leave',
  'without',
  'except',
  'sort',
  'order',
  'group',
  'break',
  'split',
  'narrow',
  'filter',
  'restrict',
  'limit',
  'rank',
])
const BACKWARD = new Set(['those', 'these', 'them', 'ones', 'they', 'instead', 'it', 'that'])
const NOUNS = new Set([
  'deals',
  'deal',
  'people',
  'companies',
  'company',
  'tasks',
  'meetings',
  'calls',
  'emails',
  'viewings',
  'contacts',
  'founders',
  'buyers',
  'sellers',
  'investors',
  'listings',
  'customers',
  'accounts',
  'threads',
  'pipeline',
  'revenue',
  'interactions',
])

/** Whether the words lean on the question before them. */
export const isFollowUp = (tokens: readonly Token[], state: DialogueState): 'yes' | 'maybe' | 'no' => {
  if (!state.draft) return 'no'
  const words = tokens.map(({ word }) => word)
  const opener = words.slice(0, 2).join(' ')
  const asksAbout =
    /^(?:what about|how about|the same|and what|and how|and for|and in|same for|same thing|ok and|okay and)/.test(
      words.slice(0, 3).join(' '),
    )
  const isQualified = words[0] === 'with' && tokens.length <= 5
  if (asksAbout || isQualified || OPENERS.has(words[0]!)) return 'yes'
  if (
    words.some((word) => ['those', 'these', 'ones', 'them', 'instead'].includes(word)) &&
    !/^(?:remind|log)/.test(opener)
  )
    return 'yes'
  if (/^(?:how many (?:is|are|of) (?:that|those|it)|sum (?:it|that|them))/.test(words.slice(0, 4).join(' ')))
    return 'yes'
  // "Calls?" after a count of meetings.
  const isOtherKind = state.draft.entity === 'interactions' && state.draft.measures !== undefined
  if (isOtherKind && tokens.length === 1 && /^(?:meetings|calls|viewings|showings)$/.test(words[0]!))
    return 'yes'
  const hasNoun = words.some((word) => NOUNS.has(word))
  const asksWhich = words[0] === 'which' && tokens.length <= 9
  return (tokens.length <= 6 || asksWhich) && !hasNoun
    ? 'maybe'
    : words.some((word) => BACKWARD.has(word)) && !hasNoun
      ? 'maybe'
      : 'no'
}

const WHO: ReadonlySet<Slot> = new Set(['company', 'person', 'deal'])
const NARROWING = [
  'only',
  'just',
  'those',
  'these',
  'ones',
  'them',
  'which',
  'narrow',
  'filter',
  'restrict',
  'also',
  'but',
  'exclude',
  'excluding',
  'except',
  'without',
]

const merge = (previous: Draft, delta: Draft, isNarrowing: boolean): Draft => {
  let wants: readonly Want[] = previous.wants
  for (const want of delta.wants) {
    const group: ReadonlySet<Slot> = WHO.has(want.slot) ? WHO : new Set([want.slot])
    const isNegated = want.op === '!=' || want.op === 'not_in'
    const adds = isNegated || (isNarrowing && (want.slot === 'tag' || want.slot === 'part'))
    wants = adds ? [...wants, want] : [...wants.filter(({ slot }) => !group.has(slot)), want]
    if (want.slot === 'status' && want.value !== 'open') wants = wants.filter(({ slot }) => slot !== 'stage')
    if (want.slot === 'stage')
      wants = wants.filter(({ slot, value }) => slot !== 'status' || value === 'open')
  }
  const hasPeriod = delta.period !== undefined
  const event =
    previous.event && hasPeriod && !delta.date && !delta.event
      ? { ...previous.event, period: delta.period }
      : (delta.event ?? previous.event)
  const isEventPeriod = previous.event !== undefined && hasPeriod && !delta.date
  const regroup = delta.groups?.length ? delta.groups : undefined
  const measures = delta.measures?.length ? delta.measures : previous.measures
  const isCountNow = delta.measures?.length && !previous.measures?.length
  const order = isCountNow
    ? undefined
    : (delta.order ?? (regroup && !previous.groups?.length ? undefined : previous.order))
  const made: Draft = {
    ...previous,
    wants,
    ...(event ? { event } : {}),
    ...(hasPeriod && !isEventPeriod ? { period: delta.period, compare: undefined } : {}),
    ...(delta.compare ? { compare: delta.compare, period: undefined } : {}),
    ...(delta.date ? { date: delta.date } : {}),
    ...(delta.missing?.length ? { missing: [...(previous.missing ?? []), ...delta.missing] } : {}),
    ...(delta.noneOf?.length ? { noneOf: [...(previous.noneOf ?? []), ...delta.noneOf] } : {}),
    ...(measures ? { measures } : {}),
    ...(regroup ? { groups: regroup } : {}),
    limit: isCountNow ? undefined : (delta.limit ?? (regroup ? undefined : previous.limit)),
    notes: [...previous.notes, ...delta.notes],
  }
  const { order: _old, ...rest } = made
  return order ? { ...rest, order } : rest
}

const LEANING = new Set([
  'same',
  'thing',
  'instead',
  'ones',
  'those',
  'these',
  'them',
  'but',
  'and',
  'only',
  'just',
  'now',
  'also',
  'about',
  'what',
  'how',
  'narrow',
  'filter',
  'restrict',
  'down',
  'that',
  'question',
  'include',
  'one',
  'limit',
  'it',
  'or',
])

/** The question before, refined, or with one of its slots swapped. */
export const continueDraft =
  (previous: Draft): Frame =>
  (bag: Bag, context): Reading | undefined => {
    for (const [index, { word }] of bag.tokens.entries()) {
      const isNegation = ['but', 'not'].includes(word) && bag.tokens[index + 1]?.word === 'not'
      if (LEANING.has(word) && !isNegation) bag.taken.add(index)
    }
    const said = draftDelta(bag, previous.entity, context)
    // "And over 800k?" of buyers is what they can spend, as it was before.
    const delta = previous.wants.some(({ slot, value }) => slot === 'budget' || value === 'buyer')
      ? {
          ...said,
          wants: said.wants.map((want) =>
            want.slot === 'amount' ? { ...want, slot: 'budget' as const } : want,
          ),
        }
      : said
    takeAll(bag, 'LAST')
    take(bag, 'ABOUT')
    const isEmpty =
      delta.wants.length === 0 &&
      !delta.period &&
      !delta.measures &&
      !delta.groups &&
      !delta.order &&
      !delta.missing &&
      !delta.noneOf &&
      delta.limit === undefined &&
      !delta.event &&
      !delta.compare &&
      !delta.date
    if (isEmpty) return undefined
    return { frame: 'dialogue', bonus: 0.3, draft: merge(previous, delta, says(bag, ...NARROWING)) }
  }

import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { createDictionary } from '../../redaction/dictionary.ts'
import { findSpans } from '../../redaction/find-spans.ts'
import { personForms } from '../../redaction/forms.ts'
import type { TaggerModel } from '../../redaction/tagger/tag.ts'
import { MENTION_FORMS, mentionForm } from './mention-form.ts'
import type { MentionForm } from './mention-form.ts'
import { classifier, peopleInGold, peopleInHeaders } from './redaction-known.ts'
import type { KnownName, Knowledge } from './redaction-known.ts'
import { createReading, readVerdicts } from './leak-verdicts.ts'
import type { Verdict } from './leak-verdicts.ts'
import { presidioPeer } from './presidio.ts'
import { makeNationalIds } from './national-ids.ts'
import { loadPeers } from './redaction-peers.ts'
import type { Peer } from './redaction-peers.ts'
import { scoreValues, valueDetector } from './redaction-values.ts'
import type { ValueScore } from './redaction-values.ts'

/** One annotated text; offsets are UTF-16 code units, end exclusive. */
export interface MarkedText {
  readonly id: string
  readonly text: string
  readonly spans: readonly { readonly start: number; readonly end: number; readonly type: string }[]
}

export interface FoundName {
  readonly start: number
  readonly end: number
  /** PERSON, or what else it is: all cover a mention, only PERSON counts as hidden too much. */
  readonly type: string
}

export type Detector = (text: string) => readonly FoundName[]

export interface Count {
  readonly mentions: number
  readonly leaked: number
}

export interface SetScore {
  readonly detector: string
  readonly set: string
  readonly documents: number
  readonly mentions: number
  /** Mentions of which a letter or digit stays visible. */
  readonly leaked: number
  readonly leak: number
  /** Whether the tagger's weights were learned from this set: its figures then flatter. */
  readonly learnedFrom: boolean
  /** Letters and digits outside names and addresses, and how many of them are hidden as names. */
  readonly otherLetters: number
  readonly hiddenLetters: number
  /** The second as a share of the first. */
  readonly overRedaction: number
  readonly megabytesPerSecond: number
  /** Mentions and leaks by what the records know: the name as written, another form of it, nothing. */
  /** Mentions and leaks by how the mention is written. */
  readonly byForm: Readonly<Record<MentionForm, Count>>
  /** Leaked mentions of which a part is hidden. */
  readonly partly: number
  readonly byKnowledge: Readonly<Record<Knowledge, { readonly mentions: number; readonly leaked: number }>>
  /**
   * The same after our reading of what leaks (leak-verdicts.ts): marks that name nobody left out; `unread` of the leaks
   * nobody has read, which count as names.
   */
  readonly asRead: Count & { readonly unread: number }
}

export interface RedactionReport {
  readonly known: 'headers' | 'none' | 'oracle'
  readonly sets: readonly SetScore[]
  /** By set that marks them: addresses, numbers and links. */
  readonly values: readonly { readonly set: string; readonly scores: readonly ValueScore[] }[]
  readonly leftOut?: string
}

const PEOPLE = new Set(['PERSON', 'MEMBER', 'NAME'])
/** Addresses and links are hidden anyway and not marked as names: neither right nor wrong. */
const ADDRESSES = /[\w.'+-]+@[\w.-]+\w|\/o=\S+|<[^<>\s]+@[^<>\s]+>|(?:https?:\/\/|www\.)\S+/giu
/** The sets of scripts/tagger/course.ts. */
const LEARNED_FROM = /^(?:presidio-synth|enron-threads|ewt-email|ewt-all|pt-bosque)\.train$/u
const LETTER = /[\p{L}\p{N}]/u

/** The product's own redaction, with records of these people. */
export const ourDetector = (people: readonly KnownName[], tagger?: TaggerModel): Detector => {
  const dictionary = createDictionary()
  for (const [at, { given, family }] of people.entries()) {
    const record = { entity: 'people', id: String(at) }
    for (const form of personForms(record, { given, family, label: 'PERSON' })) dictionary.add(form)
  }
  const active = new Set<string>()
  return (text) =>
    findSpans(text, { dictionary, active, mode: 'content', countries: ['US'], tagger }).map(
      ({ start, end, label }) => ({
        start,
        end,
        type: PEOPLE.has(label) ? 'PERSON' : label,
      }),
    )
}

/** Texts between lines of `----`, with names in double square brackets. */
const readBracketed = (content: string): readonly MarkedText[] =>
  content.split(/^----\n/mu).map((marked, at) => {
    let text = ''
    const spans: MarkedText['spans'][number][] = []
    for (const [whole, name, plain] of marked.matchAll(/\[\[(.+?)\]\]|([^[]+|\[)/gsu)) {
      if (name !== undefined)
        spans.push({ start: text.length, end: text.length + name.length, type: 'PERSON' })
      text += name ?? plain ?? whole
    }
    return { id: String(at), text, spans }
  })

/** A set of annotated texts: JSON lines, or a `.txt` with names in double square brackets. */
export const readMarked = (file: string): readonly MarkedText[] =>
  file.endsWith('.txt') ? readBracketed(readFileSync(file, 'utf8')) : readLines(file)

const readLines = (file: string): readonly MarkedText[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as MarkedText)

const lettersOf = (text: string): Uint8Array =>
  Uint8Array.from({ length: text.length }, (_, at) => (LETTER.test(text.charAt(at)) ? 1 : 0))

const emptyForms = (): Record<MentionForm, { mentions: number; leaked: number }> => {
  const none = () => ({ mentions: 0, leaked: 0 })
  return {
    broken: none(),
    small: none(),
    capitals: none(),
    reversed: none(),
    initials: none(),
    single: none(),
    full: none(),
  }
}

/** Judges one detector on one set. Only PERSON is judged. */
export const judge = (
  documents: readonly MarkedText[],
  find: Detector,
  {
    detector,
    set,
    people,
    verdicts = new Map(),
  }: {
    readonly detector: string
    readonly set: string
    readonly people: readonly KnownName[]
    /** What readers say of marks; none are read when absent. */
    readonly verdicts?: ReadonlyMap<string, Verdict>
  },
): SetScore => {
  const reading = createReading(verdicts)
  const classOf = classifier(people)
  const byKnowledge = {
    exact: { mentions: 0, leaked: 0 },
    alias: { mentions: 0, leaked: 0 },
    unknown: { mentions: 0, leaked: 0 },
  }
  const byForm = emptyForms()
  let partly = 0
  let others = 0
  let over = 0
  let bytes = 0
  let elapsedMs = 0
  for (const { text, spans } of documents) {
    const started = performance.now()
    const found = find(text)
    elapsedMs += performance.now() - started
    bytes += Buffer.byteLength(text)
    const letters = lettersOf(text)
    const covered = new Uint8Array(text.length)
    const asName = new Uint8Array(text.length)
    for (const { start, end, type } of found) {
      covered.fill(1, start, end)
      if (type === 'PERSON') asName.fill(1, start, end)
    }
    const outside = letters.slice()
    for (const { start, end } of spans) outside.fill(0, start, end)
    for (const match of text.matchAll(ADDRESSES)) outside.fill(0, match.index, match.index + match[0].length)
    for (let at = 0; at < text.length; at += 1) {
      if (outside[at] === 0) continue
      others += 1
      over += asName[at]!
    }
    for (const { start, end, type } of spans) {
      if (type !== 'PERSON') continue
      const entry = byKnowledge[classOf(text.slice(start, end))]
      const form = byForm[mentionForm(text.slice(start, end))]
      entry.mentions += 1
      form.mentions += 1
      const count = (stretch: { readonly start: number; readonly end: number }, state: 0 | 1): number => {
        let sum = 0
        for (let at = stretch.start; at < stretch.end; at += 1)
          if (letters[at] === 1 && covered[at] === state) sum += 1
        return sum
      }
      reading.add(text, { start, end }, (stretch) => count(stretch, 0) > 0)
      if (count({ start, end }, 0) === 0) continue
      entry.leaked += 1
      form.leaked += 1
      if (count({ start, end }, 1) > 0) partly += 1
    }
  }
  const all = Object.values(byKnowledge)
  const mentions = all.reduce((sum, one) => sum + one.mentions, 0)
  const leaked = all.reduce((sum, one) => sum + one.leaked, 0)
  return {
    detector,
    set,
    documents: documents.length,
    mentions,
    leaked,
    leak: mentions === 0 ? 0 : leaked / mentions,
    learnedFrom: detector === 'tact' && LEARNED_FROM.test(set),
    otherLetters: others,
    hiddenLetters: over,
    overRedaction: others === 0 ? 0 : over / others,
    megabytesPerSecond: bytes / 1_000 / Math.max(elapsedMs, 0.001),
    byKnowledge,
    byForm,
    partly,
    asRead: reading.count,
  }
}

/** Sets beside the checkout that the suite reads when no file is named. */
const DATA = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'redaction')
const REAL_MAIL = ['enron-meetings', 'enron-random', 'enron-threads', 'ewt-email']
const MADE_UP = 'presidio-synth'
/** Half of them with a national number. */
const NATIONAL_IDS = 14_000

export interface RedactionOptions {
  /** JSONL files of annotated texts; the real mail beside the checkout when empty. */
  readonly files: readonly string[]
  readonly known: RedactionReport['known']
  /** A folder whose node_modules hold other detectors to judge beside ours. */
  readonly peers?: string | undefined
  /** A Python with Presidio, and its spaCy model after a colon. */
  readonly presidio?: string | undefined
}

/** A peer may answer later or over all texts at once: asked first, then judged by what it answered. */
const judgePeer = async (
  documents: readonly MarkedText[],
  peer: Peer,
  { set, people }: { readonly set: string; readonly people: readonly KnownName[] },
): Promise<SetScore> => {
  const texts = documents.map(({ text }) => text)
  const { found, elapsedMs } = await peer.detectAll(texts)
  const byText = new Map(texts.map((text, at) => [text, found[at]!]))
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  const score = judge(documents, (text) => byText.get(text)!, { detector: peer.name, set, people })
  return { ...score, megabytesPerSecond: bytes / 1_000 / Math.max(elapsedMs, 0.001) }
}

/**
 * How many people's names stay readable in annotated mail when the records know only whom the headers name, and how
 * much else is hidden. Figures alone: no text of a set is in the report.
 */
export const runRedaction = async ({
  files,
  known,
  peers,
  presidio,
}: RedactionOptions): Promise<RedactionReport> => {
  const paths = files.length > 0 ? files : REAL_MAIL.map((name) => join(DATA, `${name}.train.jsonl`))
  const others = [
    ...(peers === undefined ? [] : await loadPeers(peers)),
    ...(presidio === undefined ? [] : [presidioPeer(presidio)]),
  ]
  const verdicts = readVerdicts()
  const sets: SetScore[] = []
  const values: RedactionReport['values'][number][] = []
  const scoreMarked = (set: string, documents: readonly MarkedText[]): void => {
    const scores = scoreValues(documents, valueDetector())
    if (scores.length > 0) values.push({ set, scores })
  }
  for (const path of paths) {
    let documents: readonly MarkedText[]
    try {
      documents = readMarked(path)
    } catch (error) {
      if (files.length > 0) throw error
      return {
        known,
        sets: [],
        values: [],
        leftOut: 'The annotated mail is not beside this checkout; name a set with --file.',
      }
    }
    const texts = documents.map(({ text }) => text)
    const people =
      known === 'none' ? [] : known === 'headers' ? peopleInHeaders(texts) : peopleInGold(documents)
    const set = basename(path).replace(/\.(?:jsonl|txt)$/u, '')
    const ours = ourDetector(people)
    ours('Warm Start')
    if (files.length > 0) scoreMarked(set, documents)
    sets.push(judge(documents, ours, { detector: 'tact', set, people, verdicts }))
    for (const peer of others) sets.push(await judgePeer(documents, peer, { set, people }))
  }
  if (files.length === 0) {
    scoreMarked(MADE_UP, readMarked(join(DATA, `${MADE_UP}.train.jsonl`)))
    scoreMarked('national numbers, made', makeNationalIds(NATIONAL_IDS, 1))
  }
  const pooled = ['tact', ...others.map(({ name }) => name)].map((detector) =>
    pool(
      detector,
      sets.filter((one) => one.detector === detector),
    ),
  )
  return { known, sets: sets.length > 1 ? [...sets, ...pooled] : sets, values }
}

const pool = (detector: string, sets: readonly SetScore[]): SetScore => {
  const sum = (of: (one: SetScore) => number): number => sets.reduce((total, one) => total + of(one), 0)
  const knowledge = (kind: Knowledge) => ({
    mentions: sum(({ byKnowledge }) => byKnowledge[kind].mentions),
    leaked: sum(({ byKnowledge }) => byKnowledge[kind].leaked),
  })
  const byForm = emptyForms()
  for (const form of MENTION_FORMS) {
    byForm[form].mentions = sum((one) => one.byForm[form].mentions)
    byForm[form].leaked = sum((one) => one.byForm[form].leaked)
  }
  const mentions = sum((one) => one.mentions)
  const leaked = sum((one) => one.leaked)
  const otherLetters = sum((one) => one.otherLetters)
  const hiddenLetters = sum((one) => one.hiddenLetters)
  return {
    detector,
    set: 'all',
    documents: sum((one) => one.documents),
    mentions,
    leaked,
    leak: mentions === 0 ? 0 : leaked / mentions,
    learnedFrom: sets.some((one) => one.learnedFrom),
    otherLetters,
    hiddenLetters,
    overRedaction: otherLetters === 0 ? 0 : hiddenLetters / otherLetters,
    megabytesPerSecond: sum((one) => one.megabytesPerSecond) / Math.max(1, sets.length),
    byForm,
    partly: sum((one) => one.partly),
    asRead: {
      mentions: sum((one) => one.asRead.mentions),
      leaked: sum((one) => one.asRead.leaked),
      unread: sum((one) => one.asRead.unread),
    },
    byKnowledge: { exact: knowledge('exact'), alias: knowledge('alias'), unknown: knowledge('unknown') },
  }
}

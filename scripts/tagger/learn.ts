import { isCandidate, readDocument } from '../../redaction/tagger/document.ts'
import type { Document, Explained } from '../../redaction/tagger/document.ts'
import {
  addDecisions,
  collectFeatures,
  createFeatureList,
  FEATURE_SPACE,
} from '../../redaction/tagger/features.ts'
import type { Lexicon } from '../../redaction/tagger/lexicon.ts'
import { readFirst } from '../../redaction/tagger/model.ts'
import type { Weights } from '../../redaction/tagger/sums.ts'
import type { MarkedText } from './sets.ts'

/** Of a word that nobody knows to be a name or none: nothing is learned from it. */
export const LEFT_OUT = 2

export interface Lesson {
  readonly document: Document
  /** 1 where a token belongs to a person's name, LEFT_OUT where that is not known. */
  readonly isName: Uint8Array
  /** How much one word of this text counts. */
  readonly weight: number
}

export interface LessonOptions {
  /** How much one word of the text counts. */
  readonly weight: number
  /** What a workspace that knows some of its people would find in the text. */
  readonly explained?: readonly Explained[]
}

export const lessonOf = (
  { text, spans }: MarkedText,
  lexicon: Lexicon,
  { weight, explained = [] }: LessonOptions,
): Lesson => {
  const document = readDocument(text, lexicon, explained)
  const people = spans.filter(({ type }) => type === 'PERSON').toSorted((a, b) => a.start - b.start)
  const { count, start, end } = document.tokens
  const isName = Uint8Array.from({ length: count }, (_, at) =>
    people.some((span) => span.start < end[at]! && start[at]! < span.end) ? 1 : 0,
  )
  return { document, isName, weight }
}

interface Examples {
  readonly ids: readonly Uint32Array[]
  readonly isName: Uint8Array
  readonly weight: Float32Array
}

const gather = (
  lessons: readonly Lesson[],
  collect: (lesson: Lesson, at: number, list: ReturnType<typeof createFeatureList>) => void,
): Examples => {
  const ids: Uint32Array[] = []
  const isName: number[] = []
  const weight: number[] = []
  const list = createFeatureList()
  for (const lesson of lessons) {
    for (let at = 0; at < lesson.isName.length; at += 1) {
      if (lesson.isName[at] === LEFT_OUT || !isCandidate(lesson.document, at)) continue
      collect(lesson, at, list)
      ids.push(list.ids.slice(0, list.count))
      isName.push(lesson.isName[at]!)
      weight.push(lesson.weight)
    }
  }
  return { ids, isName: Uint8Array.from(isName), weight: Float32Array.from(weight) }
}

/** A small generator of its own, so that the same lessons always give the same weights. */
export const createRandom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Logistic regression by AdaGrad; weights decay towards zero, so that rare features say little. */
const fit = (
  { ids, isName, weight }: Examples,
  { epochs, rate, decay, missed, seed }: LearnOptions,
): Float32Array => {
  const weights = new Float32Array(FEATURE_SPACE)
  const squares = new Float32Array(FEATURE_SPACE).fill(1)
  const random = createRandom(seed)
  const order = Uint32Array.from(ids, (_, at) => at)
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    for (let at = order.length - 1; at > 0; at -= 1) {
      const other = Math.floor(random() * (at + 1))
      const swap = order[at]!
      order[at] = order[other]!
      order[other] = swap
    }
    for (const at of order) {
      const features = ids[at]!
      let sum = 0
      for (const id of features) sum += weights[id]!
      const sure = 1 / (1 + Math.exp(-sum))
      const error = (isName[at]! - sure) * weight[at]! * (isName[at] === 1 ? missed : 1)
      for (const id of features) {
        const slope = error - decay * weights[id]!
        const square = squares[id]! + slope * slope
        squares[id] = square
        weights[id] = weights[id]! + (rate * slope) / Math.sqrt(square)
      }
    }
  }
  return weights
}

export interface LearnOptions {
  readonly epochs: number
  readonly rate: number
  readonly decay: number
  /** How much worse a missed name is than a hidden word. */
  readonly missed: number
  readonly seed: number
}

export const ORDINARY: LearnOptions = { epochs: 6, rate: 0.08, decay: 0.002, missed: 2, seed: 11 }

/**
 * The two readings' weights. The second learns from first readings of weights that have not seen the text (two halves,
 * each read by what the other taught), or it would trust the first too much.
 */
export const learn = (lessons: readonly Lesson[], options: LearnOptions = ORDINARY): Weights => {
  const firstOf = (some: readonly Lesson[]): Float32Array =>
    fit(
      gather(some, ({ document }, at, list) => collectFeatures(document, at, list)),
      options,
    )
  const halves = [0, 1].map((half) => lessons.filter((_, at) => at % 2 === half))
  const second = [0, 1].map((half) => {
    const weights = firstOf(halves[1 - half]!)
    const readings = new Map(halves[half]!.map((lesson) => [lesson, readFirst(lesson.document, weights)]))
    return gather(halves[half]!, (lesson, at, list) => {
      collectFeatures(lesson.document, at, list)
      addDecisions(lesson.document, at, readings.get(lesson)!, list)
    })
  })
  const all: Examples = {
    ids: second.flatMap(({ ids }) => ids),
    isName: Uint8Array.from(second.flatMap(({ isName }) => [...isName])),
    weight: Float32Array.from(second.flatMap(({ weight }) => [...weight])),
  }
  return { first: firstOf(lessons), second: fit(all, options) }
}

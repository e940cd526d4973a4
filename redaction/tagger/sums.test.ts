import { describe, expect, test } from 'vitest'
import { KNOWN, readDocument } from './document.ts'
import { collectFeatures, createFeatureList, FEATURE_SPACE } from './features.ts'
import { readLexicon } from './lexicon.ts'
import { readWeights } from './model.ts'
import { summerOf } from './sums.ts'
import type { Weights } from './sums.ts'

const TEXTS = [
  'Hi Dana,\n\nI spoke with Ilse Brandvold about the MASTER agreement. Please call Mr. O’Neil (x3504) on Monday.\n\nThanks,\nbram\n',
  'From: "Okonjo, Thandeka R." <tokonjo@quillmark.example>\nTo: bram@quillmark.example; Dana; JHaverkamp\nSubject: Re: Houston\n\nTHANDEKA will join at 10:00 / 12:30 - see HourAhead & co.',
  'Sehr geehrte Frau Quellmann,\n\nder Vertrag mit der Firma Rabenholt KG ist bei uns und wird von unserer Leiterin gelesen.\n\nMfG\nOrtrud Sandvoss',
  'dana',
  '',
]

/** Every feature of a word by itself, added up one by one. */
const plainSums = ({ first, second }: Weights, ids: Uint32Array): readonly [number, number] => [
  ids.reduce((sum, id) => sum + first[id]!, 0),
  ids.reduce((sum, id) => sum + second[id]!, 0),
]

describe('what the features of a word weigh together', () => {
  const lexicon = readLexicon()
  const shipped = readWeights()
  const odd: Weights = {
    first: Float32Array.from({ length: FEATURE_SPACE }, (_, id) => Math.sin(id)),
    second: Float32Array.from({ length: FEATURE_SPACE }, (_, id) => Math.cos(id)),
  }

  test.each([
    ['the shipped weights', shipped],
    ['weights that are no multiples of a step', odd],
  ])('is the same group by group, kept or not, as one by one: %s', (_which, weights) => {
    const summer = summerOf(weights)
    const list = createFeatureList()
    for (const text of [...TEXTS, ...TEXTS]) {
      const explained = text.startsWith('Hi') ? [{ start: 3, end: 7, known: KNOWN.word }] : []
      const document = readDocument(text, lexicon, explained)
      for (let at = 0; at < document.tokens.count; at += 1) {
        collectFeatures(document, at, list)
        const [first, second] = plainSums(weights, list.ids.slice(0, list.count))
        summer.sum(document, at)
        expect(summer.first).toBeCloseTo(first, 4)
        expect(summer.second).toBeCloseTo(second, 4)
      }
    }
  })
})

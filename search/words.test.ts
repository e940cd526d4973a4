import { expect, test } from 'vitest'
import { bm25 } from './bm25.ts'
import { snippetOf } from './snippet.ts'
import { foldInPlace, parseWords } from './words.ts'

test('a query is words, "phrases", -words and beginnings*', () => {
  expect(parseWords('price  "series b" -newsletter -"press release" invoic*, (terms)? - "')).toEqual({
    words: ['price', 'invoic*', 'terms'],
    phrases: ['series b'],
    excluded: ['newsletter', 'press release'],
  })
  expect(parseWords('  "open to the end')).toEqual({ words: [], phrases: ['open to the end'], excluded: [] })
})

test('folding keeps every character in its place', () => {
  const text = 'Prévu für ĳ Łódź 🎉 İstanbul'
  expect(foldInPlace(text).length).toBe(text.length)
  expect(foldInPlace('Prévu FÜR')).toBe('prevu fur')
})

const document = (id: string, length: number, ...words: (readonly [number, number, number])[]) => ({
  id,
  length,
  occurrences: new Map(words.map(([word, subject, body]) => [word, { subject, sender: 0, body }])),
})

test('BM25 gives the value of its formula', () => {
  const scores = bm25([document('a', 100, [0, 0, 3]), document('b', 300, [0, 1, 0])], {
    size: 1000,
    holding: [10],
  })
  const idf = Math.log(1 + (1000 - 10 + 0.5) / (10 + 0.5))
  expect(scores.get('a')).toBeCloseTo((idf * 3 * 2.2) / (3 + 1.2 * (0.25 + 0.75 * (100 / 200))), 10)
  expect(scores.get('b')).toBeCloseTo((idf * 2 * 2.2) / (2 + 1.2 * (0.25 + 0.75 * (300 / 200))), 10)
})

test('BM25 prefers rare words, subjects, short documents and more of the words', () => {
  const corpus = { size: 1000, holding: [5, 500] }
  const order = (...documents: ReturnType<typeof document>[]) =>
    [...bm25(documents, corpus)].sort((a, b) => b[1] - a[1]).map(([id]) => id)
  expect(order(document('common', 100, [1, 0, 2]), document('rare', 100, [0, 0, 2]))).toEqual([
    'rare',
    'common',
  ])
  expect(order(document('body', 100, [0, 0, 1]), document('subject', 100, [0, 1, 0]))).toEqual([
    'subject',
    'body',
  ])
  expect(order(document('long', 900, [0, 0, 1]), document('short', 50, [0, 0, 1]))).toEqual(['short', 'long'])
  expect(order(document('one', 100, [0, 0, 2]), document('both', 100, [0, 0, 2], [1, 0, 1]))).toEqual([
    'both',
    'one',
  ])
})

test('a snippet is cut around the stretch with the most words, in at most 300 characters', () => {
  const filler = 'lorem ipsum dolor '.repeat(60)
  const text = `The price was mentioned.\n\n${filler}Here the prices and the térms meet.\n${filler}`
  const snippet = snippetOf(text, ['price', 'term'])
  expect(snippet).toContain('the prices and the térms meet')
  expect(snippet.length).toBeLessThanOrEqual(300)
  expect(snippet.startsWith('…') && snippet.endsWith('…')).toBe(true)
  expect(snippetOf('Short.\nText.', ['x'])).toBe('Short. Text.')
  expect(snippetOf('x'.repeat(2000), ['y']).length).toBeLessThanOrEqual(300)
})

import { expect, test } from 'vitest'
import { analyze, termsOf, wordsIn } from './analyze.ts'
import { addScores, normsOf, rarity } from './bm25.ts'
import type { MailIndex } from './index-read.ts'
import { blockOf, blocksOfPrefix, buildSegment, readBlock } from './segment.ts'
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

test('BM25 gives the value of its formula, fields by their weights', () => {
  const documents = [
    {
      id: 'a',
      analyzed: analyze({ subject: '', sender: '', body: 'price price price of a new pilot', quoted: '' }),
    },
    { id: 'b', analyzed: analyze({ subject: 'Price', sender: '', body: 'lunch', quoted: 'price' }) },
  ]
  const segment = buildSegment('s', documents)
  const weights = [2, 1, 1, 0.5]
  const index: MailIndex = {
    parts: [{ segment, offset: 0, blocks: segment.blocks }],
    size: 2,
    languages: ['english'],
    averages: [0.5, 0, 3, 0.5],
    stale: new Set(),
    left: 0,
  }
  const norms = normsOf(index, weights)
  const average = 2 * 0.5 + 3 + 0.25
  expect(segment.lengths.slice(0, 4)).toEqual(new Uint16Array([0, 0, 5, 0]))
  expect(norms[0]).toBeCloseTo(1.2 * (0.25 + (0.75 * 5) / average), 5)
  const scores = new Float32Array(2)
  addScores(
    scores,
    { numbers: Int32Array.of(0, 1), frequencies: Float32Array.of(3, 2.5) },
    { norms, idf: rarity(1000, 10) },
  )
  const idf = Math.log(1 + (1000 - 10 + 0.5) / (10 + 0.5))
  expect(scores[0]).toBeCloseTo((idf * 3 * 2.2) / (3 + norms[0]!), 4)
  expect(scores[1]).toBeCloseTo((idf * 2.5 * 2.2) / (2.5 + norms[1]!), 4)
})

test('a segment gives back every term, place and count that went in', () => {
  const words = Array.from({ length: 3_000 }, (_one, at) => `w${(at * 7919) % 3_001}x`)
  const documents = Array.from({ length: 300 }, (_one, place) => ({
    id: `${place}`,
    analyzed: analyze({
      subject: words[place]!,
      sender: 'Dana',
      body: words.slice(place * 10, place * 10 + 40).join(' '),
      quoted: 'w1x '.repeat(300),
    }),
  }))
  const segment = buildSegment('s', documents)
  expect(segment.blocks.length).toBe(segment.firstTerms.length)
  const terms = new Set(documents.flatMap(({ analyzed }) => [...analyzed.terms.keys()]))
  for (const term of terms) {
    const found = readBlock(segment.blocks[blockOf(segment, term)]!, (one) => one === term).get(term)!
    const expected = documents.flatMap(({ analyzed }, place) => {
      const counts = analyzed.terms.get(term)
      return counts ? [[place, ...counts]] : []
    })
    expect([...found.places].map((place, at) => [place, ...found.counts.slice(at * 4, at * 4 + 4)])).toEqual(
      expected,
    )
  }
  const beginning = blocksOfPrefix(segment, 'w12').flatMap((number) => [
    ...readBlock(segment.blocks[number]!, (term) => term.startsWith('w12')).keys(),
  ])
  expect(beginning.sort()).toEqual([...terms].filter((term) => term.startsWith('w12')).sort())
})

test('stems follow the language of the message, and writing without spaces is found by pairs', () => {
  const german = analyze({
    subject: '',
    sender: '',
    body: 'Wir haben die Verträge und die Preise mit der Bank besprochen.',
    quoted: '',
  })
  expect(german.language).toBe('german')
  expect(german.terms.has('preis')).toBe(true)
  expect(termsOf('Preisen'.toLowerCase(), ['english', 'german'], 'german')).toContain('preis')
  expect(termsOf('the', ['english', 'german'], 'english')).toEqual([])
  expect(wordsIn('東京都の会議')).toEqual(['東京', '京都', '都の', 'の会', '会議'])
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

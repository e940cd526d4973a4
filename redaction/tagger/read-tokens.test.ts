import { describe, expect, test } from 'vitest'
import { readLexicon } from './lexicon.ts'
import { readTokens } from './read-tokens.ts'
import { SHAPE, wordBookOf } from './word-facts.ts'

const WORD = /\p{L}[\p{L}\p{M}]*(?:['’]\p{L}[\p{L}\p{M}]+)*|\p{N}+/gu
const PARTS = [
  'Dana',
  'O’Neil',
  "d'Arc",
  "Dana's",
  'naïve',
  'e\u0301',
  '\u0301',
  '12',
  '½',
  '１２',
  'Ⅳ',
  '田中',
  'ſt',
  '𝐀',
  '𝟙',
  '😀',
  '\ud800',
  '\udc00',
  "'",
  '’',
  "''",
  '-',
  '.',
  ' ',
  '\n',
  '\u200b',
  '\u00ad',
  '_',
  'a',
]

describe('words of the tagger', () => {
  test('begin and end where the pattern of a word says, in any mixture of scripts, marks and halves of characters', () => {
    const lexicon = readLexicon()
    let state = 11
    const below = (limit: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return Math.floor((state / 2 ** 32) * limit)
    }
    for (let round = 0; round < 3_000; round += 1) {
      const text = Array.from({ length: 1 + below(12) }, () => PARTS[below(PARTS.length)]!).join('')
      const expected = Array.from(text.matchAll(WORD), ({ index, 0: word }) => [index, index + word.length])
      const { count, start, end } = readTokens(text, lexicon)
      expect({ text, places: Array.from({ length: count }, (_, at) => [start[at], end[at]]) }).toEqual({
        text,
        places: expected,
      })
    }
  })

  test('keep their facts apart where their letters differ only in case or accents', () => {
    const lexicon = readLexicon()
    const { count, word, written, shape } = readTokens('Mark mark MARK Márk', lexicon)
    expect(new Set(word.subarray(0, count)).size).toBe(1)
    expect(new Set(written.subarray(0, count)).size).toBe(4)
    expect(wordBookOf(lexicon).folded[word[0]!]).toBe('mark')
    expect([...shape.subarray(0, count)]).toEqual([1, 0, 2, 1])
  })

  test('keep what is known of them when the book of words grows and when it begins anew', () => {
    const lexicon = readLexicon()
    const many = Array.from(
      { length: 40_000 },
      (_, at) => `w${at.toString(36).replaceAll(/\d/gu, 'q')}x`,
    ).join(' ')
    for (const text of [`Mark ${many} Mark`, 'mark Mark', `${many} mark MARK`]) {
      const { count, word, written, shape } = readTokens(text, lexicon)
      const { folded } = wordBookOf(lexicon)
      const words = text.split(' ')
      expect(count).toBe(words.length)
      expect(Array.from(word.subarray(0, count), (number) => folded[number])).toEqual(
        words.map((one) => one.toLowerCase()),
      )
      const known = new Map(words.map((one, at) => [one, written[at]]))
      expect(words.every((one, at) => written[at] === known.get(one))).toBe(true)
      expect(shape[words.indexOf('Mark')]).toBe(words.includes('Mark') ? SHAPE.capital : undefined)
    }
  })
})

import { describe, expect, test } from 'vitest'
import { readLexicon } from './lexicon.ts'
import { readTokens } from './read-tokens.ts'

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
      const { tokens, facts } = readTokens(text, lexicon)
      expect({ text, places: tokens.map(({ start, end }) => [start, end]) }).toEqual({
        text,
        places: expected,
      })
      expect(facts.map(({ written }) => written)).toEqual(
        expected.map(([start, end]) => text.slice(start, end)),
      )
    }
  })

  test('keep their facts apart where their letters differ only in case or accents', () => {
    const { tokens, facts } = readTokens('Mark mark MARK Márk', readLexicon())
    expect(new Set(tokens.map(({ folded }) => folded))).toEqual(new Set(['mark']))
    expect(new Set(facts.map(({ word }) => word)).size).toBe(1)
    expect(tokens.map(({ shape }) => shape)).toEqual([1, 0, 2, 1])
  })
})

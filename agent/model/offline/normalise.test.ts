import { describe, expect, it } from 'vitest'
import { tokenise } from './normalise.ts'
import { stem } from './stem.ts'

const words = (text: string): readonly string[] =>
  tokenise(text).map(({ word, number }) => (number === undefined ? word : String(number)))

describe('tokens', () => {
  it.each([
    ["haven't", ['have', 'not']],
    ["What's up", ['what', 'is', 'up']],
    ["Jenna's deals", ['jenna', "'s", 'deals']],
    ["PERSON_43317f's mail", ['PERSON_43317', "'s", 'mail']],
    ['over $50k', ['over', '50000']],
    ['1.2 million', ['1200000']],
    ['a hundred grand', ['100000']],
    ['fifty thousand', ['50000']],
    ['30-day', ['30', 'day']],
    ['since 2026-10-01', ['since', '2026-10-01']],
    ['Café', ['cafe']],
    ['€30,000.50', ['30000.5']],
    ['14:30', ['14', ':', '30']],
  ])('of "%s" are %j', (text, expected) => {
    expect(words(text)).toEqual(expected)
  })

  it('keep a quote in one piece', () => {
    expect(tokenise('emails about "term sheet"').at(-1)).toMatchObject({ kind: 'quote', raw: 'term sheet' })
  })
})

describe('stems', () => {
  it.each([
    ['companies', 'company'],
    ['emailed', 'emails'],
    ['touched', 'touch'],
    ['met', 'meet'],
    ['owned', 'owns'],
    ['has', 'have'],
    ['replied', 'replies'],
  ])('join %s and %s', (a, b) => {
    expect(stem(a)).toBe(stem(b))
  })

  it.each([
    ['not', 'note'],
    ['won', 'one'],
    ['lost', 'loss'],
    ['address', 'add'],
  ])('keep %s and %s apart', (a, b) => {
    expect(stem(a)).not.toBe(stem(b))
  })
})

import { describe, expect, test } from 'vitest'
import { verdictKey } from './suites/leak-verdicts.ts'
import type { Verdict } from './suites/leak-verdicts.ts'
import { classifier } from './suites/redaction-known.ts'
import { judge, ourDetector } from './suites/redaction.ts'

const people = [{ given: 'Robert', family: 'Whitfield' }]
const document = (text: string, ...names: string[]) => ({
  id: text,
  text,
  spans: names.map((name) => ({
    start: text.indexOf(name),
    end: text.indexOf(name) + name.length,
    type: 'PERSON',
  })),
})

describe('judging redaction', () => {
  test('a mention leaks when one letter of it stays visible', () => {
    const documents = [document('Ask Robert Whitfield now', 'Robert Whitfield')]
    const hide = (start: number, end: number) => () => [{ start, end, type: 'PERSON' }]
    const score = (start: number, end: number) =>
      judge(documents, hide(start, end), { detector: 'one', set: 'one', people })
    expect(score(4, 20)).toMatchObject({ mentions: 1, leaked: 0, overRedaction: 0 })
    expect(score(4, 19)).toMatchObject({ leaked: 1, leak: 1 })
    expect(score(0, 24)).toMatchObject({ leaked: 0, otherLetters: 6, hiddenLetters: 6, overRedaction: 1 })
  })

  test('after reading, marks on no name do not count, of others the name alone, and unread ones as names', () => {
    const texts = ['Carr Futures', 'Brent\nSubject', 'Ask Ilse now']
    const documents = texts.map((text) => document(text, text === 'Ask Ilse now' ? 'Ilse' : text))
    const verdicts = new Map<string, Verdict>([
      [verdictKey(texts[0]!, { start: 0, end: 12 }), { is: 'company' }],
      [verdictKey(texts[1]!, { start: 0, end: 13 }), { is: 'name', part: { start: 0, end: 5 } }],
    ])
    const read = (hidden: number) =>
      judge(documents, () => [{ start: 0, end: hidden, type: 'PERSON' }], {
        detector: 'one',
        set: 'one',
        people,
        verdicts,
      })
    expect(read(5)).toMatchObject({ leaked: 3, asRead: { mentions: 2, leaked: 1, unread: 1 } })
    expect(read(4)).toMatchObject({ leaked: 3, asRead: { mentions: 2, leaked: 2, unread: 1 } })
  })

  test('mentions are told apart by what the records know', () => {
    const classOf = classifier(people)
    expect(['Robert Whitfield', 'Whitfield, Robert', 'Bob', 'R. Whitfield', 'Ilse'].map(classOf)).toEqual([
      'exact',
      'exact',
      'alias',
      'alias',
      'unknown',
    ])
  })

  test('ours hides the known and the unknown in a letter', () => {
    const text = 'Hi Robert,\n\nI spoke with Ilse Brandvold about the contract.\n\nThanks,\nZanele\n'
    const documents = [document(text, 'Robert', 'Ilse Brandvold', 'Zanele')]
    expect(judge(documents, ourDetector(people), { detector: 'tact', set: 'one', people })).toMatchObject({
      mentions: 3,
      leaked: 0,
      hiddenLetters: 0,
    })
  })
})

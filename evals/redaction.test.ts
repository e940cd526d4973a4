import { describe, expect, test } from 'vitest'
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

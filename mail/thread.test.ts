import { expect, test } from 'vitest'
import { baseSubject, threadMessages } from './thread.ts'
import type { Threadable } from './thread.ts'

const DAY_MS = 86_400_000

const message = (key: string, fields: Partial<Threadable> = {}): Threadable => ({
  key,
  messageId: `${key}@x`,
  inReplyTo: null,
  references: [],
  subject: `subject of ${key}`,
  sentAtMs: 0,
  from: `${key}@people.example`,
  recipients: [],
  threadId: null,
  ...fields,
})

/** Which messages are together, whatever the threads are called. */
const division = (messages: readonly Threadable[]): readonly string[] => {
  const { threadOf } = threadMessages(messages)
  const groups = Map.groupBy(messages, ({ key }) => threadOf.get(key))
  return [...groups.values()]
    .map((group) =>
      group
        .map(({ key }) => key)
        .sort()
        .join(' '),
    )
    .sort()
}

test.each([
  ['Re: price', 'price', true],
  ['AW: Re: SV: price', 'price', true],
  ['Fwd: price', 'price', false],
  ['RE[2]: price', 'price', true],
  ['[ILUG] Re: price (was: cost)', 'price', true],
  ['Regarding: price', 'Regarding: price', false],
  ['Re:', '', true],
])('the base of %s is %s', (subject, base, isReply) => {
  expect(baseSubject(subject)).toEqual({ base, isReply })
})

test('messages are together by In-Reply-To and References, also over one that is missing', () => {
  expect(
    division([
      message('a'),
      message('b', { inReplyTo: 'a@x' }),
      message('c', { references: ['gone@x'] }),
      message('d', { inReplyTo: 'gone@x' }),
      message('e'),
    ]),
  ).toEqual(['a b', 'c d', 'e'])
})

test('a reply that names no ancestor joins its subject among the same people within two weeks, and only then', () => {
  const first = message('a', { subject: 'Price', from: 'dana@x', recipients: ['us@y'] })
  const reply = { subject: 'Re: price', from: 'us@y', recipients: ['dana@x'], sentAtMs: DAY_MS }
  expect(division([first, message('b', reply)])).toEqual(['a b'])
  expect(division([first, message('b', { ...reply, subject: 'price' })])).toEqual(['a', 'b'])
  expect(division([first, message('b', { ...reply, from: 'z@z', recipients: ['w@w'] })])).toEqual(['a', 'b'])
  expect(division([first, message('b', { ...reply, sentAtMs: 15 * DAY_MS })])).toEqual(['a', 'b'])
  expect(division([first, message('b', { ...reply, inReplyTo: 'other@x' })])).toEqual(['a', 'b'])
})

test('a late parent makes one of two threads, and the lower id stays', () => {
  const { threadOf, merged, created } = threadMessages([
    message('b', { inReplyTo: 'a@x', threadId: '0002' }),
    message('c', { inReplyTo: 'a@x', threadId: '0001' }),
    message('a'),
  ])
  expect([...threadOf.values()]).toEqual(['0001', '0001', '0001'])
  expect(merged).toEqual([{ from: '0002', into: '0001' }])
  expect(created).toEqual([])
})

test('a message that names itself, and a circle, end', () => {
  expect(
    division([message('a', { inReplyTo: 'b@x' }), message('b', { inReplyTo: 'a@x', references: ['b@x'] })]),
  ).toEqual(['a b'])
})

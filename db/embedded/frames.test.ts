import { expect, test } from 'vitest'
import { Frames } from './frames.ts'

const message = (type: string, body = ''): Buffer => {
  const bytes = Buffer.alloc(5 + body.length)
  bytes.write(type, 0)
  bytes.writeInt32BE(4 + body.length, 1)
  bytes.write(body, 5)
  return bytes
}
const startup = (): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeInt32BE(8, 0)
  bytes.writeInt32BE(196_608, 4)
  return bytes
}
const texts = (batches: readonly Uint8Array[]): string[] =>
  batches.map((batch) => Buffer.from(batch).toString('latin1'))

test('a batch is everything up to the message that makes the server answer', () => {
  const frames = new Frames()
  expect(frames.push(startup())).toHaveLength(1)
  const extended = Buffer.concat([message('P', 'parse'), message('B', 'bind'), message('E'), message('S')])
  expect(texts(frames.push(Buffer.concat([extended, message('Q', 'select 1')])))).toEqual(
    texts([extended, message('Q', 'select 1')]),
  )
})

test('bytes may arrive one at a time', () => {
  const frames = new Frames()
  const stream = Buffer.concat([startup(), message('P', 'long enough'), message('S'), message('Q', 'x')])
  const whole = new Frames().push(stream)
  const single = [...stream].flatMap((byte) => frames.push(Uint8Array.of(byte)))
  expect(texts(single)).toEqual(texts(whole))
  expect(whole).toHaveLength(3)
})

test('a goodbye yields nothing, and a new connection begins with a startup again', () => {
  const frames = new Frames()
  frames.push(startup())
  expect(frames.push(message('X'))).toEqual([])
  frames.push(message('P', 'half sent').subarray(0, 7))
  frames.restart()
  expect(frames.push(startup())).toHaveLength(1)
  expect(frames.push(message('S'))).toHaveLength(1)
})

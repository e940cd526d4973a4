import { expect, test } from 'vitest'
import { createLeakScanner } from '../../redaction/scan.ts'
import { scanWhatIsNew } from './scan-new.ts'

const VALUES = ['Dana Whitfield', 'dana@nimbus.example', '+1 (415) 555-0134']
const HEAD = `POST {"system":"${'Rules of the house. '.repeat(260)}","messages":[`
const TAIL = `],"tools":"${'A tool that reads. '.repeat(260)}"}`
const CODED = [
  'Dana Whitfield',
  'Dana\\u0020Whitfield',
  'dana%2540nimbus.example',
  Buffer.from('x Dana Whitfield x').toString('base64'),
  Buffer.from('dana@nimbus.example').toString('hex'),
  'dleiftihW anaD',
  'Qnan Juvgsvryq',
  '1-415-555-0134',
]

const scanner = () => scanWhatIsNew(createLeakScanner(VALUES))
const body = (middle: string): string => HEAD + middle + TAIL

test('a value is found in what the body before did not hold, in every encoding', () => {
  for (const coded of CODED) {
    const scan = scanner()
    expect(scan(body('first'))).toEqual([])
    expect([coded, scan(body(`first, then ${coded}!`)).length]).toEqual([coded, 1])
  }
})

test('a value that begins in what is shared and ends in what is new is found', () => {
  for (const coded of CODED)
    for (let cut = 1; cut < coded.length; cut += 3) {
      const scan = scanner()
      const before = `said ${coded.slice(0, cut)}`
      if (scan(body(before)).length > 0) continue
      expect([coded, cut, scan(body(`said ${coded}`)).length]).toEqual([coded, cut, 1])
      const other = scanner()
      if (other(body(`${coded.slice(cut)} said`)).length > 0) continue
      expect([coded, cut, other(body(`${coded} said`)).length]).toEqual([coded, cut, 1])
    }
})

test('a body like one with a find is scanned whole, and found in again', () => {
  const scan = scanner()
  expect(scan(body('Dana Whitfield'))).toHaveLength(1)
  expect(scan(body('Dana Whitfield, again'))).toHaveLength(1)
  expect(scan(body('nobody'))).toEqual([])
})

import { describe, expect, test } from 'vitest'
import { runCarrierSwap } from './suites/carrier-swap.ts'
import { runCorruptions } from './suites/corruption.ts'
import { runLinker } from './suites/linker.ts'

const marked = (id: string, written: string) => {
  const spans: { start: number; end: number; type: string }[] = []
  let text = ''
  for (const [at, part] of written.split(/[{}]/u).entries()) {
    if (at % 2 === 1) spans.push({ start: text.length, end: text.length + part.length, type: 'PERSON' })
    text += part
  }
  return { id, text, spans }
}

const CARRIERS = [
  marked(
    'note',
    'Met {Dana Whitfield} on Tuesday.\n{Orla Brandt} and {Priya Natarajan} want the deck by Friday.',
  ),
  marked(
    'thread',
    'From: {Tomás Wendt}\nTo: {Mark Grace}; {Lucia Ferrão}\n\nHi,\nask {Grace May} for the numbers.\n\nThanks,\n{Will Park}\n',
  ),
  marked(
    'list',
    'Attendees: {Jürgen Weiß}, {Ana Souza}, {Robert Land}\nNo news from {Henrik Dahl}; {Beth Novak} called.',
  ),
]

describe('names in the places of other names', () => {
  test('are hidden in each of twelve forms', () => {
    const report = runCarrierSwap(CARRIERS, { count: 2_000, seed: 3, people: 60 })
    expect(report.forms.filter(({ counted }) => counted)).toHaveLength(12)
    expect(report.forms.filter(({ counted, mentions }) => counted && mentions < 50)).toEqual([])
    expect(report.forms.filter(({ counted, leaked }) => counted && leaked > 0)).toEqual([])
    expect(report.refused).toBe(0)
  })
})

describe('a damaged handle', () => {
  test('is never restored to somebody else by one fault', async () => {
    const report = await runCorruptions({ count: 20_000, seed: 2 })
    expect(report.faults.filter(({ single, wrong }) => single && wrong > 0)).toEqual([])
    const survive = report.faults.filter(({ right }) => right > 0).map(({ fault }) => fault)
    expect(survive).toEqual(expect.arrayContaining(['a letter of the label', 'another label']))
  })

  test('damaged twice may name somebody else: the check digit finds nine in ten', async () => {
    const report = await runCorruptions({ count: 40_000, seed: 2, issued: 4_000 })
    const twice = report.faults.filter(({ single }) => !single)
    const tried = twice.reduce((sum, score) => sum + score.tried, 0)
    const wrong = twice.reduce((sum, score) => sum + score.wrong, 0)
    expect(wrong).toBeGreaterThan(0)
    expect(wrong / tried).toBeLessThan(0.1)
  })
})

describe('two conversations about the same people', () => {
  test('cannot be put together by their handles better than by chance', async () => {
    const report = await runLinker({ trials: 40, seed: 5, people: 24, companies: 12 })
    expect(report.linkers.filter(({ deviations }) => Math.abs(deviations) > 4)).toEqual([])
    expect(report.same).toBeLessThan(4)
  })
})

import { describe, expect, test } from 'vitest'
import { fitResult, MAX_RESULT_BYTES } from './fit.ts'

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))
const row = (n: number) => ({ handle: `PERSON_${10_000 + n}`, city: 'Bonn', note: 'x'.repeat(80) })
const rows = (count: number) => Array.from({ length: count }, (_, n) => row(n))
const completeness = { total: 5_000, returned: 5_000, complete: true }

/** Seeded, so that a failure can be had again. */
const random = (seed: number) => (): number => {
  seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
  return seed / 2 ** 31
}

describe('a result that is too large for one answer', () => {
  test('one that fits is handed on as it is', () => {
    const result = { data: { rows: rows(3) }, completeness, notes: [] }
    expect(fitResult(result)).toBe(result)
  })

  test('loses the end of its longest list, says how much, and no longer claims to be complete', () => {
    const result = {
      data: { rows: rows(5_000), words: ['a'] },
      completeness,
      sources: [],
      notes: ['Read as: all.'],
    }
    const fitted = fitResult(result)
    expect(bytesOf(fitted)).toBeLessThanOrEqual(MAX_RESULT_BYTES)
    const kept = fitted.data.rows.length
    expect(kept).toBeGreaterThan(300)
    expect(fitted.data.rows).toEqual(result.data.rows.slice(0, kept))
    expect(fitted.completeness).toEqual({ ...completeness, complete: false })
    expect(fitted.notes).toEqual([
      'Read as: all.',
      expect.stringContaining(`left out ${5_000 - kept} of \`data.rows\``),
    ])
    expect(result.data.rows).toHaveLength(5_000)
    expect(result.completeness.complete).toBe(true)
  })

  test('a text that is too long is cut between characters', () => {
    const fitted = fitResult({ data: { body: '😀'.repeat(40_000) }, notes: [] })
    expect(bytesOf(fitted)).toBeLessThanOrEqual(MAX_RESULT_BYTES)
    expect(fitted.data.body).toMatch(/^(😀)+ …$/u)
  })

  test('whatever its shape, it ends within the bound and keeps the beginning of each list', () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const next = random(seed)
      const value = (depth: number): unknown => {
        const pick = next()
        if (depth === 0 || pick < 0.3) return 'ä"\n'.repeat(Math.floor(next() * 300))
        const count = Math.floor(next() * 6)
        if (pick < 0.7) return Array.from({ length: count }, () => value(depth - 1))
        return Object.fromEntries(Array.from({ length: 5 }, (_, n) => [`k${n}`, value(depth - 1)]))
      }
      const result = { data: value(4), completeness, sources: rows(900), notes: ['one'] }
      const fitted = fitResult(result)
      expect(bytesOf(fitted), `seed ${seed}`).toBeLessThanOrEqual(MAX_RESULT_BYTES)
      expect(fitted.sources).toEqual(result.sources.slice(0, fitted.sources.length))
      expect(fitted.notes[0]).toBe('one')
    }
  })
})

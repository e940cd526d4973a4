import { describe, expect, test } from 'vitest'
import { DATA } from './options.ts'
import { EXPLANATIONS } from './second-reader/explained.ts'
import { SecondReader } from './second-reader/reader.ts'
import { compareReaders, generatedTexts, textsOf } from './suites/second-reader.ts'

describe('a second reader of SQL beside ours', () => {
  test('agrees with ours on generated SQL, but for what the list explains', async () => {
    const report = await compareReaders('generated', generatedTexts(800, 20_261_121))
    expect(report.unexplained).toEqual([])
    expect(report.both).toBeGreaterThan(100)
    expect(report.agree / report.both).toBeGreaterThan(0.6)
  })

  const sets = [
    { name: 'gold.dev.jsonl', source: 'defog', both: 484, agree: 477 },
    { name: 'gold.dev.jsonl', source: 'spider', both: 515, agree: 514 },
    { name: 'benign.jsonl', source: '', both: 45, agree: 43 },
  ] as const
  test.for(sets)(
    'agrees with ours on $name $source, but for what the list explains',
    async (set, { skip }) => {
      const texts = textsOf(DATA, set.name, set.source)
      if (texts === undefined) return skip(`${set.name} is not beside the checkout`)
      const { unexplained, both, agree } = await compareReaders(set.name, texts)
      expect(unexplained).toEqual([])
      expect(both).toBeGreaterThanOrEqual(set.both)
      expect(agree).toBeGreaterThanOrEqual(set.agree)
    },
  )

  test('a difference outside the list is found: a table, a column, an operator, a text', async () => {
    const { factsOfOurs } = await import('./second-reader/of-ours.ts')
    const { loadGrammar, readSql } = await import('../query/parse-sql/read.ts')
    await loadGrammar()
    const reader = new SecondReader()
    const asked = "select name from deals where amount > 5 and city = 'Bonn'"
    const others = [
      "select name from people where amount > 5 and city = 'Bonn'",
      "select id from deals where amount > 5 and city = 'Bonn'",
      "select name from deals where amount >= 5 and city = 'Bonn'",
      "select name from deals where amount > 5 or city = 'Bonn'",
      "select name from deals where amount > 5 and city = 'Bonn '",
      "select name from deals where amount > 6 and city = 'Bonn'",
      "select lower(name) from deals where amount > 5 and city = 'Bonn'",
    ]
    try {
      const reading = await reader.read(asked)
      expect(reading).toEqual({ facts: factsOfOurs(readSql(asked)) })
      for (const other of others) expect(reading).not.toEqual({ facts: factsOfOurs(readSql(other)) })
    } finally {
      await reader.close()
    }
  })

  test('its known misreading of an escape is a difference that the list explains', async () => {
    const text = String.raw`select '\' as a, city as "b" from companies where city = ' -- '`
    const { agree, explained, unexplained, leftByIt } = await compareReaders('escape', [text])
    expect({ agree, unexplained }).toEqual({ agree: 0, unexplained: [] })
    expect(Object.keys({ ...explained, ...leftByIt })).toHaveLength(1)
    expect(EXPLANATIONS.map(({ why }) => why)).toEqual([...new Set(EXPLANATIONS.map(({ why }) => why))])
  })

  test('sixteen open brackets never reach it, and what takes it too long ends its thread, not ours', async () => {
    const reader = new SecondReader({ deadlineMs: 400 })
    try {
      expect(await reader.read(`select ${'('.repeat(16)}1`)).toEqual({ left: 'brackets' })
      expect(await reader.read(`select '${'x'.repeat(20_000)}'`)).toEqual({ left: 'too_long' })
      const slow = `select ${'('.repeat(12)}1 +${')'.repeat(12)}`
      expect(await reader.read(slow)).toEqual({ left: 'too_slow' })
      expect(reader.ended).toBe(1)
      expect(await reader.read('select 1 from deals')).toHaveProperty('facts')
    } finally {
      await reader.close()
    }
  })
})

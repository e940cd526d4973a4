import { describe, expect, test } from 'vitest'
import { shrink } from './fuzz/shrink.ts'
import { runFuzz } from './suites/fuzz.ts'

describe('fuzzing the reader of SQL', () => {
  test('what is accepted is carried over as what PostgreSQL reads, and nothing ends in a fault', async () => {
    const { different, faults, read, compiled } = await runFuzz({ count: 2_000, seed: 20_261_121 })
    expect({ different, faults }).toEqual({ different: [], faults: [] })
    expect(read).toBeGreaterThan(300)
    expect(compiled).toBeGreaterThan(50)
  })

  test('a text that fails is cut down to what makes it fail', () => {
    const sql = "select name, (bad + 1), count(*) from people where city = 'x' order by 1"
    expect(shrink(sql, (text) => text.includes('bad') && text.includes('+'))).toBe('bad+')
  })
})

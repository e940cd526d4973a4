import { expect, test } from 'vitest'
import { openTestDatabase } from '../testing.ts'

test('after a statement that failed and took its connection along, every answer is to its own question', async () => {
  const opened = await openTestDatabase('embedded')
  const { pool } = opened.database
  const answered: unknown[] = []
  for (let asked = 0; asked < 40; asked += 1) {
    await expect(pool.query('select 1 / (0 * $1::int)', [asked])).rejects.toMatchObject({ code: '22012' })
    const { rows } = await pool.query<{ asked: number }>('select $1::int as asked', [asked])
    answered.push(rows[0]?.asked)
  }
  expect(answered).toEqual(answered.map((_, index) => index))
  await opened.close()
})

test('questions asked at once while some of them fail are each answered in their own terms', async () => {
  const opened = await openTestDatabase('embedded')
  const { pool } = opened.database
  const answers = await Promise.all(
    Array.from({ length: 60 }, async (_, asked) => {
      try {
        const divisor = asked % 3 === 0 ? 0 : 1
        const { rows } = await pool.query<{ asked: number }>('select $1::int / $2::int as asked', [
          asked,
          divisor,
        ])
        return rows[0]?.asked
      } catch {
        return 'failed'
      }
    }),
  )
  expect(answers).toEqual(answers.map((_, asked) => (asked % 3 === 0 ? 'failed' : asked)))
  await opened.close()
})

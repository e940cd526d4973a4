import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../domain/actor.ts'
import { sql } from './sql.ts'
import { asTenant, rows, runText } from './tenant.ts'
import { openTestDatabase, testEngines } from './testing.ts'
import type { TestDatabase } from './testing.ts'
import { readNumber, readTimestamp } from './values.ts'

const UUID = '0198f2a0-0000-7000-8000-000000000001'

describe.each(testEngines)('values on %s', (engine) => {
  let opened: TestDatabase
  let actor: Actor
  beforeAll(async () => {
    opened = await openTestDatabase(engine)
    actor = (await opened.addTenant()).actor()
  })
  afterAll(() => opened.close())

  test.each([
    ['2026-01-02 03:04:05+00', 'timestamptz', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02 03:04:05.678901+02', 'timestamptz', '2026-01-02T01:04:05.678901Z'],
    ['2026-01-02', 'date', '2026-01-02'],
    ['9007199254740991', 'bigint', 9007199254740991],
    ['9007199254740993', 'bigint', '9007199254740993'],
    ['12.50', 'numeric', 12.5],
    ['0.1', 'numeric', 0.1],
    ['12345678901234567890.5', 'numeric', '12345678901234567890.5'],
    ['1.5', 'real', 1.5],
    ['true', 'boolean', true],
    [UUID, 'uuid', UUID],
    ['{"a": [1, null]}', 'jsonb', { a: [1, null] }],
    ['{a,NULL,"b c"}', 'text[]', ['a', null, 'b c']],
    ['{1,2}', 'bigint[]', [1, 2]],
    [
      '{{1.5,2},{3,4}}',
      'numeric[]',
      [
        [1.5, 2],
        [3, 4],
      ],
    ],
    ['{"2026-01-02 03:04:05+00"}', 'timestamptz[]', ['2026-01-02T03:04:05.000Z']],
    ['{2026-01-02}', 'date[]', ['2026-01-02']],
    ['\\xdead', 'bytea', Buffer.from('dead', 'hex')],
  ])('%s as %s is read the same by name and by place', async (text, type, expected) => {
    await asTenant(opened.database, actor, async (tx) => {
      const byPlace = await runText(tx, `select $1::text::${type} as v, null::${type} as n`, [text])
      expect(byPlace).toEqual({
        columns: [
          { name: 'v', type: type === 'jsonb' ? 'jsonb' : type },
          { name: 'n', type: type },
        ],
        rows: [[expected, null]],
      })
      expect(await rows(tx, sql`select ${text}::text::${sql.raw(type)} as v`)).toEqual([{ v: expected }])
    })
  })

  test('days begin and end in UTC, whatever the server thinks', async () => {
    const [row] = await asTenant(opened.database, actor, (tx) =>
      rows(
        tx,
        sql`select '2026-01-02'::date::timestamptz as midnight, sum(x) as total, count(*) as n from (values (1::bigint), (2)) v(x)`,
      ),
    )
    expect(row).toEqual({ midnight: '2026-01-02T00:00:00.000Z', total: 3, n: 2 })
  })
})

test('numbers are numbers only where nothing is lost', () => {
  expect(readNumber('-0.000123456789012345')).toBe(-0.000123456789012345)
  expect(readNumber('0.1234567890123456789')).toBe('0.1234567890123456789')
  expect(readNumber('100.00')).toBe(100)
  expect(readNumber('NaN')).toBe('NaN')
})

test('timestamps outside the calendar keep their text', () => {
  expect(readTimestamp('infinity')).toBe('infinity')
})

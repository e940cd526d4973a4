import { describe, expect, inject, test } from 'vitest'
import type { Attack } from './attacks/attack.ts'
import { effectOf } from './attacks/judge.ts'
import { ownAttacks } from './attacks/own/all.ts'
import { runAttacks } from './suites/attacks.ts'

const own = ownAttacks()
/** A few of every class; the whole set is `npm run eval -- attacks`. */
const sample = [...Map.groupBy(own, (attack) => attack.class).values()].flatMap((attacks) =>
  attacks.filter((_, index) => index % Math.ceil(attacks.length / 3) === 1),
)
const engines = ['embedded', ...(inject('postgresUrl') === '' ? [] : ['postgres'])]

describe('attacks', () => {
  test('there are more than a thousand of our own, each named once', () => {
    expect(own.length).toBeGreaterThan(1_000)
    expect(new Set(own.map(({ id }) => id)).size).toBe(own.length)
  })

  test.each(engines)(
    'on %s a sample of them has no effect through the tools, the command line and the inbox',
    async (engine) => {
      const reports = await runAttacks({
        attacks: sample,
        surfaces: ['toolbox', 'cli', 'inbox'],
        processEvery: 1,
        ...(engine === 'postgres' ? { postgresUrl: inject('postgresSuperUrl') } : {}),
      })
      // How long one took depends on the machine; the eval looks at that.
      const effective = reports.flatMap(({ rows }) =>
        rows.filter(({ effect }) => effect !== undefined && effect !== 'slow'),
      )
      expect(effective).toEqual([])
      for (const { total, answered } of reports) {
        expect(total).toBe(sample.length)
        expect(answered).toBeGreaterThan(0)
        expect(answered).toBeLessThan(total)
      }
    },
    300_000,
  )

  test('the judge sees each kind of effect', () => {
    const attack: Attack = { id: 'x', class: 'x', sql: 'x', oracle: 'accept' }
    const outcome = { code: 'refused', text: '', left: '', rows: 0, ms: 5 }
    const calm = { changed: false, down: false, grownMb: 0 }
    expect(effectOf(attack, outcome, calm)).toBeUndefined()
    expect(effectOf(attack, { ...outcome, code: 'answered' }, calm)).toBe('answered')
    expect(effectOf(attack, outcome, { ...calm, changed: true })).toBe('changed')
    expect(effectOf(attack, outcome, { ...calm, down: true })).toBe('down')
    expect(effectOf(attack, outcome, { ...calm, grownMb: 900 })).toBe('memory')
    expect(effectOf(attack, { ...outcome, text: 'CANARY_T2 Org' }, calm)).toBe('canary')
    expect(effectOf(attack, { ...outcome, left: 'Zyxommal1' }, calm)).toBe('name')
    expect(effectOf(attack, { ...outcome, ms: 4_000 }, calm)).toBe('slow')
    expect(
      effectOf(
        { ...attack, oracle: 'leak', leak: 'root:' },
        { ...outcome, code: 'answered', text: 'root:x' },
        calm,
      ),
    ).toBe('leak')
    expect(effectOf({ ...attack, oracle: 'dos' }, { ...outcome, code: 'answered' }, calm)).toBeUndefined()
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase } from '../db/testing.ts'
import { simulateWindows } from './testing/simulate.ts'
import { startSmtp } from './testing/smtp.ts'
import type { TestSmtp } from './testing/smtp.ts'
import { startVirtualClock } from './testing/virtual-clock.ts'

describe.each(testEngines)('windows of digests in virtual time on %s', (engine) => {
  let opened: TestDatabase
  let smtp: TestSmtp
  beforeAll(async () => {
    opened = await openTestDatabase(engine)
    smtp = await startSmtp()
  })
  afterAll(async () => {
    await smtp.close()
    await opened.close()
  })

  test('each has exactly one message, whatever fails and whoever dies, also where the clocks jump', async () => {
    const { database } = opened
    const start = new Date('2026-03-27T00:00:00Z')
    const clock = await startVirtualClock(database, start)
    const { workspace } = await opened.addTenant({ timezone: 'Europe/Berlin' })
    const moment = { timezone: 'Europe/Berlin', minuteOfDay: 150 }
    const tally = await simulateWindows(
      { database, clock, smtp, workspace },
      { moment, start, days: 4, seed: 1 },
    )
    expect(tally).toMatchObject({ windows: 8, deaths: 4, missing: 0, twice: 0, stray: 0 })
    expect(Math.max(...tally.lateMs)).toBeLessThanOrEqual(120_000)
  }, 300_000)
})

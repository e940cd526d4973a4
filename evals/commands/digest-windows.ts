import { connect } from '../../db/connect.ts'
import { createMember } from '../../db/members.ts'
import { migrate } from '../../db/migrate.ts'
import { asTenant } from '../../db/tenant.ts'
import { TEST_SECRET_KEY } from '../../db/testing-key.ts'
import { createWorkspace } from '../../db/workspace.ts'
import { simulateWindows } from '../../digest/testing/simulate.ts'
import type { WindowTally } from '../../digest/testing/simulate.ts'
import { startSmtp } from '../../digest/testing/smtp.ts'
import { startVirtualClock } from '../../digest/testing/virtual-clock.ts'
import { systemOf } from '../../jobs/lease.ts'
import { ZONES } from '../../jobs/testing/zones.ts'
import { setLogLevel } from '../../log.ts'
import { options, out } from '../options.ts'
import { onEngines } from './on-engines.ts'

const START = new Date('2026-01-01T00:00:00Z')
const MOST_DAYS = 400
const MOST_LATE_MS = 120_000
/** An hour that clocks leave out and bring twice, and one that they do not. */
const MINUTES = [150, 480] as const

const atShare = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0

const runZones = async (
  url: string | undefined,
  { zones, days, seed }: { readonly zones: readonly string[]; readonly days: number; readonly seed: number },
): Promise<readonly (WindowTally & { readonly zone: string })[]> => {
  const database = await connect(
    { TACT_HOME: '', DATABASE_URL: url, TACT_QUERY_TIMEOUT_MS: 60_000, TACT_SECRET_KEY: TEST_SECRET_KEY },
    url === undefined ? { inMemory: true } : {},
  )
  await migrate(database)
  const smtp = await startSmtp()
  const clock = await startVirtualClock(database, START)
  const tallies: (WindowTally & { readonly zone: string })[] = []
  for (const [place, zone] of zones.entries()) {
    const workspace = await createWorkspace(database, {
      slug: `windows-${place}`,
      name: 'Windows',
      timezone: zone,
    })
    await asTenant(database, systemOf(workspace.id), (tx) =>
      createMember(tx, { email: 'ana@team.example', givenName: 'Ana', familyName: 'Reyes', role: 'owner' }),
    )
    const moment = { timezone: zone, minuteOfDay: MINUTES[(place + seed) % 2]! }
    const tally = await simulateWindows(
      { database, clock, smtp, workspace },
      { moment, start: START, days, seed: seed + place },
    )
    tallies.push({ ...tally, zone })
    process.stderr.write(`${zone}: ${tally.windows} windows, ${place + 1} of ${zones.length} zones\n`)
  }
  await smtp.close()
  await database.close()
  return tallies
}

/**
 * `npm run eval -- digest-windows --count 400 --seed 1`: so many days (400 at most) of digests by mail and chat in 14 zones
 * (--only: one of them) in virtual time. Five processes compete, each window has one of five faults or none, processes die
 * around every second message. Fails unless each window has exactly one message, 99 of 100 within two minutes.
 */
export const digestWindows = async (): Promise<number> => {
  setLogLevel('error')
  const zones = options.only === undefined ? ZONES : ZONES.filter((zone) => zone === options.only)
  const days = Math.min(Number(options.count), MOST_DAYS)
  const { reports, leftOut } = await onEngines(async (url) => ({
    engine: url === undefined ? 'embedded' : 'postgres',
    tallies: await runZones(url, { zones, days, seed: Number(options.seed) }),
  }))
  for (const reason of leftOut) out(`Left out: ${reason}`)
  out(`${days} days, seed ${options.seed}`)
  out('| engine | zone | windows | deaths | missing | twice | stray | late p50 | p99 | most |')
  out('|---|---|---|---|---|---|---|---|---|---|')
  let isGood = reports.length > 0
  for (const { engine, tallies } of reports)
    for (const { zone, windows, deaths, missing, twice, stray, lateMs } of tallies) {
      const sorted = [...lateMs].sort((a, b) => a - b)
      isGood &&= missing + twice + stray === 0 && atShare(sorted, 0.99) <= MOST_LATE_MS
      const late = [0.5, 0.99, 1].map((share) => `${(atShare(sorted, share) / 1_000).toFixed(1)} s`)
      out(
        `| ${engine} | ${zone} | ${windows} | ${deaths} | ${missing} | ${twice} | ${stray} | ${late.join(' | ')} |`,
      )
    }
  return isGood ? 0 : 1
}

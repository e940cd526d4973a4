import { sweepProposals } from '../../cli/sweep.ts'
import { sql } from '../../db/sql.ts'
import { startPostgres } from '../../scripts/test-postgres.ts'
import { CRASHES, clickAgain, leftByCrash, runAndKill, setUpCrash } from '../../writeback/testing-crashes.ts'
import type { Crash, CrashCase } from '../../writeback/testing-crashes.ts'
import type { Team } from '../../writeback/testing.ts'
import { options, out } from '../options.ts'
import { withTeams } from '../suites/proposals.ts'

/** Within this everything a killed process left has ended. */
const LIMIT_MS = 60_000
const LOOK_MS = 250

interface Killed {
  readonly left: CrashCase
  readonly killBefore: number
  /** Milliseconds from the kill until it had ended; undefined where it had not in twice the limit. */
  readonly endedMs: Promise<number | undefined>
}

const hasEnded = async ({ team, proposal }: CrashCase): Promise<boolean> => {
  const [row] = await team.query<{ open: boolean }>(
    sql`select p.state in ('approved', 'executing') or exists (select from workflow.outbox o where o.state in ('waiting', 'sending')) as open
      from workflow.proposals p where p.id = ${proposal.id}`,
  )
  return row?.open === false
}

/** Looks from the kill on, whatever else is killed meanwhile. */
const untilEnded = async (left: CrashCase): Promise<number | undefined> => {
  const start = performance.now()
  for (;;) {
    const isEnded = await hasEnded(left)
    const ms = performance.now() - start
    if (isEnded) return ms
    if (ms > 2 * LIMIT_MS) return undefined
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}

/** Kills before every nth statement of that work; answers those that died. */
const killAll = async (
  crash: Crash,
  { url, makeTeam }: { readonly url: string; readonly makeTeam: () => Promise<Team> },
): Promise<readonly Killed[]> => {
  const whole = await setUpCrash(crash, await makeTeam())
  const statements = (await runAndKill(whole, { url, killBefore: 0 }))!
  await whole.receiver?.close()
  const every = Math.max(1, Number(options.every))
  const places = Array.from({ length: Math.floor(statements / every) }, (_, n) => 1 + n * every)
  const killed: Killed[] = []
  for (const killBefore of places) {
    const left = await setUpCrash(crash, await makeTeam())
    // The sweep beside may do it first: then nobody died at it.
    const lived = await runAndKill(left, { url, killBefore })
    if (lived === null) killed.push({ left, killBefore, endedMs: untilEnded(left) })
    else await left.receiver?.close()
  }
  return killed
}

const settle = async (
  killed: readonly Killed[],
): Promise<{ readonly slowestMs: number; readonly faults: readonly string[] }> => {
  let slowestMs = 0
  const faults: string[] = []
  for (const { killBefore, endedMs } of killed) {
    const ms = await endedMs
    if (ms === undefined) faults.push(`before ${killBefore}: it never ended`)
    else slowestMs = Math.max(slowestMs, ms)
  }
  return { slowestMs, faults }
}

/**
 * `npm run eval -- crashes`: kill -9 before every statement of five kinds of work (`--every 3` for one in three), on
 * Postgres, while the sweep of `tact up` runs beside. Fails when something was written or told twice, or had not ended
 * within a minute.
 */
export const crashes = async (): Promise<number> => {
  const server = await startPostgres()
  if ('reason' in server) {
    out(`left out: ${server.reason}`)
    return 0
  }
  let isBad = false
  try {
    await withTeams({ postgresUrl: server.superUrl }, async ({ database, makeTeam }) => {
      const sweeping = sweepProposals({ database })
      for (const crash of CRASHES) {
        const killed = await killAll(crash, { url: server.superUrl, makeTeam })
        const { slowestMs, faults } = await settle(killed)
        const found = [...faults]
        const states: Record<string, number> = {}
        for (const { left, killBefore } of killed) {
          for (const again of [false, true]) {
            if (again) await clickAgain(database, left)
            const { state, faults: wrong } = await leftByCrash(database, left)
            if (!again) states[state] = (states[state] ?? 0) + 1
            found.push(...wrong.map((fault) => `before ${killBefore}: ${fault}`))
          }
          await left.receiver?.close()
        }
        if (slowestMs > LIMIT_MS) found.push(`one took ${Math.round(slowestMs / 1000)} s`)
        const told = Object.entries(states).map(([state, times]) => `${state} ${times}`)
        out(
          `${crash}: killed ${killed.length} times; ${told.join(', ')}; the slowest ended after ${Math.round(slowestMs / 1000)} s; ${found.length} faults`,
        )
        for (const fault of found.slice(0, 20)) out(`  FAULT ${fault}`)
        isBad ||= found.length > 0
      }
      await sweeping.close()
    })
  } finally {
    await server.stop()
  }
  return isBad ? 1 : 0
}

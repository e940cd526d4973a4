import { performance } from 'node:perf_hooks'
import type { EngineName } from '../../db/connect.ts'
import type { Attack } from '../attacks/attack.ts'
import { openFixture } from '../attacks/fixture.ts'
import type { Fixture } from '../attacks/fixture.ts'
import { effectOf } from '../attacks/judge.ts'
import type { Aftermath, Outcome } from '../attacks/judge.ts'
import type { Surface } from '../attacks/surface.ts'
import { openSurface } from '../attacks/surfaces.ts'
import type { SurfaceName } from '../attacks/surfaces.ts'

export interface AttackRow {
  readonly id: string
  readonly class: string
  readonly surface: SurfaceName
  readonly effective: boolean
  /** What the effect was: `changed`, `canary`, `name`, `answered`, `slow`, `memory`, `down` … */
  readonly effect?: string
  /** `answered`, or the code of the refusal. */
  readonly outcome: string
  readonly ms: number
}

export interface AttackReport {
  readonly engine: EngineName
  readonly surface: SurfaceName
  readonly total: number
  readonly effective: number
  readonly answered: number
  /** Ended at the deadline of a statement. */
  readonly timedOut: number
  /** Refused as a fault of ours, in place of a refusal with a reason. */
  readonly faults: number
  readonly slowestMs: number
  readonly rows: readonly AttackRow[]
}

export interface AttackOptions {
  readonly attacks: readonly Attack[]
  readonly surfaces: readonly SurfaceName[]
  readonly postgresUrl?: string
  /** Through `process`, one attack in so many. */
  readonly processEvery: number
}

const FAULTS = new Set(['internal', 'query_not_readable', 'status_500'])
const TIMEOUTS = new Set(['timeout', 'query_timeout'])
const HARMLESS: Attack = { id: 'harmless', class: 'harmless', sql: 'select count(*) from companies' }

const SPIN_MS = 20

/** How many times longer than alone work takes on this machine now: what a busy machine adds is no effect of an attack. */
const crowding = (): number => {
  const startedMs = performance.now()
  const before = process.cpuUsage()
  const used = (): number => {
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1_000
  }
  while (used() < SPIN_MS) Math.sqrt(startedMs)
  return Math.max(1, (performance.now() - startedMs) / used())
}

const timed = async (surface: Surface, attack: Attack): Promise<Outcome> => {
  const startedMs = performance.now()
  const outcome = await surface.ask(attack)
  return { ...outcome, ms: Math.round(performance.now() - startedMs) }
}

/** A busy machine is slow by itself: what is slow is slow again, on its own part of the machine. */
const timedAlone = async (surface: Surface, attack: Attack): Promise<Outcome> => {
  const before = crowding()
  const outcome = await timed(surface, attack)
  return { ...outcome, ms: Math.round(outcome.ms / Math.min(before, crowding())) }
}

/** On a busy machine even a harmless question may meet a deadline; asked again it is answered. */
const harmless = async (surface: Surface): Promise<Outcome> => {
  let outcome = await timed(surface, HARMLESS)
  for (let tries = 1; tries < 5 && outcome.code !== 'answered'; tries += 1)
    outcome = await timed(surface, HARMLESS)
  return outcome
}

/** The embedded engine is ended at its deadline and opened anew, which takes its time; the next look shows that it answers. */
const judged = (
  { house }: Fixture,
  attack: Attack,
  outcome: Outcome,
  startMs: number,
  after: Aftermath,
): string | undefined => {
  const isEnded = house.database.engine === 'embedded' && outcome.code === 'query_timeout'
  return effectOf(attack, { ...outcome, ms: isEnded ? 0 : outcome.ms - startMs }, after)
}

const rowOf = ({ id, class: kind }: Attack, surface: SurfaceName) => ({ id, class: kind, surface })

const runSurface = async (
  fixture: Fixture,
  name: SurfaceName,
  attacks: readonly Attack[],
): Promise<AttackReport> => {
  const surface = await openSurface(name, fixture)
  const rows: AttackRow[] = []
  try {
    const first = await harmless(surface)
    // A process of its own takes time to start, whatever it is asked.
    const startMs = name === 'process' ? first.ms : 0
    await fixture.look()
    for (const attack of attacks) {
      let outcome = await timed(surface, attack)
      let effect = judged(fixture, attack, outcome, startMs, await fixture.look())
      if (effect === 'slow') {
        outcome = await timedAlone(surface, attack)
        effect = judged(fixture, attack, outcome, startMs, await fixture.look())
      }
      const ms = Math.max(0, outcome.ms - startMs)
      rows.push({
        ...rowOf(attack, name),
        effective: effect !== undefined,
        ...(effect === undefined ? {} : { effect }),
        outcome: outcome.code,
        ms,
      })
    }
    const last = await harmless(surface)
    for (const { code, ms } of [first, last])
      if (code !== 'answered')
        rows.push({ ...rowOf(HARMLESS, name), effective: true, effect: 'down', outcome: code, ms })
  } finally {
    await surface.close()
  }
  return {
    engine: fixture.house.database.engine,
    surface: name,
    total: rows.length,
    effective: rows.filter((row) => row.effective).length,
    answered: rows.filter((row) => row.outcome === 'answered').length,
    timedOut: rows.filter((row) => TIMEOUTS.has(row.outcome)).length,
    faults: rows.filter((row) => FAULTS.has(row.outcome)).length,
    slowestMs: Math.max(0, ...rows.map((row) => row.ms)),
    rows,
  }
}

/** Puts hostile SQL and hostile JSON through the product, by each way in, and judges each by its oracle. */
export const runAttacks = async (options: AttackOptions): Promise<readonly AttackReport[]> => {
  const fixture = await openFixture(options.postgresUrl)
  const reports: AttackReport[] = []
  try {
    for (const name of options.surfaces) {
      const attacks =
        name === 'process'
          ? options.attacks.filter((_, index) => index % options.processEvery === 0)
          : options.attacks
      reports.push(await runSurface(fixture, name, attacks))
    }
  } finally {
    await fixture.close()
  }
  return reports
}

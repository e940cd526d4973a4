import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { CrashOrders } from './crash-worker.ts'

/** What came of killing a worker again and again, as its own lines and the database tell it. */
export interface CrashTally {
  readonly kills: number
  readonly acked: ReadonlySet<string>
  /** Milliseconds from the death of a job's holder to the end of the job. */
  readonly recoveredMs: readonly number[]
}

const WORKER = join(import.meta.dirname, 'crash-worker.ts')
const DRAIN_MS = 90_000

/**
 * Starts a worker and kills it (-9) while it is at a job, `kills` times, then lets one end what is left. `harm` is done
 * before each kill while the worker is at its jobs; what it held then counts as left too.
 */
export const killWorkers = async (
  orders: Omit<CrashOrders, 'jobs'>,
  {
    kills,
    jobsEach = 30,
    harm = async () => false,
  }: {
    readonly kills: number
    readonly jobsEach?: number
    /** Answers whether it did any. */
    readonly harm?: (kill: number) => Promise<boolean>
  },
): Promise<CrashTally> => {
  const acked = new Set<string>()
  const done = new Set<string>()
  const orphanedAt = new Map<string, number>()
  /** How often a job was begun, as far as its holders came to say so. */
  const begunTimes = new Map<string, number>()
  let lastDeathAt = 0
  const recoveredMs: number[] = []
  let held = new Set<string>()
  const run = (jobs: number) => {
    const child = spawn(process.execPath, [WORKER, JSON.stringify({ ...orders, jobs })], {
      stdio: ['pipe', 'ignore', 'pipe'],
      env: { ...process.env, NODE_ENV: 'test' },
    })
    const begun = Promise.withResolvers<void>()
    const over = Promise.withResolvers<void>()
    const lines = createInterface({ input: child.stderr })
    lines.on('line', (line) => {
      const [word, id = '', attempts = '0'] = line.split(' ')
      if (word === 'acked') acked.add(id)
      // Taken and not begun: its holder died at the last kill, and not when the one before did.
      if (word === 'left' && Number(attempts) > (begunTimes.get(id) ?? 0)) orphanedAt.set(id, lastDeathAt)
      if (word === 'started') {
        begunTimes.set(id, Number(attempts))
        held.add(id)
        begun.resolve()
      }
      if (word === 'over') over.resolve()
      if (word === 'done') {
        held.delete(id)
        done.add(id)
        const since = orphanedAt.get(id)
        if (since !== undefined) recoveredMs.push(performance.now() - since)
        orphanedAt.delete(id)
      }
    })
    return { child, begun: begun.promise, over: over.promise, read: once(lines, 'close') }
  }
  for (let kill = 0; kill < kills; kill += 1) {
    const { child, begun, read } = run(jobsEach)
    await begun
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 250))
    const harmed = [...held]
    const harmedAt = performance.now()
    if (await harm(kill)) for (const id of harmed) if (!done.has(id)) orphanedAt.set(id, harmedAt)
    lastDeathAt = performance.now()
    child.kill('SIGKILL')
    await read
    for (const id of held) orphanedAt.set(id, lastDeathAt)
    held = new Set()
  }
  const last = run(0)
  const { promise: late, resolve: giveUp } = Promise.withResolvers<void>()
  const timer = setTimeout(giveUp, DRAIN_MS)
  await Promise.race([last.over, late])
  clearTimeout(timer)
  const gone = once(last.child, 'exit')
  last.child.stdin.end()
  await gone
  return { kills, acked, recoveredMs }
}

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
  /** Acknowledged jobs that did not end in the time given. */
  readonly open: readonly string[]
}

const WORKER = join(import.meta.dirname, 'crash-worker.ts')
const DRAIN_MS = 90_000

/**
 * Starts a worker and kills it (-9) while it is at a job, `kills` times, then lets one end what is left. `onKill` may do
 * more harm at each kill.
 */
export const killWorkers = async (
  orders: Omit<CrashOrders, 'jobs'>,
  {
    kills,
    jobsEach = 30,
    onKill,
  }: {
    readonly kills: number
    readonly jobsEach?: number
    readonly onKill?: (kill: number) => Promise<void>
  },
): Promise<CrashTally> => {
  const acked = new Set<string>()
  const done = new Set<string>()
  const orphanedAt = new Map<string, number>()
  const recoveredMs: number[] = []
  let held = new Set<string>()
  const run = (jobs: number) => {
    const child = spawn(process.execPath, [WORKER, JSON.stringify({ ...orders, jobs })], {
      stdio: ['pipe', 'ignore', 'pipe'],
      env: { ...process.env, NODE_ENV: 'test' },
    })
    const begun = Promise.withResolvers<void>()
    const lines = createInterface({ input: child.stderr })
    lines.on('line', (line) => {
      const [word, id = ''] = line.split(' ')
      if (word === 'acked') acked.add(id)
      if (word === 'started') {
        held.add(id)
        begun.resolve()
      }
      if (word === 'done') {
        held.delete(id)
        done.add(id)
        const since = orphanedAt.get(id)
        if (since !== undefined) recoveredMs.push(performance.now() - since)
        orphanedAt.delete(id)
      }
    })
    return { child, begun: begun.promise, read: once(lines, 'close') }
  }
  for (let kill = 0; kill < kills; kill += 1) {
    const { child, begun, read } = run(jobsEach)
    await begun
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 250))
    const diedAt = performance.now()
    child.kill('SIGKILL')
    await read
    for (const id of held) orphanedAt.set(id, diedAt)
    held = new Set()
    await onKill?.(kill)
  }
  const last = run(0)
  const deadline = performance.now() + DRAIN_MS
  const left = (): readonly string[] => [...acked].filter((id) => !done.has(id))
  while (left().length > 0 && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 100))
  last.child.stdin.end()
  await once(last.child, 'exit')
  return { kills, acked, recoveredMs, open: left() }
}

import type { FuzzCaller } from '../../cli/testing/api-fuzz.ts'
import { options, out } from '../options.ts'
import { progressOf } from '../progress.ts'
import { openApiFuzzHouse } from '../suites/api-fuzz-house.ts'
import { onEngines } from './on-engines.ts'

/** Every record is looked at after so many requests of a program. */
const BETWEEN_LOOKS = 500

interface FuzzReport {
  readonly engine: string
  readonly requests: number
  readonly seconds: number
  readonly statuses: Readonly<Record<string, number>>
  readonly operations: number
  readonly faults: readonly string[]
}

const runFuzz = async (postgresUrl: string | undefined): Promise<FuzzReport> => {
  const { fuzz, engine, close } = await openApiFuzzHouse(postgresUrl, Number(options.seed))
  const count = Number(options.count)
  const faults: string[] = []
  const statuses: Record<string, number> = {}
  const operations = new Set<string>()
  const start = performance.now()
  const tell = progressOf(`${engine} api-fuzz`, count)
  // Half of them a program's, while nobody else writes; then a person's.
  let before = JSON.stringify(await fuzz.watch())
  for (let done = 1; done <= count; done += 1) {
    const caller: FuzzCaller = done <= count / 2 ? 'agent' : 'person'
    const { operation, status, fault } = await fuzz.step(caller)
    operations.add(operation)
    statuses[`${caller} ${status}`] = (statuses[`${caller} ${status}`] ?? 0) + 1
    if (fault !== undefined) faults.push(`${done} ${fault}`)
    tell(done, faults.length)
    if (caller === 'person' || (done % BETWEEN_LOOKS !== 0 && done + 1 <= count / 2)) continue
    const now = JSON.stringify(await fuzz.watch())
    if (now !== before) faults.push(`${done}: a record changed by a program`)
    before = now
  }
  const seconds = Math.round((performance.now() - start) / 1000)
  await close()
  return { engine, requests: count, seconds, statuses, operations: operations.size, faults }
}

/**
 * `npm run eval -- api-fuzz --count 10000`: requests made from the OpenAPI document, half with a program's token and half
 * with a person's session. Fails at an answer that is a fault of ours, is not documented, speaks of our inside, shows
 * another workspace or a name to a token, and when a program changed a record.
 */
export const apiFuzz = async (): Promise<number> => {
  const { reports, leftOut } = await onEngines(runFuzz)
  if (options.json) out(JSON.stringify({ reports, leftOut }, null, 2))
  else {
    for (const { engine, requests, seconds, statuses, operations, faults } of reports) {
      out(
        `${engine}: ${requests} requests to ${operations} operations in ${seconds} s, ${faults.length} faults`,
      )
      for (const [status, times] of Object.entries(statuses).toSorted(([one], [other]) =>
        one.localeCompare(other),
      ))
        out(`  ${status} ${times}`)
      for (const fault of faults.slice(0, 20)) out(`  FAULT ${fault}`)
    }
    for (const reason of leftOut) out(`left out: ${reason}`)
  }
  return reports.some(({ faults }) => faults.length > 0) ? 1 : 0
}

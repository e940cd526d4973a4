import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { startPostgres } from '../../scripts/test-postgres.ts'
import { openDemoHouse } from '../demo-house.ts'
import { DATA, options, out } from '../options.ts'
import { readQuestions, runEgress } from '../suites/egress.ts'
import { readCanaries } from '../suites/egress-questions.ts'
import { QUESTIONS } from '../suites/questions.ts'

/** Of the twelve requests that a turn may make: the question's own come first. */
const LOOKS = 9

const CANARIES = join(DATA, 'evals', 'canaries.json')

/** `npm run eval -- egress [--requests 100000] [--seed 1] [--engine postgres]`: exits 1 at a leak or a failed turn. */
export const egress = async (): Promise<number> => {
  const file = options.file ?? QUESTIONS
  if (!existsSync(file)) {
    out('egress: left out. The question set is not here; give one with --file.')
    return 0
  }
  const server = options.engine === 'postgres' ? await startPostgres() : undefined
  if (server && 'reason' in server) {
    out(`egress: left out. ${server.reason}`)
    return 0
  }
  const { house, close } = await openDemoHouse(server === undefined ? {} : { postgresUrl: server.superUrl })
  try {
    const canaries = existsSync(CANARIES) ? readCanaries(CANARIES) : []
    const report = await runEgress(house, readQuestions(file), {
      canaries,
      seed: Number(options.seed),
      onStep: (step) => void process.stderr.write(`${step}\n`),
      ...(options.requests === undefined ? {} : { requests: Number(options.requests), looks: LOOKS }),
    })
    if (options.json) out(JSON.stringify(report, null, 2))
    else {
      for (const leak of report.leaks) out(`leak      ${leak.id}: a ${leak.kind}, ${leak.encoding}`)
      const { total, requests, bytes, values: known, failed } = report
      out(
        `egress: ${report.leaks.length} leaks in ${requests} requests (${bytes} bytes) of ${total} questions, ${failed} turns failed; ${known} values looked for, ${canaries.length} canaries planted in each workspace`,
      )
    }
    return report.leaks.length === 0 && report.failed === 0 ? 0 : 1
  } finally {
    await close()
    await server?.stop()
  }
}

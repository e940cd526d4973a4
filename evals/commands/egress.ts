import { existsSync } from 'node:fs'
import { openDemoHouse } from '../demo-house.ts'
import { options, out } from '../options.ts'
import { readQuestions, runEgress } from '../suites/egress.ts'
import { QUESTIONS } from '../suites/questions.ts'

export const egress = async (): Promise<number> => {
  const file = options.file ?? QUESTIONS
  if (!existsSync(file)) {
    out('egress: left out. The question set is not here; give one with --file.')
    return 0
  }
  const { house, close } = await openDemoHouse()
  try {
    const report = await runEgress(house, readQuestions(file))
    if (options.json) out(JSON.stringify(report, null, 2))
    else {
      for (const leak of report.leaks) out(`leak      ${leak.id}: a ${leak.kind}, ${leak.encoding}`)
      const { total, requests, bytes, values: known } = report
      out(
        `egress: ${report.leaks.length} leaks in ${requests} requests (${bytes} bytes) of ${total} questions; ${known} values looked for`,
      )
    }
    return report.leaks.length === 0 ? 0 : 1
  } finally {
    await close()
  }
}

import { existsSync } from 'node:fs'
import { openDemoHouse } from '../demo-house.ts'
import { options, out } from '../options.ts'
import { readQuestions } from '../suites/egress.ts'
import { QUESTIONS } from '../suites/questions.ts'
import { runSameAnswers } from '../suites/redaction-questions.ts'

const MOST_DIFFERENT = 1 / 60

/** `npm run eval -- redaction-questions [--file F] [--verbose]`: exits 1 where more than one in sixty is answered differently. */
export const redactionQuestions = async (): Promise<number> => {
  const file = options.file ?? QUESTIONS
  if (!existsSync(file)) {
    out('redaction-questions: left out. The question set is not here; give one with --file.')
    return 0
  }
  const { house, close } = await openDemoHouse()
  try {
    const report = await runSameAnswers(house, readQuestions(file))
    if (options.json) out(JSON.stringify(report, null, 2))
    else {
      for (const { id, question, hidden, open } of report.different) {
        out(`differs   ${id}: ${question}`)
        if (options.verbose) out(`--- hidden\n${hidden}\n--- open\n${open}`)
      }
      const { same, marked, total, different } = report
      out(
        `redaction-questions: of ${total} answers ${same} are the same with names hidden and without, ${different.length} differ; under ${marked.length} of the same ones only the line of the answer check differs: ${marked.join(' ')}`,
      )
    }
    return report.different.length <= report.total * MOST_DIFFERENT ? 0 : 1
  } finally {
    await close()
  }
}

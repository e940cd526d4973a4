import { join } from 'node:path'
import { DATA, options, out } from '../options.ts'
import { runSentences } from '../suites/workbench-sentences.ts'
import type { SentenceResult } from '../suites/workbench-sentences.ts'

const tally = (results: readonly SentenceResult[]): string =>
  (['right', 'abstained', 'wrong'] as const)
    .map((verdict) =>
      String(results.filter((result) => result.verdict === verdict).length).padStart(verdict.length + 1),
    )
    .join('')

/** `npm run eval -- workbench-sentences [--file FOLDER]`: exits 1 when anything wrong is proposed. */
export const workbenchSentences = (): number => {
  const report = runSentences(options.file ?? join(DATA, 'evals/workbench'))
  if (options.json) out(JSON.stringify(report, null, 2))
  else if (report.leftOut !== undefined) out(`workbench-sentences: left out. ${report.leftOut}`)
  else {
    out(`${'set and form'.padEnd(90)} right abstained wrong`)
    for (const key of new Set(report.results.map(({ set, form }) => `${set.padEnd(6)} ${form}`)))
      out(
        `${key.slice(0, 88).padEnd(89)}${tally(report.results.filter(({ set, form }) => `${set.padEnd(6)} ${form}` === key))}`,
      )
    for (const { verdict, sentence, proposed } of report.results)
      if (verdict === 'wrong' || options.verbose)
        out(`${verdict} ${sentence}\n      ${JSON.stringify(proposed)}`)
    out(
      `workbench-sentences: right ${report.right}, abstained ${report.abstained}, wrong ${report.wrong}, of ${report.total}; of the ${report.idle} that need no action ${report.wrongOfIdle} were proposed wrongly`,
    )
  }
  return report.wrong === 0 ? 0 : 1
}

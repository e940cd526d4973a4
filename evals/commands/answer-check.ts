import { options, out } from '../options.ts'
import { runAnswerCheck } from '../suites/answer-check.ts'

/** `npm run eval -- answer-check [--count 1000] [--seed 1] [--verbose]`: exits 1 below 99 % caught or above 1 % touched. */
export const answerCheck = async (): Promise<number> => {
  const count = options.count === '100000' ? 1_000 : Number(options.count)
  const report = runAnswerCheck({ count, seed: Number(options.seed) })
  if (options.json) out(JSON.stringify(report, null, 2))
  else {
    for (const { form, drafts, touched, corrupted, caught } of report.forms)
      out(`${form.padEnd(20)} ${drafts} true, ${touched} touched; ${corrupted} corrupted, ${caught} caught`)
    if (options.verbose) for (const line of [...report.missed, '--', ...report.wronged]) out(line)
    const caught = (100 * report.caught) / report.corrupted
    const touched = (100 * report.touched) / report.drafts
    out(
      `answer-check: ${caught.toFixed(2)} % of ${report.corrupted} corrupted drafts caught, ${touched.toFixed(2)} % of ${report.drafts} true drafts touched`,
    )
  }
  return report.caught >= 0.99 * report.corrupted && report.touched <= 0.01 * report.drafts ? 0 : 1
}

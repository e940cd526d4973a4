import { options, out } from '../options.ts'
import { runCorruptions } from '../suites/corruption.ts'

/** `npm run eval -- corruption [--count 1000000] [--seed 1]`: exits 1 where one fault restores somebody else. */
export const corruption = async (): Promise<number> => {
  const report = await runCorruptions({ count: Number(options.count), seed: Number(options.seed) })
  if (options.json) out(JSON.stringify(report, null, 2))
  else {
    for (const { fault, single, tried, right, left, wrong } of report.faults)
      out(
        `${single ? ' ' : '+'} ${fault.padEnd(28)} ${tried} tried: ${right} right, ${left} left, ${wrong} wrong`,
      )
    out(
      `corruption: ${report.wrong} wrong restorations in ${report.tried} single faults, ${report.issued} handles issued; + is two faults at once`,
    )
  }
  return report.wrong === 0 ? 0 : 1
}

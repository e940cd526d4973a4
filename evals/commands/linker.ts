import { options, out } from '../options.ts'
import { runLinker } from '../suites/linker.ts'

/** `npm run eval -- linker [--count 1000] [--seed 1]`: exits 1 where a linker is better than chance by four deviations. */
export const linker = async (): Promise<number> => {
  const trials = Math.min(Number(options.count), 1_000)
  const report = await runLinker({ trials, seed: Number(options.seed) })
  if (options.json) out(JSON.stringify(report, null, 2))
  else {
    for (const { linker: name, guesses, right, share, deviations } of report.linkers)
      out(
        `${name.padEnd(24)} ${right} of ${guesses} right, ${(share * 100).toFixed(2)} %, ${deviations.toFixed(1)} deviations from chance`,
      )
    out(
      `linker: chance is ${(report.chance * 100).toFixed(2)} %; ${report.trials} pairs of conversations about ${report.people} people and ${report.companies} companies; ${report.same} records kept their handle, ${report.sameByChance.toFixed(1)} would by chance`,
    )
  }
  return report.linkers.every(({ deviations }) => deviations < 4) ? 0 : 1
}

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DATA, options, out } from '../options.ts'
import { runCarrierSwap } from '../suites/carrier-swap.ts'
import { readMarked } from '../suites/redaction.ts'

const REAL_MAIL = ['enron-meetings', 'enron-random', 'enron-threads', 'ewt-email']

/** `npm run eval -- carrier-swap [--count 1000000] [--seed 1] [--file F]`: exits 1 above one leak in 10⁵. */
export const carrierSwap = (): number => {
  const files =
    options.file === undefined
      ? REAL_MAIL.map((name) => join(DATA, 'redaction', `${name}.train.jsonl`))
      : [options.file]
  if (!files.every((file) => existsSync(file))) {
    out('carrier-swap: left out. The annotated mail is not beside this checkout; name a set with --file.')
    return 0
  }
  const report = runCarrierSwap(files.flatMap(readMarked), {
    count: Number(options.count),
    seed: Number(options.seed),
  })
  if (options.json) out(JSON.stringify(report, null, 2))
  else {
    for (const { form, counted, mentions, leaked, linked } of report.forms) {
      const share = mentions === 0 ? 0 : (linked / mentions) * 100
      out(
        `${counted ? ' ' : '+'} ${form.padEnd(36)} ${String(leaked).padStart(6)} of ${mentions} leaked, ${share.toFixed(2)} % known as the record`,
      )
    }
    if (options.verbose)
      for (const { form, written, around } of report.examples) out(JSON.stringify({ form, written, around }))
    out(
      `carrier-swap: ${report.leaked} leaks in ${report.mentions} mentions of the twelve forms; ${report.people} people, ${report.texts} texts, ${report.refused} refused; + stands beside the goal`,
    )
  }
  return report.leaked * 100_000 <= report.mentions ? 0 : 1
}

import { options, out } from '../options.ts'
import { runLinking } from '../suites/linking.ts'

const MIN_PRECISION = 0.99
const MIN_RECALL = 0.95

/** `npm run eval -- linking [--count 6046] [--seed 1]`: exits 1 below precision .99 or recall .95. */
export const linking = async (): Promise<number> => {
  const report = await runLinking({ seed: Number(options.seed), most: Number(options.count) })
  if (options.json) out(JSON.stringify(report, null, 2))
  else {
    out(`linking: ${report.messages} senders of real mail, ${report.known} of them in the address book`)
    for (const [name, count] of Object.entries(report.noise)) out(`  ${name}: ${count}`)
    for (const [what, figures] of [
      ['people', report.people],
      ['companies', report.companies],
    ] as const)
      out(
        `${what}: precision ${figures.precision.toFixed(4)} (${figures.right} of ${figures.links}), recall ${figures.recall.toFixed(4)} (of ${figures.expected})`,
      )
    for (const kind of new Set(report.wrong))
      out(`  wrong: ${kind} × ${report.wrong.filter((one) => one === kind).length}`)
  }
  return [report.people, report.companies].every(
    ({ precision, recall }) => precision >= MIN_PRECISION && recall >= MIN_RECALL,
  )
    ? 0
    : 1
}

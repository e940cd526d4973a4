import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { openDemoHouse } from '../demo-house.ts'
import { DATA, options, out } from '../options.ts'
import { runFalseLabels } from '../suites/false-labels.ts'

const ORIGIN = 'WorkBench (MIT) is at https://github.com/olly-styles/WorkBench.'

/** `npm run eval -- false-labels`: proposals made from records alone that are said to come from outside. */
export const falseLabels = async (): Promise<number> => {
  const file = options.file ?? join(DATA, 'evals', 'workbench', 'crm_tasks_v2026_wording.csv')
  if (!existsSync(file)) {
    out(options.json ? JSON.stringify({ total: 0, leftOut: [ORIGIN] }) : `The set is not there. ${ORIGIN}`)
    return options.file === undefined ? 0 : 2
  }
  const tasks: readonly Readonly<Record<string, string>>[] = parse(readFileSync(file, 'utf8'), {
    columns: true,
    bom: true,
  })
  const sentences = tasks
    .flatMap((task) => task['query'] ?? task['task'] ?? [])
    .filter((_, index) => index % Number(options.every) === 0)
  const demo = await openDemoHouse()
  try {
    const report = await runFalseLabels(demo.house, sentences)
    const { total, proposals, labelled, control } = report
    if (options.json) out(JSON.stringify(report, null, 2))
    else
      out(
        `false-labels: ${labelled} of ${proposals} proposals from records alone are labelled (${total} sentences); after mail ${control.labelled} of ${control.proposals}`,
      )
    return labelled === 0 && proposals === total && control.labelled === control.proposals ? 0 : 1
  } finally {
    await demo.close()
  }
}

import { join } from 'node:path'
import { startPostgres } from '../../scripts/test-postgres.ts'
import { DATA, options, out } from '../options.ts'
import { openBenchHouse } from '../suites/workbench-house.ts'
import { readWorkbench } from '../suites/workbench-set.ts'
import type { WorkbenchSet } from '../suites/workbench-set.ts'
import { runWorkbench } from '../suites/workbench.ts'
import type { WorkbenchReport } from '../suites/workbench.ts'

const ORIGIN = 'WorkBench (MIT) is at https://github.com/olly-styles/WorkBench.'
const LANES = 4

const onBest = async (set: WorkbenchSet) => {
  const server = options.engine === 'embedded' ? { reason: 'not asked for' } : await startPostgres()
  const url = 'superUrl' in server ? server.superUrl : undefined
  try {
    const house = await openBenchHouse(url)
    try {
      const report = await runWorkbench(set, { house, lanes: url === undefined ? 1 : LANES })
      return { engine: house.engine, ...report }
    } finally {
      await house.close()
    }
  } finally {
    if ('superUrl' in server) await server.stop()
  }
}

const isAsPublished = ({
  groundTruth,
  recorded,
  nobodyApproves,
  groundTruthApprover: by,
}: WorkbenchReport): boolean =>
  groundTruth.right === groundTruth.total &&
  nobodyApproves.changed === 0 &&
  by.wrongApplied + by.rightLost === 0 &&
  Object.values(recorded).every(({ otherThanPublished }) => otherThanPublished === 0)

/** WorkBench's tasks and recorded runs through propose, approve and apply; on Postgres where there is one. */
export const workbench = async (): Promise<number> => {
  const source = options.file ?? join(DATA, 'evals', 'workbench')
  const set = readWorkbench(
    source,
    options['workspace-file'] ?? (options.file ? join(DATA, 'evals', 'workbench') : undefined),
  )
  if (!set) {
    out(options.json ? JSON.stringify({ total: 0, leftOut: [ORIGIN] }) : `The set is not there. ${ORIGIN}`)
    return options.file === undefined ? 0 : 2
  }
  const startedMs = performance.now()
  const report = { ...(await onBest(set)), seconds: Math.round((performance.now() - startedMs) / 100) / 10 }
  if (options.json) out(JSON.stringify(report, null, 2))
  else {
    const { groundTruth, nobodyApproves, groundTruthApprover: by, recorded } = report
    out(`ground truth         ${groundTruth.right} of ${groundTruth.total} reach the right end state`)
    for (const [setting, { total, right, harmful, otherThanPublished }] of Object.entries(recorded).sort(
      ([one], [other]) => one.localeCompare(other),
    ))
      out(
        `${setting.padEnd(20)} ${right} right, ${harmful} harmful of ${total}; ${otherThanPublished} other than published`,
      )
    out(`nobody approves      ${nobodyApproves.changed} of ${nobodyApproves.total} runs change anything`)
    out(
      `ground-truth approver ${by.writes} writes proposed, ${by.wrongApplied} wrong applied, ${by.rightLost} of ${by.right} right ones lost`,
    )
    out(
      `${report.engine}, ${report.distinct} distinct lists, ${report.proposals} proposals, ${report.seconds} s`,
    )
  }
  return isAsPublished(report) ? 0 : 1
}

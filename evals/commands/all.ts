import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pageOf, pictureOf, rowsOf } from '../all/page.ts'
import { RUNS, runAll } from '../all/runs.ts'
import { options, out } from '../options.ts'

const DOCS = join(import.meta.dirname, '..', '..', 'docs')

/**
 * `npm run eval -- all`: every suite for docs/evals.md, which is written anew with its picture. With `--every N` the suites
 * that know it take one case in N, and nothing is written. Exits 1 where a check does not hold.
 */
export const all = async (): Promise<number> => {
  const isWhole = options.every === '1'
  const ended = await runAll(RUNS, {
    more: isWhole ? [] : ['--every', options.every],
    onEnd: ({ run, exitCode, seconds }) =>
      void process.stderr.write(`${run.name}: exit ${exitCode} after ${seconds} s\n`),
  })
  const rows = rowsOf(ended)
  const workbench = ended.get('workbench')?.report
  if (isWhole) {
    writeFileSync(join(DOCS, 'evals.md'), pageOf(rows, RUNS))
    if (rows.some(({ run, verdict }) => run === 'workbench' && verdict))
      writeFileSync(join(DOCS, 'evals.svg'), pictureOf(workbench))
  }
  if (options.json) out(JSON.stringify({ rows }, null, 2))
  else
    for (const { id, check, goal, verdict, run } of rows)
      out(
        `${id.padEnd(4)} ${verdict === undefined ? 'left out' : verdict.holds ? 'holds' : 'NOT'}  ${check}: ${verdict?.figure ?? `the set of ${run} is not there`} (goal: ${goal})`,
      )
  return rows.every(({ verdict }) => verdict?.holds !== false) ? 0 : 1
}

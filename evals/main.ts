import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openDemoHouse } from './demo-house.ts'
import { readQuestions, runEgress } from './suites/egress.ts'
import { runQuestions, type Report } from './suites/questions.ts'
import { productSetup } from './suites/questions-product.ts'

/**
 * `npm run eval -- <suite>`. Every suite takes --file (another set in the same format) and --json. Exit code 1 when a
 * bound that was asked for is not met.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    file: { type: 'string' },
    'workspace-file': { type: 'string' },
    /** questions: `product` (default) asks through the whole product, `planner` the planner alone. */
    through: { type: 'string' },
    'min-exact': { type: 'string' },
    'max-wrong': { type: 'string' },
    json: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
})
const QUESTIONS = join(import.meta.dirname, '../../shared/data/evals/questions.dev.jsonl')

const out = (text: string): void => void process.stdout.write(`${text}\n`)

const drawQuestions = (report: Report): void => {
  for (const { id, kind, verdict, question, plan } of report.results) {
    if (verdict === 'exact' && !values.verbose) continue
    const read =
      plan.kind === 'calls'
        ? `${plan.readAs}\n      ${JSON.stringify(plan.calls)}`
        : plan.kind === 'refuse'
          ? plan.reason
          : plan.question
    out(`${verdict.padEnd(9)} ${id} ${kind}: ${question}\n      ${read}`)
  }
  out(
    `questions: exact ${report.exact}, wrong ${report.wrong}, abstained ${report.abstained}, of ${report.total}`,
  )
}

const askQuestions = async (): Promise<Report> => {
  const options = {
    ...(values.file === undefined ? {} : { file: values.file }),
    ...(values['workspace-file'] === undefined ? {} : { workspaceFile: values['workspace-file'] }),
  }
  const onPaper =
    values.through === 'planner' ||
    values['workspace-file'] !== undefined ||
    !existsSync(values.file ?? QUESTIONS)
  if (onPaper) return runQuestions(options)
  const { house, close } = await openDemoHouse()
  try {
    return await runQuestions(options, productSetup(house))
  } finally {
    await close()
  }
}

const questions = async (): Promise<number> => {
  const report = await askQuestions()
  if (values.json) out(JSON.stringify(report, null, 2))
  else if (report.leftOut === undefined) drawQuestions(report)
  else out(`questions: left out. ${report.leftOut}`)
  if (report.leftOut !== undefined) return 0
  const enough =
    report.exact >= Number(values['min-exact'] ?? 0) &&
    report.wrong <= Number(values['max-wrong'] ?? Infinity)
  return enough ? 0 : 1
}

const egress = async (): Promise<number> => {
  const file = values.file ?? QUESTIONS
  if (!existsSync(file)) {
    out('egress: left out. The question set is not here; give one with --file.')
    return 0
  }
  const { house, close } = await openDemoHouse()
  try {
    const report = await runEgress(house, readQuestions(file))
    if (values.json) out(JSON.stringify(report, null, 2))
    else {
      for (const leak of report.leaks) out(`leak      ${leak.id}: a ${leak.kind}, ${leak.encoding}`)
      const { total, requests, bytes, values: known } = report
      out(
        `egress: ${report.leaks.length} leaks in ${requests} requests (${bytes} bytes) of ${total} questions; ${known} values looked for`,
      )
    }
    return report.leaks.length === 0 ? 0 : 1
  } finally {
    await close()
  }
}

const SUITES: Readonly<Record<string, () => Promise<number>>> = { questions, egress }

const [name = 'questions'] = positionals
const suite = SUITES[name]
if (suite) process.exitCode = await suite()
else {
  out(
    JSON.stringify({
      error: {
        code: 'unknown_suite',
        message: `There is no suite called ${name}.`,
        fix: `Use one of: ${Object.keys(SUITES).join(', ')}.`,
      },
    }),
  )
  process.exitCode = 2
}

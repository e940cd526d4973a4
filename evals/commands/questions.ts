import { existsSync } from 'node:fs'
import { openDemoHouse } from '../demo-house.ts'
import { options, out } from '../options.ts'
import { QUESTIONS, runQuestions, type Report } from '../suites/questions.ts'
import { productSetup } from '../suites/questions-product.ts'

const drawQuestions = (report: Report): void => {
  for (const { id, kind, verdict, question, plan } of report.results) {
    if (verdict === 'exact' && !options.verbose) continue
    const read =
      plan.kind === 'calls'
        ? `${plan.readAs}\n      ${JSON.stringify(plan.calls)}`
        : plan.kind === 'refuse'
          ? plan.reason
          : plan.question
    out(`${verdict.padEnd(9)} ${id} ${kind}: ${question}\n      ${read}`)
  }
  out(
    `questions: exact ${report.exact}, wrong ${report.wrong}, abstained ${report.abstained} (${report.suggested} with the right reading offered), of ${report.total}`,
  )
}

const askQuestions = async (): Promise<Report> => {
  const sets = {
    ...(options.file === undefined ? {} : { file: options.file }),
    ...(options.split === undefined ? {} : { split: options.split }),
    ...(options['workspace-file'] === undefined ? {} : { workspaceFile: options['workspace-file'] }),
  }
  const onPaper =
    options.through === 'planner' ||
    options['workspace-file'] !== undefined ||
    !existsSync(options.file ?? QUESTIONS)
  if (onPaper) return runQuestions(sets)
  const { house, close } = await openDemoHouse()
  try {
    return await runQuestions(sets, productSetup(house))
  } finally {
    await close()
  }
}

export const questions = async (): Promise<number> => {
  const report = await askQuestions()
  if (options.json) out(JSON.stringify(report, null, 2))
  else if (report.leftOut === undefined) drawQuestions(report)
  else out(`questions: left out. ${report.leftOut}`)
  if (report.leftOut !== undefined) return 0
  const enough =
    report.exact >= Number(options['min-exact'] ?? 0) &&
    report.wrong <= Number(options['max-wrong'] ?? Infinity)
  return enough ? 0 : 1
}

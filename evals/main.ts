import { parseArgs } from 'node:util'
import { runQuestions } from './suites/questions.ts'
import { runRedaction } from './suites/redaction.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    file: { type: 'string' },
    known: { type: 'string', default: 'headers' },
    peers: { type: 'string' },
    'workspace-file': { type: 'string' },
    model: { type: 'string' },
    json: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
})

const out = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`

const redaction = (): number => {
  const known = values.known === 'none' || values.known === 'oracle' ? values.known : 'headers'
  const report = runRedaction({
    files: values.file === undefined ? [] : [values.file],
    known,
    peers: values.peers,
  })
  if (values.json) {
    out(JSON.stringify(report, null, 2))
    return 0
  }
  if (report.leftOut !== undefined) out(`redaction: left out. ${report.leftOut}`)
  for (const {
    detector,
    set,
    learnedFrom,
    mentions,
    leak,
    overRedaction,
    megabytesPerSecond,
    byKnowledge,
  } of report.sets) {
    const parts = Object.entries(byKnowledge).map(([kind, one]) => `${kind} ${one.leaked}/${one.mentions}`)
    out(
      `${detector.padEnd(12)} ${set.padEnd(22)} leak ${percent(leak)} of ${mentions}, over-redaction ${percent(overRedaction)}, ${megabytesPerSecond.toFixed(2)} MB/s; ${parts.join(', ')}${learnedFrom ? ' (learned from)' : ''}`,
    )
  }
  return 0
}

const main = async (): Promise<number> => {
  const [suite = 'questions'] = positionals
  if (suite === 'redaction') return redaction()
  if (suite !== 'questions') {
    out(
      JSON.stringify({
        error: {
          code: 'unknown_suite',
          message: `There is no suite called ${suite}.`,
          fix: 'Use one of: questions, redaction.',
        },
      }),
    )
    return 2
  }
  if (values.model !== undefined && values.model !== 'offline') {
    out(
      JSON.stringify({
        error: {
          code: 'model_not_wired',
          message: 'Only the offline planner can be judged yet.',
          fix: 'Leave --model out.',
        },
      }),
    )
    return 2
  }
  const report = await runQuestions({
    ...(values.file === undefined ? {} : { file: values.file }),
    ...(values['workspace-file'] === undefined ? {} : { workspaceFile: values['workspace-file'] }),
  })
  if (values.json) {
    out(JSON.stringify(report, null, 2))
    return 0
  }
  if (report.leftOut !== undefined) {
    out(`questions: left out. ${report.leftOut}`)
    return 0
  }
  for (const { id, kind, verdict, question, plan } of report.results) {
    if (verdict === 'exact' && !values.verbose) continue
    const read =
      plan.kind === 'calls'
        ? `${plan.readAs}\n      ${JSON.stringify(plan.calls)}`
        : plan.kind === 'refuse'
          ? plan.reason
          : `${plan.question} ${plan.choices.join(' | ')}`
    out(`${verdict.padEnd(9)} ${id} ${kind}: ${question}\n      ${read}`)
  }
  out(
    `questions: exact ${report.exact}, wrong ${report.wrong}, abstained ${report.abstained}, of ${report.total}`,
  )
  return 0
}

process.exitCode = await main()

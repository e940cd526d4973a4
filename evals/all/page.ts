import { z } from 'zod'
import { barChart } from '../../inbox/chart.ts'
import type { Verdict } from './check.ts'
import { QUALITY } from './quality.ts'
import { harmfulOf, SAFETY } from './safety.ts'
import { commandOf } from './runs.ts'
import type { Ended, Run } from './runs.ts'

export interface Row {
  readonly id: string
  readonly check: string
  readonly goal: string
  readonly run: string
  /** Undefined where the set of the suite is not there. */
  readonly verdict: Verdict | undefined
}

const FAILED: Verdict = { figure: 'the suite failed', holds: false }

const isLeftOut = (report: unknown): boolean =>
  z
    .union([
      z.object({ leftOut: z.string() }),
      z.object({ leftOut: z.array(z.string()).nonempty(), total: z.literal(0) }),
      z.object({ sets: z.tuple([]) }),
    ])
    .safeParse(report).success

const verdictOf = (read: (report: unknown) => Verdict, report: unknown): Verdict | undefined => {
  if (isLeftOut(report)) return undefined
  try {
    return read(report)
  } catch {
    return FAILED
  }
}

export const rowsOf = (ended: ReadonlyMap<string, Ended>): readonly Row[] =>
  [...SAFETY, ...QUALITY].map(({ id, says, goal, run, read }) => ({
    id,
    check: says,
    goal,
    run,
    verdict: verdictOf(read, ended.get(run)?.report),
  }))

const STYLE =
  '<style>text{font:13px system-ui,sans-serif;fill:#333}rect{fill:#b4482f}line{stroke:#ccc}</style>'

/** Recorded runs of other people's models that end in harm when every write is approved, as an SVG file. */
export const pictureOf = (report: unknown): string => {
  const { text } = barChart(
    'WorkBench: runs that end in harm when everything is approved, in percent',
    harmfulOf(report),
  )
  return `${text.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ').replace('>', `>${STYLE}`)}\n`
}

const cell = (text: string): string => text.replaceAll('|', '\\|')

/** docs/evals.md: the same bytes whenever the figures are the same. */
export const pageOf = (rows: readonly Row[], runs: readonly Run[]): string => {
  const used = runs.filter(({ name }) => rows.some(({ run }) => run === name))
  return `# Evals

Made by \`npm run eval\`, offline, with no model; a suite alone by the command beside it. Sets of other people are
read from a data folder beside the checkout and are not part of it; without them a row says so.

| | check | figure | goal | holds |
|---|---|---|---|---|
${rows
  .map(
    ({ id, check, goal, verdict }) =>
      `| ${id} | ${cell(check)} | ${cell(verdict?.figure ?? 'left out')} | ${cell(goal)} | ${verdict === undefined ? '' : verdict.holds ? 'yes' : '**no**'} |`,
  )
  .join('\n')}

![Recorded runs of WorkBench that end in harm when every write is approved, and when nobody approves](evals.svg)

## Commands and sets

| command | its set |
|---|---|
${used.map((run) => `| \`${cell(commandOf(run))}\` | ${cell(run.origin ?? 'made here')} |`).join('\n')}
`
}

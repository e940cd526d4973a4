import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { plan } from '../../agent/model/offline/plan.ts'
import type { Plan, PlannedCall, Turn } from '../../agent/model/offline/plan-types.ts'
import { tools as registry } from '../../tools/registry.ts'
import type { Names } from '../canonical.ts'
import { judge } from '../questions-judge.ts'
import type { Question, Verdict } from '../questions-judge.ts'
import { linkerFor } from '../questions-link.ts'
import { readWorkspace } from '../questions-workspace.ts'
import type { Fixture } from '../questions-workspace.ts'

const DATA = join(import.meta.dirname, '../../../shared/data/evals')

/** The dev set, where the data folder is there. */
export const QUESTIONS = join(DATA, 'questions.dev.jsonl')

export interface QuestionsOptions {
  readonly file?: string
  readonly workspaceFile?: string
  /** Only the questions of this part of the set: `dev`, `held-out`. */
  readonly split?: string
}

/** What answers a question: for now the planner alone, over linked names. Another setup may run the whole product. */
export interface Setup {
  readonly names: Names
  readonly plan: (context: readonly string[], question: string) => Plan | Promise<Plan>
}

export interface Result {
  readonly id: string
  readonly kind: string
  readonly verdict: Verdict
  /** Of an abstention: what was offered, asked in its place, would have been right. */
  readonly isSuggested: boolean
  readonly question: string
  readonly context: readonly string[]
  /** What was due, as the set writes it. */
  readonly wanted: Question['expect']
  /** The calls made; empty for an abstention. */
  readonly got: readonly PlannedCall[]
  readonly plan: Plan
}

export interface Report {
  readonly suite: 'questions'
  readonly leftOut?: string
  readonly exact: number
  readonly wrong: number
  readonly abstained: number
  /** Of the abstentions, those with the right reading among the questions or choices offered. */
  readonly suggested: number
  readonly total: number
  readonly results: readonly Result[]
}

/** The planner alone: names linked from the fixture, no database, no tools run. */
export const plannerSetup = (
  fixture: Fixture,
  key: string,
  tools: ReadonlySet<string>,
): Setup & { readonly known: readonly string[] } => {
  const { named: workspace, vocabulary } = readWorkspace(fixture, key)
  const linker = linkerFor(workspace)
  const now = new Date(`${fixture.now ?? '2026-11-20T09:00:00'}Z`)
  const turn = (text: string): Turn => linker.link(text)
  return {
    known: [...workspace.members, ...workspace.people, ...workspace.companies, ...workspace.deals],
    names: {
      today: now.toISOString().slice(0, 10),
      handleOf: linker.handleOf,
      stages: vocabulary.stages,
      memberNames: new Set(workspace.members.map((name) => name.toLowerCase())),
    },
    plan: (context, question) =>
      plan({ turns: [...context, question].map(turn), vocabulary, now, timezone: 'UTC', tools }),
  }
}

const TOOLS: ReadonlySet<string> = new Set(registry.keys())

export type MakeSetup = (fixture: Fixture, key: string, tools: ReadonlySet<string>) => Setup | Promise<Setup>

const offeredBy = (made: Plan): readonly string[] =>
  made.kind === 'refuse' ? made.suggestions : made.kind === 'clarify' ? made.choices : []

/** Asks every question of the set; without the data it says where the set comes from. */
export const runQuestions = async (
  options: QuestionsOptions,
  makeSetup: MakeSetup = plannerSetup,
): Promise<Report> => {
  const file = options.file ?? QUESTIONS
  const workspaceFile = options.workspaceFile ?? join(DATA, 'questions.fixture.json')
  const empty = {
    suite: 'questions',
    exact: 0,
    wrong: 0,
    abstained: 0,
    suggested: 0,
    total: 0,
    results: [],
  } as const
  for (const each of [file, workspaceFile]) {
    if (existsSync(each)) continue
    return {
      ...empty,
      leftOut:
        'The question set is not here. It is kept beside the checkout in ../shared/data/evals; give another with --file and --workspace-file.',
    }
  }
  const questions = readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Question)
    .filter(({ split }) => options.split === undefined || split === options.split)
  const fixture = JSON.parse(readFileSync(workspaceFile, 'utf8')) as Fixture
  const setups = new Map<string, Setup>()
  const results: Result[] = []
  for (const question of questions) {
    const setup = setups.get(question.vertical) ?? (await makeSetup(fixture, question.vertical, TOOLS))
    setups.set(question.vertical, setup)
    const made = await setup.plan(question.context, question.question)
    const verdict = judge(question, made, setup.names)
    let isSuggested = false
    if (verdict === 'abstained')
      for (const offered of offeredBy(made)) {
        const again = await setup.plan(question.context, offered)
        isSuggested ||= again.kind === 'calls' && judge(question, again, setup.names) === 'exact'
      }
    results.push({
      isSuggested,
      id: question.id,
      kind: question.kind,
      question: question.question,
      context: question.context,
      wanted: question.expect,
      got: made.kind === 'calls' ? made.calls : [],
      verdict,
      plan: made,
    })
  }
  const count = (verdict: Verdict): number => results.filter((result) => result.verdict === verdict).length
  return {
    suite: 'questions',
    exact: count('exact'),
    wrong: count('wrong'),
    abstained: count('abstained'),
    suggested: results.filter(({ isSuggested }) => isSuggested).length,
    total: results.length,
    results,
  }
}

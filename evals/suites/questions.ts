import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { plan } from '../../agent/model/offline/plan.ts'
import type { Plan, Turn } from '../../agent/model/offline/plan-types.ts'
import { emptyVocabulary } from '../../agent/model/offline/vocabulary.ts'
import type { Vocabulary } from '../../agent/model/offline/vocabulary.ts'
import { tools as registry } from '../../tools/registry.ts'
import type { Names } from '../canonical.ts'
import { judge } from '../questions-judge.ts'
import type { Question, Verdict } from '../questions-judge.ts'
import { linkerFor } from '../questions-link.ts'
import type { NamedWorkspace } from '../questions-link.ts'

const DATA = join(import.meta.dirname, '../../../shared/data/evals')

/** The dev set, where the data folder is there. */
export const QUESTIONS = join(DATA, 'questions.dev.jsonl')

export interface QuestionsOptions {
  readonly file?: string
  readonly workspaceFile?: string
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
  readonly question: string
  readonly plan: Plan
}

export interface Report {
  readonly suite: 'questions'
  readonly leftOut?: string
  readonly exact: number
  readonly wrong: number
  readonly abstained: number
  readonly total: number
  readonly results: readonly Result[]
}

const VERTICALS: Readonly<Record<string, NamedWorkspace['vertical']>> = {
  vc: 'fund',
  b2b: 'sales',
  realestate: 'brokerage',
  fund: 'fund',
  sales: 'sales',
  brokerage: 'brokerage',
}
const bare = (name: string): string => name.replace(/\s*\(.*\)$/, '')

export type Fixture = Readonly<Record<string, unknown>> & {
  readonly now?: string
  readonly me?: Readonly<Record<string, string>>
}

const workspaceOf = (fixture: Fixture, key: string): NamedWorkspace => {
  const part = fixture[key] as Readonly<Record<string, unknown>>
  const groups = Object.values(part).filter(
    (value): value is Readonly<Record<string, readonly string[]>> =>
      value !== null && typeof value === 'object' && !Array.isArray(value),
  )
  const all = (name: string): readonly string[] => groups.flatMap((group) => group[name] ?? [])
  const people = all('people')
  const employers = people.flatMap((person) => {
    const inside = /\((.*)\)$/.exec(person)?.[1]?.split(', ') ?? []
    return inside.length > 1 ? [inside.at(-1)!] : []
  })
  return {
    key,
    vertical: VERTICALS[key] ?? 'sales',
    members: part['users'] as readonly string[],
    me: fixture.me?.[key] ?? '',
    stages: part['stages'] as readonly string[],
    companies: [...new Set([...all('companies'), ...employers])],
    people: people.map(bare),
    deals: all('listings'),
  }
}

const stageKind = (name: string): 'open' | 'won' | 'lost' =>
  /^(won|closed)$/i.test(name) ? 'won' : /^(lost|passed|withdrawn)$/i.test(name) ? 'lost' : 'open'

/** The planner alone: names linked from the fixture, no database, no tools run. */
export const plannerSetup = (
  fixture: Fixture,
  key: string,
  tools: ReadonlySet<string>,
): Setup & { readonly known: readonly string[] } => {
  const workspace = workspaceOf(fixture, key)
  const linker = linkerFor(workspace)
  const vocabulary: Vocabulary = {
    ...emptyVocabulary(workspace.vertical),
    stages: workspace.stages.map((name) => ({ name, kind: stageKind(name) })),
  }
  const now = new Date(`${fixture.now ?? '2026-11-20T09:00:00'}Z`)
  const turn = (text: string): Turn => linker.link(text)
  return {
    known: [...workspace.members, ...workspace.people, ...workspace.companies, ...workspace.deals],
    names: {
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

/** Asks every question of the set; without the data it says where the set comes from. */
export const runQuestions = async (
  options: QuestionsOptions,
  makeSetup: MakeSetup = plannerSetup,
): Promise<Report> => {
  const file = options.file ?? QUESTIONS
  const workspaceFile = options.workspaceFile ?? join(DATA, 'questions.fixture.json')
  const empty = { suite: 'questions', exact: 0, wrong: 0, abstained: 0, total: 0, results: [] } as const
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
  const fixture = JSON.parse(readFileSync(workspaceFile, 'utf8')) as Fixture
  const setups = new Map<string, Setup>()
  const results: Result[] = []
  for (const question of questions) {
    const setup = setups.get(question.vertical) ?? (await makeSetup(fixture, question.vertical, TOOLS))
    setups.set(question.vertical, setup)
    const made = await setup.plan(question.context, question.question)
    results.push({
      id: question.id,
      kind: question.kind,
      question: question.question,
      verdict: judge(question, made, setup.names),
      plan: made,
    })
  }
  const count = (verdict: Verdict): number => results.filter((result) => result.verdict === verdict).length
  return {
    suite: 'questions',
    exact: count('exact'),
    wrong: count('wrong'),
    abstained: count('abstained'),
    total: results.length,
    results,
  }
}

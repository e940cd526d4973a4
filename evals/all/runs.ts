import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { DATA } from '../options.ts'

/** One suite as it is run for the page, in a process of its own. */
export interface Run {
  readonly name: string
  readonly args: readonly string[]
  /** Where its set comes from, for those who have it not; none for what is made here. */
  readonly origin?: string
}

const QUERY = 'the hostile queries of this project are part of its data folder'

/** The longest first, so that no processor waits at the end. */
export const RUNS: readonly Run[] = [
  {
    name: 'agentdojo-slack',
    args: ['agentdojo', '--surface', 'slack'],
    origin: 'https://github.com/ethz-spylab/agentdojo (MIT)',
  },
  {
    name: 'agentdojo-chat',
    args: ['agentdojo', '--surface', 'chat'],
    origin: 'https://github.com/ethz-spylab/agentdojo (MIT)',
  },
  { name: 'search', args: ['search'], origin: 'the Cranfield collection; threads of public mail' },
  {
    name: 'agentdojo-mcp',
    args: ['agentdojo', '--surface', 'mcp'],
    origin: 'https://github.com/ethz-spylab/agentdojo (MIT)',
  },
  {
    name: 'agentdojo-digest',
    args: ['agentdojo', '--surface', 'digest'],
    origin: 'https://github.com/ethz-spylab/agentdojo (MIT)',
  },
  { name: 'workbench', args: ['workbench'], origin: 'https://github.com/olly-styles/WorkBench (MIT)' },
  {
    name: 'attacks-sql',
    args: ['attacks', '--surface', 'toolbox', '--file', join(DATA, 'query', 'attacks.dev.jsonl')],
    origin: QUERY,
  },
  { name: 'answer-check', args: ['answer-check'] },
  { name: 'closure', args: ['closure', '--count', '200'] },
  { name: 'races', args: ['races', '--count', '200'] },
  { name: 'shown', args: ['shown', '--count', '200'] },
  {
    name: 'attacks-ast',
    args: ['attacks', '--surface', 'toolbox', '--file', join(DATA, 'query', 'attacks_ast.dev.jsonl')],
    origin: QUERY,
  },
  { name: 'privacylens', args: ['privacylens'], origin: 'https://github.com/SALT-NLP/PrivacyLens (MIT)' },
  {
    name: 'questions',
    args: ['questions'],
    origin: 'the question set of this project is part of its data folder',
  },
  {
    name: 'redaction',
    args: ['redaction'],
    origin: 'Enron and EWT mail with names marked; see docs/redaction.md',
  },
  {
    name: 'workbench-sentences',
    args: ['workbench-sentences'],
    origin: 'https://github.com/olly-styles/WorkBench (MIT)',
  },
  {
    name: 'false-labels',
    args: ['false-labels'],
    origin: 'https://github.com/olly-styles/WorkBench (MIT)',
  },
  { name: 'policy-mutants', args: ['policy-mutants'] },
  { name: 'renderers', args: ['renderers'], origin: 'spikee (Apache-2.0), BIPIA (MIT), LLMail-Inject (MIT)' },
]

const CODE = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'tact-evals-code')

/** The command of a run as a person would write it. */
export const commandOf = ({ args }: Run): string =>
  `npm run eval -- ${args.map((arg) => (arg.startsWith(DATA) ? `../shared/data${arg.slice(DATA.length)}` : arg)).join(' ')}`

export interface Ended {
  readonly run: Run
  /** Its JSON; undefined where it gave none. */
  readonly report: unknown
  readonly exitCode: number
  readonly seconds: number
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const runOne = (run: Run, more: readonly string[]): Promise<Ended> => {
  const startedMs = performance.now()
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, '..', 'main.ts'), ...run.args, ...more, '--json'],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
      // What one process compiled, the next need not.
      env: { ...process.env, NODE_COMPILE_CACHE: CODE },
    },
  )
  const pieces: Buffer[] = []
  child.stdout.on('data', (piece: Buffer) => void pieces.push(piece))
  return new Promise((resolve) => {
    child.on('close', (code) =>
      resolve({
        run,
        report: parsed(Buffer.concat(pieces).toString('utf8')),
        exitCode: code ?? 1,
        seconds: Math.round((performance.now() - startedMs) / 1_000),
      }),
    )
  })
}

export interface RunAllOptions {
  /** Arguments that every suite is given. */
  readonly more: readonly string[]
  readonly onEnd: (ended: Ended) => void
}

/** Every suite, as many side by side as there are processors. */
export const runAll = async (
  runs: readonly Run[],
  { more, onEnd }: RunAllOptions,
): Promise<ReadonlyMap<string, Ended>> => {
  const left = [...runs]
  const ended = new Map<string, Ended>()
  const lanes = Array.from({ length: Math.max(1, availableParallelism()) }, async () => {
    for (let run = left.shift(); run !== undefined; run = left.shift()) {
      const one = await runOne(run, more)
      ended.set(run.name, one)
      onEnd(one)
    }
  })
  await Promise.all(lanes)
  return ended
}

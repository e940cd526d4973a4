import { actorFor } from '../../db/members.ts'
import { findWorkspace } from '../../db/workspace.ts'
import { openCage, sequence, type Cage } from '../../cli/testing/closure.ts'
import { openDemoHouse } from '../demo-house.ts'
import { options, out } from '../options.ts'
import { progressOf } from '../progress.ts'
import { onEngines } from './on-engines.ts'

/** Most calls in one sequence. */
const LONGEST = 3
/** Every record is looked at after so many sequences; the states of proposals after each. */
const BETWEEN_LOOKS = 250
/** Most of a call that a fault repeats. */
const SHOWN = 400
/** How an answer says that something went wrong inside. */
const INTERNAL = /Something went wrong inside Tact|code[\\"]+:[\\"]+internal[\\"]/u
/** Said of our inside by an answer that should not. */
const INSIDE = /postgres(?!ql)|pg_catalog|at async|node_modules/iu

interface ClosureReport {
  readonly engine: string
  readonly sequences: number
  readonly calls: number
  readonly seconds: number
  readonly called: Readonly<Record<string, number>>
  readonly faults: readonly string[]
}

interface Called {
  readonly tool: string
  /** The call as a fault tells of it. */
  readonly said: string
  readonly text: string
  readonly isFailed: boolean
}

const byModel = async (cage: Cage): Promise<Called> => {
  const { tool, args, text } = await cage.callTool()
  return {
    tool,
    text,
    said: `${tool} ${JSON.stringify(args).slice(0, SHOWN)}`,
    isFailed: INTERNAL.test(text),
  }
}

const byProgram = async (cage: Cage): Promise<Called> => {
  const { said, status, text } = await cage.request()
  return { tool: 'http', text, said, isFailed: status >= 500 }
}

const bySlack = async (cage: Cage): Promise<Called> => {
  const { said, status, text } = await cage.forge()
  return { tool: 'slack', text, said, isFailed: status >= 500 }
}

/** Of ten calls so many are of tools, of HTTP routes, and to Slack's address. */
const SHARE = { tools: 0.7, http: 0.2 } as const

const runClosure = async (postgresUrl: string | undefined): Promise<ClosureReport> => {
  const { house, close } = await openDemoHouse(postgresUrl === undefined ? {} : { postgresUrl })
  const workspace = await findWorkspace(house.database, 'cobalt')
  if (!workspace) throw new Error('the demo has no workspace cobalt')
  const actor = await actorFor(house.database, workspace, 'jenna@cobalt.example', 'cli')
  const seed = Number(options.seed)
  const cage = await openCage(house, actor, seed)
  const random = sequence(seed + 1)
  const before = JSON.stringify(await cage.watch())
  const decided = await cage.decided()
  const count = Number(options.count)
  const faults: string[] = []
  const called: Record<string, number> = {}
  let calls = 0
  const start = performance.now()
  const tell = progressOf(`${house.database.engine} closure`, count)
  for (let done = 1; done <= count; done += 1) {
    const length = 1 + Math.floor(random() * LONGEST)
    for (let place = 0; place < length; place += 1) {
      const drawn = random()
      const by = drawn < SHARE.tools ? byModel : drawn < SHARE.tools + SHARE.http ? byProgram : bySlack
      const { tool, said, text, isFailed } = await by(cage)
      called[tool] = (called[tool] ?? 0) + 1
      calls += 1
      if (isFailed) faults.push(`${done} ${said}: an internal error`)
      if (INSIDE.test(text)) faults.push(`${done} ${said}: our inside`)
    }
    if ((await cage.decided()) !== decided) faults.push(`${done}: a proposal left its state`)
    tell(done, faults.length)
    if (done % BETWEEN_LOOKS !== 0 && done !== count) continue
    if (JSON.stringify(await cage.watch()) !== before) faults.push(`${done}: a record or proposal changed`)
  }
  const seconds = Math.round((performance.now() - start) / 1000)
  await cage.close()
  const { engine } = house.database
  await close()
  return { engine, sequences: count, calls, seconds, called, faults }
}

/**
 * `npm run eval -- closure --count 10000`: sequences of one to three calls of tools, HTTP routes and Slack actions with all
 * that an agent holds. Fails when a proposal moved, a record changed, a call ended in an error of ours (which is told with its
 * arguments) or an answer spoke of our inside.
 */
export const closure = async (): Promise<number> => {
  const { reports, leftOut } = await onEngines(runClosure)
  if (options.json) out(JSON.stringify({ reports, leftOut }, null, 2))
  else {
    for (const { engine, sequences, calls, seconds, called, faults } of reports) {
      out(`${engine}: ${sequences} sequences, ${calls} calls in ${seconds} s, ${faults.length} faults`)
      for (const [tool, times] of Object.entries(called)) out(`  ${tool} ${times}`)
      for (const fault of faults.slice(0, 20)) out(`  FAULT ${fault}`)
    }
    for (const reason of leftOut) out(`left out: ${reason}`)
  }
  return reports.some(({ faults }) => faults.length > 0) ? 1 : 0
}

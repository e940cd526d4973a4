import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '../db/connect.ts'
import { startPostgres } from '../scripts/test-postgres.ts'

/**
 * From nothing to an answer, on both engines, as whole processes: making the three demo workspaces, opening the database
 * again, the first answer of the offline planner, its memory, and the rows behind it. Prints a Markdown table.
 */
const MAIN = join(import.meta.dirname, '..', 'cli', 'main.ts')
const ROUNDS = 5
const QUESTION = 'Which deals have had no interaction for 30 days?'

interface Run {
  readonly wallMs: number
  readonly peakMb: number
  readonly out: string
}

const peakMbOf = (pid: number): number => {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

const run = (argv: readonly string[], environment: Record<string, string>): Promise<Run> =>
  new Promise((resolve, reject) => {
    const startedMs = performance.now()
    const child = spawn(process.execPath, [MAIN, ...argv], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let out = ''
    let errors = ''
    let peakMb = 0
    const poll = setInterval(() => (peakMb = Math.max(peakMb, peakMbOf(child.pid ?? 0))), 20)
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    child.on('exit', (code) => {
      clearInterval(poll)
      if (code === 0) resolve({ wallMs: performance.now() - startedMs, peakMb, out })
      else reject(new Error(`tact ${argv.join(' ')} ended with ${code}: ${errors}`))
    })
  })

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`

const rowsOf = async (environment: Record<string, string>): Promise<number> => {
  let total = 0
  for (const workspace of ['larkspur', 'cobalt', 'harborview']) {
    for (const find of ['people', 'companies', 'deals', 'interactions', 'emails', 'threads', 'tasks']) {
      const ast = JSON.stringify({ find, measures: [{ fn: 'count' }] })
      const { out } = await run(['query', '--workspace', workspace, '--ast', ast, '--json'], environment)
      total += (JSON.parse(out) as { rows: number[][] }).rows[0]?.[0] ?? 0
    }
  }
  return total
}

const measure = async (engine: string, environment: Record<string, string>): Promise<string> => {
  const made = await run(['demo', '--prepare-only'], environment)
  const opened: Run[] = []
  const answered: Run[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    opened.push(await run(['migrate', '--json'], environment))
    answered.push(await run(['ask', QUESTION, '--workspace', 'cobalt', '--json'], environment))
  }
  const cells = [
    engine,
    seconds(made.wallMs),
    seconds(median(opened.map(({ wallMs }) => wallMs))),
    seconds(median(answered.map(({ wallMs }) => wallMs))),
    `${Math.round(median(answered.map(({ peakMb }) => peakMb)))} MB`,
    String(await rowsOf(environment)),
  ]
  return `| ${cells.join(' | ')} |`
}

const inDatabase = (url: string): string => url.replace(/\/postgres$/, '/tact_bench')

const createDatabase = async (url: string): Promise<void> => {
  const server = await connect({ TACT_HOME: '', DATABASE_URL: url, TACT_QUERY_TIMEOUT_MS: 60_000 })
  await server.pool.query('create database tact_bench')
  await server.close()
}

const home = mkdtempSync(join(tmpdir(), 'tact-bench-'))
process.stdout.write(
  `| engine | three demos made | cold start | start to answer | peak memory | rows |\n|---|---|---|---|---|---|\n`,
)
try {
  process.stdout.write(`${await measure('embedded', { TACT_HOME: join(home, 'embedded') })}\n`)
  const server = await startPostgres()
  if ('reason' in server) {
    process.stdout.write(`| Postgres | left out: ${server.reason} | | | | |\n`)
  } else {
    try {
      await createDatabase(server.ownerUrl)
      process.stdout.write(
        `${await measure('Postgres', { TACT_HOME: join(home, 'postgres'), DATABASE_URL: inDatabase(server.ownerUrl) })}\n`,
      )
    } finally {
      await server.stop()
    }
  }
} finally {
  rmSync(home, { recursive: true, force: true })
}

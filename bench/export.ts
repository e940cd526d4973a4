import { createHash } from 'node:crypto'
import { spawn } from 'node:child_process'
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { connect } from '../db/connect.ts'
import { startPostgres } from '../scripts/test-postgres.ts'

/**
 * `npm run bench -- export [--people 100000]`: a document of that many people with their companies, addresses, deals and
 * interactions goes in, comes out, goes into an empty database and comes out again, each step a process of its own;
 * seconds, peak memory of the process, and whether both exports are the same bytes, for each engine.
 */
const { values } = parseArgs({ options: { people: { type: 'string', default: '100000' } } })
const people = Number(values.people)
const [companies, deals, interactions] = [people / 20, people / 5, people * 2].map(Math.ceil) as [
  number,
  number,
  number,
]
const MAIN = join(import.meta.dirname, '..', 'cli', 'main.ts')

const KINDS = [
  'member',
  'company',
  'person',
  'address',
  'stage',
  'deal',
  'dealPerson',
  'interaction',
  'partner',
]
const idOf = (kind: string, number: number): string =>
  `01931696-c580-7d4${KINDS.indexOf(kind)}-a942-${number.toString(16).padStart(12, '0')}`
const at = (number: number): string => new Date(Date.UTC(2024, 0, 1) + number * 300_000).toISOString()
const times = <T>(
  count: number,
  make: (number: number) => T,
): { count: number; make: (number: number) => T } => ({
  count,
  make,
})

const records: Readonly<Record<string, { count: number; make: (number: number) => object }>> = {
  members: times(1, (n) => ({
    id: idOf('member', n),
    email: 'owner@large.example',
    given_name: 'Olive',
    family_name: 'Owner',
    role: 'owner',
  })),
  companies: times(companies, (n) => ({
    id: idOf('company', n),
    name: `Company ${n}`,
    domain: `company-${n}.example`,
    owner_id: idOf('member', 0),
  })),
  people: times(people, (n) => ({
    id: idOf('person', n),
    given_name: `Given${n % 997}`,
    family_name: `Family${n}`,
    title: 'Head of Operations',
    company_id: idOf('company', n % companies),
    notes:
      n % 3 === 0 ? 'Met at the fair — “interesting”, asked for the price list and two references.' : null,
  })),
  person_emails: times(people, (n) => ({
    id: idOf('address', n),
    person_id: idOf('person', n),
    address: `p${n}@company-${n % companies}.example`,
    is_primary: true,
  })),
  stages: times(3, (n) => ({
    id: idOf('stage', n),
    name: ['Open', 'Won', 'Lost'][n],
    position: n,
    kind: ['open', 'won', 'lost'][n],
    probability: [0.3, 1, 0][n],
  })),
  deals: times(deals, (n) => ({
    id: idOf('deal', n),
    name: `Deal ${n}`,
    company_id: idOf('company', n % companies),
    stage_id: idOf('stage', n % 3),
    amount_minor: 1000 * n,
    currency: 'USD',
  })),
  deal_people: times(deals, (n) => ({
    id: idOf('dealPerson', n),
    deal_id: idOf('deal', n),
    person_id: idOf('person', n),
  })),
  interactions: times(interactions, (n) => ({
    id: idOf('interaction', n),
    kind: n % 2 ? 'call' : 'meeting',
    direction: 'outbound',
    occurred_at: at(n),
    summary: 'Talked about the next steps and the timeline of the roll-out',
    company_id: idOf('company', n % companies),
  })),
  interaction_people: times(interactions, (n) => ({
    id: idOf('partner', n),
    interaction_id: idOf('interaction', n),
    person_id: idOf('person', n % people),
  })),
}

function* documentPieces(): Generator<string> {
  const workspace = {
    slug: 'large',
    name: 'Large',
    vertical: 'sales',
    timezone: 'UTC',
    currency: 'USD',
    country: 'US',
  }
  yield `{"format":"tact-workspace/1","workspace":${JSON.stringify(workspace)},"records":{`
  for (const [place, [entity, { count, make }]] of Object.entries(records).entries()) {
    yield `${place === 0 ? '' : ','}"${entity}":[`
    for (let from = 0; from < count; from += 1000) {
      const some = Array.from({ length: Math.min(1000, count - from) }, (_, n) =>
        JSON.stringify(make(from + n)),
      )
      yield `${from === 0 ? '' : ','}${some.join(',')}`
    }
    yield ']'
  }
  yield '}}\n'
}

interface Step {
  readonly seconds: number
  readonly peakMb: number
}

const run = (argv: readonly string[], environment: Record<string, string>): Promise<Step> =>
  new Promise((resolve, reject) => {
    const startedMs = performance.now()
    const child = spawn(process.execPath, [MAIN, ...argv], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let errors = ''
    let peakMb = 0
    const poll = setInterval(() => {
      try {
        const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
        peakMb = Math.max(peakMb, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
      } catch {
        clearInterval(poll)
      }
    }, 100)
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    child.on('exit', (code) => {
      clearInterval(poll)
      if (code === 0) resolve({ seconds: (performance.now() - startedMs) / 1000, peakMb })
      else reject(new Error(`tact ${argv.join(' ')} ended with ${code}: ${errors.slice(-2000)}`))
    })
  })

const digestOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

const home = mkdtempSync(join(tmpdir(), 'tact-bench-export-'))
const source = join(home, 'source.json')
const total = Object.values(records).reduce((sum, { count }) => sum + count, 0)

const measure = async (
  engine: string,
  environments: readonly [Record<string, string>, Record<string, string>],
) => {
  const [first, second] = [join(home, 'first.json'), join(home, 'second.json')]
  const [one, other] = environments
  const step = async (
    name: string,
    argv: readonly string[],
    environment: Record<string, string>,
  ): Promise<void> => {
    const { seconds, peakMb } = await run(argv, environment)
    process.stdout.write(`| ${engine} | ${name} | ${seconds.toFixed(1)} | ${Math.round(peakMb)} |\n`)
  }
  await step('make an empty database', ['migrate'], one)
  await step('import', ['import', 'workspace', source], one)
  await step('export', ['export', 'workspace', first, '--workspace', 'large'], one)
  await run(['migrate'], other)
  await step('import into an empty database', ['import', 'workspace', first], other)
  await step('export again', ['export', 'workspace', second, '--workspace', 'large'], other)
  const same = (await digestOf(first)) === (await digestOf(second)) ? 'the same bytes' : 'NOT THE SAME'
  const megabytes = Math.round(statSync(first).size / 1e6)
  process.stdout.write(`| ${engine} | both exports: ${same}, ${total} records, ${megabytes} MB | | |\n`)
  await step('backup', ['backup', `${first}.backup`, '--workspace', 'large'], one)
  await step('restore --dry-run', ['restore', `${first}.backup`, '--dry-run'], one)
}

try {
  await writeFile(source, documentPieces())
  process.stdout.write('| engine | step | seconds | peak MB of the process |\n|---|---|---|---|\n')
  await measure('embedded', [{ TACT_HOME: join(home, 'one') }, { TACT_HOME: join(home, 'two') }])
  const server = await startPostgres()
  if ('reason' in server) process.stderr.write(`Postgres left out: ${server.reason}\n`)
  else {
    try {
      const owner = await connect({
        TACT_HOME: '',
        DATABASE_URL: server.ownerUrl,
        TACT_QUERY_TIMEOUT_MS: 60_000,
      })
      for (const name of ['large_one', 'large_two']) await owner.pool.query(`create database ${name}`)
      await owner.close()
      const inDatabase = (name: string): Record<string, string> => {
        const url = new URL(server.ownerUrl)
        url.pathname = `/${name}`
        return { TACT_HOME: join(home, name), DATABASE_URL: url.href }
      }
      await measure('Postgres', [inDatabase('large_one'), inDatabase('large_two')])
    } finally {
      await server.stop()
    }
  }
} finally {
  rmSync(home, { recursive: true, force: true })
}

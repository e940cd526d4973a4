import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openHouse } from '../cli/compose.ts'
import type { House } from '../cli/compose.ts'
import { prepareDemo } from '../cli/demo-prepare.ts'
import { runCommandLine } from '../cli/program.ts'
import { silentIo } from '../cli/testing/silent-io.ts'
import { loadConfig } from '../config.ts'
import { startPostgres } from './test-postgres.ts'

/**
 * `npm run rehearse`: what an operator does on a bad day, on databases of its own. A backup of each demo workspace is
 * brought back on a new machine with another key, and restored there once more; records must be the same each time.
 * `--engine embedded` without a Postgres. Exits 1 where they are not.
 */
const { values } = parseArgs({ options: { engine: { type: 'string', default: 'postgres' } } })
const SLUGS = ['larkspur', 'cobalt', 'harborview']

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const place = await mkdtemp(join(tmpdir(), 'tact-rehearsal-'))
const stops: (() => Promise<unknown>)[] = [() => rm(place, { recursive: true, force: true })]

const openOn = async (
  machine: string,
): Promise<{ readonly house: House; readonly run: (...argv: string[]) => Promise<void> }> => {
  const home = join(place, machine)
  const server = values.engine === 'embedded' ? undefined : await startPostgres()
  if (server && 'reason' in server) throw new Error(`${server.reason} Try --engine embedded.`)
  if (server) stops.unshift(() => server.stop())
  const open = (): Promise<House> =>
    openHouse(
      loadConfig({
        TACT_HOME: home,
        TACT_LOG: 'error',
        ...(server ? { DATABASE_URL: server.superUrl } : {}),
      }),
    )
  const house = await open()
  stops.unshift(() => house.close())
  return {
    house,
    run: async (...argv) => {
      const io = silentIo(home)
      const code = await runCommandLine(argv, { config: house.config, house, io })
      if (code !== 0) throw new Error(`tact ${argv[0]} ended with ${code}`)
    },
  }
}

type Machine = Awaited<ReturnType<typeof openOn>>

/** What a workspace holds, whatever the order it is written in. */
const recordsOf = async ({ run }: Machine, slug: string): Promise<string> => {
  const file = join(place, `${slug}.json`)
  await run('export', 'workspace', file, '--workspace', slug)
  const document = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
  delete document['exported_at']
  const lines = Object.entries(document).flatMap(([part, value]) =>
    Array.isArray(value)
      ? value.map((row) => `${part} ${JSON.stringify(row)}`)
      : [`${part} ${JSON.stringify(value)}`],
  )
  return createHash('sha256').update(lines.toSorted().join('\n')).digest('hex')
}

let faults = 0
const expectSame = (what: string, found: string, wanted: string): void => {
  if (found !== wanted) faults += 1
  say(`${found === wanted ? 'same' : 'OTHER'}  ${what}`)
}

try {
  const first = await openOn('first')
  await prepareDemo(first.house, silentIo(place))
  const second = await openOn('second')
  for (const slug of SLUGS) {
    const before = await recordsOf(first, slug)
    const file = join(place, `${slug}.tact-backup`)
    await first.run('backup', file, '--workspace', slug)
    await second.run('restore', file, '--yes')
    expectSame(`${slug}: on a new machine, from its backup`, await recordsOf(second, slug), before)
    await second.run('restore', file, '--yes')
    expectSame(`${slug}: restored once more`, await recordsOf(second, slug), before)
  }
} finally {
  for (const stop of stops) await stop().catch(() => {})
}
process.exitCode = faults === 0 ? 0 : 1

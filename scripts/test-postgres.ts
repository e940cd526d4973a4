import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chown, mkdtemp, readdir, realpath, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'

const run = promisify(execFile)
const DEBIAN = '/usr/lib/postgresql'
const START_TIMEOUT_MS = 30_000
const FAST = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'shared_buffers=64MB',
  'max_connections=200',
  'jit=off',
]

export interface TestPostgres {
  /** As a superuser. */
  readonly superUrl: string
  /** As an owner without superuser rights, who may create databases and roles. */
  readonly ownerUrl: string
  /** Ends it at once, as a crash would, and starts it again. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** Directory that holds initdb and postgres, or undefined. */
const findBinaries = async (): Promise<string | undefined> => {
  const versions = existsSync(DEBIAN) ? await readdir(DEBIAN) : []
  const newestFirst = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(DEBIAN, version, 'bin'))
  const onPath = await run('sh', ['-c', 'command -v initdb']).then(
    async ({ stdout }) => [dirname(await realpath(stdout.trim()))],
    () => [],
  )
  return [...newestFirst, ...onPath].find(
    (directory) => existsSync(join(directory, 'initdb')) && existsSync(join(directory, 'postgres')),
  )
}

const installOnDebian = async (): Promise<void> => {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return
  process.stderr.write('Postgres is not installed: installing it with apt-get for the tests.\n')
  const install = (): Promise<unknown> =>
    run('env', [
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      'install',
      '-y',
      '-qq',
      '--no-install-recommends',
      'postgresql',
    ])
  await install().catch(async () => {
    await run('apt-get', ['update', '-qq'])
    await install()
  })
}

interface Account {
  readonly uid: number
  readonly gid: number
}

/** Postgres refuses to run as root: then it runs as `postgres` or `nobody`. */
const accountFor = async (): Promise<Account | undefined> => {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])])
      return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
    } catch {
      continue
    }
  }
  return undefined
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

const untilUp = async (url: string, server: ChildProcess): Promise<void> => {
  const deadline = Date.now() + START_TIMEOUT_MS
  for (;;) {
    const client = new Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      await client.end().catch(() => {})
      if (Date.now() > deadline || server.exitCode !== null) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

const createOwner = async (superUrl: string): Promise<void> => {
  const client = new Client({ connectionString: superUrl })
  await client.connect()
  await client.query('create role tact_owner login createdb createrole nosuperuser')
  await client.end()
}

/**
 * Starts a private Postgres in a temporary directory, or answers the reason why there is none. `settings` such as
 * `synchronous_commit=on` for one that is restarted: by default a crash may take the last commits with it.
 */
export const startPostgres = async (
  settings: readonly string[] = [],
): Promise<TestPostgres | { readonly reason: string }> => {
  let binaries = await findBinaries()
  if (binaries === undefined) {
    await installOnDebian().catch(() => {})
    binaries = await findBinaries()
  }
  if (binaries === undefined) return { reason: 'no initdb and postgres on this machine' }
  const account = await accountFor()
  if (process.getuid?.() === 0 && !account)
    return { reason: 'running as root, without a user postgres or nobody' }
  const directory = await mkdtemp(join(tmpdir(), 'tact-postgres-'))
  if (account) await chown(directory, account.uid, account.gid)
  const data = join(directory, 'data')
  const options = { ...account, cwd: directory }
  await run(
    join(binaries, 'initdb'),
    [
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--locale=C.UTF-8',
      '--no-sync',
      '--no-instructions',
    ],
    options,
  )
  const port = await freePort()
  const given = [...FAST, ...settings].flatMap((setting) => ['-c', setting])
  const binary = join(binaries, 'postgres')
  const start = (): ChildProcess =>
    spawn(binary, ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', directory, ...given], {
      ...options,
      stdio: 'ignore',
    })
  let server = start()
  const url = (user: string): string => `postgres://${user}@127.0.0.1:${port}/postgres`
  const end = async (signal: 'SIGINT' | 'SIGQUIT'): Promise<void> => {
    const gone = new Promise((resolve) => server.once('exit', resolve))
    if (server.exitCode === null && server.kill(signal)) await gone
  }
  const stop = async (): Promise<void> => {
    await end('SIGINT')
    await rm(directory, { recursive: true, force: true })
  }
  const restart = async (): Promise<void> => {
    await end('SIGQUIT')
    server = start()
    await untilUp(url('postgres'), server)
  }
  try {
    await untilUp(url('postgres'), server)
    await createOwner(url('postgres'))
  } catch (error) {
    await stop()
    return { reason: `the server did not start for ${userInfo().username}: ${String(error)}` }
  }
  return { superUrl: url('postgres'), ownerUrl: url('tact_owner'), restart, stop }
}

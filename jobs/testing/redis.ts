import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { Redis } from 'ioredis'

export interface TestRedis {
  readonly url: string
  /** Kills it (-9); what its append-only file holds is there again after `start`. */
  kill(): Promise<void>
  /** Switches its append-only file off and drops it, behind the back of whoever looked. */
  forget(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

const PLACES = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin']

/** Where a redis-server is, or undefined. */
export const findRedis = (path = ''): string | undefined =>
  [...path.split(delimiter), ...PLACES]
    .map((place) => join(place, 'redis-server'))
    .find((file) => existsSync(file))

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  return port
}

/** Starts a Redis in a temporary directory; `settings` such as `['--appendonly', 'yes']`. */
export const startRedis = async (
  binary: string,
  settings: readonly string[] = ['--appendonly', 'yes', '--maxmemory-policy', 'noeviction'],
): Promise<TestRedis> => {
  const directory = await mkdtemp(join(tmpdir(), 'tact-redis-'))
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  let server: ChildProcess | undefined
  const untilUp = async (): Promise<void> => {
    for (let tries = 0; ; tries += 1) {
      const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 })
      client.on('error', () => {})
      try {
        await client.connect()
        await client.ping()
        return
      } catch (error) {
        if (tries > 200) throw error
        await new Promise((resolve) => setTimeout(resolve, 25))
      } finally {
        client.disconnect()
      }
    }
  }
  const start = async (): Promise<void> => {
    const given = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      directory,
      '--save',
      '',
      ...settings,
    ]
    server = spawn(binary, given, { stdio: 'ignore' })
    await untilUp()
  }
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    const gone = server
    server = undefined
    if (!gone || gone.exitCode !== null) return
    gone.kill(signal)
    await once(gone, 'exit')
  }
  const forget = async (): Promise<void> => {
    const client = new Redis(url)
    await client.config('SET', 'appendonly', 'no')
    client.disconnect()
    await rm(join(directory, 'appendonlydir'), { recursive: true, force: true })
  }
  await start()
  return {
    url,
    start,
    forget,
    kill: () => end('SIGKILL'),
    stop: async () => {
      await end('SIGTERM')
      await rm(directory, { recursive: true, force: true })
    },
  }
}

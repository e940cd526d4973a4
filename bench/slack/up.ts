import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { openHouse } from '../../cli/compose.ts'
import type { House } from '../../cli/compose.ts'
import { loadConfig } from '../../config.ts'
import { FakeSlack } from '../../slack-bot/testing/fake-slack.ts'
import { startPostgres } from '../../scripts/test-postgres.ts'

const MAIN = join(import.meta.dirname, '..', '..', 'cli', 'main.ts')

export type Up = ChildProcessByStdio<null, Readable, null>

export interface SlackUp {
  readonly slack: FakeSlack
  readonly sender: FakeSlack['socket'] | ReturnType<FakeSlack['http']>
  /** Opens the data in this process, while no `tact up` runs on it. */
  withHouse<T>(work: (house: House) => Promise<T>): Promise<T>
  /** `tact up` in a process of its own; resolves once it says that it serves. */
  start(): Promise<Up>
  close(): Promise<void>
}

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

/** Ends a `tact up`; resolves when it is gone. */
export const end = async (up: Up, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
  const gone = once(up, 'exit')
  up.kill(signal)
  await gone
}

const started = (environment: Readonly<Record<string, string>>): Promise<Up> => {
  const up = spawn(process.execPath, [MAIN, 'up', '--json'], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const { promise, resolve, reject } = Promise.withResolvers<Up>()
  const fail = (): void => reject(new Error('tact up ended'))
  up.on('exit', fail)
  let said = ''
  up.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    if (!said.includes('"pid"')) return
    up.off('exit', fail)
    resolve(up)
  })
  return promise
}

/** The strict fake of Slack, and data for a `tact up` before it. `workspace` is the slug that it answers for. */
export const openSlackUp = async (
  workspace: string,
  { engine, road }: { readonly engine: string; readonly road: string },
): Promise<SlackUp> => {
  const home = mkdtempSync(join(tmpdir(), 'tact-slack-up-'))
  const server = engine === 'postgres' ? await startPostgres() : undefined
  if (server && 'reason' in server) throw new Error(server.reason)
  const slack = await new FakeSlack().listen()
  const port = await freePort()
  const isHttp = road === 'http'
  const environment = {
    TACT_HOME: home,
    TACT_PORT: String(port),
    TACT_SLACK_BOT_TOKEN: slack.botToken,
    TACT_SLACK_API_URL: slack.apiUrl,
    TACT_SLACK_WORKSPACE: workspace,
    ...(isHttp
      ? { TACT_SLACK_SIGNING_SECRET: slack.signingSecret, TACT_PUBLIC_URL: 'http://127.0.0.1' }
      : { TACT_SLACK_APP_TOKEN: slack.appToken }),
    ...(server ? { DATABASE_URL: server.superUrl } : {}),
  }
  return {
    slack,
    sender: isHttp ? slack.http(`http://127.0.0.1:${port}/slack/events`) : slack.socket,
    withHouse: async (work) => {
      const house = await openHouse(loadConfig(environment))
      try {
        return await work(house)
      } finally {
        await house.close()
      }
    },
    start: () => started(environment),
    close: async () => {
      await slack.close()
      if (server && !('reason' in server)) await server.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { connect } from '../connect.ts'
import { isOwned, tryNext, tryOwn } from './owner.ts'

const STARTER = fileURLToPath(new URL('fixtures/owner.fixture.ts', import.meta.url))
const started: ChildProcess[] = []
let home: string

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tact-owner-'))
})
afterEach(async () => {
  for (const child of started.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
  await rm(home, { recursive: true, force: true })
})

const start = (directory: string): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const child = fork(STARTER, [directory], { execArgv: [], stdio: 'ignore' })
    started.push(child)
    child.once('message', (message: { owned: boolean }) => resolve(message.owned))
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it spoke`)))
  })

const ended = (child: ChildProcess): Promise<unknown> => new Promise((resolve) => child.once('exit', resolve))

test('of eight processes that start at once, exactly one owns the directory', async () => {
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => start(home)))
  expect(outcomes.filter(Boolean)).toHaveLength(1)
})

test('after kill -9 of the owner the next process owns at once', async () => {
  expect(await start(home)).toBe(true)
  expect(await start(home)).toBe(false)
  const gone = ended(started[0]!)
  started[0]!.kill('SIGKILL')
  await gone
  expect(await start(home)).toBe(true)
})

test('a directory owned by another process is refused with what to do about it', async () => {
  expect(await start(home)).toBe(true)
  const second = connect({ TACT_HOME: home, DATABASE_URL: undefined, TACT_QUERY_TIMEOUT_MS: 10_000 })
  await expect(second).rejects.toMatchObject({
    kind: 'unavailable',
    code: 'database_owned',
    details: { fix: expect.stringContaining('tact up') as string },
  })
})

test('within one process too there is one owner, until it lets go', () => {
  const first = tryOwn(home)
  expect(first).toBeDefined()
  expect(tryOwn(home)).toBeUndefined()
  globalThis.gc?.()
  expect(tryOwn(home)).toBeUndefined()
  first?.release()
  first?.release()
  const second = tryOwn(home)
  expect(second).toBeDefined()
  second?.release()
})

test('the place of the next owner is one, and neither it nor a look whether there is an owner owns anything', () => {
  const place = tryNext(home)
  expect(place).toBeDefined()
  expect(tryNext(home)).toBeUndefined()
  expect(isOwned(home)).toBe(false)
  const owner = tryOwn(home)
  expect(owner).toBeDefined()
  expect(isOwned(home)).toBe(true)
  owner?.release()
  place?.release()
  const other = tryNext(home)
  expect(other).toBeDefined()
  other?.release()
})

test('what is closed is given up, and what it leaves is for its owner alone', async () => {
  const settings = {
    TACT_HOME: join(home, 'deep', 'er'),
    DATABASE_URL: undefined,
    TACT_QUERY_TIMEOUT_MS: 10_000,
  }
  for (let round = 0; round < 2; round += 1) {
    const database = await connect(settings, round === 0 ? { loadFrom: inject('embeddedTemplate') } : {})
    await database.pool.query('select count(*) from crm.people')
    await database.close()
  }
  for (const directory of [settings.TACT_HOME, join(settings.TACT_HOME, 'data')]) {
    expect((await stat(directory)).mode & 0o777).toBe(0o700)
  }
})

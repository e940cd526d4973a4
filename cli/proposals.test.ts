import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../config.ts'
import { openTestDatabase, testEngines, type TestDatabase } from '../db/testing.ts'
import { makeTeam, type Team } from '../writeback/testing.ts'
import { furnish, type House } from './compose.ts'
import { runCommandLine } from './program.ts'

describe.each(testEngines)('tact proposals on %s', (engine) => {
  const home = mkdtempSync(join(tmpdir(), 'tact-proposals-'))
  let db: TestDatabase
  let house: House
  let team: Team

  beforeAll(async () => {
    db = await openTestDatabase(engine)
    team = await makeTeam(db)
    house = furnish(loadConfig({ TACT_HOME: home }), db.database)
  })
  afterAll(async () => {
    await db.close()
    rmSync(home, { recursive: true, force: true })
  })

  const run = async (...argv: readonly string[]) => {
    let out = ''
    const stdin = new PassThrough()
    stdin.end('')
    const code = await runCommandLine(['proposals', ...argv, '--as', 'owner@team.example', '--json'], {
      config: house.config,
      house,
      io: {
        stdin,
        out: (text) => (out += text),
        err: () => undefined,
        fancy: false,
        interactive: false,
        columns: 100,
        cwd: home,
        signal: new AbortController().signal,
      },
    })
    return { code, answer: JSON.parse(out) as Readonly<Record<string, unknown>> }
  }
  const propose = async (conversationId: string): Promise<string> => {
    const changes = [
      { op: 'update', entity: 'deals', record: `deals:${team.ids.deal}`, set: { notes: 'A', amount: 5 } },
      { op: 'update', entity: 'people', record: `people:${team.ids.dana}`, set: { city: 'Kiel' } },
    ]
    return (await team.propose(changes, { conversationId, now: new Date() })).proposal.id
  }

  test('edit, approve and undo --run: what was edited is written, and all of the run goes back', async () => {
    const conversationId = await team.conversation()
    const before = await team.snapshot()
    const id = await propose(conversationId)
    const edited = await run('edit', id, '--drop', '2', '--set', '1.notes=B = C')
    expect(edited).toMatchObject({ code: 0, answer: { state: 'pending' } })
    expect(edited.answer['changes']).toHaveLength(1)
    expect((await run('approve', id)).answer).toMatchObject({ state: 'executed' })
    expect(await team.snapshot()).toContain('["notes","B = C"]')
    expect(await run('undo', conversationId, '--run')).toMatchObject({
      code: 0,
      answer: { proposals: [{ id, state: 'undone', why: null }] },
    })
    expect(await team.snapshot()).toBe(before)
    expect((await run('undo', conversationId, '--run')).code).toBe(4)
  })

  test('an edit that is written another way is bad usage, and changes nothing', async () => {
    const id = await propose(await team.conversation())
    for (const edit of [['--drop', '0'], ['--set', 'notes=x'], ['--set', '1.notes'], []]) {
      const { code, answer } = await run('edit', id, ...edit)
      expect([edit, code, answer]).toMatchObject([edit, 2, { error: { code: 'bad_edit' } }])
    }
    expect((await run('show', id)).answer['changes']).toHaveLength(2)
  })
})

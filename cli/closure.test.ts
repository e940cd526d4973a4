import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../config.ts'
import { actorFor } from '../db/members.ts'
import { openTestDatabase, testEngines, type TestDatabase } from '../db/testing.ts'
import { importDocument } from '../db/workspace-document.ts'
import { findWorkspace } from '../db/workspace.ts'
import { makeDemo } from '../demo/make.ts'
import { tools } from '../tools/registry.ts'
import { furnish } from './compose.ts'
import { isReadable, openCage, type Cage } from './testing/closure.ts'

// `npm run eval -- closure --count 10000` does the same in longer sequences.
const ROUNDS = 250

describe.each(testEngines)("what an agent's token can reach on %s", (engine) => {
  const home = mkdtempSync(join(tmpdir(), 'tact-closure-'))
  let db: TestDatabase
  let cage: Cage

  beforeAll(async () => {
    db = await openTestDatabase(engine)
    const { document } = makeDemo('cobalt')
    await importDocument(db.database, document)
    const workspace = await findWorkspace(db.database, 'cobalt')
    if (!workspace) throw new Error('the demo workspace was not imported')
    const actor = await actorFor(db.database, workspace, 'jenna@cobalt.example', 'cli')
    const house = furnish(loadConfig({ TACT_HOME: home, TACT_PORT: '0' }), db.database)
    cage = await openCage(house, actor, 20_261_121)
  })
  afterAll(async () => {
    await cage.close()
    await db.close()
    rmSync(home, { recursive: true, force: true })
  })

  test('every tool, with hostile arguments, leaves proposals and records as they were', async () => {
    const before = await cage.watch()
    const called = new Set<string>()
    for (let round = 0; round < ROUNDS; round += 1) {
      const { tool, text } = await cage.callTool()
      called.add(tool)
      expect(text).not.toMatch(/postgres(?!ql)|pg_catalog|at async|node_modules|code[\\"]+:[\\"]+internal/i)
    }
    expect(called.size).toBe(tools.size)
    expect(await cage.watch()).toEqual(before)
    expect(await cage.decided()).toBe(0)
  })

  test('every HTTP route refuses the token or changes nothing', async () => {
    const before = await cage.watch()
    const unexpected: string[] = []
    for (const path of cage.paths) {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        const { status } = await cage.request(path, method)
        const did = status >= 500 ? 'fails' : status >= 400 ? 'refuses' : 'answers'
        if (did === 'refuses' || (did === 'answers' && isReadable(path, method))) continue
        unexpected.push(`${method} ${path} ${status}`)
      }
    }
    expect(unexpected).toEqual([])
    expect(await cage.watch()).toEqual(before)
    expect(await cage.decided()).toBe(0)
  })

  test('whatever an agent sends as if it were Slack is refused, and what it says there as a bot is nothing', async () => {
    const before = await cage.watch()
    const unexpected: string[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const { status, text, said } = await cage.forge()
      const expected = said.startsWith('slack message of a bot') ? [200] : [401, 403]
      if (!expected.includes(status)) unexpected.push(`${said}: ${status} ${text}`)
    }
    expect(unexpected).toEqual([])
    expect(await cage.watch()).toEqual(before)
    expect(await cage.decided()).toBe(0)
  })
})

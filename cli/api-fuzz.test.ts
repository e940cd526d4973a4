import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../config.ts'
import { openTestDatabase, testEngines, type TestDatabase } from '../db/testing.ts'
import { makeTeam } from '../writeback/testing.ts'
import { furnish } from './compose.ts'
import { openApiFuzz, type ApiFuzz } from './testing/api-fuzz.ts'

// `npm run eval -- api-fuzz --count 10000` does the same over the demo.
const ROUNDS = 120

describe.each(testEngines)('requests made from the OpenAPI document, on %s', (engine) => {
  const home = mkdtempSync(join(tmpdir(), 'tact-api-fuzz-'))
  let db: TestDatabase
  let fuzz: ApiFuzz

  beforeAll(async () => {
    db = await openTestDatabase(engine)
    const [here, there] = [await makeTeam(db), await makeTeam(db)]
    const house = furnish(loadConfig({ TACT_HOME: home, TACT_PORT: '0' }), db.database)
    fuzz = await openApiFuzz(house, { actor: here.owner, other: there.owner, seed: 20_261_121 })
  })
  afterAll(async () => {
    await fuzz.close()
    await db.close()
    rmSync(home, { recursive: true, force: true })
  })

  test("a program's change no record, and no answer is a fault, shows a name or another workspace", async () => {
    const before = await fuzz.watch()
    const statuses = new Set<number>()
    for (let round = 0; round < ROUNDS; round += 1) {
      const { status, fault } = await fuzz.step('agent')
      statuses.add(status)
      expect(fault).toBeUndefined()
    }
    expect([...statuses]).toEqual(expect.arrayContaining([200, 202, 400, 403, 404]))
    expect(await fuzz.watch()).toEqual(before)
  })

  test("a person's are answered without a fault, and change nothing of another workspace", async () => {
    const [, before] = await fuzz.watch()
    const statuses = new Set<number>()
    for (let round = 0; round < ROUNDS; round += 1) {
      const { status, fault } = await fuzz.step('person')
      statuses.add(status)
      expect(fault).toBeUndefined()
    }
    expect([...statuses]).toEqual(expect.arrayContaining([200, 400, 404]))
    expect((await fuzz.watch())[1]).toBe(before)
  })
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { connect } from '../db/connect.ts'
import type { Database } from '../db/connect.ts'
import { sql } from '../db/sql.ts'
import { openTestDatabase } from '../db/testing.ts'
import { approve } from './approve.ts'
import { execute, resumeInterrupted } from './execute.ts'
import {
  CRASHES,
  clickAgain,
  endLeases,
  leftByCrash,
  runAndKill,
  setUpCrash,
  sweepOnce,
  systemOf,
} from './testing-crashes.ts'
import type { CrashCase } from './testing-crashes.ts'
import { makeTeam } from './testing.ts'

// `npm run eval -- crashes` kills before every statement, and waits for the sweep of `tact up`.
const KILLS = {
  'one person': 32,
  'the second of two people': 22,
  'one change of several': 42,
  'a standing approval': 16,
  'a webhook': 5,
}

/** Lets leases run out, and has the rest done by the sweep, and by the person whose click was lost. */
const finish = async (database: Database, left: CrashCase): Promise<void> => {
  await endLeases(database, left)
  await sweepOnce(database, left)
  await clickAgain(database, left)
}

describe.runIf(inject('postgresUrl') !== '')('kill -9 on postgres', () => {
  it.each(CRASHES)(
    'leaves what is written and told once: %s',
    async (crash) => {
      const test = await openTestDatabase('postgres')
      const url = (test.database.pool.options as { connectionString?: string }).connectionString!
      const left = await setUpCrash(crash, await makeTeam(test))
      expect(await runAndKill(left, { url, killBefore: KILLS[crash] })).toBeNull()
      await finish(test.database, left)
      expect(await leftByCrash(test.database, left)).toEqual({ state: 'executed', faults: [] })
      await left.receiver?.close()
      await test.close()
    },
    120_000,
  )
})

describe('kill -9 of the owner of an embedded directory', () => {
  it('executes once after the next start', async () => {
    const home = await mkdtemp(join(tmpdir(), 'tact-crash-'))
    const test = await openTestDatabase('embedded')
    const left = await setUpCrash('the second of two people', await makeTeam(test))
    const seed = join(home, 'seed.tar')
    await writeFile(seed, await test.database.embedded!.dump('none'))
    await test.close()
    const open = (loadFrom?: string): Promise<Database> =>
      connect(
        { TACT_HOME: home, DATABASE_URL: undefined, TACT_QUERY_TIMEOUT_MS: 20_000 },
        loadFrom === undefined ? {} : { loadFrom },
      )
    try {
      await (await open(seed)).close()
      expect(await runAndKill(left, { home, killBefore: 34 })).toBeNull()
      const database = await open()
      await finish(database, left)
      expect(await leftByCrash(database, left)).toEqual({ state: 'executed', faults: [] })
      await database.close()
    } finally {
      await rm(home, { recursive: true, force: true })
    }
  }, 180_000)
})

describe('an expired lease on the embedded engine', () => {
  it('lets one other process finish, while the first one that comes back late changes nothing', async () => {
    const test = await openTestDatabase('embedded')
    const team = await makeTeam(test)
    const left = await setUpCrash('one person', team)
    const { id, diffHash: hash } = left.proposal
    const approval = await approve(test.database, {
      proposalId: id,
      hash,
      decider: team.owner,
      now: team.now,
    })
    await team.query(
      sql`update workflow.proposals set state = 'executing', attempts = attempts + 1, leased_until = clock_timestamp() + interval '1 minute' where id = ${id}`,
    )
    const system = systemOf(team)
    expect(await resumeInterrupted(test.database, { actor: system, now: team.now, strandedMs: 0 })).toEqual(
      [],
    )
    const late = () => execute(test.database, approval, { actor: team.owner, now: team.now })
    expect(await late()).toMatchObject({ state: 'executing' })
    await finish(test.database, left)
    const once = { state: 'executed', faults: [] }
    expect(await leftByCrash(test.database, left)).toEqual(once)
    expect(await late()).toMatchObject({ state: 'executed' })
    expect(await leftByCrash(test.database, left)).toEqual(once)
    await test.close()
  })
})

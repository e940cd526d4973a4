import { describe, expect, it } from 'vitest'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import { makeTeam } from './testing.ts'
import { RACES, runRace } from './testing-races.ts'
import { runShown } from './testing-shown.ts'

// `npm run eval -- races --count 10000` runs the same many times.
const ROUNDS = 3

describe.each(testEngines)('racing decisions on %s', (engine) => {
  it('end in one terminal move and one write, whoever comes first', async () => {
    const test = await openTestDatabase(engine)
    const team = await makeTeam(test)
    const faults: string[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const race of RACES) {
        const outcome = await runRace(race, team, round)
        faults.push(...outcome.faults.map((fault) => `${race}: ${fault}`))
      }
    }
    await test.close()
    expect(faults).toEqual([])
  })
})

describe.each(testEngines)('what a card shows on %s', (engine) => {
  it('is what is hashed, stored and written, whatever the characters', async () => {
    const test = await openTestDatabase(engine)
    const { kinds, faults } = await runShown(await makeTeam(test), { count: 12, seed: 20_261_121 })
    await test.close()
    expect(faults).toEqual([])
    expect(Object.keys(kinds)).toHaveLength(6)
  })
})

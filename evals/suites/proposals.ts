import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openHouse } from '../../cli/compose.ts'
import { loadConfig } from '../../config.ts'
import type { Database } from '../../db/connect.ts'
import { TEST_SECRET_KEY } from '../../db/testing-key.ts'
import { createMember } from '../../db/members.ts'
import { asTenant } from '../../db/tenant.ts'
import { createWorkspace } from '../../db/workspace.ts'
import { ROLES } from '../../domain/actor.ts'
import { newId } from '../../domain/ids.ts'
import { progressOf } from '../progress.ts'
import { makeTeam } from '../../writeback/testing.ts'
import type { Team } from '../../writeback/testing.ts'
import { RACES, runRace } from '../../writeback/testing-races.ts'
import type { Race } from '../../writeback/testing-races.ts'
import { runRoundTrips } from '../../writeback/testing-round-trips.ts'
import { runShown } from '../../writeback/testing-shown.ts'

export interface ProposalsReport {
  readonly engine: string
  readonly count: number
  readonly seconds: number
  /** How often each end was reached, by race or kind of text. */
  readonly ends: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly faults: readonly string[]
}

export interface ProposalsOptions {
  readonly count: number
  readonly postgresUrl?: string
}

/** Sales teams, each in a workspace of its own, on Postgres or on the embedded engine in a folder of its own. */
export const withTeams = async <R>(
  { postgresUrl }: Pick<ProposalsOptions, 'postgresUrl'>,
  run: (house: { readonly database: Database; readonly makeTeam: () => Promise<Team> }) => Promise<R>,
): Promise<R> => {
  const home = mkdtempSync(join(tmpdir(), 'tact-races-'))
  const house = await openHouse(
    loadConfig({
      TACT_HOME: home,
      TACT_SECRET_KEY: TEST_SECRET_KEY,
      TACT_LOG: 'error',
      ...(postgresUrl === undefined ? {} : { DATABASE_URL: postgresUrl }),
    }),
  )
  const { database } = house
  try {
    const addTeam = () =>
      makeTeam({
        database,
        addTenant: async (options = {}) => {
          const slug = `races-${newId().slice(-12)}`
          const workspace = await createWorkspace(database, { name: slug, slug, ...options })
          const system = { tenantId: workspace.id, memberId: null, via: 'system' } as const
          const members = await asTenant(database, system, async (tx) => {
            const made = []
            for (const role of ROLES) {
              const email = `${role}@team.example`
              made.push(await createMember(tx, { email, givenName: role, familyName: 'Tester', role }))
            }
            return made
          })
          return {
            workspace,
            members,
            actor: (role = 'owner') => ({
              tenantId: workspace.id,
              memberId: members[ROLES.indexOf(role)]!.id,
              role,
              via: 'cli',
            }),
          }
        },
      })
    return await run({ database, makeTeam: addTeam })
  } finally {
    await house.close()
    rmSync(home, { recursive: true, force: true })
  }
}

/** One such team. */
const withTeam = <R>(
  options: ProposalsOptions,
  run: (team: Team, engine: string) => Promise<R>,
): Promise<R> => withTeams(options, async ({ database, makeTeam: add }) => run(await add(), database.engine))

const secondsSince = (start: number): number => Math.round((performance.now() - start) / 1000)

/** So many races of every kind in turn, each over a fresh proposal. */
export const runRaces = (options: ProposalsOptions): Promise<ProposalsReport> =>
  withTeam(options, async (team, engine) => {
    const ends: Record<string, Record<string, number>> = {}
    const faults: string[] = []
    const start = performance.now()
    const tell = progressOf(`${engine} races`, options.count)
    for (let turn = 0; turn < options.count; turn += 1) {
      const race: Race = RACES[turn % RACES.length]!
      const outcome = await runRace(race, team, turn)
      const tally = (ends[race] ??= {})
      tally[outcome.state] = (tally[outcome.state] ?? 0) + 1
      faults.push(...outcome.faults.map((fault) => `${turn} ${race}: ${fault}`))
      tell(turn + 1, faults.length)
    }
    return { engine, count: options.count, seconds: secondsSince(start), ends, faults }
  })

/** So many random texts proposed, shown and carried out: what is shown hashes to what runs. */
export const runShownProposals = (
  options: ProposalsOptions & { readonly seed: number },
): Promise<ProposalsReport> =>
  withTeam(options, async (team, engine) => {
    const start = performance.now()
    const { kinds, faults } = await runShown(team, {
      ...options,
      onTurn: progressOf(`${engine} shown`, options.count),
    })
    return { engine, count: options.count, seconds: secondsSince(start), ends: { shown: kinds }, faults }
  })

/** So many random changes of every kind, carried out and taken back. */
export const runUndone = (options: ProposalsOptions & { readonly seed: number }): Promise<ProposalsReport> =>
  withTeams(options, async ({ database, makeTeam: add }) => {
    const start = performance.now()
    const { ends, faults } = await runRoundTrips(add, {
      ...options,
      onTurn: progressOf(`${database.engine} round-trips`, options.count),
    })
    return { engine: database.engine, count: options.count, seconds: secondsSince(start), ends, faults }
  })

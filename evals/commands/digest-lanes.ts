import { connect } from '../../db/connect.ts'
import { migrate } from '../../db/migrate.ts'
import { createMember } from '../../db/members.ts'
import { asTenant } from '../../db/tenant.ts'
import { TEST_SECRET_KEY } from '../../db/testing-key.ts'
import { createWorkspace } from '../../db/workspace.ts'
import { readFacts } from '../../digest/facts.ts'
import type { Lane } from '../../digest/facts.ts'
import { readerActor } from '../../digest/make.ts'
import { openOffice } from '../../digest/testing/office.ts'
import { playYear } from '../../digest/testing/year.ts'
import { dateText, DAY_MS, instantOf, wallOf } from '../../domain/zone.ts'
import { systemOf } from '../../jobs/lease.ts'
import { options, out } from '../options.ts'

const JUDGED = ['they_wait', 'we_wait', 'quiet'] as const
const START = new Date('2025-01-01T00:00:00Z')
const ZONE = 'Europe/Berlin'
const LEAST = 0.95
const MOST_THREADS = 2_000

const both = (one: ReadonlySet<string>, other: ReadonlySet<string>): readonly string[] =>
  [...one].filter((name) => other.has(name))
const without = (one: ReadonlySet<string>, other: ReadonlySet<string>): readonly string[] =>
  [...one].filter((name) => !other.has(name))

/** A morning at eight on a wall in Berlin, whose clocks jump twice a year. */
const windowOn = (day: number) => {
  const at = (ms: number): Date => new Date(instantOf(Math.floor(ms / DAY_MS) * DAY_MS + 8 * 3_600_000, ZONE))
  const until = at(START.getTime() + day * DAY_MS)
  const from = at(START.getTime() + (day - 1) * DAY_MS)
  return { date: dateText(wallOf(until.getTime(), ZONE)), from, until, timezone: ZONE }
}

/**
 * `npm run eval -- digest-lanes --count 300 --seed 1`: a made-up year of so many threads (2,000 at most) of two
 * members, with weekends, holidays and a leave, the lanes of each on every morning against what the script that made the
 * year knows. Fails where precision or recall of a lane is below 0.95.
 */
export const digestLanes = async (): Promise<number> => {
  const threads = Math.min(Number(options.count), MOST_THREADS)
  const database = await connect(
    {
      TACT_HOME: '',
      DATABASE_URL: undefined,
      TACT_QUERY_TIMEOUT_MS: 60_000,
      TACT_SECRET_KEY: TEST_SECRET_KEY,
    },
    { inMemory: true },
  )
  await migrate(database)
  const workspace = await createWorkspace(database, { slug: 'year', name: 'Year' })
  const members = await asTenant(database, systemOf(workspace.id), async (tx) => [
    await createMember(tx, {
      email: 'ana@team.example',
      givenName: 'Ana',
      familyName: 'Reyes',
      role: 'owner',
    }),
    await createMember(tx, { email: 'bo@team.example', givenName: 'Bo', familyName: 'Lind', role: 'editor' }),
  ])
  const office = openOffice(database, { workspace })
  const { truth, days } = await playYear(office, {
    start: START,
    days: 365,
    seed: Number(options.seed),
    threads,
    members: members.map(({ id }) => id),
    companies: Math.max(10, Math.round(threads / 5)),
  })
  const tally = Object.fromEntries(JUDGED.map((lane) => [lane, { right: 0, wrong: 0, missed: 0 }])) as Record<
    (typeof JUDGED)[number],
    { right: number; wrong: number; missed: number }
  >
  const mornings = Array.from({ length: days }, (_, day) => windowOn(day + 1))
  for (const [member, window] of members.flatMap((one) => mornings.map((each) => [one, each] as const))) {
    const { until } = window
    const actor = readerActor(workspace.id, member)
    const { lanes } = await asTenant(
      database,
      actor,
      (tx) => readFacts(tx, { workspace, memberId: member.id, reader: null, window }),
      { readOnly: true },
    )
    for (const lane of JUDGED) {
      const said = new Set(lanes[lane as Lane].map(({ sources }) => sources[0]!.name))
      const so = new Set(
        truth
          .filter(
            (one) =>
              one.lane === lane &&
              one.member === member.id &&
              one.from <= until.getTime() &&
              until.getTime() < one.to,
          )
          .map(({ name }) => name),
      )
      tally[lane].right += both(said, so).length
      tally[lane].wrong += without(said, so).length
      tally[lane].missed += without(so, said).length
      if (options.verbose)
        for (const name of [...without(said, so), ...without(so, said)])
          out(`${window.date} ${lane} ${name} ${said.has(name) ? 'said' : 'missed'}`)
    }
  }
  await database.close()
  out(`${threads} threads, ${days} mornings of ${members.length} members, seed ${options.seed}`)
  out('| lane | right | wrong | missed | precision | recall |\n|---|---|---|---|---|---|')
  let isGood = true
  for (const lane of JUDGED) {
    const { right, wrong, missed } = tally[lane]
    const [precision, recall] = [right / (right + wrong), right / (right + missed)]
    isGood &&= precision >= LEAST && recall >= LEAST
    out(`| ${lane} | ${right} | ${wrong} | ${missed} | ${precision.toFixed(3)} | ${recall.toFixed(3)} |`)
  }
  return isGood ? 0 : 1
}

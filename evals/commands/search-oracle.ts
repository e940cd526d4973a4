import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '../../db/connect.ts'
import { migrate } from '../../db/migrate.ts'
import { connectQdrant } from '../../search/qdrant/client.ts'
import { startFakeQdrant } from '../../search/qdrant/testing/fake-qdrant.ts'
import { options, out } from '../options.ts'
import { runSearchOracle } from '../suites/search-oracle.ts'
import type { OracleReport } from '../suites/search-oracle.ts'
import { onEngines } from './on-engines.ts'

/** Each run has mail of its own. */
const OF_ONE_RUN = 5_000

const runOn = async (postgresUrl: string | undefined): Promise<OracleReport> => {
  const home = mkdtempSync(join(tmpdir(), 'tact-eval-'))
  const database = await connect({
    TACT_HOME: home,
    DATABASE_URL: postgresUrl,
    TACT_QUERY_TIMEOUT_MS: 120_000,
  })
  const fake = options.qdrant ? await startFakeQdrant() : undefined
  try {
    await migrate(database)
    const count = Number(options.count)
    let sum: OracleReport = {
      engine: database.engine,
      questions: 0,
      answered: 0,
      filters: 0,
      stored: 0,
      differences: [],
    }
    for (let seed = Number(options.seed); sum.questions < count; seed += 1) {
      const done = sum.questions
      const one = await runSearchOracle(database, {
        count: Math.min(OF_ONE_RUN, count - done),
        seed,
        ...(fake ? { qdrant: connectQdrant(fake), messages: 400 } : {}),
        onProgress: (asked) =>
          (done + asked) % 1_000 === 0 &&
          process.stderr.write(
            `${database.engine}: ${done + asked} of ${count}, ${sum.differences.length} differences\n`,
          ),
      })
      sum = {
        engine: sum.engine,
        questions: done + one.questions,
        answered: sum.answered + one.answered,
        filters: sum.filters + one.filters,
        stored: sum.stored + one.stored,
        differences: [...sum.differences, ...one.differences],
      }
    }
    const refused = fake?.refused.map((reason) => `Qdrant would refuse: ${reason}`) ?? []
    return { ...sum, differences: [...sum.differences, ...refused] }
  } finally {
    await fake?.close()
    await database.close()
    rmSync(home, { recursive: true, force: true })
  }
}

/**
 * `npm run eval -- search-oracle [--count 100000] [--seed 1] [--engine embedded|postgres] [--qdrant]`: random searches
 * against reading every message, 5,000 of each seed. Exits 1 when any differs.
 */
export const searchOracle = async (): Promise<number> => {
  const { reports, leftOut } = await onEngines(runOn)
  if (options.json) out(JSON.stringify({ reports, leftOut }, null, 2))
  else {
    for (const reason of leftOut) out(`left out: ${reason}`)
    out(
      '| engine | questions | with an answer | filters | asked of Qdrant | differences |\n|---|---|---|---|---|---|',
    )
    for (const { engine, questions, answered, filters, stored, differences } of reports)
      out(`| ${engine} | ${questions} | ${answered} | ${filters} | ${stored} | ${differences.length} |`)
    for (const difference of reports.flatMap(({ differences }) => differences.slice(0, 20))) out(difference)
  }
  return reports.every(({ differences }) => differences.length === 0) ? 0 : 1
}

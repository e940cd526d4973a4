import { startPostgres } from '../../scripts/test-postgres.ts'
import { options } from '../options.ts'

/** Runs a suite on the engines asked for; Postgres is left out, with its reason, where there is none. */
export const onEngines = async <R>(run: (postgresUrl: string | undefined) => Promise<R>) => {
  const reports: R[] = []
  const leftOut: string[] = []
  if (options.engine !== 'postgres') reports.push(await run(undefined))
  if (options.engine !== 'embedded') {
    const server = await startPostgres()
    if ('reason' in server) leftOut.push(`postgres: ${server.reason}`)
    else {
      try {
        reports.push(await run(server.superUrl))
      } finally {
        await server.stop()
      }
    }
  }
  return { reports, leftOut }
}

import { options, out } from '../options.ts'
import { runRaces, runShownProposals, runUndone } from '../suites/proposals.ts'
import type { ProposalsReport } from '../suites/proposals.ts'
import { onEngines } from './on-engines.ts'

const print = ({
  reports,
  leftOut,
}: {
  reports: readonly ProposalsReport[]
  leftOut: readonly string[]
}): number => {
  if (options.json) out(JSON.stringify({ reports, leftOut }, null, 2))
  else {
    for (const { engine, count, seconds, ends, faults } of reports) {
      out(`${engine}: ${count} in ${seconds} s, ${faults.length} faults`)
      for (const [what, tally] of Object.entries(ends)) {
        const told = Object.entries(tally).map(([end, times]) => `${end} ${times}`)
        out(`  ${what}: ${told.join(', ')}`)
      }
      for (const fault of faults.slice(0, 20)) out(`  FAULT ${fault}`)
    }
    for (const reason of leftOut) out(`left out: ${reason}`)
  }
  return reports.some(({ faults }) => faults.length > 0) ? 1 : 0
}

const given = (url: string | undefined) => ({
  count: Number(options.count),
  ...(url === undefined ? {} : { postgresUrl: url }),
})

/** `npm run eval -- races --count 10000`: decisions that race, on both engines. */
export const races = async (): Promise<number> => print(await onEngines((url) => runRaces(given(url))))

/** `npm run eval -- shown --count 10000`: what is shown hashes to what runs. */
export const shown = async (): Promise<number> =>
  print(await onEngines((url) => runShownProposals({ ...given(url), seed: Number(options.seed) })))

/** `npm run eval -- round-trips --count 2000`: every operation and kind carried out and taken back. */
export const roundTrips = async (): Promise<number> =>
  print(await onEngines((url) => runUndone({ ...given(url), seed: Number(options.seed) })))

/** `npm run eval -- slack-clicks --count 10000`: two approvers who click at once, twice each, through Slack. */
export const slackClicks = async (): Promise<number> =>
  print(
    await onEngines(async (url) => (await import('../suites/slack-clicks.ts')).runSlackClicks(given(url))),
  )

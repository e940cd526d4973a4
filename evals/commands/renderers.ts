import { join } from 'node:path'
import { DATA, options, out } from '../options.ts'
import { readRenderersSet } from '../suites/renderers-set.ts'
import { runRenderers } from '../suites/renderers.ts'

const MOST_FALSE_ALARMS = 0.01

/** `npm run eval -- renderers [--file <folder>]`: payloads of others through every renderer; exits 1 where one stays live. */
export const renderers = async (): Promise<number> => {
  const { hostile, benign, leftOut } = readRenderersSet(options.file ?? join(DATA, 'evals'))
  const asked = hostile.filter((_, index) => index % Number(options.every) === 0)
  const report = await runRenderers(asked, benign)
  if (options.json) out(JSON.stringify({ payloads: asked.length, ...report, leftOut }, null, 2))
  else {
    for (const { renderer, payload, what } of report.rows.slice(0, options.verbose ? undefined : 20))
      out(`live      ${renderer}: ${payload}: ${what}`)
    for (const [name, { total, live }] of Object.entries(report.byRenderer))
      out(`${name.padEnd(20)} ${live} of ${total} live`)
    out(
      `renderers: ${report.live} live of ${report.total} (${report.liveAsWritten} of ${asked.length} payloads are live as written); ${report.falseAlarms.changed} of ${report.falseAlarms.total} harmless texts changed. ${leftOut.join('; ')}`,
    )
  }
  const { changed, total } = report.falseAlarms
  return report.live === 0 && changed <= total * MOST_FALSE_ALARMS ? 0 : 1
}

import { asTenant } from '../db/tenant.ts'
import { readPatterns } from '../digest/patterns.ts'
import { findByName } from '../writeback/watches.ts'
import { common, withDesk, type CommandContext, type CommandMaker, type CommonOptions } from './command.ts'
import { writeJson } from './io.ts'
import { drawTable } from './table.ts'

const hours = (value: number | null): string =>
  value === null ? 'nobody answered yet' : value >= 48 ? `${Math.round(value / 24)} days` : `${value} hours`

/** How mail goes between us and a person or company. */
export const patternsCommand: CommandMaker = (context: CommandContext) =>
  common('patterns', 'how mail goes with somebody: reply times, warmth, who introduced them')
    .argument('<name...>')
    .action(async (words: readonly string[], options: CommonOptions) => {
      const { io } = context
      await withDesk(context, options, 'cli', async ({ database }, { actor, now }) => {
        const { whom, patterns } = await asTenant(
          database,
          actor,
          async (tx) => {
            const found = await findByName(tx, words.join(' '))
            return { whom: found, patterns: await readPatterns(tx, found, { until: now() }) }
          },
          { readOnly: true },
        )
        if (options.json) return writeJson(io, { whom, patterns })
        const { introducedBy, introducedAt } = patterns
        drawTable(
          io,
          ['', whom.name],
          [
            ['Mails from them, from us', `${patterns.received}, ${patterns.sent}`],
            ['They answer within', hours(patterns.theirReplyHours)],
            ['We answer within', hours(patterns.ourReplyHours)],
            ['Warmth, 0 to 100', patterns.warmth],
            ['In the last 90 days, and before', `${patterns.recent}, ${patterns.before}`],
            ...(introducedBy === null
              ? []
              : [['Introduced by', `${introducedBy.name}, ${introducedAt!.slice(0, 10)}`]]),
          ],
        )
      })
    })

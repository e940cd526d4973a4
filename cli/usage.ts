import { dollars } from '../agent/budget.ts'
import { usageByMonth } from '../db/agent-runs.ts'
import { asTenant } from '../db/tenant.ts'
import { common, withDesk, type CommandContext, type CommandMaker, type CommonOptions } from './command.ts'
import { writeJson } from './io.ts'
import { drawTable } from './table.ts'

/** What answers used, by month and model. */
export const usageCommand: CommandMaker = (context: CommandContext) =>
  common('usage', 'requests, tokens and cost of answers, by month and model').action(
    async (options: CommonOptions) => {
      const { io } = context
      await withDesk(context, options, 'cli', async (house, { actor }) => {
        const months = await asTenant(house.database, actor, usageByMonth, { readOnly: true })
        if (options.json) return writeJson(io, { usage: months })
        if (months.length === 0) return io.out('Nothing was asked yet.\n')
        drawTable(
          io,
          [
            'Month',
            'Model',
            'Answers',
            'Failed',
            'Requests',
            'Tokens in',
            'of them kept',
            'Tokens out',
            'Cost',
          ],
          months.map((one) => [
            one.month,
            one.model,
            one.answers,
            one.failed,
            one.requests,
            one.input_tokens,
            one.cached_tokens,
            one.output_tokens,
            one.cost_microdollars === null ? 'no price set' : dollars(one.cost_microdollars),
          ]),
        )
      })
    },
  )

import { setFiscalMonth } from '../db/workspace.ts'
import { userError } from '../domain/errors.ts'
import { MONTHS, monthNamed } from '../domain/fiscal.ts'
import {
  common,
  group,
  withDesk,
  type CommandContext,
  type CommandMaker,
  type CommonOptions,
} from './command.ts'
import { writeJson, type Io } from './io.ts'

const show = (io: Io, month: number, { json }: CommonOptions): void => {
  if (json) writeJson(io, { fiscal_year_month: month })
  else io.out(`The fiscal year starts in ${MONTHS[month - 1]!}.\n`)
}

/** The month that fiscal years and quarters of a workspace start with; owners and admins set it, and the audit chain keeps who did. */
export const fiscalYearCommand: CommandMaker = (context: CommandContext) => {
  const { io } = context
  const fiscal = group('fiscal-year', 'the month that fiscal years and quarters start with')
  fiscal.addCommand(
    common('show', 'the month in force').action(async (options: CommonOptions) => {
      await withDesk(context, options, 'cli', async (_house, { workspace }) =>
        show(io, workspace.fiscalYearMonth, options),
      )
    }),
  )
  fiscal.addCommand(
    common('set', 'set it: april, or 4')
      .argument('<month>')
      .action(async (text: string, options: CommonOptions) => {
        const month = monthNamed(text)
        if (month === undefined)
          throw userError('bad_month', 'There is no such month.', { validOptions: MONTHS })
        await withDesk(context, options, 'cli', async (house, { actor }) => {
          await setFiscalMonth(house.database, actor, month)
          show(io, month, options)
        })
      }),
  )
  return fiscal
}

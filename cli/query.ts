import { userError } from '../domain/errors.ts'
import { asTenant } from '../db/tenant.ts'
import { revealTree as revealed } from '../redaction/hide.ts'
import { parseQuery } from '../query/parse-json.ts'
import { runQuery } from '../query/run.ts'
import { common, withDesk, type CommandContext, type CommandMaker, type CommonOptions } from './command.ts'
import { drawTable, type Cell } from './table.ts'
import { writeJson } from './io.ts'

interface QueryOptions extends CommonOptions {
  readonly ast?: string
}

export const queryCommand: CommandMaker = (context: CommandContext) =>
  common('query', 'ask with a query of your own; names are shown, this is your own screen')
    .requiredOption('--ast <json>', 'the query, as query_crm takes it')
    .action(async (options: QueryOptions) => {
      const { io } = context
      let ast: unknown
      try {
        ast = JSON.parse(options.ast ?? '')
      } catch {
        throw userError('bad_json', 'The query is not JSON.', {
          fix: `Put it in single quotes: tact query --ast '{"find":"deals"}'`,
        })
      }
      const query = parseQuery(ast)
      await withDesk(context, options, 'cli', async (house, { actor, workspace, now }) => {
        const result = await asTenant(
          house.database,
          actor,
          (tx) => runQuery(tx, query, { workspace, actor, now: now() }),
          {
            readOnly: true,
            signal: io.signal,
          },
        )
        const columns = result.columns.map((column) => column.name)
        const rows = revealed(result.rows) as Cell[][]
        const completeness = revealed(result.completeness) as {
          total: number
          returned: number
          filters_in_words: string
        }
        const { sql } = result
        if (options.json)
          return writeJson(io, {
            columns: result.columns,
            rows,
            completeness,
            sql,
            words: completeness.filters_in_words,
          })
        drawTable(io, columns, rows)
        io.out(`${completeness.returned} of ${completeness.total} · ${completeness.filters_in_words}\n`)
      })
    })

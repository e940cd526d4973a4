import { z } from 'zod'
import { Query } from '../query/ast.ts'
import { parseQuery } from '../query/parse-json.ts'
import { runQuery } from '../query/run.ts'
import { defineTool } from './define.ts'
import { RowData, rowsOf } from './support/query-rows.ts'

export const queryCrm = defineTool({
  name: 'query_crm',
  title: 'Query the CRM',
  description:
    'Lists, counts and sums records: filters over fields, over paths to one record (`company.status`) and over relations to several (`some`, `none`), measures, groups, two periods side by side, order, limit. Handles stand for records in every value. Amounts are whole units; currencies are never added to one another. The answer says how many match in all and how the filters were read. describe_crm has the names of fields.',
  risk: 'read',
  labels: { running: 'Querying the CRM', done: 'Queried the CRM' },
  input: Query,
  parse: (restored) => parseQuery(restored),
  data: z.object({
    columns: z.array(
      z.object({
        name: z.string(),
        type: z.string().describe('`records` is a list; money is in whole units.'),
      }),
    ),
    rows: z.array(RowData),
  }),
  run: async (input, { tx, workspace, actor, now }) => {
    const result = await runQuery(tx, input, { workspace, actor, now })
    return {
      data: { columns: result.columns.map(({ name, type }) => ({ name, type })), rows: rowsOf(result) },
      completeness: result.completeness,
      sources: result.sources,
      notes: result.notes,
    }
  },
})

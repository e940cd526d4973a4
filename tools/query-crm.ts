import { z } from 'zod'
import { Query } from '../query/ast.ts'
import { parseQuery } from '../query/parse-json.ts'
import { runQuery } from '../query/run.ts'
import { runRelational } from '../query/relational/execute.ts'
import { LIMITS } from '../query/relational/limits.ts'
import { userError } from '../domain/errors.ts'
import { defineTool } from './define.ts'
import { RowData, rowsOf } from './support/query-rows.ts'

const Input = Query.extend({
  find: Query.shape.find.optional(),
  sql: z
    .string()
    .max(LIMITS.sqlBytes)
    .optional()
    .describe(
      'Alone, for what the other keys cannot say: one PostgreSQL SELECT over the entities as tables. Links are columns such as `company_id`, amounts whole units, handles stand in quotes.',
    ),
})

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const read = (restored: unknown): z.output<typeof Input> => {
  if (!isObject(restored) || restored['sql'] === undefined) return parseQuery(restored)
  const { sql, ...others } = restored
  if (typeof sql === 'string' && Object.keys(others).length === 0)
    return { sql, where: [], limit: LIMITS.rows }
  throw userError('bad_query', '`sql` stands alone, as a text.', {
    at: 'sql',
    fix: 'Leave the other keys out, or leave `sql` out.',
  })
}

export const queryCrm = defineTool({
  name: 'query_crm',
  title: 'Query the CRM',
  description:
    'Lists, counts and sums records: filters over fields, over paths to one record (`company.status`) and over relations to several (`some`, `none`), measures, groups, two periods side by side, order, limit. Handles stand for records in every value. Amounts are whole units; currencies are never added to one another. The answer says how many match in all and how the filters were read. describe_crm has the names of fields.',
  risk: 'read',
  labels: { running: 'Querying the CRM', done: 'Queried the CRM' },
  input: Input,
  parse: read,
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
    const context = { workspace, actor, now }
    const { sql, find, ...rest } = input
    const result =
      sql === undefined
        ? await runQuery(tx, { ...rest, find: find ?? '' }, context)
        : await runRelational(tx, { sql }, context)
    return {
      data: { columns: result.columns.map(({ name, type }) => ({ name, type })), rows: rowsOf(result) },
      completeness: result.completeness,
      sources: result.sources,
      notes: result.notes,
    }
  },
})

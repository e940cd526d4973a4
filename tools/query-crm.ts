import { z } from 'zod'
import { Query } from '../query/ast.ts'
import type { TenantTx } from '../db/tenant.ts'
import { replay } from '../query/kept.ts'
import { parseQuery } from '../query/parse-json.ts'
import { runQuery } from '../query/run.ts'
import type { QueryContext } from '../query/run.ts'
import { runRelational } from '../query/relational/execute.ts'
import type { RelationalResult } from '../query/relational/execute.ts'
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
      'Alone: one PostgreSQL SELECT over entities as tables; links are `company_id` …, handles stand in quotes.',
    ),
  query_id: z.string().max(64).optional().describe('Alone: a kept question, asked again.'),
})

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const read = (restored: unknown): z.output<typeof Input> => {
  const alone =
    isObject(restored) && (['sql', 'query_id'] as const).find((key) => restored[key] !== undefined)
  if (!isObject(restored) || !alone) return parseQuery(restored)
  const { [alone]: text, ...others } = restored
  if (typeof text === 'string' && Object.keys(others).length === 0)
    return { [alone]: text, where: [], limit: LIMITS.rows }
  throw userError('bad_query', `\`${alone}\` stands alone, as a text.`, {
    at: alone,
    fix: `Leave the other keys out, or leave \`${alone}\` out.`,
  })
}

const CHANGED = 'The answer has changed since this question was first asked.'

type Found = Omit<RelationalResult, 'sql'>

const answer = async (
  { sql, query_id: id, find, ...rest }: z.output<typeof Input>,
  tx: TenantTx,
  context: QueryContext,
): Promise<Found> => {
  if (id !== undefined) {
    const { answered, isSame } = await replay(tx, id, context)
    return isSame ? answered : { ...answered, notes: [CHANGED, ...answered.notes] }
  }
  if (sql !== undefined) return runRelational(tx, { sql }, context)
  return runQuery(tx, { ...rest, find: find ?? '' }, context)
}

export const queryCrm = defineTool({
  name: 'query_crm',
  title: 'Query the CRM',
  description:
    'Lists, counts and sums records. Amounts are whole units; currencies are never added together. describe_crm has the fields.',
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
    const result = await answer(input, tx, { workspace, actor, now })
    return {
      data: { columns: result.columns.map(({ name, type }) => ({ name, type })), rows: rowsOf(result) },
      completeness: result.completeness,
      sources: result.sources,
      notes: result.notes,
    }
  },
})

import { z } from 'zod'
import { Query } from '../query/ast.ts'
import { userError } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import { ask } from '../query/ask.ts'
import type { Answered, Question } from '../query/ask.ts'
import { keepingOf, replay } from '../query/kept.ts'
import { parseQuery } from '../query/parse-json.ts'
import { LIMITS } from '../query/relational/limits.ts'
import { defineTool } from './define.ts'
import type { ToolContext } from './define.ts'
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

type Asked = Omit<z.output<typeof Input>, 'query_id'>

const questionOf = ({ sql, find, ...rest }: Asked): Question =>
  sql === undefined ? { semantic: { find: find ?? '', ...rest } } : { sql }

/** Answers a kept question, or a new one, which is then kept under an id of its own. */
const answer = async (
  { query_id: kept, ...asked }: z.output<typeof Input>,
  { tx, afterwards, workspace, actor, now }: ToolContext,
): Promise<{ readonly answered: Answered; readonly id: string }> => {
  const context = { workspace, actor, now }
  if (kept !== undefined) {
    const { answered, isSame } = await replay(tx, kept, context)
    return { answered: isSame ? answered : { ...answered, notes: [CHANGED, ...answered.notes] }, id: kept }
  }
  const question = questionOf(asked)
  const answered = await ask(tx, question, context)
  const id = newId()
  afterwards(keepingOf(id, question, answered, context))
  return { answered, id }
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
    query_id: z.string().describe('Asks the same again, over the records of that day.'),
    excluded: z
      .array(z.string())
      .describe('What the asker may not see, by kind; said whether there is any or not.'),
  }),
  run: async (input, context) => {
    const { answered, id } = await answer(input, context)
    const { columns, completeness, sources, notes, excluded } = answered
    return {
      data: {
        columns: columns.map(({ name, type }) => ({ name, type })),
        rows: rowsOf(answered),
        query_id: id,
        excluded,
      },
      completeness,
      sources,
      notes,
    }
  },
})

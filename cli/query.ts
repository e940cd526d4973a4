import { asTenant } from '../db/tenant.ts'
import { userError } from '../domain/errors.ts'
import { ask, coverageOf, explainQuestion, readJsonQuestion } from '../query/ask.ts'
import type { Question } from '../query/ask.ts'
import { csvOf } from '../query/csv.ts'
import { revealTree as revealed } from '../redaction/hide.ts'
import { common, withDesk, type CommandContext, type CommandMaker, type CommonOptions } from './command.ts'
import { drawTable, type Cell } from './table.ts'
import { writeJson, type Io } from './io.ts'

interface QueryOptions extends CommonOptions {
  readonly ast?: string
  readonly sql?: string
  readonly explain?: boolean
  readonly csv?: boolean
}

const readQuestion = ({ ast, sql, csv, json, explain }: QueryOptions): Question => {
  if (csv && (json || explain))
    throw userError('bad_usage', '--csv stands alone: it goes neither with --json nor with --explain.', {
      fix: 'Leave one of them out.',
    })
  if (ast !== undefined && sql === undefined) return readJsonQuestion(ast)
  if (sql !== undefined && ast === undefined) return { sql }
  throw userError('bad_usage', 'A query is given either as --sql or as --ast.', {
    fix: `tact query --sql "select name from deals limit 5"`,
  })
}

interface Shown {
  readonly columns: readonly { readonly name: string }[]
  readonly rows: readonly (readonly (Cell | readonly string[])[])[]
  readonly completeness: {
    readonly total: number
    readonly returned: number
    readonly complete: boolean
    readonly filters_in_words: string
  }
  readonly notes: readonly string[]
}

const coverage = (question: Question, { completeness }: Shown): string =>
  `${coverageOf(question, completeness)} · ${completeness.filters_in_words}\n`

const draw = (io: Io, question: Question, shown: Shown): void => {
  const { columns, rows, notes } = shown
  const cells = rows.map((row) => row.map((cell) => (Array.isArray(cell) ? cell.join(', ') : (cell as Cell))))
  drawTable(
    io,
    columns.map(({ name }) => name),
    cells,
  )
  io.out(coverage(question, shown))
  for (const note of notes) io.err(`${note}\n`)
}

export const queryCommand: CommandMaker = (context: CommandContext) =>
  common('query', 'ask with a query of your own; names are shown, this is your own screen')
    .option('--ast <json>', 'the query as query_crm takes it, or in the relational form')
    .option('--sql <select>', 'the query as one SELECT over the entities of describe_crm')
    .option('--explain', 'show the SQL that would run and what it would count; run nothing')
    .option('--csv', 'rows as CSV, for a spreadsheet; what was counted goes to stderr')
    .action(async (options: QueryOptions) => {
      const { io } = context
      const question = readQuestion(options)
      await withDesk(context, options, 'cli', async (house, { actor, workspace, now }) => {
        const asking = { workspace, actor, now: now() }
        if (options.explain) {
          const plan = await explainQuestion(question, asking)
          if (options.json) return writeJson(io, plan)
          return io.out(`${plan.sql}\n\n${plan.words}\n`)
        }
        const result = await asTenant(house.database, actor, (tx) => ask(tx, question, asking), {
          readOnly: true,
          signal: io.signal,
        })
        const shown = revealed(result) as Shown
        if (options.json) {
          const { columns, rows, completeness, notes } = shown
          const words = completeness.filters_in_words
          return writeJson(io, { columns, rows, completeness, sql: result.sql, words, notes })
        }
        if (!options.csv) return draw(io, question, shown)
        io.out(
          csvOf(
            shown.columns.map(({ name }) => name),
            shown.rows,
          ),
        )
        io.err(coverage(question, shown))
      })
    })

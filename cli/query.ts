import { asTenant } from '../db/tenant.ts'
import { asTactError, userError } from '../domain/errors.ts'
import { ask, coverageOf, explainQuestion, readJsonQuestion } from '../query/ask.ts'
import type { Answered, Question } from '../query/ask.ts'
import { keepAnswer, replay } from '../query/kept.ts'
import { publicError } from '../query/repair/suggest.ts'
import { openView } from '../query/views.ts'
import { csvOf } from '../query/csv.ts'
import { revealTree as revealed } from '../redaction/hide.ts'
import { common, withDesk, type CommandContext, type CommandMaker, type CommonOptions } from './command.ts'
import { drawTable, type Cell } from './table.ts'
import { writeJson, type Io } from './io.ts'
import { savedQueryCommands } from './query-saved.ts'
import { viewCommands } from './query-view.ts'

interface QueryOptions extends CommonOptions {
  readonly ast?: string
  readonly sql?: string
  readonly explain?: boolean
  readonly csv?: boolean
  readonly id?: string
  readonly view?: string
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
  readonly excluded: readonly string[]
}

const coverage = (question: Question, { completeness }: Shown): string =>
  `${coverageOf(question, completeness)} · ${completeness.filters_in_words}\n`

const draw = (io: Io, question: Question, shown: Shown): void => {
  const { columns, rows, notes, excluded } = shown
  const cells = rows.map((row) => row.map((cell) => (Array.isArray(cell) ? cell.join(', ') : (cell as Cell))))
  drawTable(
    io,
    columns.map(({ name }) => name),
    cells,
  )
  io.out(coverage(question, shown))
  for (const note of [...notes, ...excluded]) io.err(`${note}\n`)
}

interface Extra {
  /** Under which the question was kept. */
  readonly queryId?: string
  /** Of a replayed one: what is not as it was the first time. */
  readonly changes?: readonly string[]
}

const show = (
  { io }: CommandContext,
  { question, answered }: { readonly question: Question; readonly answered: Answered },
  options: Pick<QueryOptions, 'json' | 'csv'>,
  { queryId, changes }: Extra = {},
): void => {
  const shown = revealed(answered) as Shown
  if (options.json) {
    const { columns, rows, completeness, notes, excluded } = shown
    const words = completeness.filters_in_words
    const extra = {
      ...(queryId === undefined ? {} : { query_id: queryId }),
      ...(changes === undefined ? {} : { same_as_before: changes.length === 0, changes }),
    }
    return writeJson(io, { columns, rows, completeness, sql: answered.sql, words, notes, excluded, ...extra })
  }
  if (changes !== undefined)
    io.err(
      changes.length === 0
        ? 'The same answer as before.\n'
        : `The answer has changed: ${changes.join(' ')}\n`,
    )
  if (!options.csv) return draw(io, question, shown)
  io.out(
    csvOf(
      shown.columns.map(({ name }) => name),
      shown.rows,
    ),
  )
  io.err(coverage(question, shown))
}

export const queryCommand: CommandMaker = (context: CommandContext) => {
  const command = common('query', 'ask with a query of your own; names are shown, this is your own screen')
    .option('--ast <json>', 'the query as query_crm takes it, or in the relational form')
    .option('--sql <select>', 'the query as one SELECT over the entities of describe_crm')
    .option('--explain', 'show the SQL that would run and what it would count; run nothing')
    .option('--id <query_id>', 'put a question again that was answered before')
    .option('--view <name>', 'open a view: yours, or one that somebody shares')
    .option('--csv', 'rows as CSV, for a spreadsheet; what was counted goes to stderr')
    .action(async (options: QueryOptions) => {
      const { io } = context
      const { id, view } = options
      if (view !== undefined) {
        if ([options.ast, options.sql, id].some((given) => given !== undefined) || options.explain)
          throw userError('bad_usage', '--view stands without another question.', {
            fix: `tact query --view "${view}"`,
          })
        await withDesk(context, options, 'cli', async (house, { actor, workspace, now }) => {
          const asking = { workspace, actor, now: now() }
          const found = await asTenant(house.database, actor, (tx) => openView(tx, view, asking), {
            readOnly: true,
            signal: io.signal,
          })
          const queryId = await asTenant(house.database, actor, (tx) =>
            keepAnswer(tx, found.question, found.answered, asking),
          )
          show(context, found, options, { queryId })
        })
        return
      }
      if (id !== undefined) {
        await withDesk(context, options, 'cli', async (house, { actor, workspace, now }) => {
          const asking = { workspace, actor, now: now() }
          const again = await asTenant(house.database, actor, (tx) => replay(tx, id, asking), {
            readOnly: true,
            signal: io.signal,
          })
          show(context, again, options, { queryId: id, changes: again.changes })
        })
        return
      }
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
        }).catch((error: unknown) => {
          const { rewrite } = publicError(asTactError(error), options.sql)
          if (rewrite !== undefined) io.err(`Perhaps: ${rewrite}\n`)
          throw error
        })
        const queryId = await asTenant(house.database, actor, (tx) =>
          keepAnswer(tx, question, result, asking),
        )
        show(context, { question, answered: result }, options, { queryId })
      })
    })
  // What stands behind the name of an inner command belongs to it, though both know --sql.
  command.enablePositionalOptions()
  for (const make of [...savedQueryCommands(show), viewCommands]) command.addCommand(make(context))
  return command
}

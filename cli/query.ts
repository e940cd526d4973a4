import { loadGrammar } from '../query/parse-sql/read.ts'
import { explainPlain } from '../query/relational/explain-plain.ts'
import { compileQuestion, runRelational } from '../query/relational/execute.ts'
import type { RelationalQuestion } from '../query/relational/execute.ts'
import type { QueryContext, QueryResult } from '../query/run.ts'
import { planQuery } from '../query/run.ts'
import { explain, sayWords } from '../query/explain.ts'
import type { Query } from '../query/ast.ts'
import { Secret } from '../domain/pii.ts'
import type { TenantTx } from '../db/tenant.ts'
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
  readonly sql?: string
  readonly explain?: boolean
}

type Question = { readonly semantic: Query } | RelationalQuestion

const readAst = (text: string): Question => {
  let ast: unknown
  try {
    ast = JSON.parse(text)
  } catch {
    throw userError('bad_json', 'The query is not JSON.', {
      fix: `Put it in single quotes: tact query --ast '{"find":"deals"}'`,
    })
  }
  const isRelational = typeof ast === 'object' && ast !== null && Object.hasOwn(ast, 'body')
  return isRelational ? { ast } : { semantic: parseQuery(ast) }
}

const readQuestion = ({ ast, sql }: QueryOptions): Question => {
  if (ast !== undefined && sql === undefined) return readAst(ast)
  if (sql !== undefined && ast === undefined) return { sql }
  throw userError('bad_usage', 'A query is given either as --sql or as --ast.', {
    fix: `tact query --sql "select name from deals limit 5"`,
  })
}

const answer = (
  tx: TenantTx,
  question: Question,
  context: QueryContext,
): Promise<Omit<QueryResult, 'entity'>> =>
  'semantic' in question ? runQuery(tx, question.semantic, context) : runRelational(tx, question, context)

/** The SQL of a question and its words; nothing is run. */
const explained = (
  question: Question,
  context: QueryContext,
): { readonly sql: string; readonly words: string } => {
  if (!('semantic' in question)) {
    const { text, query } = compileQuestion(question)
    return { sql: text, words: explainPlain(query) }
  }
  const { bound, compiled, clock } = planQuery(question.semantic, context)
  const words = sayWords(explain(bound, clock, new Map()))
  return { sql: compiled.text, words: words instanceof Secret ? words.reveal() : words }
}

export const queryCommand: CommandMaker = (context: CommandContext) =>
  common('query', 'ask with a query of your own; names are shown, this is your own screen')
    .option('--ast <json>', 'the query as query_crm takes it, or in the relational form')
    .option('--sql <select>', 'the query as one SELECT over the entities of describe_crm')
    .option('--explain', 'show the SQL that would run, and run nothing')
    .action(async (options: QueryOptions) => {
      const { io } = context
      const question = readQuestion(options)
      await loadGrammar()
      await withDesk(context, options, 'cli', async (house, { actor, workspace, now }) => {
        const asking = { workspace, actor, now: now() }
        if (options.explain) {
          const plan = explained(question, asking)
          if (options.json) return writeJson(io, plan)
          return io.out(`${plan.sql}\n\n${plan.words}\n`)
        }
        const result = await asTenant(house.database, actor, (tx) => answer(tx, question, asking), {
          readOnly: true,
          signal: io.signal,
        })
        const columns = result.columns.map((column) => column.name)
        const rows = revealed(result.rows) as Cell[][]
        const completeness = revealed(result.completeness) as {
          total: number
          returned: number
          filters_in_words: string
        }
        const { sql, notes } = result
        const words = completeness.filters_in_words
        if (options.json)
          return writeJson(io, { columns: result.columns, rows, completeness, sql, words, notes })
        drawTable(io, columns, rows)
        io.out(`${completeness.returned} of ${completeness.total} · ${words}\n`)
      })
    })

import { userError } from '../domain/errors.ts'
import { Secret } from '../domain/pii.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { Query } from './ast.ts'
import { explain, sayWords } from './explain.ts'
import { parseQuery } from './parse-json.ts'
import { loadGrammar } from './parse-sql/read.ts'
import { compileQuestion, runRelational } from './relational/execute.ts'
import type { RelationalQuestion } from './relational/execute.ts'
import { explainPlain } from './relational/explain-plain.ts'
import { planQuery, runQuery } from './run.ts'
import { smallestShown } from './small-groups.ts'
import type { QueryContext, QueryResult } from './run.ts'

/** A question in any of its three forms. */
export type Question = { readonly semantic: Query } | RelationalQuestion

export type Answered = Omit<QueryResult, 'entity'>

/** A question as JSON text, semantic or relational. Throws `bad_json`, and what parsing throws. */
export const readJsonQuestion = (text: string): Question => {
  let ast: unknown
  try {
    ast = JSON.parse(text)
  } catch {
    throw userError('bad_json', 'The query is not JSON.', {
      fix: 'Write {"find": "deals"}, with double quotes around names and texts.',
    })
  }
  const isRelational = typeof ast === 'object' && ast !== null && Object.hasOwn(ast, 'body')
  return isRelational ? { ast } : { semantic: parseQuery(ast) }
}

/** A question as a person writes it: JSON where it begins with a brace or a bracket, else SQL. */
export const readQuestion = (text: string): Question =>
  /^\s*[{[]/.test(text) ? readJsonQuestion(text) : { sql: text }

/** Answers a question inside the tenant's transaction. Throws user errors that hold no data. */
export const ask = (tx: TenantTx, question: Question, context: QueryContext): Promise<Answered> =>
  'semantic' in question ? runQuery(tx, question.semantic, context) : runRelational(tx, question, context)

/** The SQL of a question and its words; nothing is run. */
export const explainQuestion = async (
  question: Question,
  context: QueryContext,
): Promise<{ readonly sql: string; readonly words: string }> => {
  if (!('semantic' in question)) {
    await loadGrammar()
    const guardsFigures = smallestShown(context.workspace.policy) > 0
    const { text, query } = compileQuestion(question, { guardsFigures })
    return { sql: text, words: explainPlain(query) }
  }
  const { bound, compiled, clock } = planQuery(question.semantic, context)
  const words = sayWords(explain(bound, clock, new Map()))
  return { sql: compiled.text, words: words instanceof Secret ? words.reveal() : words }
}

/** Does a question ask for groups, so that its answer can be drawn as a chart? */
export const asksForGroups = (question: Question): boolean => {
  if ('semantic' in question) {
    const { group_by: groups } = question.semantic as { readonly group_by?: readonly unknown[] }
    return (groups ?? []).length > 0
  }
  const { body } = compileQuestion(question).query
  return 'select' in body && (body.group ?? []).length > 0
}

/** How much of an answer is here: `3 in all`, `20 of 312`, `500 of at least 501` where nobody counted. */
export const coverageOf = (
  question: Question,
  {
    returned,
    total,
    complete,
  }: { readonly returned: number; readonly total: number; readonly complete: boolean },
): string => {
  if (complete) return `${returned} in all`
  const isLeast = !('semantic' in question) && total === returned + 1
  return `${returned} of ${isLeast ? 'at least ' : ''}${total}`
}

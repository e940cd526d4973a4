import { hasSqlDetails, loadModule, parseSync } from 'libpg-query'
import type { Expr, Query } from '../relational/ast.ts'
import { LIMITS } from '../relational/limits.ts'
import { refuse } from '../relational/refuse.ts'
import { listOf, unwrap } from './node.ts'
import { queryOf } from './query.ts'
import { syntaxHint } from './syntax-hint.ts'

// oxlint-disable-next-line no-control-regex
const INVISIBLE = /[\u0000\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u2066-\u206f\u3000\ufeff]/
const DEPTH = 150

const count = (text: string, part: string): number => text.split(part).length - 1

const deepestBracket = (text: string): number => {
  let depth = 0
  let deepest = 0
  for (const character of text) {
    if (character === '(' || character === '[') deepest = Math.max(deepest, (depth += 1))
    else if (character === ')' || character === ']') depth -= 1
  }
  return deepest
}

/** Bounds on the text itself: nested comments and brackets cost the grammar more than their length. */
const guard = (sql: string): void => {
  if (Buffer.byteLength(sql) > LIMITS.sqlBytes)
    throw refuse('query_too_large', `SQL may have ${LIMITS.sqlBytes} bytes.`, {
      fix: 'Ask for less at once.',
    })
  if (INVISIBLE.test(sql))
    throw refuse('bad_character', 'The SQL holds an invisible character.', { fix: 'Use plain spaces.' })
  if (count(sql, '/*') > LIMITS.comments)
    throw refuse('query_too_large', `SQL may open ${LIMITS.comments} comments.`, {
      fix: 'Leave comments out.',
    })
  if (deepestBracket(sql) > LIMITS.brackets)
    throw refuse('query_too_large', `SQL may nest ${LIMITS.brackets} brackets.`, { fix: 'Simplify it.' })
}

const parse = (sql: string): readonly unknown[] => {
  try {
    return parseSync(sql).stmts ?? []
  } catch (error) {
    const offset = hasSqlDetails(error) ? Math.max(0, error.sqlDetails!.cursorPosition) : 0
    const before = sql.slice(0, offset)
    const line = count(before, '\n') + 1
    throw refuse(
      'syntax',
      `This is not SQL that PostgreSQL can read: something is wrong at character ${offset + 1} (line ${line}).`,
      {
        at: `sql:${offset}`,
        fix: syntaxHint(sql, offset),
      },
    )
  }
}

/** PostgreSQL's own tree of a text, to compare two texts by. */
export const treeOf = (sql: string): unknown => parse(sql)

/** Loads PostgreSQL's grammar, once for the process. */
export const loadGrammar = (): Promise<void> => loadModule()

/**
 * Reads one SELECT, in PostgreSQL's own grammar, into the relational form. `loadGrammar` must have ended. Throws user
 * errors: `syntax` with its offset, `one_statement`, `not_select`, `unsupported`, `function` with a rewrite …
 */
export const readSql = (
  sql: string,
  options: { readonly generated?: boolean; readonly places?: Map<Expr, number> } = {},
): Query => {
  if (!options.generated) guard(sql)
  const statements = parse(sql)
  if (statements.length !== 1)
    throw refuse('one_statement', `Send exactly one SELECT, not ${statements.length} statements.`, {
      fix: 'Send them one by one.',
    })
  const { stmt } = statements[0] as { readonly stmt?: unknown }
  const [kind, select] = unwrap(stmt)
  if (kind !== 'SelectStmt')
    throw refuse('not_select', 'Only a SELECT can be asked.', {
      fix: 'To change records, propose the change.',
    })
  if (
    listOf(select['valuesLists']).length > 0 ||
    select['intoClause'] !== undefined ||
    select['lockingClause'] !== undefined
  )
    throw refuse('not_select', 'Only a plain SELECT can be asked.', {
      fix: 'Leave out INTO, VALUES and FOR UPDATE.',
    })
  return queryOf(
    select,
    { nodes: LIMITS.nodes * 4, depth: options.generated ? DEPTH * 2 : DEPTH },
    options.places,
  )
}

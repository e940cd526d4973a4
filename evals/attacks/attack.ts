import { existsSync, readFileSync } from 'node:fs'
import { mapAst, mapSql } from './mapping.ts'

/** `leak`: an answer that matches `leak`. `names`: a name of the workspace reaches a model. Without one, any answer is the effect. */
export type Oracle = 'mutate' | 'leak' | 'accept' | 'dos' | 'names'

export interface Attack {
  readonly id: string
  readonly class: string
  /** One of the two; `ast` as JSON text, because some are deeper than a parser goes. */
  readonly sql?: string
  readonly ast?: string
  readonly oracle?: Oracle
  readonly leak?: string
  /** `neutralise`: an answer is allowed, its effect is not. */
  readonly expect?: string
}

interface Line extends Omit<Attack, 'ast'> {
  readonly ast?: unknown
}

const AST_TEXT = /"ast"\s*:\s*(.*?)(?:,\s*"(?:why|class|expect|oracle|id)"\s*:.*)?\}\s*$/s

const textOf = (ast: unknown, line: string): string => {
  try {
    return JSON.stringify(mapAst(ast)) ?? 'null'
  } catch {
    return AST_TEXT.exec(line)?.[1] ?? line
  }
}

const readLine = (line: string): Attack => {
  let parsed: Line
  try {
    parsed = JSON.parse(line) as Line
  } catch {
    // Nested deeper than this parser goes: the surfaces that take text are given it as it stands.
    const [, id = '?'] = /"id"\s*:\s*"([^"]+)"/.exec(line) ?? []
    return { id, class: 'unreadable', ast: AST_TEXT.exec(line)?.[1] ?? line }
  }
  const { ast, sql, ...rest } = parsed
  if (sql !== undefined) return { ...rest, sql: mapSql(sql) }
  return { ...rest, ast: textOf(ast, line) }
}

/** The attacks of a file, one JSON document a line, in the names of this house; undefined where there is no such file. */
export const readAttacks = (file: string): readonly Attack[] | undefined =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map(readLine)
    : undefined

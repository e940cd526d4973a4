import type { BoundField } from './paths.ts'
import { currencySqlOf, valueSql } from './compile-where.ts'
import type { Compiling } from './compile-where.ts'
import { fieldSql, titleSql } from './sql-writer.ts'
import type { Scope } from './sql-writer.ts'

/** Where the values of one column of the answer stand in a row. */
export interface Slot {
  readonly value: number
  readonly id?: number
  readonly currency?: number
}

export interface Statement {
  readonly text: string
  readonly parameters: readonly string[]
}

/** One parameterised SELECT, and where its values go. */
export interface Compiled extends Statement {
  /** By name of the answer's column. */
  readonly slots: ReadonlyMap<string, Slot>
  /** Records: where each row's own id, name and main date stand. */
  readonly source: { readonly id: number; readonly title: number; readonly date: number | null } | null
}

/** Collects the select list; the same expression stands in it once. */
export const newSelect = () => {
  const expressions: string[] = []
  return {
    add(sql: string): number {
      const known = expressions.indexOf(sql)
      if (known >= 0) return known
      return expressions.push(sql) - 1
    },
    list: (): string => expressions.map((sql, index) => `\n  ${sql} as c${index}`).join(','),
  }
}
export type Select = ReturnType<typeof newSelect>

/** Puts what a field needs into the select list: its value, and the id or currency that goes with it. */
export const fieldSlot = (select: Select, scope: Scope, of: BoundField, compiling: Compiling): Slot => {
  const alias = scope.at(of.steps)
  const { field } = of
  if (field.type === 'record')
    return { value: select.add(titleSql(scope, of)), id: select.add(fieldSql(scope, of)) }
  const value = select.add(valueSql(scope, of, compiling))
  if (field.currencySql !== undefined)
    return { value, currency: select.add(currencySqlOf(scope, of, compiling)) }
  return field.self === undefined ? { value } : { value, id: select.add(`${alias}.id`) }
}

export const direction = (descending: boolean): string => (descending ? 'desc nulls last' : 'asc nulls last')

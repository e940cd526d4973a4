import type { Column, Group } from './ast.ts'
import { AGGREGATES } from './functions.ts'
import type { Source } from './scope.ts'

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/** Columns of an alias that stand outside aggregates. */
const columnsIn = (node: unknown, alias: string, found: Set<string>): void => {
  if (!isObject(node)) return
  const { fn, over, col } = node
  if (typeof fn === 'string' && AGGREGATES.has(fn) && over === undefined) return
  if (Array.isArray(col) && col.length === 2) {
    if (col[0] === alias) found.add(String(col[1]))
    return
  }
  for (const child of Object.values(node)) columnsIn(child, alias, found)
}

/**
 * PostgreSQL knows that the columns of a table follow from its primary key; of a sub-select it does not. The columns that
 * a query takes for granted that way are grouped by too: the groups stay the same.
 */
export const functionalGroups = (
  groups: readonly Group[],
  sources: readonly Source[],
  uses: readonly unknown[],
): readonly Column[] =>
  sources.flatMap(({ alias, columns, table }) => {
    const isBy = (name: string) =>
      groups.some(
        (group) =>
          'col' in group && group.col.length === 2 && group.col[0] === alias && group.col[1] === name,
      )
    if (table?.key === undefined || !isBy(table.key)) return []
    const used = new Set<string>()
    for (const use of uses) columnsIn(use, alias, used)
    return columns
      .filter(({ name }) => used.has(name) && !isBy(name))
      .map(({ name }): Column => ({ col: [alias, name] }))
  })

import type { Hide } from '../../domain/pii.ts'
import type { ValueType } from './value-types.ts'

/** What a column of the schema is: its kind for size and hiding, and where it comes from. */
export interface SchemaColumn {
  readonly name: string
  /** Longest value to expect, in bytes. */
  readonly bytes: number
  readonly type?: 'number' | 'text' | 'time' | 'boolean' | 'uuid' | undefined
  /** More exactly, where it is certain. */
  readonly valueType?: ValueType | undefined
  readonly hide: Hide
  /** The id of a record of this entity. */
  readonly record?: string
  /** An amount: where the policy is strict, it is shown of groups alone. */
  readonly figure?: true
}

export interface SchemaTable {
  readonly name: string
  readonly columns: readonly SchemaColumn[]
  /** Column that is unique, so that the others follow from it. */
  readonly key?: string
  /** Whether `sql` also gives what a record is called, under the name TITLE of titled.ts. */
  readonly isTitled?: true
  /**
   * What stands in FROM, without its alias, with at least the columns that are used; written by us, never by the asker.
   * `tenant` gives the place of the parameter that holds the tenant's id, where the planner should know it.
   */
  sql(used: ReadonlySet<string>, tenant?: () => string): string
}

/** The names a query may use. */
export interface Schema {
  find(name: string, namespace: string | undefined): SchemaTable | undefined
  readonly names: readonly string[]
  /** Tables that have a column of that name. */
  tablesWith(column: string): readonly string[]
}

export const makeSchema = (
  tables: readonly SchemaTable[],
  byNamespace: ReadonlyMap<string, SchemaTable> = new Map(),
): Schema => {
  const byName = new Map(tables.map((table) => [table.name, table]))
  return {
    names: [...byName.keys()],
    find: (name, namespace) =>
      namespace === undefined ? byName.get(name) : byNamespace.get(`${namespace}.${name}`),
    tablesWith: (column) =>
      tables.filter((table) => table.columns.some((one) => one.name === column)).map((table) => table.name),
  }
}

export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`

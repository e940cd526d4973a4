import { makeSchema, quote } from '../../query/relational/schema.ts'
import type { Schema, SchemaColumn, SchemaTable } from '../../query/relational/schema.ts'

import { valueTypeOf } from '../../query/relational/value-types.ts'

export interface RawTable {
  readonly schema: string
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly key: string | undefined
}

const typeOf = (sqlType: string): SchemaColumn['type'] => {
  if (/char|text/.test(sqlType)) return 'text'
  if (/int|numeric|double|real/.test(sqlType)) return 'number'
  if (/date|time|interval/.test(sqlType)) return 'time'
  return sqlType === 'boolean' ? 'boolean' : undefined
}

/** The tables of a database as a schema in which nothing is hidden: for benchmarks on databases of others. */
export const schemaOf = (tables: readonly RawTable[]): Schema => {
  const made = tables.map(({ schema, name, columns, key }): readonly [string, SchemaTable] => [
    `${schema}.${name}`,
    {
      name,
      columns: columns.map((column) => {
        const type = typeOf(column.type)
        const bytes = type === 'text' ? 4096 : 24
        return { name: column.name, hide: 'none', bytes, type, valueType: valueTypeOf(column.type) }
      }),
      ...(key !== undefined && { key }),
      sql: () => `${quote(schema)}.${quote(name)}`,
    },
  ])
  return makeSchema(
    made.map(([, table]) => table),
    new Map(made),
  )
}

/** Reads the tables of a database through `ask`, which runs a statement and gives its rows as objects. */
export const readTables = async (
  ask: (sql: string) => Promise<readonly Record<string, unknown>[]>,
): Promise<readonly RawTable[]> => {
  const rows = await ask(`select c.table_schema as s, c.table_name as t, c.column_name as c, c.data_type as d,
      (select min(k.column_name) from information_schema.table_constraints x
        join information_schema.key_column_usage k on k.constraint_name = x.constraint_name and k.table_schema = x.table_schema and k.table_name = x.table_name
        where x.constraint_type = 'PRIMARY KEY' and x.table_schema = c.table_schema and x.table_name = c.table_name
        having count(*) = 1) as key
    from information_schema.columns c where c.table_schema not in ('pg_catalog', 'information_schema')
    order by 1, 2, c.ordinal_position`)
  const tables = new Map<string, { columns: { name: string; type: string }[]; key: string | undefined }>()
  for (const { s, t, c, d, key } of rows) {
    const at = `${String(s)}.${String(t)}`
    const table = tables.get(at) ?? { columns: [], key: typeof key === 'string' ? key : undefined }
    table.columns.push({ name: String(c), type: String(d) })
    tables.set(at, table)
  }
  return [...tables].map(([at, table]) => {
    const [schema = '', name = ''] = at.split('.')
    return { schema, name, ...table }
  })
}

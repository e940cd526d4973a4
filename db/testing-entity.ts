import { getTableConfig, integer, text } from 'drizzle-orm/pg-core'
import { pointer } from './catalog/columns.ts'
import { col, entity } from './catalog/define.ts'
import type { Entity } from './catalog/define.ts'
import type { Database } from './connect.ts'
import { protectionOf } from './protect.ts'

const defaultOf = (sqlType: string, value: unknown): string =>
  typeof value === 'number' || typeof value === 'string'
    ? ` default '${value}'`
    : sqlType.startsWith('timestamp')
      ? ' default now()'
      : ''

/** The statements that a generated migration would hold for this entity. */
const createStatements = (made: Entity): readonly string[] => {
  const { columns, foreignKeys, policies } = getTableConfig(made.table)
  const lines = columns.map(
    (column) =>
      `"${column.name}" ${column.getSQLType()}${column.primary ? ' primary key' : ''}${column.notNull ? ' not null' : ''}${
        column.hasDefault ? defaultOf(column.getSQLType(), column.default) : ''
      }`,
  )
  const keys = foreignKeys.map((key) => {
    const { columns: own, foreignTable, foreignColumns } = key.reference()
    const target = getTableConfig(foreignTable)
    const list = (named: readonly { readonly name: string }[]): string =>
      named.map(({ name }) => `"${name}"`).join(', ')
    return `foreign key (${list(own)}) references "${target.schema}"."${target.name}" (${list(foreignColumns)})`
  })
  const tenant = `tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)`
  return [
    `create table ${made.sqlName} (${[...lines, 'unique (tenant_id, id)', ...keys].join(', ')})`,
    ...policies.map(
      ({ name }) =>
        `create policy "${name}" on ${made.sqlName} to tact_app using (${tenant}) with check (${tenant})`,
    ),
    ...protectionOf(made),
  ]
}

/** For tests: an entity that the product does not have, defined in one place, and its table made from the definition. */
export const addVessels = async (database: Database): Promise<void> => {
  const made = entity({
    name: 'vessels',
    one: 'vessel',
    schema: 'inventory',
    handle: 'RECORD',
    title: '{t}.name',
    words: ['boat'],
    about: 'Boats, for a test.',
    writable: true,
    known: { as: 'title', first: 'name' },
    columns: {
      name: col(text('name').notNull(), { hide: 'RECORD', write: true }),
      berths: col(integer('berths'), { write: true, words: ['beds'] }),
      captain_id: pointer('captain_id', 'people', { write: true }),
    },
    relations: { captain: { kind: 'one', entity: 'people', column: 'captain_id' } },
  })
  for (const statement of createStatements(made as unknown as Entity)) await database.pool.query(statement)
}

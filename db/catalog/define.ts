import { sql } from 'drizzle-orm'
import {
  foreignKey,
  index,
  integer,
  pgPolicy,
  pgRole,
  pgSchema,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type {
  AnyPgColumn,
  PgColumnBuilderBase,
  PgSchema,
  PgTableExtraConfigValue,
  PgTableWithColumns,
} from 'drizzle-orm/pg-core'
import type { BuildColumns } from 'drizzle-orm/column-builder'
import { bug } from '../../domain/errors.ts'
import { newId } from '../../domain/ids.ts'
import type { HandleLabel } from '../../domain/handle.ts'
import type { Hide } from '../../domain/pii.ts'

export const SCHEMAS = {
  core: pgSchema('core'),
  crm: pgSchema('crm'),
  fund: pgSchema('fund'),
  intel: pgSchema('intel'),
  inventory: pgSchema('inventory'),
  workflow: pgSchema('workflow'),
}
/** Where the views are that questions read; see db/asked-views.ts. */
export const ASKED_SCHEMA = 'asked'
export type SchemaName = keyof typeof SCHEMAS

/** The role every request runs as; created in the prelude migration because roles are cluster-wide. */
export const appRole = pgRole('tact_app').existing()

export type FieldType = 'text' | 'number' | 'money' | 'boolean' | 'date' | 'timestamp' | 'record' | 'json'

/** What the rest of Tact needs to know of a column beyond its SQL type. */
export interface Marks {
  /** How a value is kept from a model; text without a mark counts as free text. */
  readonly hide?: Hide
  /** Other words people use for it. */
  readonly words?: readonly string[]
  /** A proposal may set it. */
  readonly write?: true
  /** Hidden from questions and tools altogether. */
  readonly internal?: true
  /** Closed set of values. */
  readonly values?: readonly string[]
  /** Least and greatest number it takes. */
  readonly range?: readonly [least: number, greatest: number]
  /** Entity this uuid column points to, within the tenant. */
  readonly references?: string
  /** Gets an index led by tenant_id (foreign keys always do). */
  readonly indexed?: true
  /** Column that holds the currency of a `*_minor` amount; asked for in whole units under the name without `_minor`. */
  readonly currency?: string
  /** Kept by triggers; a change of it neither bumps `version` nor voids a proposal. */
  readonly derived?: true
  /** Rolled up from what every member may see, and so without anybody's private mail. */
  readonly shared?: true
  /** Left out of overviews; shown when its entity is described. */
  readonly minor?: true
  readonly about?: string
}

export interface MarkedColumn<B extends PgColumnBuilderBase = PgColumnBuilderBase> {
  readonly builder: B
  readonly marks: Marks
}

export const col = <B extends PgColumnBuilderBase>(builder: B, marks: Marks = {}): MarkedColumn<B> => ({
  builder,
  marks,
})

/** A field made of SQL, with `{t}` for the table's alias. Read-only. */
export interface Computed {
  readonly type: FieldType
  readonly sql: string
  readonly hide?: Hide
  readonly words?: readonly string[]
  readonly values?: readonly string[]
  readonly minor?: true
  readonly about?: string
}

/**
 * A way from one entity to another. `one` follows a uuid column of this table; `many` is a uuid column of the other
 * table that points here; `through` goes over a join entity.
 */
export type Relation = {
  readonly entity: string
  readonly words?: readonly string[]
  readonly about?: string
} & (
  | { readonly kind: 'one'; readonly column: string }
  | { readonly kind: 'many'; readonly column: string; readonly where?: string }
  | {
      readonly kind: 'through'
      readonly join: string
      readonly from: string
      readonly to: string
      readonly where?: string
    }
)

/** Columns whose text names a record, and how: a person's two names, a company with its domain, a title, a value. */
export interface KnownBy {
  readonly as: 'person' | 'company' | 'title' | 'value'
  readonly first: string
  readonly second?: string
  /** Column of the record that the value belongs to, where it is not the row itself. */
  readonly owner?: string
}

type Columns = Readonly<Record<string, MarkedColumn>>
type Builders<C extends Columns> = { [K in keyof C]: C[K]['builder'] }

const baseColumns = () => ({
  id: uuid('id')
    .primaryKey()
    .$defaultFn(() => newId()),
  tenant_id: uuid('tenant_id').notNull(),
  version: integer('version').notNull().default(1),
  created_at: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  updated_at: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
  created_by: uuid('created_by'),
  updated_by: uuid('updated_by'),
  created_via: text('created_via'),
  updated_via: text('updated_via'),
  deleted_at: timestamp('deleted_at', { withTimezone: true }),
})
type BaseBuilders = ReturnType<typeof baseColumns>

export const BASE_COLUMNS = Object.keys(baseColumns())

export interface EntityOptions<C extends Columns> {
  /** Plural, snake_case: the name in queries, and the table's unless `table` says otherwise. */
  readonly name: string
  readonly one: string
  readonly schema: SchemaName
  readonly sqlTable?: string
  /** Label of its handles. */
  readonly handle?: HandleLabel
  /** SQL for the name of a record, with `{t}` for the alias; needs no join. */
  readonly title?: string
  readonly titleHide?: Hide
  readonly words?: readonly string[]
  readonly about: string
  /** Not for questions or tools (vault, tokens, logs). */
  readonly internal?: true
  /** Internal, yet part of the workspace document: what people set up. */
  readonly kept?: true
  /** Rows that triggers write about another record; they do not keep it from being taken back. */
  readonly history?: true
  /** In overviews by its name alone. */
  readonly minor?: true
  /** How its records are recognised by name in text, so that the names are hidden there too. */
  readonly known?: KnownBy
  /** Rows that proposals may create, change and archive. */
  readonly writable?: true
  readonly columns: C
  readonly computed?: Readonly<Record<string, Computed>>
  readonly relations?: Readonly<Record<string, Relation>>
  readonly unique?: readonly (readonly (keyof C & string)[])[]
}

export interface Entity<C extends Columns = Columns> extends EntityOptions<C> {
  readonly sqlName: string
  /** The view that questions read instead of the table. */
  readonly viewName: string
  readonly table: PgTableWithColumns<{
    name: string
    schema: string
    columns: BuildColumns<string, Builders<C> & BaseBuilders, 'pg'>
    dialect: 'pg'
  }>
}

const entities = new Map<string, Entity>()

export const catalog: ReadonlyMap<string, Entity> = entities

/** The entity of that name. Throws a bug: names from outside are looked up with `catalog.get`. */
export const entityOf = (name: string): Entity => {
  const found = entities.get(name)
  if (!found) throw bug('unknown_entity', `The catalog has no entity ${name}.`)
  return found
}

const columnOf = (table: unknown, key: string): AnyPgColumn => (table as Record<string, AnyPgColumn>)[key]!

/**
 * Describes an entity once: its table with tenant, version, stamps, forced row security and composite foreign keys,
 * and everything queries, tools, redaction and proposals need to know of it.
 */
export const entity = <const C extends Columns>(options: EntityOptions<C>): Entity<C> => {
  const tableName = options.sqlTable ?? options.name
  const builders = Object.fromEntries(
    Object.entries(options.columns).map(([key, { builder }]) => [key, builder]),
  )
  const schema = SCHEMAS[options.schema] as PgSchema
  const table = schema.table(tableName, { ...baseColumns(), ...builders }, (self) => {
    const extra: PgTableExtraConfigValue[] = [
      unique(`${tableName}_tenant_id_id`).on(columnOf(self, 'tenant_id'), columnOf(self, 'id')),
      pgPolicy(`${tableName}_tenant`, {
        to: appRole,
        using: sql`tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)`,
        withCheck: sql`tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)`,
      }),
    ]
    for (const [key, { marks }] of Object.entries(options.columns)) {
      const here = [columnOf(self, 'tenant_id'), columnOf(self, key)] as const
      if (marks.references) {
        const target = entityOf(marks.references).table
        extra.push(
          foreignKey({
            name: `${tableName}_${key}_fk`,
            columns: [...here],
            foreignColumns: [columnOf(target, 'tenant_id'), columnOf(target, 'id')],
          }),
        )
      }
      if (marks.references || marks.indexed) extra.push(index(`${tableName}_${key}_idx`).on(...here))
    }
    if (options.known) {
      // Time first: without statistics the planner takes any index led by the tenant for the right one.
      const changed = [columnOf(self, 'updated_at'), columnOf(self, 'tenant_id')] as const
      extra.push(index(`${tableName}_updated_at_idx`).on(...changed))
    }
    for (const keys of options.unique ?? []) {
      extra.push(
        uniqueIndex(`${tableName}_${keys.join('_')}_key`)
          .on(columnOf(self, 'tenant_id'), ...keys.map((key) => columnOf(self, key)))
          .where(sql`deleted_at is null`),
      )
    }
    return extra
  })
  const made = {
    ...options,
    sqlName: `${options.schema}.${tableName}`,
    viewName: `${ASKED_SCHEMA}.${options.name}`,
    table: table,
  } as unknown as Entity<C>
  if (entities.has(options.name)) throw bug('duplicate_entity', `Two entities are called ${options.name}.`)
  entities.set(options.name, made as unknown as Entity)
  return made
}

import type { RecordRef } from '../../domain/records.ts'
import { recordUri } from '../../domain/records.ts'
import { Query } from '../../query/ast.ts'
import type { QueryInput } from '../../query/ast.ts'
import { mainDateOf } from '../../query/defaults.ts'
import { shapeOf } from '../../query/fields.ts'
import { countRelated, wayBack } from '../../query/related.ts'
import { runQuery } from '../../query/run.ts'
import type { QueryResult } from '../../query/run.ts'
import type { TenantTx } from '../../db/tenant.ts'
import type { ToolContext } from '../define.ts'
import { rowsOf } from './query-rows.ts'
import type { Row } from './query-rows.ts'

/** Rows of a part, how many there are in all, and the records they are. */
export interface RowsPart {
  readonly total: number
  readonly rows: readonly Row[]
  readonly sources: QueryResult['sources']
}

/** Runs a query as a part of something larger. */
export const readRows = async (tx: TenantTx, query: QueryInput, context: ToolContext): Promise<RowsPart> => {
  const result = await runQuery(tx, Query.parse(query), context)
  return { total: result.completeness.total, rows: rowsOf(result), sources: result.sources }
}

/** Long parts of a message, which read_email gives. */
const LEFT_OUT = ['quoted_text', 'signature_text', 'id']
const MAX_FIELDS = 50

/** A record's own fields and the records it points to; undefined when it is gone. */
export const readFields = async (
  tx: TenantTx,
  record: RecordRef,
  context: ToolContext,
): Promise<Row | undefined> => {
  const { fields, ones } = shapeOf(record.entity)
  const names = [...fields.values()]
    .filter(({ name, self }) => !LEFT_OUT.includes(name) && (self === undefined || self === 'full'))
    .map(({ name }) => name)
  const { rows } = await readRows(
    tx,
    {
      find: record.entity,
      where: [{ field: 'id', value: recordUri(record) }],
      fields: ['id', ...names, ...ones.keys()].slice(0, MAX_FIELDS),
      limit: 1,
    },
    context,
  )
  return rows[0]
}

/** Of each to-many relation named that leads anywhere: how many records it leads to, and a cell with the first few. */
export const readRelated = async (
  tx: TenantTx,
  record: RecordRef,
  names: readonly string[],
  context: ToolContext,
): Promise<{ readonly counts: ReadonlyMap<string, number>; readonly row: Row }> => {
  const counted = await countRelated(tx, record, names)
  const counts = new Map([...(counted ?? [])].filter(([, count]) => count > 0))
  const { rows } = await readRows(
    tx,
    {
      find: record.entity,
      where: [{ field: 'id', value: recordUri(record) }],
      fields: ['id', ...counts.keys()].slice(0, MAX_FIELDS),
      limit: 1,
    },
    context,
  )
  return { counts, row: rows[0] ?? {} }
}

interface SectionShape {
  readonly relation: string
  readonly ask?: Pick<QueryInput, 'where' | 'order'>
}

/** Sections that are more than a relation in the order of its main date. */
const SHAPES: Readonly<Record<string, SectionShape>> = {
  open_tasks: {
    relation: 'tasks',
    ask: { where: [{ field: 'done', value: false }], order: ['due_at'] },
  },
  deals: { relation: 'deals', ask: { order: ['-last_interaction_at'] } },
}
/** Given when nothing else is asked for, where they apply, in this order. */
const USUAL = ['interactions', 'open_tasks', 'deals', 'people', 'threads', 'emails', 'stage_events']

const shapeFor = (section: string): SectionShape => SHAPES[section] ?? { relation: section }

const isSection = (entity: string, section: string): boolean => {
  const { relation } = shapeFor(section)
  const target = shapeOf(entity).manys.get(relation)
  return (
    target !== undefined &&
    wayBack(entity, relation) !== undefined &&
    !['person_emails', 'tags'].includes(target.entity)
  )
}

/** Names of the sections that a record of the entity has: its to-many relations, and the open ones of its tasks. */
export const sectionsOf = (entity: string): readonly string[] =>
  [...new Set([...USUAL, ...shapeOf(entity).manys.keys()])].filter((name) => isSection(entity, name))

export const usualSectionsOf = (entity: string): readonly string[] =>
  USUAL.filter((name) => isSection(entity, name))

/** One section of a record: the newest first; `since` applies where its records have a date. */
export const readSection = async (
  tx: TenantTx,
  record: RecordRef,
  section: string,
  options: { readonly since: string | undefined; readonly limit: number },
  context: ToolContext,
): Promise<RowsPart> => {
  const { relation, ask } = shapeFor(section)
  const target = shapeOf(record.entity).manys.get(relation)!.entity
  const date = mainDateOf(target)
  const isDated = date !== undefined && date !== 'created_at' && date !== 'last_interaction_at'
  const { since, limit } = options
  return readRows(
    tx,
    {
      find: target,
      order: ask?.order ?? (date === undefined ? [] : [`-${date}`]),
      where: [
        { field: wayBack(record.entity, relation)!, value: recordUri(record) },
        ...(ask?.where ?? []),
        ...(since === undefined || !isDated || date === 'due_at'
          ? []
          : [{ field: date, op: '>=' as const, value: since }]),
      ],
      limit,
    },
    context,
  )
}

import { createHash } from 'node:crypto'
import { userError } from '../domain/errors.ts'
import { entityOf } from '../db/catalog/all.ts'
import { isCall } from './aggregate.ts'
import type { Query } from './ast.ts'
import type { BoundQuery, Column, RecordOrder, Records } from './bound.ts'
import { defaultFieldsOf, mainDateOf } from './defaults.ts'
import { readOrder, resolveGroups } from './resolve-groups.ts'
import { resolvePath } from './paths.ts'
import { resolveValue, resolveWhere } from './resolve-where.ts'
import type { WhereScope } from './resolve-where.ts'
import type { Asker } from './resolve-test.ts'

const MAX_OFFSET = 100_000

/** Ties a cursor to its question: another question's cursor is refused rather than misread. */
const fingerprint = (query: Query): string => {
  const { cursor: _cursor, limit: _limit, ...rest } = query
  return createHash('sha256').update(JSON.stringify(rest)).digest('base64url').slice(0, 12)
}

export const cursorAt = (query: Query, offset: number): string =>
  Buffer.from(`${offset}.${fingerprint(query)}`).toString('base64url')

const readCursor = (query: Query): number => {
  if (query.cursor === undefined) return 0
  const match = /^(\d{1,6})\.([\w-]{12})$/.exec(Buffer.from(query.cursor, 'base64url').toString('latin1'))
  const offset = Number(match?.[1])
  if (match && match[2] === fingerprint(query) && offset <= MAX_OFFSET) return offset
  throw userError('bad_cursor', 'This cursor does not belong to this question.', {
    at: 'cursor',
    fix: 'Repeat the question that gave the cursor unchanged, or leave the cursor out.',
  })
}

const columnsOf = (scope: WhereScope, query: Query): readonly Column[] => {
  const { entity, notes } = scope
  const paths = query.fields?.length ? query.fields : defaultFieldsOf(entity)
  const columns = new Map<string, Column>()
  for (const [index, path] of paths.entries()) {
    if (isCall(path)) {
      const of = resolveValue(path, `fields[${index}]`, scope)
      columns.set(of.label, { kind: 'field', name: of.label, of })
      continue
    }
    const target = resolvePath(entity, path, { at: `fields[${index}]`, notes })
    const { label: name } = target
    if (target.kind === 'many') {
      columns.set(name, {
        kind: 'list',
        name,
        of: { steps: target.steps, relation: target.relation, label: name },
      })
    } else {
      const { steps, field } = target
      columns.set(name, { kind: 'field', name, of: { steps, entity: target.entity, field, label: name } })
    }
  }
  return withRecord(entity, [...columns.values()], notes)
}

/** Every row says which record it is, so that a later question can name it. */
const withRecord = (entity: string, columns: readonly Column[], notes: Set<string>): readonly Column[] => {
  const names = columns.some(
    ({ kind, of }) => kind === 'field' && of.steps.length === 0 && of.field.self === 'full',
  )
  if (names || !entityOf(entity).handle) return columns
  const target = resolvePath(entity, 'id', { at: 'fields', notes })
  if (target.kind === 'many') return columns
  const { steps, field, label } = target
  return [{ kind: 'field', name: 'id', of: { steps, entity: target.entity, field, label } }, ...columns]
}

const orderOf = (scope: WhereScope, query: Query): readonly RecordOrder[] => {
  const { entity, notes } = scope
  return (query.order ?? defaultOrderOf(entity)).map((text, index) => {
    const { path, descending } = readOrder(text)
    const reading = { at: `order[${index}]`, notes }
    if (isCall(path)) return { by: resolveValue(path, reading.at, scope), descending }
    const target = resolvePath(entity, path, reading)
    if (target.kind === 'many') {
      throw userError('fan_out', `\`${target.label}\` is several records, so rows cannot be sorted by it.`, {
        at: reading.at,
        fix: `Sort by a value over them: count(${target.label}), or max(${target.label}.…).`,
      })
    }
    const { steps, field, label } = target
    return { by: { steps, entity: target.entity, field, label }, descending }
  })
}

const defaultOrderOf = (entity: string): readonly string[] => {
  const date = mainDateOf(entity)
  return date ? [`-${date}`] : []
}

const resolveRecords = (scope: WhereScope, query: Query): Records => ({
  kind: 'records',
  columns: columnsOf(scope, query),
  order: orderOf(scope, query),
})

/** Names to the catalog, values to types, periods to instants. Throws user errors with place, options and guesses. */
export const resolveQuery = (query: Query, entity: string, asker: Asker, notes: Set<string>): BoundQuery => {
  const offset = readCursor(query)
  const isGrouped =
    Boolean(query.measures?.length) ||
    Boolean(query.group_by?.length) ||
    Boolean(query.having?.length) ||
    query.compare !== undefined
  const scope = { entity, asker, notes }
  const where = resolveWhere(query.where, scope)
  const shows = isGrouped ? resolveGroups(entity, query, asker.clock, notes) : resolveRecords(scope, query)
  return { entity, where, shows, limit: query.limit, offset, notes: [...notes] }
}

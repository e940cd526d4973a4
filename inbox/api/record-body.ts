import { z } from 'zod'
import { entityOf } from '../../db/catalog/all.ts'
import { settablesOf } from '../../writeback/fields.ts'
import type { Settable, SettableField } from '../../writeback/fields.ts'

const MAX_TEXT = 20_000
const MAX_REFERENCE = 200
const MAX_LINKS = 100

const reference = (target: string) =>
  z.string().min(1).max(MAX_REFERENCE).describe(`A record of ${target}: handle or URI.`)

const valueOf = ({ type, integer, marks }: SettableField): z.ZodType => {
  if (marks.references !== undefined) return reference(marks.references)
  if (marks.values !== undefined) return z.enum(marks.values as readonly [string, ...string[]])
  switch (type) {
    case 'number': {
      const [least, greatest] = marks.range ?? [integer ? 0 : undefined, integer ? 2_147_483_647 : undefined]
      const number = integer ? z.int() : z.number()
      const bounded = least === undefined ? number : number.min(least)
      return greatest === undefined ? bounded : bounded.max(greatest)
    }
    case 'money':
      return z.number().min(0).max(1e12).describe('In whole units of the currency.')
    case 'boolean':
      return z.boolean()
    case 'date':
      return z.string().max(40).describe('2026-11-30.')
    case 'timestamp':
      return z.string().max(40).describe('2026-11-30T15:00 in the time zone of the workspace.')
    case 'text':
    case 'record':
    case 'json':
      return z.string().max(MAX_TEXT)
  }
}

const propertyOf = (settable: Settable, op: 'create' | 'update'): z.ZodType => {
  if (settable.kind === 'link')
    return z.array(reference(settable.target)).min(1).max(MAX_LINKS).describe('Are linked.').optional()
  const value = valueOf(settable)
  const described = settable.marks.about === undefined ? value : value.describe(settable.marks.about)
  return op === 'update' && settable.nullable ? described.nullable().optional() : described.optional()
}

/** What a program may set of a record, from the catalog; on an update what is left out stays as it is. */
export const recordBody = (entity: string, op: 'create' | 'update'): z.ZodObject => {
  const settables = settablesOf(entityOf(entity), op)
  const shape = Object.fromEntries(settables.map((settable) => [settable.name, propertyOf(settable, op)]))
  return z
    .strictObject(shape)
    .refine((set) => Object.keys(set).length > 0, 'Set at least one field.')
    .meta({ minProperties: 1 })
}

/** The same body as changes of a proposal: fields by one operation, links by another. */
export const updateChanges = (
  entity: string,
  record: string,
  body: Readonly<Record<string, unknown>>,
): readonly object[] => {
  const links = new Set(
    settablesOf(entityOf(entity), 'update')
      .filter(({ kind }) => kind === 'link')
      .map(({ name }) => name),
  )
  const entries = Object.entries(body)
  const change = (op: 'update' | 'link', wanted: readonly (readonly [string, unknown])[]) =>
    wanted.length === 0 ? [] : [{ op, entity, record, set: Object.fromEntries(wanted) }]
  return [
    ...change(
      'update',
      entries.filter(([name]) => !links.has(name)),
    ),
    ...change(
      'link',
      entries.filter(([name]) => links.has(name)),
    ),
  ]
}

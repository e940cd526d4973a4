import type { Entity } from '../db/catalog/all.ts'
import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import { userError } from '../domain/errors.ts'
import type { DiffContext } from './context.ts'
import { settablesOf } from './fields.ts'
import type { SettableField } from './fields.ts'
import type { Canonical } from './rows.ts'

const firstOpenStage = async ({ tx }: DiffContext): Promise<Canonical> => {
  const [found] = await rows<{ id: string }>(
    tx,
    sql`select id from crm.stages where kind = 'open' and deleted_at is null order by position limit 1`,
  )
  return found?.id ?? null
}

/** What a new record holds where nothing was said; shown in the diff like everything else. */
const DEFAULTS: Readonly<Record<string, (context: DiffContext) => Canonical | Promise<Canonical>>> = {
  currency: ({ currency }) => currency,
  stage_id: firstOpenStage,
  occurred_at: ({ clock }) => clock.now.toISOString(),
  owner_id: ({ memberId }) => memberId,
  assignee_id: ({ memberId }) => memberId,
  member_id: ({ memberId }) => memberId,
}

const fieldsOf = (entity: Entity): readonly SettableField[] =>
  settablesOf(entity, 'create').filter((one) => one.kind === 'field')

/** Fills what was left open; throws `missing_field` where nothing fits. `values` is by column. */
export const withDefaults = async (
  entity: Entity,
  values: ReadonlyMap<string, Canonical>,
  context: DiffContext,
  at: string,
): Promise<ReadonlyMap<string, Canonical>> => {
  const filled = new Map<string, Canonical>()
  for (const field of fieldsOf(entity)) {
    const given = values.get(field.column)
    const value = given === undefined ? ((await DEFAULTS[field.column]?.(context)) ?? field.fallback) : given
    if (value !== undefined && value !== null) filled.set(field.column, value)
  }
  const missing = fieldsOf(entity).filter((field) => field.required && !filled.has(field.column))
  if (missing.length > 0) {
    throw userError(
      'missing_field',
      `A new ${entity.one} cannot be without ${missing.map(({ name }) => name).join(', ')}.`,
      {
        at: `${at}.set`,
        fix: 'Set it in the same change.',
        validOptions: missing.map(({ name }) => name),
      },
    )
  }
  if (entity.name === 'people' && !filled.has('given_name') && !filled.has('family_name')) {
    throw userError('missing_field', 'A new person cannot be without a name.', {
      at: `${at}.set`,
      fix: 'Set given_name, family_name, or both.',
      validOptions: ['given_name', 'family_name'],
    })
  }
  return filled
}

/** A field that a record cannot be without is not cleared. */
export const assertNotCleared = (field: SettableField, value: Canonical, at: string): void => {
  if (value !== null || field.nullable) return
  throw userError('required_field', `The field ${field.name} cannot be empty.`, {
    at,
    fix: 'Give it another value, or leave it as it is.',
  })
}

import type { Entity } from '../db/catalog/all.ts'
import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { userError } from '../domain/errors.ts'
import { tableOf } from './rows.ts'
import type { Canonical } from './rows.ts'

/**
 * Refuses early what a unique index would refuse on execution: another live record that holds the same values.
 * `valueOf` answers what the record will hold. Throws `duplicate_record`, without saying which record it is.
 */
export const assertUnique = async (
  tx: TenantTx,
  entity: Entity,
  id: string,
  {
    changed,
    valueOf,
    at,
  }: {
    readonly changed: ReadonlySet<string>
    readonly valueOf: (column: string) => Canonical
    readonly at: string
  },
): Promise<void> => {
  for (const key of entity.unique ?? []) {
    const values = key.map((column) => ({ column, value: valueOf(column) }))
    if (!key.some((column) => changed.has(column)) || values.some(({ value }) => value === null)) continue
    const same = sql.join(
      values.map(({ column, value }) => sql`t.${sql.identifier(column)} = ${value}`),
      sql` and `,
    )
    const found = await rows<{ id: string }>(
      tx,
      sql`select t.id from ${tableOf(entity)} t where ${same} and t.id <> ${id}::uuid and t.deleted_at is null limit 1`,
    )
    if (found.length === 0) continue
    throw userError(
      'duplicate_record',
      `There is a ${entity.one} with the same ${key.join(' and ')} already.`,
      {
        at: `${at}.set`,
        fix: 'Find it and use that one, or choose another value.',
      },
    )
  }
}

import { z } from 'zod'
import { canonicalJson, hashOf } from './hash.ts'

const Uuid = z.string().regex(/^[0-9a-f-]{36}$/)
const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])

/** One field of one record: what it holds and what it will hold, both in canonical form (references as ids). */
export const PlannedField = z.strictObject({
  field: z.string(),
  column: z.string(),
  type: z.enum(['text', 'number', 'money', 'boolean', 'date', 'timestamp', 'record', 'json']),
  old: Scalar,
  new: Scalar,
  /** Of an amount: the currency that `new` counts in. */
  currency: z.string().nullable(),
})
export type PlannedField = z.infer<typeof PlannedField>

/** A row of a join table that will be made or archived. */
export const PlannedLink = z.strictObject({
  relation: z.string(),
  action: z.enum(['add', 'remove']),
  target_entity: z.string(),
  target_id: Uuid,
  join: z.string(),
  join_id: Uuid,
})
export type PlannedLink = z.infer<typeof PlannedLink>

/** Where a change comes from. `found`: whether the quote stands in the record; null when there was nothing to check. */
export const Evidence = z.strictObject({
  entity: z.string().nullable(),
  id: Uuid.nullable(),
  quote: z.string().nullable(),
  found: z.boolean().nullable(),
})
export type Evidence = z.infer<typeof Evidence>

export const PlannedChange = z.strictObject({
  op: z.enum(['create', 'update', 'archive', 'restore', 'merge']),
  entity: z.string(),
  id: Uuid,
  /** Version of the row that the diff was made from; null for a record that does not exist yet. */
  version: z.int().nullable(),
  fields: z.array(PlannedField),
  links: z.array(PlannedLink),
  evidence: z.array(Evidence),
  /** Of a merge: the record that this one goes into, at the version the diff was made from. */
  into: z.strictObject({ id: Uuid, version: z.int() }).exactOptional(),
})
export type PlannedChange = z.infer<typeof PlannedChange>

export const PlannedChanges = z.array(PlannedChange).min(1)

/** What a person is shown and what runs. */
export interface Plan {
  readonly reason: string | null
  readonly changes: readonly PlannedChange[]
}

/** The hash an approval names. */
export const planHash = ({ reason, changes }: Plan): string => hashOf({ reason, changes })

/** The same for two proposals that ask for the same thing of the same rows: ids made up on the way are left out. */
export const planFingerprint = ({ changes }: Plan): string => {
  const made = changes.flatMap((change) => [
    ...(change.op === 'create' ? [change.id] : []),
    ...change.links.filter(({ action }) => action === 'add').map(({ join_id }) => join_id),
  ])
  const text = made.reduce((json, id, place) => json.replaceAll(id, `new:${place}`), canonicalJson(changes))
  return hashOf(text)
}

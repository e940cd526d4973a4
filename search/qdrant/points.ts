import { createHash } from 'node:crypto'
import type { Actor } from '../../domain/actor.ts'
import type { Filter } from './client.ts'

/** Who may see a point, and which part of the index it is of. Its id is that of the message. */
export interface PointPayload {
  readonly tenant: string
  readonly segment: string
  /** Members who alone see it; absent: everybody. */
  readonly only_for?: readonly string[]
  readonly not_for?: readonly string[]
}

/** The name of the one vector of a point. */
export const VECTOR = 'meaning'

/** A kept model as a store needs to know it. */
export interface StoredModel {
  readonly id: string
  /** `lsa` or the id of an embedder. */
  readonly kind: string
  readonly dimensions: number
}

const OURS = 'tact-'

/** Collections of a tenant's own models begin so. */
export const ownPrefix = (tenantId: string): string => `${OURS}lsa-${tenantId}-`

/** Sentence models are shared between tenants, a model trained on a tenant's mail is its own. */
export const collectionOf = (tenantId: string, { id, kind, dimensions }: StoredModel): string =>
  kind === 'lsa'
    ? `${ownPrefix(tenantId)}${id}`
    : `${OURS}model-${createHash('sha256').update(kind).digest('hex').slice(0, 16)}-${dimensions}`

/** Whether the collection holds points of several tenants. */
export const isShared = (name: string): boolean => name.startsWith(`${OURS}model-`)

const has = (key: string, value: string) => ({ key, match: { value } })

export const ofTenant = (tenantId: string): Filter => ({ must: [has('tenant', tenantId)] })

/** The points of one segment, but for those of the messages listed. */
export const ofSegment = (tenantId: string, segment: string, but: readonly string[]): Filter => ({
  must: [has('tenant', tenantId), has('segment', segment)],
  must_not: [{ has_id: [...but] }],
})

/**
 * What row security says, as a filter: the tenant's points, without those that others alone may see, nor those that stand
 * in for a message that this member sees whole. `within`: only these messages.
 */
export const seenBy = (
  { tenantId, memberId, via, sees }: Actor,
  within: readonly string[] | undefined,
): Filter => {
  const listed = within ? [{ has_id: [...within] }] : []
  if (via === 'system') return { must: [has('tenant', tenantId), ...listed] }
  const isOpen = { is_empty: { key: 'only_for' } }
  const member = sees === 'shared' ? null : memberId
  return {
    must: [
      has('tenant', tenantId),
      member === null ? isOpen : { should: [isOpen, has('only_for', member)] },
      ...listed,
    ],
    ...(member === null ? {} : { must_not: [has('not_for', member)] }),
  }
}

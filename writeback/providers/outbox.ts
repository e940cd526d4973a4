import { sql } from '../../db/sql.ts'
import { rows } from '../../db/tenant.ts'
import type { TenantTx } from '../../db/tenant.ts'
import { newId } from '../../domain/ids.ts'
import type { PlannedChange } from '../plan.ts'
import type { StoredProposal } from '../store.ts'

export const DIRECTIONS = ['apply', 'undo'] as const
export type Direction = (typeof DIRECTIONS)[number]

/** What waits in workflow.outbox for a webhook. */
export interface WebhookPayload {
  readonly webhook_id: string
  readonly key: string
  /** JSON, as it is sent. */
  readonly body: string
}

const told = ({ op, entity, id, fields, links, into }: PlannedChange) => ({
  op,
  entity,
  id,
  fields: fields.map(({ field, old, new: next, currency }) => ({ field, old, new: next, currency })),
  links: links.map(({ relation, action, target_entity, target_id }) => ({
    relation,
    action,
    entity: target_entity,
    id: target_id,
  })),
  ...(into ? { into: into.id } : {}),
})

/**
 * Puts down, in the transaction that writes, what the workspace's webhooks are to be told: that the changes at `places`
 * were carried out or taken back. Told by another process or a later one; a crash loses nothing and sends nothing twice.
 */
export const queueDeliveries = async (
  tx: TenantTx,
  proposal: StoredProposal,
  {
    direction,
    places,
    now,
  }: { readonly direction: Direction; readonly places: readonly number[]; readonly now: Date },
): Promise<void> => {
  const hooks = await rows<{ id: string }>(tx, sql`select id from workflow.webhooks where deleted_at is null`)
  if (hooks.length === 0) return
  const { id, diffHash, revision, reason, changes, decidedBy } = proposal
  const isWhole = places.length === changes.length
  const key = [id, direction, ...(isWhole ? [] : [places.join('.')])].join(':')
  const body = JSON.stringify({
    key,
    direction,
    at: now.toISOString(),
    proposal: { id, revision, hash: diffHash, reason, approved_by: decidedBy },
    changes: places.map((place) => told(changes[place]!)),
  })
  for (const { id: hook } of hooks) {
    const payload: WebhookPayload = { webhook_id: hook, key, body }
    await rows(
      tx,
      sql`insert into workflow.outbox (id, tenant_id, kind, payload, idempotency_key)
        values (${newId()}::uuid, core.current_tenant(), 'webhook', ${JSON.stringify(payload)}::jsonb, ${`webhook:${hook}:${key}`})
        on conflict (tenant_id, idempotency_key) where deleted_at is null do nothing`,
    )
  }
}

import { randomBytes } from 'node:crypto'
import { appendAudit } from '../../db/audit.ts'
import type { Database } from '../../db/connect.ts'
import { sql } from '../../db/sql.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import type { TenantTx } from '../../db/tenant.ts'
import type { Actor } from '../../domain/actor.ts'
import { notFound } from '../../domain/errors.ts'
import { isUuid, newId } from '../../domain/ids.ts'
import { assertMay } from '../../domain/permissions.ts'
import { assertMayDecide } from '../deciders.ts'
import { webhookUrl } from './webhook.ts'

/** A webhook with how its deliveries stand. */
export interface Webhook {
  readonly id: string
  readonly url: string
  readonly waiting: number
  readonly sent: number
  readonly failed: number
  /** Code of the latest failure that still stands. */
  readonly failure: string | null
}

/**
 * From now on that address is told of every change that is carried out or taken back; answers the key of its signatures,
 * which is shown once. For owners in person. Throws `denied`, `bad_url`.
 */
export const addWebhook = async (
  database: Database,
  actor: Actor,
  text: string,
): Promise<{ readonly id: string; readonly secret: string }> =>
  asTenant(database, actor, async (tx) => {
    const { role } = await assertMayDecide(tx, actor)
    assertMay(role, 'policy')
    const [id, secret, url] = [newId(), randomBytes(32).toString('base64url'), webhookUrl(text)]
    const sealed = database.secrets.seal({ tenantId: actor.tenantId, rowId: id }, secret)
    await rows(
      tx,
      sql`insert into workflow.webhooks (id, tenant_id, url, secret) values (${id}::uuid, core.current_tenant(), ${url}, ${sealed})`,
    )
    await appendAudit(tx, { kind: 'webhook.added', entity: 'webhooks', recordId: id, data: {} })
    return { id, secret }
  })

/** It is told nothing more; what waits for it is dropped. Throws `denied`, `webhook_not_found`. */
export const removeWebhook = async (database: Database, actor: Actor, id: string): Promise<void> =>
  asTenant(database, actor, async (tx) => {
    const { role } = await assertMayDecide(tx, actor)
    assertMay(role, 'policy')
    const gone = isUuid(id)
      ? await rows(
          tx,
          sql`update workflow.webhooks set deleted_at = now() where id = ${id}::uuid and deleted_at is null returning id`,
        )
      : []
    if (gone.length === 0)
      throw notFound('webhook_not_found', 'There is no such webhook.', { fix: 'See `tact webhooks list`.' })
    await appendAudit(tx, { kind: 'webhook.removed', entity: 'webhooks', recordId: id, data: {} })
  })

export const listWebhooks = (tx: TenantTx): Promise<readonly Webhook[]> =>
  rows<Webhook & Record<string, unknown>>(
    tx,
    sql`select w.id, w.url, count(o.id) filter (where o.state in ('waiting', 'sending'))::int as waiting,
        count(o.id) filter (where o.state = 'sent')::int as sent, count(o.id) filter (where o.state = 'failed')::int as failed,
        (array_agg(o.failure order by o.updated_at desc) filter (where o.failure is not null and o.state <> 'sent'))[1] as failure
      from workflow.webhooks w
      left join workflow.outbox o on o.tenant_id = w.tenant_id and o.kind = 'webhook' and o.payload->>'webhook_id' = w.id::text
      where w.deleted_at is null group by w.id, w.url order by w.id`,
  )

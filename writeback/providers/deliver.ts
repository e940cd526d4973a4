import type { Database } from '../../db/connect.ts'
import { sql } from '../../db/sql.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import type { Actor } from '../../domain/actor.ts'
import type { WebhookPayload } from './outbox.ts'
import type { Provider, Sent } from './port.ts'
import { webhook } from './webhook.ts'
import type { WebhookOptions } from './webhook.ts'

export const LEASE_MS = 30_000
const MAX_ATTEMPTS = 12
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 60_000

interface Claim {
  readonly id: string
  readonly payload: WebhookPayload
  readonly attempts: number
  /** A process sent it, or was about to: it may have arrived. */
  readonly was_sending: boolean
  readonly url: string | null
  /** Sealed. */
  readonly secret: Uint8Array | null
}

export interface DeliverOptions {
  /** Tact itself, by the channel `system`. */
  readonly actor: Actor
  readonly leaseMs?: number
  readonly timeoutMs?: number
  /** First wait before an attempt is repeated; it doubles, up to a minute. */
  readonly waitMs?: number
  /** Another way to reach a receiver, with the same promises. */
  readonly providerOf?: (options: WebhookOptions) => Provider
}

/** What became of one. `waiting`: it is sent, or read back, again later. */
export interface Delivered {
  readonly key: string
  readonly state: 'sent' | 'failed' | 'waiting'
  readonly failure: string | null
}

const claim = async (
  database: Database,
  { actor, leaseMs = LEASE_MS }: DeliverOptions,
  tried: readonly string[],
): Promise<Claim | undefined> => {
  const [found] = await asTenant(database, actor, (tx) =>
    rows<Claim>(
      tx,
      sql`with next as (
          select o.id, o.state = 'sending' as was_sending from workflow.outbox o
          where o.kind = 'webhook' and o.deleted_at is null and not o.id = any(${sql.param([...tried])}::uuid[]) and ((o.state = 'waiting' and o.due_at <= clock_timestamp())
            or (o.state = 'sending' and o.leased_until < clock_timestamp()))
          order by o.due_at, o.id limit 1 for update skip locked)
        update workflow.outbox o set state = 'sending', attempts = o.attempts + 1,
          leased_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
        from next where o.id = next.id
        returning o.id, o.payload, o.attempts, next.was_sending,
          (select w.url from workflow.webhooks w where w.id = (o.payload->>'webhook_id')::uuid and w.deleted_at is null) as url,
          (select w.secret from workflow.webhooks w where w.id = (o.payload->>'webhook_id')::uuid and w.deleted_at is null) as secret`,
    ),
  )
  return found
}

/** What may have arrived is asked for before it is sent again. */
const settle = async (provider: Provider, { payload: { key, body }, was_sending }: Claim): Promise<Sent> => {
  if (was_sending) {
    const found = await provider.find(key)
    if (found === 'done') return { outcome: 'done' }
    if (found === 'unknown') return { outcome: 'unknown', failure: 'not_read_back' }
  }
  const sent = await provider.send({ key, body })
  if (sent.outcome !== 'unknown') return sent
  return (await provider.find(key)) === 'done' ? { outcome: 'done' } : sent
}

const note = async (
  database: Database,
  { id, attempts, payload: { key } }: Claim,
  sent: Sent,
  { actor, waitMs = FIRST_WAIT_MS }: DeliverOptions,
): Promise<Delivered> => {
  const failure = sent.outcome === 'done' ? null : sent.failure
  const isOver = sent.outcome === 'refused' || (sent.outcome !== 'done' && attempts >= MAX_ATTEMPTS)
  const state =
    sent.outcome === 'done' ? 'sent' : isOver ? 'failed' : sent.outcome === 'unknown' ? 'sending' : 'waiting'
  const backoff = Math.min(waitMs * 2 ** (attempts - 1), LONGEST_WAIT_MS)
  const next = sent.outcome === 'later' ? Math.max(sent.afterMs ?? 0, backoff) : backoff
  const then = sql`clock_timestamp() + ${next} * interval '1 millisecond'`
  await asTenant(database, actor, (tx) =>
    rows(
      tx,
      sql`update workflow.outbox set state = ${state}, failure = ${failure}, due_at = ${then},
          leased_until = case when ${state} = 'sending' then ${then} end, sent_at = case when ${state} = 'sent' then clock_timestamp() end
        where id = ${id}::uuid and state = 'sending' and attempts = ${attempts}`,
    ),
  )
  return { key, state: state === 'sending' ? 'waiting' : state, failure }
}

/** Most that are told in one go. */
const MOST_AT_ONCE = 100

/**
 * Tells webhooks what waits for them, one after the other, each by a lease: of many processes one tells it. Nothing is
 * sent again before it was asked whether it arrived. Run by Tact itself while `up` runs.
 */
export const deliverWebhooks = async (
  database: Database,
  options: DeliverOptions,
): Promise<readonly Delivered[]> => {
  const { providerOf = webhook, timeoutMs } = options
  const done: Delivered[] = []
  const tried: string[] = []
  while (done.length < MOST_AT_ONCE) {
    const held = await claim(database, options, tried)
    if (!held) break
    tried.push(held.id)
    const { url, secret: sealed, payload } = held
    const place = { tenantId: options.actor.tenantId, rowId: payload.webhook_id }
    const secret = sealed === null ? undefined : database.secrets.unseal(place, sealed)
    const timeout = timeoutMs === undefined ? {} : { timeoutMs }
    const sent: Sent =
      url === null || secret === undefined
        ? { outcome: 'refused', failure: url === null ? 'webhook_removed' : 'key_unreadable' }
        : await settle(providerOf({ url, secret, ...timeout }), held)
    done.push(await note(database, held, sent, options))
  }
  return done
}

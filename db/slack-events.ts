import { newId } from '../domain/ids.ts'
import { sql } from './sql.ts'
import { rows } from './tenant.ts'
import type { TenantTx } from './tenant.ts'

/** What came from Slack, as it is written down before Slack is told so. */
export interface NewSlackEvent {
  /** Slack's own id of it; what comes again under the same is not written down again. */
  readonly eventId: string
  /** `fact`: an edit, a deletion, a stop; nothing is done about it by itself. `request`: a signature that was used. */
  readonly kind: 'message' | 'click' | 'command' | 'fact' | 'request'
  /** `<channel>:<thread>`: worked off one at a time, in the order of `slackTs`. */
  readonly queue: string
  /** Slack's own time of it, `1700000000.000100`. */
  readonly slackTs: string
  /** `<channel>:<ts>` of the message it is about. */
  readonly aboutMessage: string | null
  readonly says: 'edited' | 'deleted' | 'stopped' | null
  readonly body: unknown
}

/** Where the answer to an event stands or will, as far as it got. */
export interface SlackAnswer {
  readonly channel: string
  readonly threadTs: string
  /** The text is whole; cards may be missing. */
  readonly isWhole: boolean
  readonly proposals: readonly string[]
  /** Name of the conversation it belongs to, and whose it is. */
  readonly conversation: string
}

export interface LeasedSlackEvent {
  readonly id: string
  readonly eventId: string
  readonly kind: NewSlackEvent['kind']
  readonly queue: string
  readonly slackTs: string
  readonly aboutMessage: string | null
  readonly body: unknown
  /** From 1. */
  readonly attempts: number
  readonly answer: SlackAnswer | null
}

/** So that what Slack sent earlier and what came later goes first. */
const SETTLE = '150 milliseconds'

/** Writes down what came; answers the event ids that were new. */
export const storeSlackEvents = async (
  tx: TenantTx,
  events: readonly NewSlackEvent[],
): Promise<ReadonlySet<string>> => {
  const given = events.map(({ eventId, kind, queue, slackTs, aboutMessage, says, body }) => ({
    id: newId(),
    event_id: eventId,
    kind,
    queue,
    slack_ts: slackTs,
    about_message: aboutMessage,
    says,
    body,
    state: kind === 'fact' || kind === 'request' ? 'done' : 'waiting',
  }))
  const stored = await rows<{ event_id: string }>(
    tx,
    sql`insert into workflow.slack_events (id, tenant_id, event_id, kind, queue, slack_ts, about_message, says, body, state, due_at)
      select g.id, core.current_tenant(), g.event_id, g.kind, g.queue, g.slack_ts, g.about_message, g.says, g.body, g.state,
        now() + case when g.kind = 'message' then ${SETTLE}::interval else interval '0' end
      from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(id uuid, event_id text, kind text, queue text, slack_ts text,
        about_message text, says text, body jsonb, state text)
      on conflict (tenant_id, event_id) where deleted_at is null do nothing returning event_id`,
  )
  return new Set(stored.map(({ event_id }) => event_id))
}

/** The oldest so many are looked at first; all of them only where these hold nothing that can be taken. */
const LOOK = 200

const leaseAmong = (
  tx: TenantTx,
  { limit, leaseMs }: { readonly limit: number; readonly leaseMs: number },
  most: number | null,
): Promise<readonly LeasedSlackEvent[]> =>
  // One pass over what waits, in order: a join of the table with itself grows with the square of what has piled up.
  rows<LeasedSlackEvent & Record<string, unknown>>(
    tx,
    sql`with waiting as (
      select id, queue, slack_ts, due_at, row_number() over (partition by queue order by slack_ts, id) as place
      from (select id, queue, slack_ts, due_at from workflow.slack_events where state = 'waiting'
        order by slack_ts, id limit ${most}) oldest),
    held as materialized (
      select queue from workflow.slack_events where state = 'waiting' and leased_until >= now()),
    first as materialized (
      select id from waiting where place = 1 and due_at <= now() and queue not in (select queue from held)
      order by slack_ts, id limit ${limit}),
    ready as (
      select id from workflow.slack_events where id = any(array(select id from first)) and state = 'waiting'
        and (leased_until is null or leased_until < now())
      for update skip locked)
    update workflow.slack_events e set leased_until = now() + make_interval(secs => ${leaseMs / 1000}), attempts = e.attempts + 1
    from ready where e.id = ready.id
    returning e.id, e.event_id as "eventId", e.kind, e.queue, e.slack_ts as "slackTs", e.about_message as "aboutMessage", e.body,
      e.attempts, e.answer`,
  )

/**
 * Takes events for this process until the lease ends, at most one of each queue and none before its earlier ones. A
 * process that dies gives them back by that.
 */
export const leaseSlackEvents = async (
  tx: TenantTx,
  wanted: { readonly limit: number; readonly leaseMs: number },
): Promise<readonly LeasedSlackEvent[]> => {
  const taken = await leaseAmong(tx, wanted, LOOK)
  if (taken.length > 0) return taken
  const [more] = await rows(
    tx,
    sql`select from workflow.slack_events where state = 'waiting' order by slack_ts, id limit 1 offset ${LOOK}`,
  )
  return more === undefined ? taken : await leaseAmong(tx, wanted, null)
}

/** Holds an event on; false where it was given back, or is another process's by its number of attempts. */
export const keepSlackEvent = async (
  tx: TenantTx,
  { id, attempts }: Pick<LeasedSlackEvent, 'id' | 'attempts'>,
  leaseMs: number,
): Promise<boolean> => {
  const kept = await rows(
    tx,
    sql`update workflow.slack_events set leased_until = now() + make_interval(secs => ${leaseMs / 1000})
      where id = ${id}::uuid and state = 'waiting' and attempts = ${attempts} and leased_until is not null returning id`,
  )
  return kept.length === 1
}

/** Notes where the answer stands, so that whoever goes on after a crash makes no second one. */
export const noteSlackAnswer = async (tx: TenantTx, id: string, answer: SlackAnswer): Promise<void> => {
  await rows(
    tx,
    sql`update workflow.slack_events set answer = ${JSON.stringify(answer)}::jsonb where id = ${id}::uuid`,
  )
}

/** Ends an event; what was said in it goes. */
export const endSlackEvent = async (
  tx: TenantTx,
  id: string,
  {
    state,
    failure = null,
  }: { readonly state: 'done' | 'dropped' | 'failed'; readonly failure?: string | null },
): Promise<void> => {
  await rows(
    tx,
    sql`update workflow.slack_events set state = ${state}, failure = ${failure}, leased_until = null, body = null
      where id = ${id}::uuid and state = 'waiting'`,
  )
}

/** Gives an event back, to be tried again after a while. */
export const retrySlackEvent = async (
  tx: TenantTx,
  id: string,
  { delayMs, failure }: { readonly delayMs: number; readonly failure: string },
): Promise<void> => {
  await rows(
    tx,
    sql`update workflow.slack_events set leased_until = null, failure = ${failure},
        due_at = now() + make_interval(secs => ${delayMs / 1000}) where id = ${id}::uuid and state = 'waiting'`,
  )
}

/** What became of a message since it was sent. */
export interface MessageNow {
  readonly isDeleted: boolean
  /** What it says now, where it was edited. */
  readonly text: string | null
}

export const messageNow = async (tx: TenantTx, aboutMessage: string): Promise<MessageNow> => {
  const facts = await rows<{ says: string; text: string | null }>(
    tx,
    sql`select says, body->>'text' as text from workflow.slack_events
      where kind = 'fact' and about_message = ${aboutMessage} and says in ('edited', 'deleted') order by slack_ts desc, id desc`,
  )
  return {
    isDeleted: facts.some(({ says }) => says === 'deleted'),
    text: facts.find(({ says }) => says === 'edited')?.text ?? null,
  }
}

/** Whether somebody stopped the answers of a queue after an event was written down. */
export const wasStopped = async (tx: TenantTx, { id, queue }: LeasedSlackEvent): Promise<boolean> => {
  const found = await rows(
    tx,
    sql`select from workflow.slack_events
      where kind = 'fact' and says = 'stopped' and about_message = ${queue} and id > ${id}::uuid limit 1`,
  )
  return found.length > 0
}

/** How many wait, and for how long the one that is due longest has, in milliseconds. */
export const slackBacklog = async (
  tx: TenantTx,
): Promise<{ readonly waiting: number; readonly oldestMs: number }> => {
  const [found] = await rows<{ waiting: number; oldestMs: number }>(
    tx,
    sql`select count(*)::int as waiting, coalesce(extract(epoch from now() - min(due_at)) * 1000, 0)::float8 as "oldestMs"
      from workflow.slack_events where state = 'waiting'`,
  )
  return { waiting: found?.waiting ?? 0, oldestMs: Math.max(0, found?.oldestMs ?? 0) }
}

/** Removes what is over and older than that; Slack sends nothing again after some hours. Answers how many. */
export const forgetSlackEvents = async (tx: TenantTx, olderThanMs: number): Promise<number> => {
  const gone = await rows(
    tx,
    sql`delete from workflow.slack_events where state <> 'waiting'
      and due_at < now() - make_interval(secs => ${olderThanMs / 1000}) returning id`,
  )
  return gone.length
}

/** Id of the conversation that the answer to an event belongs to; undefined where there is none (any more). */
export const answeredIn = async (tx: TenantTx, id: string): Promise<string | undefined> => {
  const [found] = await rows<{ id: string }>(
    tx,
    sql`select c.id from workflow.slack_events e
      join workflow.conversations c on c.external_key = e.answer->>'conversation' and c.channel = 'chat' and c.deleted_at is null
      where e.id = ${id}::uuid`,
  )
  return found?.id
}

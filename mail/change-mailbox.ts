import type { Actor } from '../domain/actor.ts'
import { catalog } from '../db/catalog/all.ts'
import type { Visibility } from '../db/catalog/mailboxes.ts'
import { appendAudit } from '../db/audit.ts'
import type { Database } from '../db/connect.ts'
import { sql } from '../db/sql.ts'
import { standingOf } from '../db/standing.ts'
import { asTenant, rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { assertOwn, findMailbox } from './mailbox.ts'
import { shareMessages } from './share.ts'
import { lockMail } from './store.ts'
import { rollUpThreads } from './thread-store.ts'

const CHUNK = 500

const chunks = function* <T>(list: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < list.length; at += CHUNK) yield list.slice(at, at + CHUNK)
}

const messagesIn = async (tx: TenantTx, mailboxId: string): Promise<readonly string[]> =>
  (
    await rows<{ id: string }>(
      tx,
      sql`select email_id as id from intel.mailbox_messages where mailbox_id = ${mailboxId}::uuid and deleted_at is null order by 1`,
    )
  ).map(({ id }) => id)

/** In one transaction of Tact itself, once it is known that the mailbox is the actor's. */
const asKeeper = <T>(
  database: Database,
  actor: Actor,
  id: string,
  fn: (tx: TenantTx) => Promise<T>,
): Promise<T> =>
  asTenant(
    database,
    { ...actor, via: 'system' },
    async (tx) => {
      await standingOf(tx, actor)
      assertOwn(await findMailbox(tx, id), actor)
      await lockMail(tx, actor)
      return fn(tx)
    },
    { timeoutMs: 0 },
  )

/**
 * Sets who sees the mail of a mailbox, from now on and for all that is in it, in one transaction. A message that is in
 * several mailboxes is seen by whom the widest of them lets. Returns how many messages changed; make the index of mail
 * anew after it (`rebuildIndex`). Throws `not_your_mailbox`.
 */
export const setVisibility = (
  database: Database,
  actor: Actor,
  id: string,
  visibility: Visibility,
): Promise<number> =>
  asKeeper(database, actor, id, async (tx) => {
    await rows(tx, sql`update intel.mailboxes set visibility = ${visibility} where id = ${id}::uuid`)
    let changed = 0
    for (const ids of chunks(await messagesIn(tx, id)))
      changed += await shareMessages(tx, actor.tenantId, ids)
    await appendAudit(tx, {
      kind: 'mailbox.visibility',
      entity: 'mailboxes',
      recordId: id,
      data: { visibility, messages: changed },
    })
    return changed
  })

/** What else may point to a contact. */
const pointers = () =>
  [...catalog.values()].flatMap(({ name, sqlName, columns }) =>
    Object.entries(columns).flatMap(([column, { marks }]) =>
      marks.references === 'interactions' && name !== 'interaction_people'
        ? [{ table: sqlName, column }]
        : [],
    ),
  )

/** Takes messages out for good, with copies, recipients, attachments and their contacts. */
const forget = async (tx: TenantTx, emailIds: readonly string[]): Promise<void> => {
  const found = await rows<{ id: string; thread_id: string }>(
    tx,
    sql`select id, thread_id from intel.mail_messages
      where id = any(${sql.param([...emailIds])}::uuid[]) or copy_of = any(${sql.param([...emailIds])}::uuid[])`,
  )
  const ids = sql.param(found.map(({ id }) => id))
  const contacts = sql`(select id from intel.interactions where email_id = any(${ids}::uuid[]))`
  await rows(tx, sql`delete from intel.interaction_people where interaction_id in ${contacts}`)
  const unused = pointers().map(
    ({ table, column }) =>
      sql`not exists (select from ${sql.raw(table)} o where o.${sql.identifier(column)} = i.id)`,
  )
  await rows(
    tx,
    sql`delete from intel.interactions i where i.email_id = any(${ids}::uuid[]) and ${sql.join(unused, sql` and `)}`,
  )
  await rows(
    tx,
    sql`update intel.interactions set deleted_at = now(), email_id = null where email_id = any(${ids}::uuid[])`,
  )
  for (const table of ['mail_recipients', 'mail_attachments', 'mailbox_messages'])
    await rows(
      tx,
      sql`delete from ${sql.identifier('intel')}.${sql.identifier(table)} where email_id = any(${ids}::uuid[])`,
    )
  await rows(tx, sql`delete from intel.mail_messages where id = any(${ids}::uuid[])`)
  await rollUpThreads(tx, [...new Set(found.map(({ thread_id }) => thread_id))])
}

/**
 * Forgets a mailbox, and all mail that was found in it alone. Returns how many messages went; make the index of mail anew
 * after it. Throws `not_your_mailbox`.
 */
export const removeMailbox = (database: Database, actor: Actor, id: string): Promise<number> =>
  asKeeper(database, actor, id, async (tx) => {
    let gone = 0
    for (const ids of chunks(await messagesIn(tx, id))) {
      await rows(
        tx,
        sql`delete from intel.mailbox_messages where mailbox_id = ${id}::uuid and email_id = any(${sql.param([...ids])}::uuid[])`,
      )
      const elsewhere = await rows<{ id: string }>(
        tx,
        sql`select distinct email_id as id from intel.mailbox_messages
          where email_id = any(${sql.param([...ids])}::uuid[]) and deleted_at is null`,
      )
      const kept = new Set(elsewhere.map((row) => row.id))
      const lost = ids.filter((one) => !kept.has(one))
      await forget(tx, lost)
      await shareMessages(tx, actor.tenantId, [...kept])
      gone += lost.length
    }
    await rows(
      tx,
      sql`update intel.mailboxes set deleted_at = now(), consented_at = null, state = 'withdrawn' where id = ${id}::uuid`,
    )
    await rows(
      tx,
      sql`update workflow.imports set deleted_at = now() where kind = 'mail' and created_by = ${actor.memberId}::uuid
        and source = (select source from intel.mailboxes where id = ${id}::uuid)`,
    )
    await appendAudit(tx, {
      kind: 'mailbox.removed',
      entity: 'mailboxes',
      recordId: id,
      data: { messages: gone },
    })
    return gone
  })

import type { Actor } from '../domain/actor.ts'
import { denied, notFound } from '../domain/errors.ts'
import { isUuid, newId } from '../domain/ids.ts'
import type { MAILBOX_STATES, Visibility } from '../db/catalog/mailboxes.ts'
import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'

/** Mail that a member lets in. */
export interface Mailbox {
  readonly id: string
  readonly memberId: string
  readonly kind: string
  readonly source: string
  readonly address: string | null
  readonly visibility: Visibility
  /** Folders that are read; null: all but junk, trash and drafts. */
  readonly folders: readonly string[] | null
  /** Addresses and domains, lower case, whose mail stays out. */
  readonly excluded: readonly string[] | null
  /** ISO 8601; null: nothing may be read. */
  readonly consentedAt: string | null
  readonly state: (typeof MAILBOX_STATES)[number]
  readonly syncedAt: string | null
  readonly failure: string | null
}

/** What its member agrees to; what is left out stays as it is. */
export interface Scope {
  readonly visibility?: Visibility | undefined
  readonly folders?: readonly string[] | undefined
  readonly excluded?: readonly string[] | undefined
}

const COLUMNS = sql`id, member_id as "memberId", kind, source, address, visibility, folders, excluded,
  consented_at as "consentedAt", state, synced_at as "syncedAt", failure`

const unknown = () =>
  notFound('unknown_mailbox', 'There is no such mailbox.', { fix: 'List them with `tact mailbox list`.' })

/** All mailboxes of the workspace, whose mail the member may see or not: that they are read is no secret. */
export const listMailboxes = (tx: TenantTx): Promise<readonly Mailbox[]> =>
  rows<Mailbox>(
    tx,
    sql`select ${COLUMNS} from intel.mailboxes where deleted_at is null order by created_at, id`,
  )

/** The mailbox of that id. Throws `unknown_mailbox`. */
export const findMailbox = async (tx: TenantTx, id: string): Promise<Mailbox> => {
  const [found] = isUuid(id)
    ? await rows<Mailbox>(
        tx,
        sql`select ${COLUMNS} from intel.mailboxes where id = ${id}::uuid and deleted_at is null`,
      )
    : []
  if (!found) throw unknown()
  return found
}

/** Throws `not_your_mailbox` unless the actor is the member whose mail it is. */
export const assertOwn = (mailbox: Mailbox, { memberId }: Pick<Actor, 'memberId'>): void => {
  if (mailbox.memberId === memberId) return
  throw denied('not_your_mailbox', 'This mailbox belongs to somebody else.', {
    fix: 'Only its member decides what of it is read and who sees it.',
  })
}

const listed = (values: readonly string[] | undefined) =>
  values === undefined ? null : sql.param([...new Set(values.map((value) => value.trim()).filter(Boolean))])

/**
 * The actor's mailbox of this source; made when there is none, seen by its owner alone unless `visibility` says otherwise.
 * Reading one's own mail in is the consent; it is refused with `consent_withdrawn` after the member took it back. An
 * existing mailbox keeps its visibility (`setVisibility` changes it) and takes the folders and exclusions given.
 */
export const openMailbox = async (
  tx: TenantTx,
  actor: Actor,
  {
    kind,
    source,
    address,
    ...scope
  }: Scope & { readonly kind: string; readonly source: string; readonly address?: string | undefined },
): Promise<Mailbox> => {
  if (actor.memberId === null)
    throw denied('no_member', 'Mail is read in for a member, and nobody is signed in.', {
      fix: 'Say who you are with --as.',
    })
  await rows(
    tx,
    sql`insert into intel.mailboxes (id, tenant_id, member_id, kind, source, address, visibility, folders, excluded, consented_at)
      values (${newId()}, ${actor.tenantId}, ${actor.memberId}, ${kind}, ${source}, ${address ?? null},
        ${scope.visibility ?? 'owner'}, ${listed(scope.folders)}::text[], ${listed(scope.excluded?.map(folded))}::text[], now())
      on conflict (tenant_id, member_id, source) where deleted_at is null do update set
        folders = coalesce(excluded.folders, mailboxes.folders), excluded = coalesce(excluded.excluded, mailboxes.excluded)
      where mailboxes.consented_at is not null`,
  )
  const [found] = await rows<Mailbox>(
    tx,
    sql`select ${COLUMNS} from intel.mailboxes
      where member_id = ${actor.memberId}::uuid and source = ${source} and deleted_at is null`,
  )
  if (!found) throw unknown()
  if (found.consentedAt === null)
    throw denied('consent_withdrawn', 'Its member no longer lets this mailbox be read.', {
      fix: 'They can agree again: `tact mailbox consent <id>`.',
    })
  return found
}

/** An address or domain of a scope as it is kept. */
export const folded = (value: string): string => value.trim().toLowerCase().replace(/^@/, '')

/** Whether an address or its domain, or the domain above it, is on the list. */
export const isExcluded = (address: string, excluded: readonly string[]): boolean => {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  return excluded.some((one) => one === address || one === domain || domain.endsWith(`.${one}`))
}

/** Agrees to the mailbox being read within the scope, from now on. Throws as `assertOwn` does. */
export const giveConsent = async (
  tx: TenantTx,
  actor: Actor,
  id: string,
  { folders, excluded }: Omit<Scope, 'visibility'>,
): Promise<Mailbox> => {
  assertOwn(await findMailbox(tx, id), actor)
  await rows(
    tx,
    sql`update intel.mailboxes set consented_at = now(), state = case when state = 'withdrawn' then 'new' else state end,
      folders = coalesce(${listed(folders)}::text[], folders),
      excluded = coalesce(${listed(excluded?.map(folded))}::text[], excluded) where id = ${id}::uuid`,
  )
  return findMailbox(tx, id)
}

/** From now on nothing more of it is read; what was read stays until it is removed. Throws as `assertOwn` does. */
export const withdrawConsent = async (tx: TenantTx, actor: Actor, id: string): Promise<Mailbox> => {
  assertOwn(await findMailbox(tx, id), actor)
  await rows(
    tx,
    sql`update intel.mailboxes set consented_at = null, state = 'withdrawn' where id = ${id}::uuid`,
  )
  return findMailbox(tx, id)
}

/** Notes how the last reading ended. */
export const noteSync = async (
  tx: TenantTx,
  id: string,
  state: 'running' | 'done' | 'failed',
  failure: string | null = null,
): Promise<void> => {
  await rows(
    tx,
    sql`update intel.mailboxes set state = ${state}, failure = ${failure},
      synced_at = case when ${state} = 'done' then now() else synced_at end where id = ${id}::uuid and state <> 'withdrawn'`,
  )
}

import { asc, eq } from 'drizzle-orm'
import type { Actor, Role } from '../domain/actor.ts'
import { conflict, denied, notFound, userError } from '../domain/errors.ts'
import type { TenantId } from '../domain/ids.ts'
import { may } from '../domain/permissions.ts'
import { isPolicy, POLICIES, type Policy } from '../domain/policy.ts'
import { appendAudit } from './audit.ts'
import { tenants } from './catalog/core.ts'
import type { Database } from './connect.ts'
import { sqlStateOf } from './errors.ts'
import { standingIn, standingOf } from './standing.ts'
import { asSystem, asTenant, type TenantTx } from './tenant.ts'

export interface Workspace {
  readonly id: TenantId
  readonly slug: string
  readonly name: string
  readonly vertical: string
  readonly timezone: string
  readonly currency: string
  readonly country: string
  /** Month that the fiscal year starts with, 1 to 12. */
  readonly fiscalYearMonth: number
  /** What is hidden from models. */
  readonly policy: Policy
  /** Fixed "now" of a demo, else null. */
  readonly clockAt: Date | null
}

type WorkspaceRow = Pick<
  typeof tenants.$inferSelect,
  | 'id'
  | 'slug'
  | 'name'
  | 'vertical'
  | 'timezone'
  | 'currency'
  | 'country'
  | 'fiscal_year_month'
  | 'privacy_policy'
  | 'clock_at'
>

const workspaceOf = (row: WorkspaceRow): Workspace => ({
  id: row.id as TenantId,
  slug: row.slug,
  name: row.name,
  vertical: row.vertical,
  timezone: row.timezone,
  currency: row.currency,
  country: row.country,
  fiscalYearMonth: row.fiscal_year_month,
  policy: isPolicy(row.privacy_policy) ? row.privacy_policy : 'strict',
  clockAt: row.clock_at,
})

export const findWorkspace = async (database: Database, slug: string): Promise<Workspace | undefined> => {
  const found = await asSystem(database, (tx) => tx.select().from(tenants).where(eq(tenants.slug, slug)))
  return found[0] && workspaceOf(found[0])
}

/** Oldest first. */
export const listWorkspaces = async (database: Database): Promise<readonly Workspace[]> => {
  const found = await asSystem(database, (tx) =>
    tx.select().from(tenants).orderBy(asc(tenants.created_at), asc(tenants.slug)),
  )
  return found.map(workspaceOf)
}

/** The workspace that a transaction runs in: row security shows it no other. */
export const ownWorkspace = async (tx: TenantTx): Promise<Workspace> => {
  const [row] = await tx.select().from(tenants)
  if (!row) throw notFound('no_workspace', 'This workspace is gone.')
  return workspaceOf(row)
}

/**
 * The workspace and member of a transaction, to go along with its begin (`first` of `asTenant`). Who asks for what all may
 * see is nobody to row security, and a member all the same.
 */
export const SURROUNDINGS = `select t.id, t.slug, t.name, t.vertical, t.timezone, t.currency, t.country,
    t.fiscal_year_month, t.privacy_policy, t.clock_at, m.role, m.disabled_at is not null as disabled,
    pg_current_snapshot()::text as snapshot
  from core.tenants t left join core.members m
    on m.id = coalesce(nullif(current_setting('app.caller_id', true), ''), nullif(current_setting('app.member_id'), ''))::uuid
      and m.deleted_at is null`

interface SurroundingsRow extends Omit<WorkspaceRow, 'clock_at'> {
  readonly clock_at: string | null
  readonly role: Role | null
  readonly disabled: boolean
  readonly snapshot: string
}

/**
 * What `SURROUNDINGS` found: where we are, the role that the actor has there now, and which transactions are seen
 * (`pg_current_snapshot()` as text). Throws as `standingOf` does.
 */
export const readSurroundings = (
  found: readonly object[],
  actor: Actor,
): { readonly workspace: Workspace; readonly role: Role; readonly snapshot: string } => {
  const [row] = found as readonly SurroundingsRow[]
  if (!row) throw notFound('no_workspace', 'This workspace is gone.')
  const { role, disabled, clock_at: clock, snapshot } = row
  return {
    snapshot,
    role: standingIn(actor, role === null ? undefined : { role, disabled }),
    workspace: workspaceOf({ ...row, clock_at: clock === null ? null : new Date(clock) }),
  }
}

export interface NewWorkspace {
  readonly slug: string
  readonly name: string
  /** fund | sales | brokerage; `sales` unless given. */
  readonly vertical?: string
  /** IANA name; UTC unless given. */
  readonly timezone?: string
  /** ISO 4217; USD unless given. */
  readonly currency?: string
  /** ISO 3166 alpha-2; US unless given. */
  readonly country?: string
  /** 1 unless given. */
  readonly fiscalYearMonth?: number
  readonly clockAt?: Date | null
}

/** Throws `conflict` with code `workspace_exists` when the slug is taken. */
export const createWorkspace = async (database: Database, workspace: NewWorkspace): Promise<Workspace> => {
  const { clockAt, fiscalYearMonth, ...rest } = workspace
  try {
    const made = await asSystem(database, (tx) =>
      tx
        .insert(tenants)
        .values({ ...rest, fiscal_year_month: fiscalYearMonth ?? 1, clock_at: clockAt ?? null })
        .returning(),
    )
    return workspaceOf(made[0]!)
  } catch (error) {
    if (sqlStateOf(error) !== '23505') throw error
    throw conflict('workspace_exists', 'A workspace with this slug exists already.', {
      fix: 'Choose another slug.',
      cause: error,
    })
  }
}

/** Takes back a workspace that was made a moment ago and holds nothing. */
export const removeNewWorkspace = async (database: Database, id: TenantId): Promise<void> => {
  await asSystem(database, (tx) => tx.delete(tenants).where(eq(tenants.id, id)))
}

/** The instant "now" means in this workspace. */
export const nowOf = (workspace: Workspace): Date => workspace.clockAt ?? new Date()

/** Sets what a workspace hides from models. Callers check that the actor is an owner, and audit it. */
export const setPolicy = async (database: Database, id: TenantId, policy: Policy): Promise<void> => {
  await asSystem(database, (tx) =>
    tx.update(tenants).set({ privacy_policy: policy }).where(eq(tenants.id, id)),
  )
}

/**
 * What an owner in person chooses to hide from models; the audit chain keeps who did. Throws `unknown_policy`, and `denied`
 * with code `not_owner`.
 */
export const choosePolicy = async (database: Database, actor: Actor, wanted: string): Promise<void> => {
  if (!isPolicy(wanted))
    throw userError('unknown_policy', 'There is no policy of that name.', { validOptions: POLICIES })
  await asTenant(database, actor, async (tx) => {
    if (!may(await standingOf(tx, actor), 'policy'))
      throw denied('not_owner', 'Only an owner decides what leaves.', {
        fix: 'Ask an owner, or act as one with --as.',
      })
    const { policy: from } = await ownWorkspace(tx)
    await appendAudit(tx, { kind: 'policy.set', data: { from, to: wanted } })
  })
  await setPolicy(database, actor.tenantId, wanted)
}

/**
 * Sets the month, 1 to 12, that fiscal years start with. Owners and admins may; the audit chain keeps who did. Throws
 * `denied` with code `role_too_low`, and `bad_month`.
 */
export const setFiscalMonth = async (database: Database, actor: Actor, month: number): Promise<void> => {
  if (!Number.isInteger(month) || month < 1 || month > 12)
    throw userError('bad_month', 'A month is a number from 1 to 12.', { fix: 'Give 4 for April, say.' })
  await asTenant(database, actor, async (tx) => {
    const role = await standingOf(tx, actor)
    if (role !== 'owner' && role !== 'admin')
      throw denied('role_too_low', 'Only an owner or an admin sets the fiscal year.', {
        fix: 'Ask an owner or an admin.',
      })
    const { fiscalYearMonth } = await ownWorkspace(tx)
    await appendAudit(tx, { kind: 'fiscal_year.set', data: { from: fiscalYearMonth, to: month } })
  })
  await asSystem(database, (tx) =>
    tx.update(tenants).set({ fiscal_year_month: month }).where(eq(tenants.id, actor.tenantId)),
  )
}

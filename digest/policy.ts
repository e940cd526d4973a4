import { z } from 'zod'
import { appendAudit } from '../db/audit.ts'
import type { Database } from '../db/connect.ts'
import { sql } from '../db/sql.ts'
import { standingOf } from '../db/standing.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { Workspace } from '../db/workspace.ts'
import type { Actor } from '../domain/actor.ts'
import { denied, userError } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import { isZone } from '../domain/zone.ts'
import type { DailyTime, Schedule } from '../jobs/schedule.ts'
import { SECTIONS } from './layout.ts'
import type { Section } from './layout.ts'

export const DIGEST_CHANNELS = ['mail', 'slack'] as const
export type DigestChannelName = (typeof DIGEST_CHANNELS)[number]
export const QUIET_MODES = ['note', 'skip'] as const
export const RECIPIENTS = ['admins', 'everyone'] as const

const Time = z.strictObject({
  minuteOfDay: z.int().min(0).max(1439),
  timezone: z.string().refine(isZone),
  weekdays: z.array(z.int().min(1).max(7)).min(1).max(7),
})
const Options = z.strictObject({
  recipients: z.union([z.enum(RECIPIENTS), z.array(z.email()).min(1).max(200)]).default('admins'),
  sections: z
    .array(z.enum(SECTIONS))
    .min(1)
    .default([...SECTIONS]),
  quiet: z.enum(QUIET_MODES).default('note'),
  /** Of mail: the house's server, one of the workspace's own (sealed, in base64), or none. */
  smtp: z.enum(['system', 'custom', 'disabled']).default('system'),
  smtp_sealed: z.string().optional(),
  from: z.email().optional(),
})

/** What is set of the digests that go one way. One row for each channel; off until somebody switches it on. */
export interface DigestPolicy {
  /** Null where nothing was set yet. */
  readonly id: string | null
  readonly channel: DigestChannelName
  readonly isEnabled: boolean
  readonly enabledAt: Date | null
  readonly time: DailyTime
  /** Of Slack: the id of a channel. */
  readonly destination: string | null
  /** Of mail: who gets one, but for members who opted out. */
  readonly recipients: (typeof RECIPIENTS)[number] | readonly string[]
  readonly sections: readonly Section[]
  /** Of a day with nothing to tell: one line, or nothing. */
  readonly quiet: (typeof QUIET_MODES)[number]
  readonly smtp: 'system' | 'custom' | 'disabled'
  readonly smtpSealed: string | null
  readonly from: string | null
}

interface PolicyRow {
  readonly id: string
  readonly channel: DigestChannelName
  readonly destination: string | null
  readonly schedule: unknown
  readonly options: unknown
  readonly is_enabled: boolean
  readonly enabled_at: string | null
}

const policyOf = ({ id, channel, destination, schedule, options, ...row }: PolicyRow): DigestPolicy => {
  const { smtp_sealed: smtpSealed = null, from = null, ...rest } = Options.parse(options ?? {})
  return {
    id,
    channel,
    destination,
    isEnabled: row.is_enabled,
    enabledAt: row.enabled_at === null ? null : new Date(row.enabled_at),
    time: Time.parse(schedule),
    smtpSealed,
    from,
    ...rest,
  }
}

const unset = (channel: DigestChannelName, { timezone }: Pick<Workspace, 'timezone'>): DigestPolicy => ({
  id: null,
  channel,
  isEnabled: false,
  enabledAt: null,
  time: { minuteOfDay: 8 * 60, timezone, weekdays: [1, 2, 3, 4, 5] },
  destination: null,
  recipients: 'admins',
  sections: SECTIONS,
  quiet: 'note',
  smtp: 'system',
  smtpSealed: null,
  from: null,
})

const select = (tx: TenantTx, condition: ReturnType<typeof sql>) =>
  rows<PolicyRow>(
    tx,
    sql`select id, channel, destination, schedule, options, is_enabled, enabled_at from workflow.digest_policies
      where name = channel and deleted_at is null and ${condition} order by channel`,
  )

/** As it is set, or as it is where nothing was set. */
export const readPolicy = async (
  tx: TenantTx,
  channel: DigestChannelName,
  workspace: Pick<Workspace, 'timezone'>,
): Promise<DigestPolicy> => {
  const [row] = await select(tx, sql`channel = ${channel}`)
  return row ? policyOf(row) : unset(channel, workspace)
}

export const policyById = async (tx: TenantTx, id: string): Promise<DigestPolicy | undefined> => {
  const [row] = await select(tx, sql`id = ${id}::uuid`)
  return row && policyOf(row)
}

/** What may be changed; what is left out stays. `smtp` takes a `smtp://` URL, which is sealed. */
export interface PolicyChange {
  readonly isEnabled?: boolean
  readonly minuteOfDay?: number
  readonly timezone?: string
  readonly weekdays?: readonly number[]
  readonly destination?: string
  readonly recipients?: DigestPolicy['recipients']
  readonly sections?: readonly Section[]
  readonly quiet?: DigestPolicy['quiet']
  readonly smtp?: string
  readonly from?: string
}

/** Throws `role_too_low` unless the actor is an owner or an admin. */
export const assertKeeper = async (tx: TenantTx, actor: Actor): Promise<void> => {
  const role = await standingOf(tx, actor)
  if (role !== 'owner' && role !== 'admin')
    throw denied('role_too_low', 'Only an owner or an admin sets and sends digests.', {
      fix: 'Ask one; `tact preferences set digest off` takes you out of yours.',
    })
}

const refuse = (what: string) =>
  userError('bad_digest_policy', `The digest cannot be set like that: ${what}.`, {
    fix: 'See `tact help digest policy`.',
  })

const smtpOf = (
  database: Database,
  actor: Actor,
  { id, smtp }: { readonly id: string; readonly smtp: string },
) => {
  if (smtp === 'system' || smtp === 'disabled') return { smtp } as const
  if (!/^smtps?:\/\/./.test(smtp)) throw refuse('a mail server is `system`, `disabled` or an smtp:// URL')
  const sealed = database.secrets.seal({ tenantId: actor.tenantId, rowId: id }, smtp)
  return { smtp: 'custom', smtp_sealed: sealed.toString('base64') } as const
}

/**
 * Sets a channel's digests, for all of the workspace, from the next window on. For owners and admins, and kept in the
 * audit chain. Throws `role_too_low` and `bad_digest_policy`.
 */
export const changePolicy = async (
  tx: TenantTx,
  actor: Actor,
  {
    database,
    workspace,
    channel,
    change,
    now,
  }: {
    readonly database: Database
    readonly workspace: Pick<Workspace, 'timezone'>
    readonly channel: DigestChannelName
    readonly change: PolicyChange
    /** The clock of this machine: windows up to it are none of a policy that is switched on. */
    readonly now: Date
  },
): Promise<DigestPolicy> => {
  await assertKeeper(tx, actor)
  const before = await readPolicy(tx, channel, workspace)
  const id = before.id ?? newId()
  const { minuteOfDay, timezone, weekdays } = { ...before.time, ...change }
  const time = Time.safeParse({
    minuteOfDay,
    timezone,
    weekdays: [...new Set(weekdays)].sort((a, b) => a - b),
  })
  const options = Options.safeParse({
    recipients: change.recipients ?? before.recipients,
    sections: change.sections ?? before.sections,
    quiet: change.quiet ?? before.quiet,
    smtp: before.smtp,
    ...(before.smtpSealed === null ? {} : { smtp_sealed: before.smtpSealed }),
    ...(before.from === null ? {} : { from: before.from }),
    ...(change.smtp === undefined ? {} : smtpOf(database, actor, { id, smtp: change.smtp })),
    ...(change.from === undefined ? {} : { from: change.from }),
  })
  if (!time.success) throw refuse('the hour, the zone or the days do not exist')
  if (!options.success) throw refuse('recipients, sections, quiet days or the sender do not hold')
  const isEnabled = change.isEnabled ?? before.isEnabled
  const destination = change.destination ?? before.destination
  if (channel === 'slack' && isEnabled && destination === null)
    throw refuse('Slack needs the id of a channel first')
  const enabledAt = !isEnabled ? null : before.isEnabled ? before.enabledAt : now
  await rows(
    tx,
    sql`insert into workflow.digest_policies (id, tenant_id, name, channel, destination, schedule, options, is_enabled, enabled_at)
      values (${id}::uuid, core.current_tenant(), ${channel}, ${channel}, ${destination}, ${JSON.stringify(time.data)}::jsonb,
        ${JSON.stringify(options.data)}::jsonb, ${isEnabled}, ${enabledAt?.toISOString() ?? null}::timestamptz)
      on conflict (tenant_id, name) where deleted_at is null do update set destination = excluded.destination, schedule = excluded.schedule,
        options = excluded.options, is_enabled = excluded.is_enabled, enabled_at = excluded.enabled_at`,
  )
  await appendAudit(tx, {
    kind: 'digest_policy.set',
    entity: 'digest_policies',
    recordId: id,
    data: { channel, is_enabled: isEnabled, changed: Object.keys(change).sort().join(',') },
  })
  return await readPolicy(tx, channel, workspace)
}

/** The kind of the job that opens a window of a policy. */
export const DIGEST_JOB = 'digest'

/** What falls due: a schedule for each policy that is on. */
export const digestSchedules = async (tx: TenantTx): Promise<readonly Schedule[]> =>
  (await select(tx, sql`is_enabled`)).map((row) => {
    const { time, enabledAt } = policyOf(row)
    return {
      name: `digest:${row.id}`,
      kind: DIGEST_JOB,
      data: { policy_id: row.id },
      time,
      since: enabledAt ?? new Date(),
    }
  })

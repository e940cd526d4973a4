import type { TenantTx } from '../db/tenant.ts'
import type { Actor } from '../domain/actor.ts'
import { notFound, userError } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import { assertKeeper, readPolicy } from './policy.ts'
import type { DigestChannelName, DigestPolicy } from './policy.ts'
import { listDigestRuns, openWindow } from './runs.ts'
import type { DigestRun } from './runs.ts'

interface Wanted {
  readonly channel: DigestChannelName
  readonly timezone: string
}

const keptPolicy = async (
  tx: TenantTx,
  { channel, timezone }: Wanted,
): Promise<DigestPolicy & { readonly id: string }> => {
  const policy = await readPolicy(tx, channel, { timezone })
  if (policy.id !== null) return { ...policy, id: policy.id }
  throw notFound('no_digest_policy', 'Nothing is set yet for digests that go this way.', {
    fix: 'Set it with `tact digest policy`; it need not be on.',
  })
}

/**
 * Opens a window that ends now, whether or not the policy is on: for all readers, or as a test for the one who asks.
 * Owners and admins may. Answers the ids of the new jobs. Throws `role_too_low` and `no_digest_policy`.
 */
export const sendNow = async (
  tx: TenantTx,
  actor: Actor,
  wanted: Wanted & { readonly now: Date; readonly isTest?: true },
): Promise<readonly string[]> => {
  await assertKeeper(tx, actor)
  const policy = await keptPolicy(tx, wanted)
  if (wanted.isTest && (wanted.channel !== 'mail' || actor.memberId === null))
    throw userError('bad_usage', 'A test goes to your own address, by mail.')
  return openWindow(tx, policy, {
    name: `${wanted.isTest ? 'test' : 'now'}:${newId()}`,
    at: wanted.now,
    ...(wanted.isTest ? { only: actor.memberId! } : {}),
  })
}

/**
 * Opens the last window once more: the same time is covered and the same is told. Owners and admins may. Answers the ids
 * of the new jobs. Throws `role_too_low`, `no_digest_policy` and `no_digest_run`.
 */
export const resend = async (tx: TenantTx, actor: Actor, wanted: Wanted): Promise<readonly string[]> => {
  await assertKeeper(tx, actor)
  const policy = await keptPolicy(tx, wanted)
  const last = (await listDigestRuns(tx, policy.id)).find(({ windowKey }) => !windowKey.startsWith('test:'))
  if (!last)
    throw notFound('no_digest_run', 'None was sent yet.', { fix: 'Send one with `tact digest send`.' })
  return openWindow(tx, policy, { name: `again:${newId()}`, at: new Date(last.dueAt) })
}

/** The latest digests of a channel, for owners and admins. */
export const digestLog = async (
  tx: TenantTx,
  actor: Actor,
  wanted: Wanted,
): Promise<readonly DigestRun[]> => {
  await assertKeeper(tx, actor)
  const { id } = await readPolicy(tx, wanted.channel, wanted)
  return id === null ? [] : listDigestRuns(tx, id)
}

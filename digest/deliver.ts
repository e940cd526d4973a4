import type { Database } from '../db/connect.ts'
import { listMembers } from '../db/members.ts'
import type { Member } from '../db/members.ts'
import { asTenant } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { nowOf, ownWorkspace } from '../db/workspace.ts'
import { bug, conflict, unavailable } from '../domain/errors.ts'
import { isUuid } from '../domain/ids.ts'
import type { JobContext, JobHandlers } from '../jobs/bus.ts'
import type { Job } from '../jobs/job.ts'
import { systemOf } from '../jobs/lease.ts'
import { log } from '../log.ts'
import type { ChannelOf, DigestChannel, Handed, OutgoingDigest } from './channel.ts'
import { makeDigest, readerOf, windowOf } from './make.ts'
import type { MadeDigest } from './make.ts'
import { narrate } from './narrative.ts'
import type { Narrator } from './narrative.ts'
import { DIGEST_JOB, policyById } from './policy.ts'
import type { DigestPolicy } from './policy.ts'
import { beginHandover, DELIVERY_JOB, lastWindow, noteRun, openWindow, readRun } from './runs.ts'
import type { DigestRun } from './runs.ts'
import { rememberTold } from './told.ts'

export interface DeliveryParts {
  readonly database: Database
  readonly channelOf: ChannelOf
  /** Puts sections into words; none where no model on this machine is set. */
  readonly narrator?: Narrator | undefined
  /** Base of the inbox, for links. */
  readonly inboxUrl: () => string
  /** Rings for jobs that were put down. */
  readonly ring: (tenantId: Job['tenantId'], jobs: readonly string[]) => void
}

type System = <T>(run: (tx: TenantTx) => Promise<T>) => Promise<T>

interface Loaded {
  readonly run: DigestRun
  readonly policy: DigestPolicy & { readonly id: string }
  readonly member: Member | null
  readonly last: Date | null
  /** The end of what is looked at: the window's, or the fixed clock of a demo. */
  readonly until: Date
}

/** Undefined where there is nothing to deliver any more. */
const load = async (tx: TenantTx, id: string): Promise<Loaded | undefined> => {
  const run = await readRun(tx, id)
  if (!run || (run.state !== 'waiting' && run.state !== 'sending')) return undefined
  const policy = await policyById(tx, run.policyId)
  if (!policy) return undefined
  const member =
    run.memberId === null ? null : ((await listMembers(tx)).find((one) => one.id === run.memberId) ?? null)
  if (run.memberId !== null && (member === null || member.disabled)) {
    await noteRun(tx, id, { state: 'failed', failure: 'no_member' })
    return undefined
  }
  const workspace = await ownWorkspace(tx)
  const dueAt = new Date(run.dueAt)
  const last = await lastWindow(tx, run.policyId, { before: dueAt, memberId: run.memberId })
  const until = workspace.clockAt === null ? dueAt : nowOf(workspace)
  return { run, policy: { ...policy, id: run.policyId }, member, last, until }
}

/** What an attempt that began before this one came to, as far as the channel can say. */
const reconcile = async (channel: DigestChannel, outgoing: OutgoingDigest): Promise<Handed | 'absent'> => {
  const { found, ref } = await channel.find(outgoing)
  if (found === 'absent') return 'absent'
  if (found === 'done') return { outcome: 'done', ...(ref === undefined ? {} : { ref }) }
  return { outcome: 'refused', failure: 'not_read_back' }
}

const handOver = async (
  system: System,
  channel: DigestChannel,
  outgoing: OutgoingDigest,
  run: DigestRun,
): Promise<Handed> => {
  if (run.state === 'sending') {
    if (run.isFresh) throw unavailable('still_sending', 'Another process may still be sending this digest.')
    const earlier = await reconcile(channel, outgoing)
    if (earlier !== 'absent') return earlier
    await system((tx) => noteRun(tx, run.id, { state: 'waiting' }))
  }
  const sent = await channel.send(outgoing, async () => {
    if (!(await system((tx) => beginHandover(tx, run.id))))
      throw conflict('lease_lost', 'Another process sends this digest.')
  })
  if (sent.outcome !== 'unknown') return sent
  const found = await reconcile(channel, outgoing)
  return found === 'absent' ? { outcome: 'later', failure: sent.failure } : found
}

const hasNothing = ({ layout }: MadeDigest): boolean => layout.quiet !== null

const deliverRun = async (
  { database, channelOf, narrator, inboxUrl }: DeliveryParts,
  job: Job,
  { finish }: JobContext,
): Promise<void> => {
  const runId = job.data['run_id']
  if (typeof runId !== 'string' || !isUuid(runId)) throw bug('bad_job_data', 'A delivery names no run.')
  const system: System = (work) => asTenant(database, systemOf(job.tenantId), work)
  const loaded = await system((tx) => load(tx, runId))
  if (!loaded) return
  const { run, policy, member, last, until } = loaded
  const fail = (failure: string): Promise<void> =>
    system(async (tx) => {
      await noteRun(tx, runId, { state: 'failed', failure })
      await finish(tx)
    })
  const channel = channelOf(job.tenantId, policy)
  if (typeof channel === 'string') return fail(channel)
  const window = windowOf(policy, { until, last })
  const made = await makeDigest(database, {
    tenantId: job.tenantId,
    policy,
    member,
    window,
    inboxUrl: inboxUrl(),
  })
  if (run.state === 'waiting' && hasNothing(made) && policy.quiet === 'skip') {
    await system(async (tx) => {
      await noteRun(tx, runId, { state: 'empty', items: 0 })
      await finish(tx)
    })
    return
  }
  const layout = await narrate(made.layout, narrator)
  const outgoing = { runId, policy, layout, address: member?.email ?? null }
  const sent = await handOver(system, channel, outgoing, run)
  if (sent.outcome === 'refused') return fail(sent.failure)
  if (sent.outcome !== 'done') {
    await system((tx) => noteRun(tx, runId, { state: 'waiting', failure: sent.failure }))
    if (job.attempts >= job.maxAttempts) return fail(sent.failure)
    throw unavailable(sent.failure, 'The digest could not be handed over; it is tried again.')
  }
  await system(async (tx) => {
    const items = made.telling.reduce((sum, lane) => sum + lane.items.length, 0)
    await noteRun(tx, runId, { state: 'sent', items, ...(sent.ref === undefined ? {} : { ref: sent.ref }) })
    await rememberTold(tx, readerOf(policy, member)!, made)
    await finish(tx)
  })
  log.info('digest_sent', { channel: policy.channel })
}

const openDue = async (
  { database, ring }: DeliveryParts,
  { tenantId, data }: Job,
  { finish }: JobContext,
): Promise<void> => {
  const { policy_id: policyId, date, at } = data
  if (typeof policyId !== 'string' || typeof date !== 'string' || typeof at !== 'string')
    throw bug('bad_job_data', 'A digest names no policy or window.')
  const jobs = await asTenant(database, systemOf(tenantId), async (tx) => {
    const policy = await policyById(tx, policyId)
    const isOn = policy?.isEnabled === true
    const made = isOn
      ? await openWindow(tx, { ...policy, id: policyId }, { name: date, at: new Date(at) })
      : []
    await finish(tx)
    return made
  })
  ring(tenantId, jobs)
}

/** The jobs of digests: opening a window, and delivering to one reader, exactly once for each channel and window. */
export const digestHandlers = (parts: DeliveryParts): JobHandlers => ({
  [DIGEST_JOB]: (job, context) => openDue(parts, job, context),
  [DELIVERY_JOB]: (job, context) => deliverRun(parts, job, context),
})

import { listMembers } from '../../db/members.ts'
import type { Database } from '../../db/connect.ts'
import { sql } from '../../db/sql.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import type { Workspace } from '../../db/workspace.ts'
import { makeRandom } from '../../demo/random.ts'
import { claimJobs, systemOf } from '../../jobs/lease.ts'
import { queueDueWindows } from '../../jobs/schedule.ts'
import { runJob } from '../../jobs/worker.ts'
import type { ChannelOf, DigestChannel } from '../channel.ts'
import { digestHandlers } from '../deliver.ts'
import { mailChannel } from '../mail.ts'
import { changePolicy, DIGEST_CHANNELS, DIGEST_JOB, digestSchedules } from '../policy.ts'
import type { DigestChannelName } from '../policy.ts'
import { DELIVERY_JOB } from '../runs.ts'
import { dueMoments } from './due-moments.ts'
import type { DailyMoment } from './due-moments.ts'
import type { SmtpFault, TestSmtp } from './smtp.ts'
import { openStrictChat } from './strict-chat.ts'
import type { ChatFault } from './strict-chat.ts'
import type { VirtualClock } from './virtual-clock.ts'

const PROCESSES = 5
const LOOK_MS = 30_000
const LEASE_MS = 5_000
const HOUR_MS = 3_600_000
const FROM = 'tact@team.example'

/** What the other sides do at the first attempt of a window: nothing, and five kinds of fault. `away`: nobody listens. */
const FAULTS: readonly { readonly mail: SmtpFault | 'away'; readonly chat: ChatFault }[] = [
  { mail: 'none', chat: 'none' },
  { mail: 'is busy', chat: 'is busy' },
  { mail: 'is closing', chat: 'fails' },
  { mail: 'breaks off before the content', chat: 'breaks off before it took the message' },
  { mail: 'breaks off after it took the mail', chat: 'breaks off after it took the message' },
  { mail: 'away', chat: 'is away' },
]

export interface WindowTally {
  readonly windows: number
  /** Processes that died between a message and the note of it, or (chat alone) between the note and the message. */
  readonly deaths: number
  /** Windows without a message, windows with more than one, and messages outside of any window. */
  readonly missing: number
  readonly twice: number
  readonly stray: number
  /** Milliseconds from the end of a window to its message, by the virtual clock. */
  readonly lateMs: readonly number[]
}

export interface SimulationHouse {
  readonly database: Database
  readonly clock: VirtualClock
  readonly smtp: TestSmtp
  readonly workspace: Workspace
}

export interface SimulationPlan {
  readonly moment: DailyMoment
  readonly start: Date
  readonly days: number
  readonly seed: number
}

interface Taken {
  readonly channel: DigestChannelName
  readonly at: number
}

/** Who dies at the next message of a channel, and when. */
type Deaths = Partial<Record<DigestChannelName, 'before' | 'after'>>

const switchOn = (
  { database, workspace }: SimulationHouse,
  { moment, start }: SimulationPlan,
): Promise<void> =>
  asTenant(database, systemOf(workspace.id), async (tx) => {
    const owner = (await listMembers(tx)).find(({ role }) => role === 'owner')!
    const actor = { tenantId: workspace.id, memberId: owner.id, role: 'owner', via: 'system' } as const
    for (const channel of DIGEST_CHANNELS) {
      const place = channel === 'slack' ? { destination: 'C0TEAM' } : { recipients: [owner.email] }
      const change = { ...moment, ...place, isEnabled: true, weekdays: [1, 2, 3, 4, 5, 6, 7] }
      await changePolicy(tx, actor, { database, workspace, channel, change, now: start })
    }
  })

const judge = (taken: readonly Taken[], moments: readonly Date[]): Omit<WindowTally, 'deaths'> => {
  const counts = new Map<string, number>()
  const lateMs: number[] = []
  let stray = 0
  for (const { channel, at } of taken) {
    const due = moments.findLast((moment) => moment.getTime() <= at)
    if (due === undefined || at - due.getTime() > 12 * HOUR_MS) stray += 1
    else {
      const key = `${channel} ${due.toISOString()}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
      lateMs.push(at - due.getTime())
    }
  }
  const windows = moments.length * DIGEST_CHANNELS.length
  const twice = [...counts.values()].filter((count) => count > 1).length
  return { windows, missing: windows - counts.size, twice, stray, lateMs }
}

/**
 * Plays the digests of one workspace by mail and chat for so many days in virtual time: five processes look at the
 * schedules and compete for the jobs, every window has another fault at its first attempt, and at every second one a
 * process dies around its message. Schedules, leases, handlers, the mail channel and the mail server are the real ones.
 */
export const simulateWindows = async (house: SimulationHouse, plan: SimulationPlan): Promise<WindowTally> => {
  const { database, clock, smtp, workspace } = house
  const { moment, start, days, seed } = plan
  const random = makeRandom(`windows ${seed} ${moment.timezone}`)
  const system = systemOf(workspace.id)
  const chat = openStrictChat()
  const taken: Taken[] = []
  let deaths: Deaths = {}
  let isAway = false
  let died = 0

  const counted: Readonly<Record<DigestChannelName, () => number>> = {
    mail: () => smtp.mails.length,
    slack: () => chat.posted.length,
  }
  const channelFor = (name: DigestChannelName): DigestChannel => {
    if (name === 'slack') return chat.channel
    const url = isAway ? 'smtp://127.0.0.1:1' : smtp.url
    isAway = false
    return mailChannel({ url, from: FROM })
  }
  /** As the channel is, but for the deaths that are planned: then `die` is told and nothing ever comes back. */
  const mortal = (name: DigestChannelName, die: () => void): DigestChannel => {
    const channel = channelFor(name)
    const end = (): Promise<never> => {
      delete deaths[name]
      died += 1
      die()
      return new Promise<never>(() => {})
    }
    return {
      find: (digest) => channel.find(digest),
      send: async (digest, beforeHandover) => {
        const before = counted[name]()
        const sent = await channel.send(digest, async () => {
          await beforeHandover()
          if (deaths[name] === 'before') await end()
        })
        const isTaken = counted[name]() > before
        if (isTaken) taken.push({ channel: name, at: clock.now().getTime() })
        return isTaken && deaths[name] === 'after' ? await end() : sent
      },
    }
  }

  const workOnce = async (): Promise<void> => {
    const [job] = await claimJobs(database, workspace.id, {
      kinds: [DIGEST_JOB, DELIVERY_JOB],
      limit: 1,
      leaseMs: LEASE_MS,
    })
    if (!job) return
    const death = Promise.withResolvers<void>()
    const channelOf: ChannelOf = (_tenantId, { channel }) => mortal(channel, death.resolve)
    const handlers = digestHandlers({
      database,
      channelOf,
      inboxUrl: () => 'http://here/inbox',
      ring: () => {},
    })
    await Promise.race([runJob({ database, handlers }, job, new AbortController()), death.promise])
  }
  const nextDue = async (): Promise<number | undefined> => {
    const [found] = await asTenant(database, system, (tx) =>
      rows<{ at: string | null }>(
        tx,
        sql`select min(case state when 'waiting' then due_at else leased_until end) as at from workflow.jobs
          where state in ('waiting', 'running')`,
      ),
    )
    return found?.at ? new Date(found.at).getTime() : undefined
  }
  const workUntil = async (limit: number): Promise<void> => {
    for (;;) {
      const due = await nextDue()
      if (due === undefined || due >= limit) return
      if (due >= clock.now().getTime()) await clock.set(new Date(due + 1))
      await Promise.all(Array.from({ length: PROCESSES }, workOnce))
    }
  }
  const look = (): Promise<readonly string[]> =>
    asTenant(database, system, async (tx) =>
      queueDueWindows(tx, await digestSchedules(tx), { now: clock.now() }),
    )

  await clock.set(start)
  await switchOn(house, plan)
  const moments = dueMoments(moment, { start, days })
  for (const [place, due] of moments.entries()) {
    const fault = FAULTS[(place + seed) % FAULTS.length]!
    const isDeadly = (place + Math.floor(place / FAULTS.length)) % 2 === 1
    isAway = fault.mail === 'away'
    smtp.plan(fault.mail === 'away' ? [] : [fault.mail])
    chat.plan([fault.chat])
    deaths = isDeadly ? { mail: 'after', slack: random.chance(0.5) ? 'before' : 'after' } : {}
    // Just before it is due, by each process as it is due and once more, and late in the day; some days all at once.
    const phases = random.chance(0.4)
      ? Array.from({ length: PROCESSES }, () => LOOK_MS / 2)
      : Array.from({ length: PROCESSES }, () => random.int(0, LOOK_MS - 1)).sort((a, b) => a - b)
    const times = [-LOOK_MS, ...phases, 2 * LOOK_MS, 11 * HOUR_MS]
    for (const [index, offset] of times.entries()) {
      await clock.set(new Date(due.getTime() + offset))
      const isTogether = times[index + 1] === offset
      if (isTogether) continue
      const together = times.filter((one) => one === offset).length
      await Promise.all(Array.from({ length: together }, look))
      await workUntil(due.getTime() + (times[index + 1] ?? 12 * HOUR_MS))
    }
  }
  return { ...judge(taken, moments), deaths: died }
}

import { parseArgs } from 'node:util'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { createWorkspace } from '../db/workspace.ts'
import { end, openSlackUp, pause } from './slack/up.ts'

/**
 * Questions that come faster than anybody asks, each delivered four times and out of order, to `tact up` in a process of
 * its own that is killed half way and started again: how soon Slack is told that they came, and how often each is handled.
 * They are of people who are gone, so that handling one is to look the person up once. `--rate`, `--seconds`,
 * `--engine embedded|postgres`, `--road http|socket`.
 */
const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '60' },
    engine: { type: 'string', default: 'embedded' },
    road: { type: 'string', default: 'http' },
  },
})
const TIMES = 4
/** Within which the four deliveries of an event are spread. */
const SPREAD_MS = 3_000
/** Slack tries again nearly at once, after a minute and after five. */
const RETRY_DELAYS_MS = [500, 60_000, 300_000]
const ACK_MS = 3_000
/** It is given up when none was handled for so long. */
const STUCK_MS = 120_000

const served = await openSlackUp('acks', values)
const { slack, sender } = served
const { id: tenantId } = await served.withHouse(({ database }) =>
  createWorkspace(database, { slug: 'acks', name: 'Acks' }),
)

const count = Number(values.rate) * Number(values.seconds)
const userOf = (at: number): string => `UGONE${at}`
const channel = slack.world.addChannel({ id: 'DGONE', is_im: true, is_channel: false, user: 'UGONE0' })
for (let at = 0; at < count; at += 1) slack.world.addUser({ id: userOf(at), deleted: true })

/** Of every attempt that reached the server, also those that were given up. */
const ackMs: number[] = []
let unanswered = 0
let refused = 0
let killedMs = Infinity

const deliver = async (at: number): Promise<void> => {
  const ts = `17000${String(at).padStart(5, '0')}.000100`
  const event = {
    type: 'message',
    channel_type: 'im',
    channel: channel.id,
    user: userOf(at),
    text: 'Who is it?',
    ts,
  }
  const deliverOnce = async (): Promise<void> => {
    await pause(Math.random() * SPREAD_MS)
    for (const delayMs of [0, ...RETRY_DELAYS_MS]) {
      await pause(delayMs)
      const isUp = values.road === 'http' || slack.connectedSockets > 0
      const sentMs = performance.now()
      const { acknowledged, ms } = await sender.event(event, {
        envelope: { event_id: `Ev${at}` },
        retryDelaysMs: [],
      })
      const diedUnder = sentMs <= killedMs && sentMs + ms >= killedMs
      if (acknowledged || (isUp && !diedUnder && ms >= ACK_MS)) ackMs.push(ms)
      else refused += 1
      if (acknowledged) return
    }
    unanswered += 1
  }
  await Promise.all(Array.from({ length: TIMES }, deliverOnce))
}

let up = await served.start()
const restart = async (): Promise<void> => {
  killedMs = performance.now()
  await end(up, 'SIGKILL')
  up = await served.start()
}
const startedMs = performance.now()
const under: Promise<void>[] = []
let isKilled = false
for (let at = 0; at < count; at += 1) {
  const dueMs = startedMs + (at * 1000) / Number(values.rate)
  if (dueMs > performance.now()) await pause(dueMs - performance.now())
  under.push(deliver(at))
  if (!isKilled && at >= count / 2) {
    isKilled = true
    under.push(restart())
  }
  if (at % Number(values.rate) === 0) process.stderr.write(`\r${at} of ${count}`)
}
await Promise.all(under)
process.stderr.write('\n')

const looked = (): ReadonlyMap<string, number> => {
  const found = new Map<string, number>()
  for (const { fields } of slack.calls('users.info')) {
    const user = String(fields['user'])
    found.set(user, (found.get(user) ?? 0) + 1)
  }
  return found
}
let handled = 0
let movedMs = Date.now()
while (handled < count && Date.now() - movedMs < STUCK_MS) {
  await pause(500)
  const now = looked().size
  if (now > handled) movedMs = Date.now()
  handled = now
  process.stderr.write(`\r${handled} of ${count} handled`)
}
process.stderr.write('\n')
const drainedS = (performance.now() - startedMs) / 1000
await pause(1_000)
await end(up, 'SIGTERM')

const states = await served.withHouse(({ database }) =>
  asTenant(database, { tenantId, memberId: null, via: 'system' }, (tx) =>
    rows<{ state: string; count: number }>(
      tx,
      sql`select state, count(*)::int as count from workflow.slack_events group by 1 order by 1`,
    ),
  ),
)
await served.close()

const sorted = ackMs.toSorted((a, b) => a - b)
const at = (share: number): string =>
  (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1)
const times = [...looked().values()]
const more = times.filter((one) => one > 1).length
const slow = sorted.filter((ms) => ms >= ACK_MS).length
process.stdout.write(
  [
    `| ${values.engine}, ${values.road} | |`,
    '|---|---|',
    `| events, deliveries | ${count}, ${count * TIMES} |`,
    `| answered, never, tries while it was down | ${ackMs.length}, ${unanswered}, ${refused} |`,
    `| ack ms p50, p99, most | ${at(0.5)}, ${at(0.99)}, ${at(1)} |`,
    `| acks over 3 s | ${slow} |`,
    `| handled, of them begun again after the kill | ${times.length}, ${more} |`,
    `| all handled after s | ${drainedS.toFixed(1)} |`,
    `| rows | ${states.map(({ state, count: many }) => `${state} ${many}`).join(', ')} |`,
    '',
  ].join('\n'),
)
const isRight = times.length === count && unanswered === 0 && slow === 0 && Number(at(0.99)) < 500
process.exitCode = isRight ? 0 : 1

import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { createMember } from '../db/members.ts'
import { asTenant } from '../db/tenant.ts'
import { createWorkspace } from '../db/workspace.ts'
import { linkInSlack } from '../slack-bot/testing/serve-bot.ts'
import { messageEventOf } from '../slack-bot/testing/payloads.ts'
import type { Fault } from '../slack-bot/testing/faults.ts'
import type { FakeMessage } from '../slack-bot/testing/world.ts'
import { end, openSlackUp, pause } from './slack/up.ts'

/**
 * `tact up` before the strict fake of Slack for as long as asked for: questions in direct messages, and every minute
 * something fails for some seconds; once, at a third, the process is killed (-9). How old the oldest unanswered question
 * became, what memory did after the kill, and whether each was answered once. `--minutes`, `--per-minute`,
 * `--engine embedded|postgres`, `--road socket|http`.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    'per-minute': { type: 'string', default: '20' },
    engine: { type: 'string', default: 'embedded' },
    road: { type: 'string', default: 'socket' },
  },
})
const MINUTE_MS = 60_000
const FAULT_MS = 8_000
const MOST_AGE_S = 60
/** Of memory after the kill, from the first quarter of the time to the last. */
const MOST_GROWTH = 1.1
const USERS = 10
const userOf = (at: number): string => `USOAK${at % USERS}`
const FAULTS: readonly (Fault | 'cut')[] = [
  { kind: 'reset' },
  { kind: 'accept-then-reset' },
  { kind: 'status', status: 500 },
  { kind: 'rate-limit', seconds: 2 },
  { kind: 'delay', ms: 3_000 },
  { kind: 'error', error: 'internal_error' },
  'cut',
]

const served = await openSlackUp('soak', values)
const { slack, sender } = served
const { world } = slack
await served.withHouse(async ({ database }) => {
  const { id: tenantId } = await createWorkspace(database, { slug: 'soak', name: 'Soak' })
  const system = { tenantId, memberId: null, via: 'system' } as const
  for (let at = 0; at < USERS; at += 1) {
    const [email, givenName, familyName] = [`m${at}@soak.example`, 'Member', `No${at}`]
    const { id: memberId } = await asTenant(database, system, (tx) =>
      createMember(tx, { email, givenName, familyName, role: 'owner' }),
    )
    const member = { tenantId, memberId, role: 'owner', via: 'inbox' } as const
    await linkInSlack({ slack, database }, userOf(at), { member })
  }
})

let up = await served.start()
const asked: { readonly message: FakeMessage; readonly atMs: number; answeredMs?: number }[] = []
const ages: number[] = []
const memory: { readonly atMs: number; readonly mb: number }[] = []
const isAnswer = (message: FakeMessage): boolean => JSON.stringify(message.blocks).includes('"tact_rate"')
const answersTo = ({ channel, ts }: FakeMessage): number =>
  slack.inChannel(channel, { threadTs: ts }).filter(isAnswer).length
const ask = (at: number): void => {
  const user = userOf(at)
  const message = world.say(world.directMessage(user).id, user, 'How many deals are open?')
  asked.push({ message, atMs: Date.now() })
  void sender.event(messageEventOf(world, message), { retryDelaysMs: [500, 5_000, 20_000] })
}
const look = (): void => {
  for (const one of asked)
    if (one.answeredMs === undefined && answersTo(one.message) > 0) one.answeredMs = Date.now()
  const waiting = asked.filter(({ answeredMs }) => answeredMs === undefined)
  ages.push((Date.now() - Math.min(Date.now(), ...waiting.map(({ atMs }) => atMs))) / 1000)
  const kb = Number(execFileSync('ps', ['-o', 'rss=', '-p', String(up.pid)], { encoding: 'utf8' }))
  memory.push({ atMs: Date.now(), mb: kb / 1024 })
}

const startedMs = Date.now()
const endMs = startedMs + Number(values.minutes) * MINUTE_MS
const killMs = startedMs + (Number(values.minutes) * MINUTE_MS) / 3
let killedMs = 0
let minute = 0
for (let at = 0; Date.now() < endMs; at += 1) {
  ask(at)
  await pause(MINUTE_MS / Number(values['per-minute']))
  if (killedMs === 0 && Date.now() > killMs) {
    await end(up, 'SIGKILL')
    up = await served.start()
    killedMs = Date.now()
  }
  look()
  const inMinuteMs = (Date.now() - startedMs) % MINUTE_MS
  const now = Math.floor((Date.now() - startedMs) / MINUTE_MS)
  const fault = FAULTS[now % FAULTS.length]!
  if (now > minute && fault === 'cut') slack.disconnectSockets('cut')
  slack.faults.decide = () => (inMinuteMs < FAULT_MS && fault !== 'cut' ? fault : undefined)
  if (now > minute)
    process.stderr.write(
      `minute ${now}: ${asked.length} asked, oldest ${ages.at(-1)!.toFixed(0)} s, ${memory.at(-1)!.mb.toFixed(0)} MB\n`,
    )
  minute = now
}
slack.faults.decide = () => undefined
const lastMs = Date.now() + 2 * MINUTE_MS
while (asked.some(({ answeredMs }) => answeredMs === undefined) && Date.now() < lastMs) {
  await pause(500)
  look()
}
const unanswered = asked.filter(({ message }) => answersTo(message) === 0).length
const twice = asked.filter(({ message }) => answersTo(message) > 1).length
const open = world.messages.filter(({ streamed, deleted }) => streamed?.open && !deleted).length
await end(up, 'SIGTERM')
await served.close()

const after = memory.filter(({ atMs }) => atMs > killedMs)
const mean = (part: typeof after): number =>
  part.reduce((sum, { mb }) => sum + mb, 0) / Math.max(1, part.length)
const quarter = Math.ceil(after.length / 4)
const [first, last] = [mean(after.slice(0, quarter)), mean(after.slice(-quarter))]
const oldest = Math.max(...ages)
process.stdout.write(
  [
    `| ${values.engine}, ${values.road}, ${values.minutes} minutes | |`,
    '|---|---|',
    `| asked, never answered, answered twice | ${asked.length}, ${unanswered}, ${twice} |`,
    `| oldest unanswered question s | ${oldest.toFixed(1)} |`,
    `| memory MB after the kill, first and last quarter | ${first.toFixed(0)}, ${last.toFixed(0)} |`,
    `| streams left open, requests that Slack would refuse | ${open}, ${slack.violations.length} |`,
    '',
  ].join('\n'),
)
const isRight = unanswered + twice + open + slack.violations.length === 0
process.exitCode = isRight && oldest < MOST_AGE_S && last < first * MOST_GROWTH ? 0 : 1

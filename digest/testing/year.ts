import { makeRandom } from '../../demo/random.ts'
import { DAY_MS } from '../../domain/zone.ts'
import type { Office } from './office.ts'

const HOUR_MS = 3_600_000

/** What is so of one thread or company from one instant to another; `to` is open. */
export interface Span {
  readonly lane: 'they_wait' | 'we_wait' | 'quiet'
  /** Subject of the thread, or name of the company. */
  readonly name: string
  /** Whose it is: id of one of ours. */
  readonly member: string
  readonly from: number
  readonly to: number
}

export interface Year {
  readonly start: Date
  readonly days: number
  readonly truth: readonly Span[]
}

/** Days on which nobody of ours works, beside weekends: local dates without the year. */
const HOLIDAYS = new Set(['01-01', '05-01', '10-03', '12-24', '12-25', '12-26', '12-31'])

/** Whether somebody of ours writes nothing on a day: a weekend, a holiday, or their leave (every second of them, late in July). */
const isFree = (atMs: number, { isAway }: { readonly isAway: boolean }): boolean => {
  const at = new Date(atMs)
  const day = at.toISOString().slice(5, 10)
  const isWeekend = at.getUTCDay() === 0 || at.getUTCDay() === 6
  return isWeekend || HOLIDAYS.has(day) || (isAway && day >= '07-13' && day <= '07-31')
}

const workingDay = (fromMs: number, who: { readonly isAway: boolean }): number => {
  let at = fromMs
  while (isFree(at, who)) at += DAY_MS
  return at
}

const QUESTIONS = [
  'Could you send me the terms?',
  'When can we talk?',
  'Is the second draft fine with you?',
  'Hello,\n\nwhat would it cost for forty people?\n\nBest',
]
const STATEMENTS = [
  'Here is the signed contract, as promised.\n\nBest',
  'We have moved the date to Friday and told everybody about it.',
]
const THANKS = ['Thanks, got it!', 'Perfect, thank you.', 'Great. See you there.', 'Thank you so much!']

/**
 * A year of mail and calls, by a script that knows what it does: who waits for whom from when to when is written down as
 * each thread is played, not read from the rows.
 */
export const playYear = async (
  office: Office,
  {
    start,
    days,
    seed,
    threads,
    members,
    companies,
  }: {
    readonly start: Date
    readonly days: number
    readonly seed: number
    readonly threads: number
    /** Ids of ours; threads and companies are theirs in turn, and every second is on leave in July. */
    readonly members: readonly string[]
    readonly companies: number
  },
): Promise<Year> => {
  const { next: random, pick } = makeRandom(`year ${seed}`)
  const end = start.getTime() + days * DAY_MS
  const truth: Span[] = []
  const writers: string[] = []
  for (let place = 0; place < companies; place += 1) {
    const name = `Company ${place}`
    const member = members[Math.floor(place / 2) % members.length]!
    const company = await office.company(name, member)
    // A rhythm of calls that breaks off somewhere: quiet from where it is 2.5 times as long as usual, and at least three weeks.
    if (place % 2 === 0) {
      writers.push(company)
      continue
    }
    const everyMs = (5 + Math.floor(random() * 10)) * DAY_MS
    const quietAfter = start.getTime() + (60 + random() * (days - 120)) * DAY_MS
    let last = start.getTime()
    for (let at = start.getTime() + 9 * HOUR_MS; at < quietAfter; at += everyMs) {
      await office.contact('email', new Date(at), { company })
      last = at
    }
    const from = last + Math.max(21 * DAY_MS, 2.5 * everyMs)
    truth.push({ lane: 'quiet', name, member, from, to: last + 180 * DAY_MS })
  }
  for (let place = 0; place < threads; place += 1) {
    const company = pick(writers)
    const ours = place % members.length
    const member = members[ours]!
    const person = await office.person(`Writer Of${place}`, company)
    const thread = `Thread ${place}`
    const mail = { thread, person, member }
    let at = start.getTime() + random() * (days - 60) * DAY_MS
    const turns = 1 + Math.floor(random() * 4)
    let way: 'inbound' | 'outbound' = random() < 0.6 ? 'inbound' : 'outbound'
    /** Who waits, since when by their first message, and when they wrote last; null: nobody does. */
    const open: { waits: { readonly lane: Span['lane']; readonly since: number } | null } = { waits: null }
    let lastAt = at
    const close = (until: number): void => {
      if (open.waits === null) return
      const { lane, since } = open.waits
      const from = lane === 'they_wait' ? since + 4 * HOUR_MS : lastAt + 3 * DAY_MS
      const to = Math.min(until, lastAt + (lane === 'they_wait' ? 60 : 45) * DAY_MS)
      if (to > from) truth.push({ lane, name: thread, member, from, to })
    }
    for (let turn = 0; turn < turns && at < end; turn += 1) {
      if (way === 'outbound') at = workingDay(at, { isAway: ours % 2 === 1 })
      const isEnd = turn > 0 && random() < 0.25
      const body = isEnd ? pick(THANKS) : random() < 0.65 ? pick(QUESTIONS) : pick(STATEMENTS)
      const isAsking = QUESTIONS.includes(body)
      const lane = way === 'inbound' ? 'they_wait' : 'we_wait'
      close(at)
      await office.mail({ ...mail, way, at: new Date(at), body })
      const was = open.waits
      const since = was !== null && was.lane === lane ? was.since : at
      // Thanks from outside end a conversation; a statement of ours after a question of ours leaves the question open.
      if (lane === 'they_wait') open.waits = isEnd ? null : { lane, since }
      else open.waits = isAsking || (was !== null && was.lane === lane) ? { lane, since } : null
      lastAt = at
      if (isEnd) break
      at += (random() < 0.3 ? 20 * random() : 3 * random()) * DAY_MS + HOUR_MS
      way = random() < 0.85 ? (way === 'inbound' ? 'outbound' : 'inbound') : way
    }
    // Some are spoken to instead of written to.
    if (open.waits !== null && random() < 0.2) {
      const spokenAt = lastAt + random() * 10 * DAY_MS
      await office.contact('call', new Date(spokenAt), { company, person })
      close(spokenAt)
    } else close(Number.POSITIVE_INFINITY)
  }
  return { start, days, truth }
}

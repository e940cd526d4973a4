import { MONTHS } from '../../domain/fiscal.ts'
import type { Builder } from '../build.ts'
import { dollars } from '../activity.ts'
import { KNOWN_LISTINGS } from '../harborview.ts'
import { domainOf } from '../company-names.ts'
import { write } from '../template.ts'
import { lastDayWith } from '../world.ts'
import type { Company, Deal, Member, Person } from '../world.ts'
import { csv, pdf } from './attachments.ts'
import { memberParty, personParty } from './letter.ts'
import type { Attachment, Letter, Party } from './letter.ts'
import { ANSWER_TALK, PARTING, SIGN_OFFS, SMALL_TALK } from './topic.ts'

/** A thread as it is ordered: who with whom, on what, in which turns. */
export interface ThreadOrder {
  readonly member: Member
  readonly person?: Person
  /** Instead of a person: somebody who is not in the address book. */
  readonly stranger?: Party
  readonly opens: 'us' | 'them'
  readonly subject: string
  /** Templates, alternating; a line `@pdf name` or `@csv name` attaches a file. */
  readonly turns: readonly string[]
  readonly startDay: number
  /** Nothing is written after this day. */
  readonly lastDay?: number
  /** Days between turns; otherwise by chance. */
  readonly gaps?: readonly number[]
  readonly cc?: readonly Party[]
  readonly deal?: Deal
  readonly slots?: Readonly<Record<string, string>>
  /** Leave out greeting and small talk: the turns are whole. */
  readonly isBare?: boolean
}

export interface PostOffice {
  readonly letters: Letter[]
  /** Writes a thread and answers its letters. */
  readonly thread: (order: ThreadOrder) => readonly Letter[]
  readonly single: (letter: Omit<Letter, 'id' | 'answers' | 'attachments' | 'cc'> & Partial<Letter>) => Letter
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const HOURS = ['nine', 'half past nine', 'ten', 'eleven', 'noon', 'two', 'three', 'half past three', 'four']
const MINUTE_MS = 60_000

/** Choices begin in lower case where they may stand in the middle; at the start of a sentence they get a capital. */
const sentenceCase = (text: string): string =>
  text.replace(
    /(^|[.?!] |\n\n)([a-z])/g,
    (_all, before: string, letter: string) => before + letter.toUpperCase(),
  )

export const openPostOffice = (builder: Builder): PostOffice => {
  const { world } = builder
  const { clock } = world
  const random = builder.random.fork('mail')
  const letters: Letter[] = []
  const peopleByCompany = new Map<Company, Person[]>()
  for (const person of world.people) {
    if (person.company)
      peopleByCompany.set(person.company, [...(peopleByCompany.get(person.company) ?? []), person])
  }
  const habits = new Map<string, { greeting: string; signOff: string }>()
  const habitOf = (party: Party): { greeting: string; signOff: string } => {
    const known = habits.get(party.id) ?? {
      greeting: random.pick(['Hi $to,', 'Hi $to,', 'Hello $to,', 'Dear $to,', '$to,', '$to –', 'Hey $to,']),
      signOff: random.pick(SIGN_OFFS),
    }
    habits.set(party.id, known)
    return known
  }
  const messageId = (from: Party): string =>
    `${Math.floor(random.next() * 2 ** 48).toString(36)}.${Math.floor(random.next() * 2 ** 32).toString(36)}@${from.address.split('@')[1]!}`

  const slotsFor = (order: ThreadOrder): Record<string, string> => {
    const company = order.person?.company ?? order.deal?.company
    const peers = world.companies.filter(
      (other) => other !== company && ['portfolio', 'customer', 'prospect'].includes(other.kind),
    )
    const third = company ? peopleByCompany.get(company)?.find((other) => other !== order.person) : undefined
    const amount = order.deal ? order.deal.amountMinor / 100 : random.int(20, 400) * 1000
    const homes = world.deals.filter(
      (deal) =>
        deal.side === 'sell' &&
        !KNOWN_LISTINGS.includes(deal.name) &&
        (deal.lastTouchDay ?? -999) >= order.startDay - 40,
    )
    const interest = order.person?.interest
    const start = clock.weekday(order.startDay)
    return {
      company: company?.name ?? world.name,
      slug: (company?.domain ?? domainOf(world.name)).replace('.example', ''),
      industry: (company?.industry ?? 'the trade').toLowerCase(),
      deal: order.deal?.name ?? company?.name ?? 'this',
      home:
        order.deal?.side === 'sell'
          ? order.deal.name
          : homes.length > 0
            ? random.pick(homes).name
            : 'the house',
      area: interest?.area ?? random.pick(world.people).city,
      beds: String(interest?.bedroomsMin ?? random.int(2, 4)),
      amount: dollars(interest ? interest.budgetMinor / 100 : amount),
      small: dollars(Math.max(2000, Math.round((amount * random.int(4, 12)) / 100 / 500) * 500)),
      fee: dollars(random.int(2, 90) * 100),
      pct: String(random.int(4, 38)),
      n: String(random.int(6, 90)),
      few: random.pick(['two', 'three', 'four', 'five']),
      months: random.pick(['six', 'eight', 'nine', 'eleven', 'twelve', 'fifteen', 'eighteen']),
      month: MONTHS[(Number(clock.date(order.startDay).slice(5, 7)) + 10) % 12]!,
      day: WEEKDAYS[1 + ((start + random.int(1, 4)) % 5)]!,
      hour: random.pick(HOURS),
      number: String(random.int(10_000, 99_999)),
      round: random.pick(['seed', 'pre-seed', 'Series A', 'bridge']),
      city: random.pick(world.people).city,
      peer: peers.length > 0 ? random.pick(peers).name : 'a neighbour',
      third: third?.given ?? 'my colleague',
      colleague: random.pick(world.members.filter((member) => member !== order.member)).given,
      ...order.slots,
    }
  }

  const attach = (marker: string, slots: Readonly<Record<string, string>>): Attachment => {
    const [kind, filename] = marker.slice(1).split(' ') as [string, string]
    if (kind === 'csv') {
      const rows = Array.from({ length: random.int(4, 12) }, (_, index) => [
        `2026-${String(1 + (index % 12)).padStart(2, '0')}`,
        random.int(20, 900) * 10,
        random.int(1, 90),
      ])
      return csv(filename, [['month', 'amount', 'count'], ...rows])
    }
    return pdf(filename, [
      filename.replace(/[-.]/g, ' '),
      slots['company']!,
      slots['deal']!,
      slots['amount']!,
    ])
  }

  const compose = (
    order: ThreadOrder,
    turn: string,
    from: Party,
    to: Party,
    slots: Readonly<Record<string, string>>,
    choices: Map<string, number>,
    isFirst: boolean,
  ): { text: string; attachments: Attachment[] } => {
    const written = sentenceCase(write(random, turn, slots, choices))
    const lines = written.split('\n')
    const markers = lines.filter((line) => /^@(pdf|csv) /.test(line))
    const matter = lines
      .filter((line) => !/^@(pdf|csv) /.test(line))
      .join('\n')
      .trim()
    const { greeting, signOff } = habitOf(from)
    const paragraphs = order.isBare
      ? [matter]
      : [
          ...(random.chance(isFirst ? 0.4 : 0.16)
            ? [write(random, random.pick(isFirst ? SMALL_TALK : ANSWER_TALK), slots)]
            : []),
          matter,
          ...(random.chance(0.3) ? [write(random, random.pick(PARTING), slots)] : []),
        ]
    const hasGreeting = isFirst || random.chance(0.75)
    const hasSignOff = isFirst || random.chance(0.7)
    const text = [
      ...(hasGreeting ? [greeting.replace('$to', to.given)] : []),
      ...paragraphs,
      ...(hasSignOff ? [`${signOff},\n${from.given}`] : [from.given]),
    ].join('\n\n')
    return { text, attachments: markers.map((marker) => attach(marker, slots)) }
  }

  /** When the next turn is written: later the same day, or on a day after it. */
  const nextTime = (afterMs: number, gap: number | undefined, lastDay: number): number | undefined => {
    const day = clock.dayOf(afterMs)
    const wanted = gap ?? (random.chance(0.45) ? 0 : random.int(1, 3))
    if (wanted === 0) {
      const soon = afterMs + random.int(12, 260) * MINUTE_MS
      if (clock.dayOf(soon) <= lastDay && soon < clock.nowMs) return soon
    }
    for (const on of [day + Math.max(1, wanted), day + 1]) {
      const weekday = clock.weekday(on)
      const workday = weekday === 0 || weekday === 6 ? on + (weekday === 0 ? 1 : 2) : on
      const at =
        workday === 0
          ? clock.at(0, 7, random.int(0, 59)) + random.int(0, 40) * MINUTE_MS
          : clock.at(workday, random.int(8, 17), random.int(0, 59))
      if (workday <= lastDay && at > afterMs && at < clock.nowMs) return at
    }
    return undefined
  }

  const office: PostOffice = {
    letters,
    single: (letter) => {
      const whole: Letter = { cc: [], attachments: [], id: messageId(letter.from), ...letter }
      letters.push(whole)
      return whole
    },
    thread: (order) => {
      const ours = memberParty(order.member, world.name)
      const theirs = order.stranger ?? personParty(order.person!)
      const lastDay = order.lastDay ?? (order.person ? lastDayWith(order.person) : 0)
      const slots = slotsFor(order)
      const choices = new Map<string, number>()
      const subject = write(random, order.subject, slots, choices)
      const thread: Letter[] = []
      for (const [index, turn] of order.turns.entries()) {
        const isOurs = (index % 2 === 0) === (order.opens === 'us')
        const previous = thread.at(-1)
        const atMs = previous
          ? nextTime(previous.atMs, order.gaps?.[index - 1], lastDay)
          : clock.working(random, Math.min(order.startDay, lastDay))
        if (atMs === undefined) break
        const [from, to] = isOurs ? [ours, theirs] : [theirs, ours]
        const { text, attachments } = compose(order, turn, from, to, slots, choices, index === 0)
        thread.push(
          office.single({
            atMs: atMs + random.int(0, 59) * 1000,
            from,
            to: [to],
            cc: (order.cc ?? []).filter(
              (party) => party.address !== from.address && party.address !== to.address,
            ),
            subject: previous ? `${random.chance(0.95) ? 'Re: ' : 'RE: '}${subject}` : subject,
            text,
            attachments,
            ...(previous ? { answers: previous } : {}),
          }),
        )
      }
      return thread
    },
  }
  return office
}

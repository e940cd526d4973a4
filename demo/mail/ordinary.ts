import type { Builder } from '../build.ts'
import type { DemoClock } from '../clock.ts'
import { lastDayWith } from '../world.ts'
import type { Deal, Person, Vertical } from '../world.ts'
import { BROKERAGE_TALK } from './brokerage-talk.ts'
import { FUND_TALK } from './fund-talk.ts'
import { memberParty, personParty } from './letter.ts'
import type { Party } from './letter.ts'
import type { PostOffice } from './post-office.ts'
import { SALES_TALK } from './sales-talk.ts'
import type { Fit, Topic } from './topic.ts'

const TALK: Readonly<Record<Vertical, readonly Topic[]>> = {
  fund: FUND_TALK,
  sales: SALES_TALK,
  brokerage: BROKERAGE_TALK,
}
const BACKERS = ['lp', 'investor', 'angel']
const ADVISORS = ['advisor', 'scout', 'attorney']
/** Until this day people of the known set have ordinary mail too; what comes later is told in known threads. */
const KNOWN_UNTIL = -75
const RECENT_DAYS = 40

const fitOf = (vertical: Vertical, person: Person): Fit => {
  const role = person.role ?? ''
  switch (vertical) {
    case 'fund':
      if (BACKERS.includes(role)) return 'backer'
      if (ADVISORS.includes(role)) return 'advisor'
      if (role === 'founder') return 'founder'
      return person.company?.kind === 'portfolio' || person.company?.kind === 'prospect' ? 'staff' : 'anyone'
    case 'sales':
      if (role === 'partner') return 'partner'
      return person.company?.kind === 'customer' ? 'customer' : 'prospect'
    case 'brokerage':
      if (role === 'buyer' || role === 'seller') return role
      return person.company ? 'professional' : 'anyone'
  }
}

const nextWorkday = (clock: DemoClock, day: number): number =>
  clock.workday(day) === day ? day : nextWorkday(clock, day + 1)

/** How many turns: old threads end with our answer nearly always, recent ones often wait. */
const turnsFor = (builder: Builder, topic: Topic, day: number): number => {
  const { random } = builder
  const all = topic.turns.length
  const count = random.chance(0.1) ? 1 : random.int(Math.min(2, all), all)
  const endsWithThem = (topic.opens === 'them') === (count % 2 === 1)
  if (!endsWithThem || random.chance(day > -RECENT_DAYS ? 0.3 : 0.04)) return count
  return count < all ? count + 1 : Math.max(1, count - 1)
}

/** Threads as they come up in the course of two years, `count` of them. */
export const ordinaryMail = (
  builder: Builder,
  office: PostOffice,
  count: number,
  known: ReadonlySet<Person>,
): void => {
  const { random, world } = builder
  const { clock } = world
  const deals = new Map<Person, Deal>()
  for (const deal of world.deals) for (const { person } of deal.people) deals.set(person, deal)
  const reachable = world.people.filter((person) => person.emails.length > 0)
  const pool = reachable.flatMap((person) => (deals.has(person) ? [person, person, person] : [person]))
  const used = new Map<Person, Topic[]>()
  for (let made = 0; made < count;) {
    const person = random.pick(pool)
    const from = nextWorkday(clock, clock.dayOf(person.createdMs) + 1)
    const until = Math.min(known.has(person) ? KNOWN_UNTIL : 0, lastDayWith(person))
    if (from > until) continue
    const fit = fitOf(world.vertical, person)
    const past = used.get(person) ?? []
    const topics = TALK[world.vertical].filter(
      (topic) => (topic.fits.includes(fit) || topic.fits.includes('anyone')) && !past.includes(topic),
    )
    if (topics.length === 0) continue
    const chosen = random.weighted(
      Object.fromEntries(topics.map((topic, index) => [String(index), topic.weight])),
    )
    const topic = topics[Number(chosen)]!
    used.set(person, [...past, topic])
    made += 1
    const startDay = until - Math.floor((until - from) * random.next() ** 1.7)
    const member = random.chance(0.85) ? person.owner : random.pick(world.members)
    const cc: Party[] = []
    if (random.chance(0.12))
      cc.push(memberParty(random.pick(world.members.filter((other) => other !== member)), world.name))
    const second = person.company
      ? reachable.find(
          (other) =>
            other.company === person.company &&
            other !== person &&
            clock.dayOf(other.createdMs) < startDay - 2 &&
            lastDayWith(other) >= until,
        )
      : undefined
    if (second && !known.has(second) && random.chance(0.14)) cc.push(personParty(second))
    const deal = known.has(person) ? undefined : deals.get(person)
    office.thread({
      member,
      person,
      opens: topic.opens,
      subject: topic.subject,
      turns: topic.turns.slice(0, turnsFor(builder, topic, startDay)),
      startDay,
      lastDay: until,
      cc,
      ...(deal ? { deal } : {}),
    })
  }
}

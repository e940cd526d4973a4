import { ACTIVITY_WORDS, TASK_WORDS } from './activity-words.ts'
import type { Builder } from './build.ts'
import type { Random } from './random.ts'
import { write } from './template.ts'
import { currentStage, fullName, lastDayWith } from './world.ts'
import type { Company, Deal, Interaction, Member, Person } from './world.ts'

const KINDS = {
  fund: { meeting: 45, call: 36, note: 19, viewing: 0 },
  sales: { meeting: 30, call: 50, note: 20, viewing: 0 },
  brokerage: { meeting: 12, call: 42, note: 12, viewing: 34 },
} as const

interface Touch {
  readonly day: number
  readonly member: Member
  readonly people: readonly Person[]
  readonly company?: Company
  readonly deal?: Deal
  readonly kind?: Interaction['kind'] & keyof (typeof KINDS)['fund']
  readonly summary?: string
  readonly direction?: 'inbound' | 'outbound'
}

export const dollars = (amount: number): string => `$${Math.round(amount).toLocaleString('en-US')}`

/** Records that something happened, in words that fit. */
export const touch = (builder: Builder, options: Touch): Interaction => {
  const { random, world } = builder
  const { day, member, people, deal } = options
  const company = options.company ?? deal?.company ?? people[0]?.company
  const kind = options.kind ?? random.weighted(KINDS[world.vertical])
  const who = people.map(fullName).join(' and ') || company?.name || 'them'
  const slots = {
    who,
    deal: deal?.name ?? company?.name ?? who,
    months: String(random.int(2, 18)),
    amount: dollars(
      deal ? (deal.amountMinor / 100) * random.pick([0.9, 0.95, 1]) : random.int(20, 90) * 1000,
    ),
  }
  const summary = options.summary ?? write(random, random.pick(ACTIVITY_WORDS[world.vertical][kind]), slots)
  const direction =
    kind === 'note'
      ? 'internal'
      : kind === 'call'
        ? (options.direction ?? (random.chance(0.4) ? 'inbound' : 'outbound'))
        : options.direction
  return builder.interaction({
    kind,
    atMs: world.clock.working(random, day),
    summary,
    member,
    people,
    ...(direction === undefined ? {} : { direction }),
    ...(company === undefined ? {} : { company }),
    ...(deal === undefined ? {} : { deal }),
    ...(kind === 'note'
      ? {}
      : { minutes: random.pick(kind === 'call' ? [5, 10, 15, 20, 30] : [30, 45, 60, 90]) }),
  })
}

const someone = (random: Random, members: readonly Member[], owner: Member): Member =>
  random.chance(0.82) ? owner : random.pick(members)

const dealTouches = (builder: Builder, deal: Deal): void => {
  const { random, world } = builder
  const { clock } = world
  if (deal.lastTouchDay === undefined) return
  const from = clock.dayOf(deal.steps[0]!.atMs)
  const people = deal.people.map(({ person }) => person)
  const days = Array.from({ length: random.int(1, 6) }, () =>
    random.int(Math.min(from, deal.lastTouchDay!), deal.lastTouchDay!),
  )
  for (const day of [...days, deal.lastTouchDay]) {
    const free = people.filter(
      (person) => lastDayWith(person) >= day && clock.dayOf(person.createdMs) <= clock.workday(day),
    )
    const [first, second] = random.sample(free, 2)
    touch(builder, {
      day,
      deal,
      member: someone(random, world.members, deal.owner),
      people: first === undefined ? [] : second && random.chance(0.35) ? [first, second] : [first],
      // The last touch of a listing is never a viewing by an unnamed buyer.
      ...(first === undefined
        ? { kind: 'note' as const }
        : first.role === 'seller' && !second
          ? { kind: 'call' as const }
          : {}),
    })
  }
}

const keepingInTouch = (builder: Builder, person: Person): void => {
  const { random, world } = builder
  const from = world.clock.dayOf(person.createdMs)
  const until = lastDayWith(person)
  if (from > until) return
  const times = random.weighted({ none: 45, once: 28, twice: 16, often: 11 })
  const count = { none: 0, once: 1, twice: 2, often: random.int(3, 7) }[times]
  for (let index = 0; index < count; index += 1) {
    touch(builder, {
      day: random.int(from, until),
      member: someone(random, world.members, person.owner),
      people: [person],
      ...(world.vertical === 'brokerage' && person.role !== 'buyer'
        ? { kind: random.pick(['call', 'note', 'meeting'] as const) }
        : {}),
    })
  }
}

const tasks = (builder: Builder): void => {
  const { random, world } = builder
  const { clock } = world
  for (const deal of world.deals) {
    const open = currentStage(deal).kind === 'open'
    if (!random.chance(open ? 0.55 : 0.3)) continue
    const person = random.pick(deal.people).person
    const from = clock.dayOf(deal.steps[0]!.atMs)
    const createdDay = random.int(from, Math.max(from, open ? -2 : clock.dayOf(deal.steps.at(-1)!.atMs)))
    const dueDay = clock.workday(open ? random.int(-14, 24) : createdDay + random.int(3, 10))
    const done = !open || random.chance(0.3)
    const createdMs = clock.working(random, Math.min(createdDay, dueDay - 1))
    builder.task({
      title: write(random, random.pick(TASK_WORDS[world.vertical]), {
        who: fullName(person),
        deal: deal.name,
      }),
      createdMs,
      dueMs: clock.at(dueDay, random.int(9, 17)),
      assignee: someone(random, world.members, deal.owner),
      deal,
      people: [person],
      ...(deal.company ? { company: deal.company } : {}),
      ...(done
        ? {
            doneMs: Math.min(
              clock.nowMs - 3_600_000,
              Math.max(createdMs + 3_600_000, clock.working(random, Math.min(-1, dueDay))),
            ),
          }
        : {}),
    })
  }
}

/** Two years of calls, meetings, viewings, notes and tasks. Mail is not among them: it comes in as mail. */
export const liveThrough = (builder: Builder): void => {
  for (const deal of builder.world.deals) dealTouches(builder, deal)
  for (const person of builder.world.people) keepingInTouch(builder, person)
  tasks(builder)
}

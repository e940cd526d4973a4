import type { Builder } from './build.ts'
import { BUSINESSES, RESELLERS } from './company-names.ts'
import { asDealPeople, cobaltFixture, openCobalt } from './cobalt.ts'
import type { Company, Person } from './world.ts'

const TITLES: readonly (readonly [string, string])[] = [
  ['IT Director', 'decision maker'],
  ['CFO', 'economic buyer'],
  ['Operations Manager', 'champion'],
  ['Procurement Lead', 'gatekeeper'],
  ['Head of Security', 'technical buyer'],
  ['VP Operations', 'decision maker'],
  ['Systems Administrator', 'user'],
  ['CEO', 'decision maker'],
]

const contactsOf = (builder: Builder, company: Company, count: number, tags: readonly string[]): Person[] =>
  builder.random.sample(TITLES, count).map(([title, role]) =>
    builder.person({
      company,
      title,
      role,
      tags,
      createdDay: builder.world.clock.dayOf(company.createdMs),
    }),
  )

/** Amounts on purpose next to the limits people ask for. */
const EDGE_AMOUNTS = [49_900, 50_000, 50_100, 19_900, 20_000, 20_500]
const EDGE_TOUCHES = [-29, -30, -31, -32, -47, -64, -90, -34, -41]

const openDeals = (builder: Builder): void => {
  const { random, world } = builder
  const plan: readonly (readonly [string, number])[] = [
    ['Lead', 16],
    ['Qualified', 12],
    ['Demo', 10],
    ['Proposal', 9],
    ['Negotiation', 6],
  ]
  let number = 0
  for (const [stage, count] of plan) {
    for (let index = 0; index < count; index += 1) {
      number += 1
      const owner = world.members[number % 4]!
      const createdDay = stage === 'Lead' ? random.int(-170, -12) : random.int(-230, -35)
      const company = builder.company({
        trades: BUSINESSES,
        kind: 'prospect',
        status: 'prospect',
        owner,
        createdDay,
      })
      const people = contactsOf(builder, company, random.int(1, 3), ['prospect'])
      const stageDay = stage === 'Lead' ? createdDay : random.int(createdDay, -3)
      const wanted =
        number % 4 === 0 ? EDGE_TOUCHES[(number / 4) % EDGE_TOUCHES.length]! : random.int(-26, -1)
      const lastTouchDay = stage === 'Lead' && index < 2 ? undefined : Math.max(wanted, createdDay)
      company.quietAfterDay = lastTouchDay ?? createdDay
      builder.deal({
        name: `${company.name} – ${random.pick(['pilot', 'annual plan', 'rollout', 'starter plan', 'two sites'])}`,
        company,
        owner,
        amount:
          EDGE_AMOUNTS[number - 1 - 6] ?? Math.round(random.int(9, random.chance(0.2) ? 240 : 80) * 2) * 500,
        stage,
        createdDay,
        stageDay: Math.min(stageDay, lastTouchDay ?? createdDay),
        closeDay:
          number % 3 === 0 ? random.int(42, 130) : number % 7 === 0 ? random.int(-15, -1) : random.int(3, 41),
        people: asDealPeople(people),
        nextStep: random.pick([
          'Send the proposal',
          'Book a demo',
          'Find the budget holder',
          'Security review',
          'Reference call',
          'Chase legal',
        ]),
        ...(lastTouchDay === undefined ? {} : { lastTouchDay }),
      })
    }
  }
}

const closedDeals = (builder: Builder): void => {
  const { random, world } = builder
  for (let index = 0; index < 44; index += 1) {
    const owner = world.members[index % 4]!
    // The first twenty closed in a known month each, so that every rep has a this month, a last month and a last quarter.
    const closedDay =
      index < 8
        ? random.int(-18, -2)
        : index < 14
          ? random.int(-50, -21)
          : index < 24
            ? random.int(-140, -52)
            : random.int(-640, -145)
    const createdDay = Math.max(-725, closedDay - random.int(30, 150))
    const company = builder.company({
      trades: BUSINESSES,
      kind: 'customer',
      status: random.chance(0.86) ? 'customer' : 'churned',
      owner,
      createdDay,
      tags: ['client'],
    })
    const people = contactsOf(builder, company, random.int(1, 3), ['client'])
    company.customerSinceDay = closedDay
    if (company.status === 'churned') {
      company.quietAfterDay = Math.min(-60, Math.max(closedDay, -400))
      company.churnedDay = Math.min(-1, Math.max(company.quietAfterDay, closedDay) + 30)
    }
    builder.deal({
      name: `${company.name} – ${random.pick(['annual plan', 'rollout', 'pilot', 'head office'])}`,
      company,
      owner,
      amount: random.int(16, 180) * 500,
      stage: 'Won',
      createdDay,
      stageDay: closedDay,
      closeDay: closedDay,
      lastTouchDay: closedDay,
      people: asDealPeople(people),
    })
  }
  for (let index = 0; index < 18; index += 1) {
    const closedDay = random.int(-600, -5)
    const createdDay = Math.max(-725, closedDay - random.int(20, 120))
    const company = builder.company({ trades: BUSINESSES, kind: 'prospect', status: 'lost', createdDay })
    company.quietAfterDay = closedDay
    const people = contactsOf(builder, company, random.int(1, 2), ['prospect'])
    builder.deal({
      name: `${company.name} – pilot`,
      company,
      owner: company.owner,
      amount: random.int(14, 120) * 500,
      stage: 'Lost',
      createdDay,
      stageDay: closedDay,
      closeDay: closedDay,
      lastTouchDay: closedDay,
      people: asDealPeople(people),
    })
  }
}

const surroundings = (builder: Builder, people: number): void => {
  const { random, world } = builder
  for (let index = 0; index < 8; index += 1) {
    const company = builder.company({
      trades: RESELLERS,
      kind: 'partner',
      status: 'partner',
      tags: ['partner'],
    })
    builder.person({
      company,
      title: random.pick(['Alliance Manager', 'Managing Consultant']),
      role: 'partner',
      tags: ['partner'],
    })
  }
  const accounts = [...world.companies]
  while (world.people.length < people) {
    const company = random.pick(accounts)
    contactsOf(
      builder,
      company,
      1,
      company.kind === 'customer' ? ['client'] : company.kind === 'partner' ? ['partner'] : ['prospect'],
    )
  }
}

/** Cobalt Systems: four people who sell operations software from Chicago. */
export const buildSales = (seed: string, people: number): Builder => {
  const builder = openCobalt(seed)
  cobaltFixture(builder)
  openDeals(builder)
  closedDeals(builder)
  surroundings(builder, people)
  return builder
}

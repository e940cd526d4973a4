import type { Builder, PersonOptions } from './build.ts'
import { ADVISORS, CO_INVESTORS, LIMITED_PARTNERS, STARTUPS } from './company-names.ts'
import { larkspurFixture, openLarkspur } from './larkspur.ts'
import type { Company, Person } from './world.ts'

const FOUNDERS = ['CEO & Co-founder', 'Founder & CEO', 'Co-founder & CEO', 'Founder']
const STAFF: readonly (readonly [string, string])[] = [
  ['CTO', 'cto'],
  ['CFO', 'cfo'],
  ['Chief of Staff', 'employee'],
  ['VP Engineering', 'employee'],
  ['Head of Product', 'employee'],
  ['COO', 'coo'],
]

const startup = (builder: Builder, tags: readonly string[], kind: string, createdDay: number): Company =>
  builder.company({
    trades: STARTUPS,
    kind,
    status: 'active',
    createdDay,
    tags,
    ...(builder.random.chance(0.16) ? { city: 'Berlin' } : {}),
  })

const founderOf = (builder: Builder, company: Company, options: Partial<PersonOptions> = {}): Person =>
  builder.person({
    company,
    title: builder.random.pick(FOUNDERS),
    role: 'founder',
    city: company.city,
    createdDay: builder.world.clock.dayOf(company.createdMs),
    tags: company.tags.filter((tag) => tag === 'portfolio'),
    ...options,
  })

const staffOf = (builder: Builder, company: Company, count: number): Person[] =>
  builder.random.sample(STAFF, count).map(([title, role]) => builder.person({ company, title, role }))

const round = (amount: number): number => Math.round(amount / 50_000) * 50_000

const portfolio = (builder: Builder): void => {
  const { random, world } = builder
  for (let index = 0; index < 24; index += 1) {
    const createdDay = random.int(-720, -260)
    const company = startup(builder, ['portfolio'], 'portfolio', createdDay)
    const founder = founderOf(builder, company)
    const staff = staffOf(builder, company, random.int(0, 2))
    if (random.chance(0.4)) founderOf(builder, company, { title: 'Co-founder & CTO' })
    const closedDay = random.int(Math.max(createdDay + 40, -600), -20)
    const people = [
      { person: founder, role: 'founder' },
      ...staff.slice(0, 1).map((person) => ({ person, role: 'finance' })),
    ]
    builder.deal({
      name: `${company.name} Seed`,
      company,
      owner: company.owner,
      amount: round(random.int(600_000, 2_500_000)),
      stage: 'Closed',
      createdDay,
      stageDay: closedDay,
      closeDay: closedDay,
      people,
      lastTouchDay: closedDay,
    })
    // A third of the portfolio has not been spoken to since before this quarter; two are just on either side of its first day.
    const firstDayOfQuarter = world.clock.dayOfDate('2026-10-01')
    if (index % 3 === 0) company.quietAfterDay = Math.min(firstDayOfQuarter - 1 - index * 3, closedDay)
    if (index === 1) company.quietAfterDay = firstDayOfQuarter
    if (company.quietAfterDay < closedDay) company.quietAfterDay = closedDay
  }
}

const pipeline = (builder: Builder): void => {
  const { random } = builder
  const plan: readonly (readonly [string, number])[] = [
    ['Sourced', 16],
    ['First Meeting', 13],
    ['Diligence', 6],
    ['IC', 3],
    ['Term Sheet', 3],
    ['Passed', 30],
  ]
  const touches = [-29, -30, -31, -33, -45, -62, -88]
  for (const [stage, count] of plan) {
    for (let index = 0; index < count; index += 1) {
      const passed = stage === 'Passed'
      const createdDay = passed ? random.int(-700, -60) : random.int(stage === 'Sourced' ? -75 : -240, -40)
      const company = startup(builder, [], 'prospect', createdDay)
      const founder = founderOf(builder, company)
      if (stage !== 'Diligence' && random.chance(0.4))
        founderOf(builder, company, { title: 'Co-founder & CTO' })
      const staff = staffOf(builder, company, random.int(0, 1))
      const stageDay = passed ? random.int(createdDay + 10, -8) : random.int(createdDay, -4)
      const touch = passed
        ? stageDay
        : index < 2
          ? touches[(index + stage.length) % touches.length]!
          : random.int(-27, -1)
      const lastTouchDay = Math.max(touch, createdDay)
      company.quietAfterDay = passed ? Math.min(-5, stageDay + 3) : lastTouchDay
      builder.deal({
        name: `${company.name} ${random.pick(['Seed', 'Seed', 'Series A', 'Pre-seed'])}`,
        company,
        owner: company.owner,
        amount: round(random.int(300_000, 4_500_000)),
        stage,
        createdDay,
        stageDay: Math.min(stageDay, passed ? stageDay : lastTouchDay),
        closeDay: random.int(5, 150),
        lastTouchDay,
        people: [
          { person: founder, role: 'founder' },
          ...staff.map((person) => ({ person, role: 'operator' })),
        ],
        nextStep: random.pick([
          'Ask for the data room',
          'Second call with the team',
          'Customer references',
          'Write the memo',
          'Wait for their numbers',
        ]),
      })
    }
  }
}

const circle = (builder: Builder, people: number): void => {
  const { random, world } = builder
  for (let index = 0; index < 14; index += 1) {
    const company = builder.company({ trades: LIMITED_PARTNERS, kind: 'investor', tags: ['lp'] })
    builder.person({
      company,
      title: random.pick(['Investment Director', 'Chief Investment Officer', 'Portfolio Manager']),
      role: 'lp',
      tags: ['lp'],
    })
    if (random.chance(0.4)) builder.person({ company, title: 'Analyst', role: 'lp', tags: ['lp'] })
  }
  for (let index = 0; index < 12; index += 1)
    builder.person({ title: 'Private investor', role: 'lp', tags: ['lp', 'angel'] })
  for (let index = 0; index < 16; index += 1) {
    const company = builder.company({ trades: CO_INVESTORS, kind: 'investor', tags: ['co-investor'] })
    for (const title of random.sample(['General Partner', 'Principal', 'Associate'], random.int(1, 2))) {
      builder.person({ company, title, role: 'investor', tags: ['co-investor'] })
    }
  }
  for (let index = 0; index < 10; index += 1) {
    const company = builder.company({ trades: ADVISORS, kind: 'vendor' })
    builder.person({
      company,
      title: random.pick(['Partner', 'Managing Director', 'Counsel']),
      role: company.industry === 'Law' ? 'attorney' : 'advisor',
    })
  }
  for (const role of ['advisor', 'scout', 'scout', 'advisor', 'scout', 'advisor']) {
    builder.person({ title: role === 'scout' ? 'Scout' : 'Operating advisor', role, tags: [role] })
  }
  const startups = world.companies.filter(
    (company) => company.kind === 'portfolio' || company.kind === 'prospect',
  )
  while (world.people.length < people) {
    if (random.chance(0.35)) {
      builder.person({
        title: random.pick(['Angel', 'Professor', 'Journalist', 'Product lead', 'Engineer']),
        role: random.pick(['angel', 'academic', 'press', 'candidate']),
        tags: [random.pick(['prospect', 'event-2026', 'newsletter'])],
      })
    } else staffOf(builder, random.pick(startups), 1)
  }
}

/** Larkspur Ventures: a seed fund of three in New York. */
export const buildFund = (seed: string, people: number): Builder => {
  const builder = openLarkspur(seed)
  larkspurFixture(builder)
  portfolio(builder)
  pipeline(builder)
  circle(builder, people)
  return builder
}

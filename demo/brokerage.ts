import type { Builder } from './build.ts'
import { BROKERAGES, BUILDERS, LAW_FIRMS, LENDERS, SETTLEMENT, TRADESPEOPLE } from './company-names.ts'
import { KNOWN_LISTINGS, harborviewFixture, interest, openHarborview, parties } from './harborview.ts'
import { CITIES } from './places.ts'
import type { Member, Person } from './world.ts'

const STREETS = (
  'Cedar Hollow Road,Lantern Street,Breakwater Lane,Sailmaker Court,Orchard Rise,Gull Point Drive,Ferry Slip Road,Old Mill Lane,' +
  'Copper Beech Way,Tidemill Street,Ropewalk Avenue,Chandler Row,Heron Close,Saltbox Lane,Kiln Street,Windlass Court,Fernwood Terrace,Beacon Steps'
).split(',')
const BUILDINGS = ['Cannery Wharf', 'Mason Lofts', 'Signal House', 'The Cooperage']
const AREAS = CITIES.brokerage.map((city) => city.name)

const professionals = (builder: Builder): { lenders: Person[]; attorneys: Person[] } => {
  const { random, company, person } = builder
  const lenders: Person[] = []
  const attorneys: Person[] = []
  for (let index = 0; index < 11; index += 1) {
    const at = company({ trades: LENDERS, kind: 'lender', status: 'partner', tags: ['lender'] })
    lenders.push(
      person({
        company: at,
        title: random.pick(['Loan Officer', 'Mortgage Advisor']),
        role: 'lender',
        tags: ['partner'],
      }),
    )
  }
  for (let index = 0; index < 12; index += 1) {
    const at = company({ trades: LAW_FIRMS, kind: 'partner', status: 'partner' })
    attorneys.push(person({ company: at, title: 'Attorney', role: 'attorney', tags: ['partner'] }))
    if (random.chance(0.3)) person({ company: at, title: 'Paralegal', role: 'attorney' })
  }
  const firms = [
    [SETTLEMENT, 12, 'vendor', 'Escrow Officer', 'escrow'],
    [BROKERAGES, 34, 'brokerage', 'Agent', 'agent'],
    [BUILDERS, 18, 'developer', 'Project Director', 'developer'],
    [TRADESPEOPLE, 34, 'vendor', 'Owner', 'vendor'],
  ] as const
  for (const [trades, count, kind, title, role] of firms) {
    for (let index = 0; index < count; index += 1) {
      const at = company({ trades, kind, status: 'active' })
      person({ company: at, title, role, quietAfterDay: random.chance(0.5) ? -random.int(10, 200) : 0 })
    }
  }
  return { lenders, attorneys }
}

/** Budgets and days of silence on purpose next to the limits people ask for. */
const EDGE_INTERESTS = [
  [600_000, 3],
  [900_000, 3],
  [595_000, 3],
  [905_000, 4],
  [750_000, 2],
  [700_000, 4],
  [899_000, 3],
  [649_000, 5],
] as const
const EDGE_SILENCE = [-13, -14, -15, -16, -21, -28, -35, -60]

const buyerOf = (builder: Builder, owner: Member, index: number): Person => {
  const { random } = builder
  const [budget, bedrooms] = EDGE_INTERESTS[index] ?? [random.int(28, 150) * 10_000, random.int(1, 5)]
  const createdDay = random.int(-320, -25)
  return builder.person({
    role: 'buyer',
    owner,
    tags: random.chance(0.6) ? ['buyer', 'client'] : ['buyer'],
    createdDay,
    quietAfterDay:
      index % 3 === 0 ? Math.max(createdDay, EDGE_SILENCE[(index / 3) % EDGE_SILENCE.length]!) : 0,
    interest: interest(budget, bedrooms, random.pick(AREAS)),
  })
}

const addressOf = (builder: Builder, taken: Set<string>): string => {
  const { random } = builder
  for (;;) {
    const address = random.chance(0.2)
      ? `Unit ${random.int(1, 9)}${random.pick(['A', 'B', 'C', 'D'])} ${random.pick(BUILDINGS)}`
      : `${random.int(2, 380)} ${random.pick(STREETS)}`
    if (taken.has(address)) continue
    taken.add(address)
    return address
  }
}

const market = (builder: Builder, trade: { lenders: Person[]; attorneys: Person[] }): void => {
  const { random, world } = builder
  const taken = new Set(KNOWN_LISTINGS)
  const plan: readonly (readonly [string, number])[] = [
    ['Inquiry', 12],
    ['Viewing', 15],
    ['Offer', 8],
    ['Under Contract', 9],
    ['Closed', 42],
    ['Withdrawn', 14],
  ]
  let number = 0
  for (const [stage, count] of plan) {
    for (let index = 0; index < count; index += 1) {
      number += 1
      const owner = world.members[number % 3]!
      const closed = stage === 'Closed' || stage === 'Withdrawn'
      const stageDay = !closed
        ? random.int(-40, -3)
        : index % 5 < 3
          ? random.int(-318, -4)
          : random.int(-640, -326)
      const createdDay = Math.max(-725, stageDay - random.int(stage === 'Inquiry' ? 0 : 15, 110))
      const buying = random.chance(0.38)
      const buyer =
        buying || stage === 'Under Contract' || stage === 'Closed'
          ? buyerOf(builder, owner, number)
          : undefined
      const quietDay = index % 4 === 3 ? EDGE_SILENCE[index % EDGE_SILENCE.length]! - 14 : random.int(-20, -1)
      const lastTouchDay = closed
        ? stageDay
        : Math.max(createdDay, Math.min(quietDay, buyer?.quietAfterDay ?? 0))
      const price =
        buyer?.interest && buying
          ? buyer.interest.budgetMinor / 100
          : random.int(31, 132) * 10_000 - random.pick([0, 1_000, 5_000])
      const sellers = buying
        ? []
        : [
            builder.person({
              role: 'seller',
              owner,
              tags: random.chance(0.6) ? ['seller', 'client'] : ['seller'],
              createdDay,
              quietAfterDay: closed ? Math.min(0, stageDay + 40) : 0,
            }),
          ]
      const late = stage === 'Under Contract' || stage === 'Closed'
      builder.deal({
        name: buying && buyer ? `${buyer.family} home search (${buyer.given})` : addressOf(builder, taken),
        owner,
        amount: price,
        side: buying ? 'buy' : 'sell',
        bedrooms: buyer?.interest && buying ? buyer.interest.bedroomsMin : random.int(1, 5),
        stage,
        createdDay,
        stageDay: closed ? stageDay : Math.min(stageDay, lastTouchDay),
        closeDay: random.int(10, 90),
        lastTouchDay,
        people: parties({
          sellers,
          ...(buyer ? { buyer } : {}),
          ...(late ? { lender: random.pick(trade.lenders), attorney: random.pick(trade.attorneys) } : {}),
        }),
        nextStep: random.pick([
          'Book a viewing',
          'Photos and floor plan',
          'Call the lender',
          'Collect offers',
          'Price review',
          'Title search',
        ]),
      })
    }
  }
}

/** Harborview Realty: three agents in a harbour town. */
export const buildBrokerage = (seed: string, people: number): Builder => {
  const builder = openHarborview(seed)
  const { random, world } = builder
  harborviewFixture(builder)
  market(builder, professionals(builder))
  let index = 0
  while (world.people.length < people) {
    const owner = world.members[index % 3]!
    if (random.chance(0.6)) buyerOf(builder, owner, index)
    else {
      const role = random.pick(['seller', 'tenant', 'past client'])
      builder.person({
        role,
        owner,
        tags: [role === 'seller' ? 'seller' : role === 'tenant' ? 'tenant' : 'client'],
      })
    }
    index += 1
  }
  return builder
}

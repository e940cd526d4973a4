import { touch } from './activity.ts'
import { openWorld } from './build.ts'
import type { Builder } from './build.ts'
import { LAW_FIRMS, LENDERS } from './company-names.ts'
import { nameOf } from './names.ts'
import { currentStage, fullName, lastDayWith } from './world.ts'
import type { Deal, Person } from './world.ts'

/** Listings that the questions name: ordinary mail and chance keep off them. */
export const KNOWN_LISTINGS: readonly string[] = [
  '14 Elm Street',
  '220 Harbor Road',
  '9 Quarry Lane',
  'Unit 5B Mason Lofts',
]

export const interest = (budget: number, bedroomsMin: number, area: string) => ({
  budgetMinor: budget * 100,
  bedroomsMin,
  area,
})

interface Side {
  readonly buyer?: Person
  readonly sellers?: readonly Person[]
  readonly lender?: Person
  readonly attorney?: Person
}
export const parties = ({ buyer, sellers = [], lender, attorney }: Side): Deal['people'] => [
  ...sellers.map((person) => ({ person, role: 'seller' })),
  ...(buyer ? [{ person: buyer, role: 'buyer' }] : []),
  ...(lender ? [{ person: lender, role: 'lender' }] : []),
  ...(attorney ? [{ person: attorney, role: 'attorney' }] : []),
]

export const openHarborview = (seed: string): Builder =>
  openWorld({
    slug: 'harborview',
    name: 'Harborview Realty',
    vertical: 'brokerage',
    domain: 'harborview.example',
    city: 'Harborview',
    timezone: 'America/Los_Angeles',
    members: [
      { ...nameOf('Nina Park'), title: 'Managing Broker', role: 'owner' },
      { ...nameOf('Luis Ortega'), title: 'Agent', role: 'editor' },
      { ...nameOf('Tess Boyle'), title: 'Agent', role: 'editor' },
    ],
    stages: [
      ['Inquiry', 'open', 0.05],
      ['Viewing', 'open', 0.2],
      ['Offer', 'open', 0.5],
      ['Under Contract', 'open', 0.85],
      ['Closed', 'won', 1],
      ['Withdrawn', 'lost', 0],
    ],
    reserved: [
      'Carla Jensen',
      'Rob Whitmore',
      'Ellen Whitmore',
      'Yusuf Demir',
      'Peter Vance',
      'Olga Ivanova',
    ].map(nameOf),
    reservedCompanies: ['Northgate Mortgage', 'Ivanova Law Group'],
    seed,
  })

/** The people, companies and deals that the questions name. */
export const harborviewFixture = (builder: Builder): void => {
  const { member, company, person, deal } = builder
  const [nina, luis, tess] = [member('Park'), member('Ortega'), member('Boyle')]
  const northgate = company({
    name: 'Northgate Mortgage',
    trades: LENDERS,
    kind: 'lender',
    status: 'partner',
    owner: nina,
    createdDay: -650,
    city: 'North Landing',
    tags: ['lender'],
  })
  const law = company({
    name: 'Ivanova Law Group',
    trades: LAW_FIRMS,
    kind: 'partner',
    status: 'partner',
    owner: nina,
    createdDay: -640,
    city: 'Harborview',
  })
  const carla = person({
    name: nameOf('Carla Jensen'),
    role: 'buyer',
    owner: tess,
    city: 'Harborview',
    tags: ['buyer', 'client'],
    createdDay: -75,
    phone: true,
    interest: interest(640_000, 2, 'Harborview'),
  })
  const rob = person({
    name: nameOf('Rob Whitmore'),
    role: 'seller',
    owner: luis,
    city: 'Quarry Hill',
    tags: ['seller', 'client'],
    createdDay: -90,
    phone: true,
  })
  const ellen = person({
    name: nameOf('Ellen Whitmore'),
    role: 'seller',
    owner: luis,
    city: 'Quarry Hill',
    tags: ['seller', 'client'],
    createdDay: -90,
    phone: true,
  })
  const yusuf = person({
    name: nameOf('Yusuf Demir'),
    role: 'buyer',
    owner: luis,
    city: 'Mason District',
    tags: ['buyer', 'client'],
    createdDay: -60,
    phone: true,
    interest: interest(780_000, 3, 'Mason District'),
  })
  const peter = person({
    name: nameOf('Peter Vance'),
    company: northgate,
    title: 'Senior Loan Officer',
    role: 'lender',
    createdDay: -640,
    phone: true,
  })
  person({ company: northgate, title: 'Loan Processor', role: 'lender', createdDay: -300, phone: true })
  const olga = person({
    name: nameOf('Olga Ivanova'),
    company: law,
    title: 'Attorney',
    role: 'attorney',
    createdDay: -630,
    phone: true,
  })
  const seller = person({
    role: 'seller',
    owner: nina,
    city: 'Harborview',
    tags: ['seller', 'client'],
    createdDay: -80,
  })
  const elmSeller = person({
    role: 'seller',
    owner: tess,
    city: 'Harborview',
    tags: ['seller', 'client'],
    createdDay: -100,
  })
  const loftSeller = person({
    role: 'seller',
    owner: luis,
    city: 'Mason District',
    tags: ['seller'],
    createdDay: -55,
  })
  const listing = { side: 'sell' as const, source: 'referral' }
  deal({
    ...listing,
    name: '14 Elm Street',
    owner: tess,
    amount: 615_000,
    stage: 'Under Contract',
    createdDay: -95,
    stageDay: -12,
    closeDay: 18,
    lastTouchDay: -2,
    bedrooms: 3,
    people: parties({ sellers: [elmSeller], buyer: carla, lender: peter, attorney: olga }),
    nextStep: 'Appraisal',
  })
  deal({
    ...listing,
    name: '220 Harbor Road',
    owner: nina,
    amount: 1_125_000,
    stage: 'Viewing',
    createdDay: -70,
    stageDay: -30,
    closeDay: 60,
    lastTouchDay: -3,
    bedrooms: 4,
    people: parties({ sellers: [seller] }),
    nextStep: 'Open house on Sunday',
  })
  deal({
    ...listing,
    name: '9 Quarry Lane',
    owner: luis,
    amount: 742_000,
    stage: 'Under Contract',
    createdDay: -88,
    stageDay: -16,
    closeDay: 25,
    lastTouchDay: -4,
    bedrooms: 3,
    people: parties({ sellers: [rob, ellen], lender: peter, attorney: olga }),
    nextStep: 'Answer the inspection report',
  })
  deal({
    ...listing,
    name: 'Unit 5B Mason Lofts',
    owner: luis,
    amount: 498_000,
    stage: 'Offer',
    createdDay: -50,
    stageDay: -6,
    closeDay: 40,
    lastTouchDay: -1,
    bedrooms: 2,
    people: parties({ sellers: [loftSeller], attorney: olga }),
    nextStep: 'Counter-offer',
  })
  deal({
    name: 'Demir home search',
    owner: luis,
    amount: 780_000,
    side: 'buy',
    stage: 'Viewing',
    createdDay: -58,
    stageDay: -40,
    closeDay: 75,
    lastTouchDay: -3,
    bedrooms: 3,
    people: parties({ buyer: yusuf, lender: peter }),
    nextStep: 'Second viewing',
  })
}
/** What happened with the known people. */
export const harborviewScenes = (builder: Builder): void => {
  const { member, personNamed, random, world } = builder
  const [nina, luis, tess] = [member('Park'), member('Ortega'), member('Boyle')]
  const [carla, rob, ellen, yusuf, olga] = [
    personNamed('Jensen'),
    personNamed('Whitmore', 'Rob'),
    personNamed('Whitmore', 'Ellen'),
    personNamed('Demir'),
    personNamed('Ivanova'),
  ]
  const listing = (name: string): Deal => world.deals.find((deal) => deal.name === name)!
  touch(builder, {
    day: -8,
    member: tess,
    people: [carla],
    deal: listing('14 Elm Street'),
    kind: 'call',
    direction: 'inbound',
    summary: `${fullName(carla)} called: appraisal is on Thursday`,
  })
  touch(builder, {
    day: -20,
    member: tess,
    people: [carla, olga],
    deal: listing('14 Elm Street'),
    kind: 'meeting',
    summary: `Contract signed at the office of ${fullName(olga)}`,
  })
  touch(builder, {
    day: -15,
    member: luis,
    people: [rob, ellen, olga],
    deal: listing('9 Quarry Lane'),
    kind: 'meeting',
    summary: `Went through the offer with ${fullName(rob)} and ${fullName(ellen)}`,
  })
  touch(builder, {
    day: -5,
    member: luis,
    people: [ellen],
    deal: listing('9 Quarry Lane'),
    kind: 'call',
    direction: 'outbound',
  })
  touch(builder, {
    day: -3,
    member: luis,
    people: [yusuf],
    deal: listing('Demir home search'),
    kind: 'viewing',
    summary: `Showed Unit 5B Mason Lofts to ${fullName(yusuf)}: likes it, wants a third bedroom`,
  })
  touch(builder, {
    day: -12,
    member: luis,
    people: [yusuf],
    deal: listing('Demir home search'),
    kind: 'call',
    direction: 'inbound',
  })
  // This week's viewings: three, two and four.
  const buyers = world.people.filter((person) => person.role === 'buyer' && lastDayWith(person) === 0)
  const homes = world.deals.filter(
    (deal) =>
      deal.side === 'sell' &&
      ['Viewing', 'Offer'].includes(currentStage(deal).name) &&
      (deal.lastTouchDay ?? -999) >= -20,
  )
  for (const [agent, count] of [
    [nina, 3],
    [luis, 2],
    [tess, 4],
  ] as const) {
    for (let index = 0; index < count; index += 1) {
      touch(builder, {
        day: random.int(-4, -1),
        member: agent,
        people: [random.pick(buyers)],
        deal: random.pick(homes),
        kind: 'viewing',
      })
    }
  }
  // Buyers who have gone quiet did call once.
  for (const person of world.people.filter((one) => one.role === 'buyer' && one.quietAfterDay < 0)) {
    touch(builder, {
      day: person.quietAfterDay,
      member: person.owner,
      people: [person],
      kind: 'call',
      direction: 'inbound',
    })
  }
}

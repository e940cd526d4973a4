import { touch } from './activity.ts'
import { openWorld } from './build.ts'
import type { Builder } from './build.ts'
import { STARTUPS } from './company-names.ts'
import { nameOf } from './names.ts'
import { fullName } from './world.ts'
import type { Company, Deal } from './world.ts'

const COMPANIES = ['Nimbus Robotics', 'Tidewater Bio', 'Quanta Ledger', 'Helio Grid']

export const openLarkspur = (seed: string): Builder =>
  openWorld({
    slug: 'larkspur',
    name: 'Larkspur Ventures',
    vertical: 'fund',
    domain: 'larkspur.example',
    city: 'New York',
    timezone: 'America/New_York',
    members: [
      { ...nameOf('Maya Lindqvist'), title: 'Partner', role: 'owner' },
      { ...nameOf('Tom Okafor'), title: 'Principal', role: 'admin' },
      { ...nameOf('Priya Raman'), title: 'Associate', role: 'editor' },
    ],
    stages: [
      ['Sourced', 'open', 0.05],
      ['First Meeting', 'open', 0.1],
      ['Diligence', 'open', 0.3],
      ['IC', 'open', 0.5],
      ['Term Sheet', 'open', 0.8],
      ['Closed', 'won', 1],
      ['Passed', 'lost', 0],
    ],
    reserved: [
      'Dana Whitfield',
      'Omar Haddad',
      'Sofia Brandt',
      'Lucas Meyer',
      'Samira Khan',
      'Sam Ellery',
      'Ingeborg Thorne',
    ].map(nameOf),
    reservedCompanies: COMPANIES,
    seed,
  })

/** The people, companies and deals that the questions name. */
export const larkspurFixture = (builder: Builder): void => {
  const { member, company, person, deal } = builder
  const [maya, tom, priya] = [member('Lindqvist'), member('Okafor'), member('Raman')]
  const [nimbus, tidewater, quanta, helio] = [
    company({
      name: 'Nimbus Robotics',
      trades: STARTUPS,
      industry: 'Robotics',
      kind: 'prospect',
      owner: maya,
      createdDay: -160,
      city: 'Boston',
      notes: 'Warehouse picking arms that learn a new box in a minute. Two paid pilots.',
    }),
    company({
      name: 'Tidewater Bio',
      trades: STARTUPS,
      industry: 'Biotech',
      kind: 'prospect',
      owner: tom,
      createdDay: -210,
      city: 'San Francisco',
      notes: 'Enzymes for marine plastics. Strong science, slow sales.',
    }),
    company({
      name: 'Quanta Ledger',
      trades: STARTUPS,
      industry: 'Fintech',
      kind: 'prospect',
      owner: priya,
      createdDay: -95,
      city: 'London',
      notes: 'Audit trail for treasury desks.',
    }),
    company({
      name: 'Helio Grid',
      trades: STARTUPS,
      industry: 'Climate',
      kind: 'prospect',
      owner: maya,
      createdDay: -140,
      city: 'Berlin',
      notes: 'Virtual power plant for apartment blocks.',
    }),
  ] as const
  const dana = person({
    name: nameOf('Dana Whitfield'),
    company: nimbus,
    title: 'CEO',
    role: 'founder',
    city: 'Boston',
    createdDay: -160,
    phone: true,
  })
  const omar = person({
    name: nameOf('Omar Haddad'),
    company: tidewater,
    title: 'CTO',
    role: 'cto',
    createdDay: -205,
    phone: true,
  })
  const thorne = person({
    name: nameOf('Ingeborg Thorne'),
    company: tidewater,
    title: 'CEO',
    role: 'founder',
    createdDay: -200,
    phone: true,
  })
  const sofia = person({
    name: nameOf('Sofia Brandt'),
    company: quanta,
    title: 'CFO',
    role: 'cfo',
    createdDay: -90,
    phone: true,
  })
  const quantaFounder = person({ company: quanta, title: 'Founder & CEO', role: 'founder', createdDay: -95 })
  const lucas = person({
    name: nameOf('Lucas Meyer'),
    company: helio,
    title: 'Founder',
    role: 'founder',
    city: 'Berlin',
    createdDay: -140,
    phone: true,
  })
  person({
    name: nameOf('Samira Khan'),
    title: 'Advisor',
    role: 'advisor',
    city: 'London',
    owner: priya,
    createdDay: -600,
    phone: true,
    tags: ['advisor'],
    notes: 'Former treasurer; knows every CFO in fintech.',
  })
  person({
    name: nameOf('Sam Ellery'),
    title: 'Scout',
    role: 'scout',
    city: 'New York',
    owner: tom,
    createdDay: -420,
    phone: true,
    tags: ['scout'],
  })
  deal({
    name: 'Nimbus Robotics Series A',
    company: nimbus,
    owner: maya,
    amount: 4_000_000,
    stage: 'Diligence',
    createdDay: -150,
    stageDay: -24,
    closeDay: 32,
    lastTouchDay: -3,
    people: [{ person: dana, role: 'founder' }],
    nextStep: 'Partner meeting on Tuesday',
    source: 'referral',
  })
  deal({
    name: 'Tidewater Bio Seed',
    company: tidewater,
    owner: tom,
    amount: 1_500_000,
    stage: 'Diligence',
    createdDay: -190,
    stageDay: -38,
    closeDay: 45,
    lastTouchDay: -6,
    people: [
      { person: thorne, role: 'founder' },
      { person: omar, role: 'technical lead' },
    ],
    nextStep: 'Lab visit',
    source: 'outreach',
  })
  deal({
    name: 'Quanta Ledger Seed',
    company: quanta,
    owner: priya,
    amount: 1_200_000,
    stage: 'First Meeting',
    createdDay: -80,
    stageDay: -29,
    closeDay: 80,
    lastTouchDay: -10,
    people: [
      { person: quantaFounder, role: 'founder' },
      { person: sofia, role: 'finance' },
    ],
    nextStep: 'Ask for the cohort data',
    source: 'referral',
  })
  deal({
    name: 'Helio Grid Series A',
    company: helio,
    owner: maya,
    amount: 3_500_000,
    stage: 'IC',
    createdDay: -120,
    stageDay: -9,
    closeDay: 20,
    lastTouchDay: -2,
    people: [{ person: lucas, role: 'founder' }],
    nextStep: 'Reference calls before the committee',
    source: 'inbound',
  })
}
/** What happened with the known people. */
export const larkspurScenes = (builder: Builder): void => {
  const { member, personNamed, companyNamed, random, world } = builder
  const [maya, tom, priya] = [member('Lindqvist'), member('Okafor'), member('Raman')]
  const [samira, sofia, omar, thorne] = [
    personNamed('Khan'),
    personNamed('Brandt'),
    personNamed('Haddad'),
    personNamed('Thorne'),
  ]
  const quanta = companyNamed('Quanta Ledger')
  const tidewater = companyNamed('Tidewater Bio')
  const dealOf = (company: Company): Deal => world.deals.find((deal) => deal.company === company)!
  touch(builder, {
    day: -66,
    member: priya,
    people: [samira, sofia],
    company: quanta,
    kind: 'meeting',
    summary: `Breakfast with ${fullName(samira)}, who brought ${fullName(sofia)}`,
  })
  touch(builder, {
    day: -31,
    member: priya,
    people: [samira, sofia],
    company: quanta,
    deal: dealOf(quanta),
    kind: 'call',
    direction: 'inbound',
  })
  for (const day of [-205, -120, -58, -17])
    touch(builder, {
      day,
      member: day < -100 ? maya : priya,
      people: [samira],
      kind: random.pick(['call', 'meeting'] as const),
    })
  for (const day of [-180, -77, -20, -6])
    touch(builder, {
      day,
      member: tom,
      people: [omar, thorne],
      company: tidewater,
      deal: dealOf(tidewater),
      kind: 'meeting',
    })
  touch(builder, {
    day: -41,
    member: maya,
    people: [thorne],
    company: tidewater,
    kind: 'call',
    summary: `Short call with ${fullName(thorne)} about the lead investor`,
  })
  for (const day of [-90, -13])
    touch(builder, { day, member: tom, people: [personNamed('Ellery')], kind: 'call' })
  const helio = companyNamed('Helio Grid')
  const lucas = personNamed('Meyer')
  touch(builder, {
    day: -11,
    member: maya,
    people: [lucas],
    deal: dealOf(helio),
    kind: 'meeting',
    summary: `${fullName(lucas)} showed the dispatch model; burn is down to what they said`,
  })
  touch(builder, {
    day: -7,
    member: priya,
    people: [lucas],
    deal: dealOf(helio),
    kind: 'call',
    direction: 'outbound',
  })
  touch(builder, {
    day: -2,
    member: maya,
    people: [],
    deal: dealOf(helio),
    kind: 'note',
    summary: 'Helio Grid: committee on the fourth, two references missing',
  })
  const nimbus = companyNamed('Nimbus Robotics')
  const dana = personNamed('Whitfield')
  touch(builder, {
    day: -18,
    member: maya,
    people: [dana],
    deal: dealOf(nimbus),
    kind: 'meeting',
    summary: `Saw the arm pick mixed boxes with ${fullName(dana)}; asked for pilot data`,
  })
  builder.task({
    title: 'Partner meeting with Nimbus Robotics: read the pilot data before',
    createdMs: world.clock.working(random, -3),
    dueMs: world.clock.at(4, 14),
    assignee: maya,
    company: nimbus,
    deal: dealOf(nimbus),
    people: [dana],
  })
  // First meetings: more in October than in September.
  const fresh = world.deals.filter(
    ({ company, lastTouchDay }) =>
      company?.kind === 'prospect' &&
      (lastTouchDay ?? -999) >= -27 &&
      world.clock.dayOf(company.createdMs) > -250,
  )
  const unmet = fresh.filter(
    ({ company }) => !world.interactions.some((one) => one.kind === 'meeting' && one.company === company),
  )
  for (const [index, deal] of unmet.entries()) {
    const [from, to] = index % 3 === 2 ? [-80, -52] : [-50, -21]
    const day = Math.max(random.int(from, to), world.clock.dayOf(deal.steps[0]!.atMs))
    touch(builder, {
      day,
      member: deal.owner,
      people: [deal.people[0]!.person],
      deal,
      kind: 'meeting',
      summary: `First meeting with ${fullName(deal.people[0]!.person)}`,
    })
  }
}

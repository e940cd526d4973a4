import { touch } from './activity.ts'
import { openWorld } from './build.ts'
import type { Builder } from './build.ts'
import { BUSINESSES } from './company-names.ts'
import { nameOf } from './names.ts'
import { fullName } from './world.ts'
import type { Deal, Member, Person } from './world.ts'

const COMPANIES = ['Arbor Freight', 'Bluecrest Retail', 'Cardinal Payroll', 'Delphi Insurance']

export const asDealPeople = (people: readonly Person[]) =>
  people.slice(0, 3).map((person) => ({ person, role: person.role ?? 'contact' }))

export const openCobalt = (seed: string): Builder =>
  openWorld({
    slug: 'cobalt',
    name: 'Cobalt Systems',
    vertical: 'sales',
    domain: 'cobalt.example',
    city: 'Chicago',
    timezone: 'America/Chicago',
    members: [
      { ...nameOf('Jenna Cole'), title: 'Co-founder & Head of Sales', role: 'owner' },
      { ...nameOf('Marcus Bell'), title: 'Account Executive', role: 'admin' },
      { ...nameOf('Hana Sato'), title: 'Account Executive', role: 'editor' },
      { ...nameOf('Victor Reyes'), title: 'Account Executive', role: 'editor' },
    ],
    stages: [
      ['Lead', 'open', 0.05],
      ['Qualified', 'open', 0.15],
      ['Demo', 'open', 0.3],
      ['Proposal', 'open', 0.5],
      ['Negotiation', 'open', 0.7],
      ['Won', 'won', 1],
      ['Lost', 'lost', 0],
    ],
    reserved: ['Paul Novak', 'Lin Zhao', 'Amira Saleh', 'George Petrov'].map(nameOf),
    reservedCompanies: COMPANIES,
    seed,
  })

/** The people, companies and deals that the questions name. */
export const cobaltFixture = (builder: Builder): void => {
  const { member, company, person, deal } = builder
  const [jenna, marcus, hana] = [member('Cole'), member('Bell'), member('Sato')]
  const arbor = company({
    name: 'Arbor Freight',
    trades: BUSINESSES,
    industry: 'Logistics',
    kind: 'customer',
    status: 'customer',
    owner: marcus,
    createdDay: -610,
    city: 'Chicago',
    notes: 'Live since last year at two depots; wants the yard module.',
  })
  const bluecrest = company({
    name: 'Bluecrest Retail',
    trades: BUSINESSES,
    industry: 'Retail',
    kind: 'prospect',
    status: 'prospect',
    owner: jenna,
    createdDay: -130,
    city: 'Minneapolis',
  })
  const cardinal = company({
    name: 'Cardinal Payroll',
    trades: BUSINESSES,
    industry: 'Payroll',
    kind: 'prospect',
    status: 'prospect',
    owner: jenna,
    createdDay: -115,
    city: 'Austin',
  })
  const delphi = company({
    name: 'Delphi Insurance',
    trades: BUSINESSES,
    industry: 'Insurance',
    kind: 'prospect',
    status: 'prospect',
    owner: hana,
    createdDay: -100,
    city: 'Boston',
  })
  const paul = person({
    name: nameOf('Paul Novak'),
    company: arbor,
    title: 'Ops Director',
    role: 'champion',
    createdDay: -600,
    phone: true,
    city: 'Chicago',
  })
  const lin = person({
    name: nameOf('Lin Zhao'),
    company: bluecrest,
    title: 'Head of IT',
    role: 'decision maker',
    createdDay: -130,
    phone: true,
  })
  const amira = person({
    name: nameOf('Amira Saleh'),
    company: cardinal,
    title: 'CFO',
    role: 'economic buyer',
    createdDay: -115,
    phone: true,
  })
  const george = person({
    name: nameOf('George Petrov'),
    company: delphi,
    title: 'CISO',
    role: 'technical buyer',
    createdDay: -100,
    phone: true,
  })
  const others = [arbor, bluecrest, cardinal, delphi].map((at) =>
    builder.person({ company: at, title: 'Procurement Lead', role: 'gatekeeper' }),
  )
  const team = (main: Person, index: number) => asDealPeople([main, others[index]!])
  deal({
    name: 'Arbor Freight – first two depots',
    company: arbor,
    owner: marcus,
    amount: 42_000,
    stage: 'Won',
    createdDay: -600,
    stageDay: -505,
    closeDay: -505,
    lastTouchDay: -505,
    people: team(paul, 0),
    source: 'referral',
  })
  deal({
    name: 'Arbor Freight – yard module',
    company: arbor,
    owner: marcus,
    amount: 68_000,
    stage: 'Proposal',
    createdDay: -70,
    stageDay: -15,
    closeDay: 26,
    lastTouchDay: -4,
    people: team(paul, 0),
    nextStep: 'Walk the yard with operations',
    source: 'customer',
  })
  deal({
    name: 'Bluecrest Retail – 120 stores',
    company: bluecrest,
    owner: jenna,
    amount: 145_000,
    stage: 'Negotiation',
    createdDay: -125,
    stageDay: -11,
    closeDay: 8,
    lastTouchDay: -2,
    people: team(lin, 1),
    nextStep: 'Close the SSO question',
    source: 'event',
  })
  deal({
    name: 'Cardinal Payroll – annual plan',
    company: cardinal,
    owner: jenna,
    amount: 54_500,
    stage: 'Proposal',
    createdDay: -110,
    stageDay: -18,
    closeDay: 10,
    lastTouchDay: -5,
    people: team(amira, 2),
    nextStep: 'Revised quote',
    source: 'inbound',
  })
  deal({
    name: 'Delphi Insurance – claims desk',
    company: delphi,
    owner: hana,
    amount: 96_000,
    stage: 'Demo',
    createdDay: -95,
    stageDay: -33,
    closeDay: 70,
    lastTouchDay: -8,
    people: team(george, 3),
    nextStep: 'Finish the security questionnaire',
    source: 'outreach',
  })
}
/** What happened with the known people. */
export const cobaltScenes = (builder: Builder): void => {
  const { member, personNamed, companyNamed, world, random } = builder
  const [jenna, marcus, hana] = [member('Cole'), member('Bell'), member('Sato')]
  const dealOf = (name: string): Deal => world.deals.findLast((deal) => deal.company === companyNamed(name))!
  const scene = (
    name: string,
    person: Person,
    by: Member,
    day: number,
    kind: 'call' | 'meeting',
    summary: string,
  ): void => {
    touch(builder, {
      day,
      member: by,
      people: [person],
      deal: dealOf(name),
      kind,
      summary,
      ...(kind === 'call' ? { direction: 'outbound' as const } : {}),
    })
  }
  const [paul, lin, amira, george] = [
    personNamed('Novak'),
    personNamed('Zhao'),
    personNamed('Saleh'),
    personNamed('Petrov'),
  ]
  scene(
    'Arbor Freight',
    paul,
    marcus,
    -46,
    'meeting',
    `Quarterly review with ${fullName(paul)}: both depots live, wants the yard next`,
  )
  scene(
    'Arbor Freight',
    paul,
    marcus,
    -4,
    'call',
    `${fullName(paul)} likes the yard proposal; asks for a phased start`,
  )
  scene(
    'Bluecrest Retail',
    lin,
    jenna,
    -40,
    'meeting',
    `Demo for ${fullName(lin)} and two store leads; SSO is a must`,
  )
  scene(
    'Cardinal Payroll',
    amira,
    jenna,
    -19,
    'call',
    `${fullName(amira)} thinks we are a fifth too expensive`,
  )
  scene(
    'Delphi Insurance',
    george,
    hana,
    -52,
    'meeting',
    `${fullName(george)} wants the questionnaire before the pilot`,
  )
  touch(builder, {
    day: -24,
    member: member('Reyes'),
    people: [george],
    deal: dealOf('Delphi Insurance'),
    kind: 'meeting',
    summary: `Met ${fullName(george)} at the security fair`,
  })
  for (const [index, day] of [-9, -4, -1].entries()) {
    builder.task({
      title: `Follow up with ${[paul, amira, lin].map(fullName)[index]!}`,
      createdMs: world.clock.working(random, day - 6),
      dueMs: world.clock.at(world.clock.workday(day), 15),
      assignee: [marcus, jenna, jenna][index]!,
      people: [[paul, amira, lin][index]!],
      company: [paul, amira, lin][index]!.company!,
    })
  }
}

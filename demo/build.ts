import { makeClock } from './clock.ts'
import { domainOf, makeCompanyNamer } from './company-names.ts'
import type { Trade } from './company-names.ts'
import { foldName, makeNamer } from './names.ts'
import type { Name } from './names.ts'
import { CITIES, cityNamed, makePhones } from './places.ts'
import { makeRandom } from './random.ts'
import type { Random } from './random.ts'
import type {
  Company,
  Deal,
  DemoName,
  Interaction,
  Member,
  Person,
  Stage,
  StageStep,
  Task,
  Vertical,
  World,
} from './world.ts'

export const LOCAL_NOW = '2026-11-20T09:00:00'
/** The workspace began a little over two years before its now. */
export const FIRST_DAY = -740

export interface Founding {
  readonly slug: DemoName
  readonly name: string
  readonly vertical: Vertical
  readonly domain: string
  /** Where its office is. */
  readonly city: string
  readonly timezone: string
  readonly members: readonly (Name & { title: string; role: Member['role'] })[]
  /** Name, kind, probability; in order. */
  readonly stages: readonly (readonly [string, Stage['kind'], number])[]
  /** People of the fixture: no made-up person shares a first or last name with them. */
  readonly reserved: readonly Name[]
  readonly reservedCompanies: readonly string[]
  readonly seed: string
}

export interface CompanyOptions {
  readonly name?: string
  readonly trades: readonly Trade[]
  readonly kind: string
  readonly status?: string
  readonly owner?: Member
  readonly createdDay?: number
  readonly city?: string
  readonly industry?: string
  readonly tags?: readonly string[]
  readonly notes?: string
}

export interface PersonOptions {
  readonly name?: Name
  readonly title?: string
  readonly role?: string
  readonly company?: Company
  readonly owner?: Member
  readonly city?: string
  readonly tags?: readonly string[]
  readonly notes?: string
  readonly createdDay?: number
  readonly quietAfterDay?: number
  readonly phone?: boolean
  readonly interest?: NonNullable<Person['interest']>
}

export interface DealOptions {
  readonly name: string
  readonly company?: Company
  readonly owner: Member
  /** Whole units. */
  readonly amount: number
  readonly stage: string
  readonly createdDay: number
  /** Day it entered its present stage; of a closed deal, the day it closed. */
  readonly stageDay: number
  readonly closeDay: number
  readonly lastTouchDay?: number
  readonly side?: 'buy' | 'sell'
  readonly bedrooms?: number
  readonly people: readonly { readonly person: Person; readonly role: string }[]
  readonly nextStep?: string
  readonly source?: string
  readonly tags?: readonly string[]
}

export interface Builder {
  readonly world: World
  readonly random: Random
  readonly company: (options: CompanyOptions) => Company
  readonly person: (options: PersonOptions) => Person
  readonly deal: (options: DealOptions) => Deal
  readonly interaction: (options: Omit<Interaction, 'id'>) => Interaction
  readonly task: (options: Omit<Task, 'id'>) => Task
  readonly member: (family: string) => Member
  readonly companyNamed: (name: string) => Company
  readonly personNamed: (family: string, given?: string) => Person
}

/** Hosts of private addresses; reserved names, like every domain here. */
const MAILBOXES = ['postbox.example', 'inbox.example', 'mailhaven.example', 'letterbox.example']

const omitUndefined = <T extends object>(object: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as never

const walk = (
  stages: readonly Stage[],
  options: DealOptions,
  builder: { random: Random; at(day: number): number },
): StageStep[] => {
  const final = stages.find((stage) => stage.name === options.stage)!
  const open = stages.filter((stage) => stage.kind === 'open')
  const reached =
    final.kind === 'open'
      ? open.indexOf(final)
      : final.kind === 'won'
        ? open.length
        : builder.random.int(1, open.length - 1)
  const passed = open.slice(0, reached).filter((_, index) => index === 0 || builder.random.chance(0.85))
  const span = options.stageDay - options.createdDay
  const days = passed.slice(1).map(() => options.createdDay + Math.floor(builder.random.next() * span))
  const order = [options.createdDay, ...days.sort((a, b) => a - b)]
  if (passed.length === 0) return [{ stage: final, atMs: builder.at(options.createdDay) }]
  const times = [...order, options.stageDay].map((day) => builder.at(day)).sort((a, b) => a - b)
  return [...passed, final].map((stage, index) => ({ stage, atMs: times[index]! }))
}

/** An empty workspace with its members and stages, and the means to fill it. */
export const openWorld = (founding: Founding): Builder => {
  const random = makeRandom(founding.seed)
  const clock = makeClock(founding.timezone, LOCAL_NOW)
  const phones = makePhones(random.fork('phones'))
  const namer = makeNamer(random.fork('names'), [...founding.members, ...founding.reserved])
  const nameCompany = makeCompanyNamer(random.fork('companies'), founding.reservedCompanies)
  const cities = CITIES[founding.vertical]
  const addresses = new Set<string>()
  const began = clock.at(FIRST_DAY, 9)
  const members = founding.members.map(({ given, family, title, role }, index): Member => ({
    id: random.uuid(began + index),
    given,
    family,
    title,
    role,
    email: `${foldName(given)}@${founding.domain}`,
    phone: phones(cityNamed(founding.city))!,
  }))
  const stages = founding.stages.map(([name, kind, probability], index): Stage => ({
    id: random.uuid(began + index),
    name,
    kind,
    probability,
  }))
  const world: World = {
    slug: founding.slug,
    name: founding.name,
    vertical: founding.vertical,
    domain: founding.domain,
    currency: 'USD',
    country: 'US',
    clock,
    random,
    members,
    stages,
    companies: [],
    people: [],
    deals: [],
    interactions: [],
    tasks: [],
  }

  const addressFor = ({ given, family }: Name, domain: string): string => {
    const [first, last] = [foldName(given), foldName(family)]
    const forms = [`${first}.${last}`, first, `${first[0]}${last}`, `${last}.${first}`]
    const style = domain.length % 3
    for (const local of [
      ...forms.slice(MAILBOXES.includes(domain) ? 0 : style),
      ...forms,
      `${first}.${last}.${random.int(2, 99)}`,
    ]) {
      const address = `${local}@${domain}`
      if (addresses.has(address) || (MAILBOXES.includes(domain) && local === first)) continue
      addresses.add(address)
      return address
    }
    return addressFor({ given, family: `${family}${random.int(2, 99)}` }, domain)
  }

  return {
    world,
    random,
    company: (options) => {
      const made = options.name === undefined ? nameCompany(options.trades) : undefined
      const name = options.name ?? made!.name
      const city = options.city ? cityNamed(options.city) : random.pick(cities)
      const createdMs = clock.working(random, options.createdDay ?? random.int(FIRST_DAY + 5, -30))
      const company: Company = {
        id: random.uuid(createdMs),
        name,
        domain: domainOf(name),
        kind: options.kind,
        status: options.status ?? 'active',
        industry: options.industry ?? made?.industry ?? options.trades[0]!.industry,
        city: city.name,
        country: city.country,
        owner: options.owner ?? random.pick(members),
        createdMs,
        tags: [...(options.tags ?? [])],
        quietAfterDay: 0,
        ...(options.notes === undefined ? {} : { notes: options.notes }),
      }
      world.companies.push(company)
      return company
    },
    person: (options) => {
      const name = options.name ?? namer()
      const { company } = options
      const city = options.city
        ? cityNamed(options.city)
        : company && random.chance(0.85)
          ? cityNamed(company.city)
          : random.pick(cities)
      const earliest = company?.createdMs ?? clock.at(FIRST_DAY + 5, 9)
      const latest = options.createdDay ?? Math.min(-3, clock.dayOf(earliest) + random.int(0, 120))
      const createdMs = Math.max(earliest, clock.working(random, latest))
      const emails =
        random.chance(0.96) || options.name
          ? [addressFor(name, company?.domain ?? random.pick(MAILBOXES))]
          : []
      if (company && random.chance(0.12)) emails.push(addressFor(name, random.pick(MAILBOXES)))
      const phone =
        options.phone || (options.phone === undefined && random.chance(0.62)) ? phones(city) : undefined
      const person: Person = omitUndefined({
        id: random.uuid(createdMs),
        ...name,
        title: options.title,
        role: options.role,
        company,
        owner: options.owner ?? company?.owner ?? random.pick(members),
        city: city.name,
        country: city.country,
        emails,
        phone,
        linkedin: random.chance(0.4)
          ? `https://profiles.example/in/${foldName(name.given)}-${foldName(name.family)}`
          : undefined,
        tags: [...(options.tags ?? [])],
        notes: options.notes,
        createdMs,
        quietAfterDay: options.quietAfterDay ?? 0,
        interest: options.interest,
      })
      world.people.push(person)
      return person
    },
    deal: (options) => {
      const at = (day: number): number => clock.working(random, day)
      const steps = walk(stages, options, { random, at })
      const closed = steps.at(-1)!.stage.kind !== 'open'
      const deal: Deal = omitUndefined({
        id: random.uuid(steps[0]!.atMs),
        name: options.name,
        company: options.company,
        owner: options.owner,
        amountMinor: Math.round(options.amount * 100),
        closeDate: clock.date(closed ? clock.dayOf(steps.at(-1)!.atMs) : options.closeDay),
        side: options.side,
        bedrooms: options.bedrooms,
        steps,
        people: [...options.people],
        nextStep: closed ? undefined : options.nextStep,
        source: options.source ?? random.pick(['referral', 'inbound', 'event', 'outreach']),
        tags: [...(options.tags ?? (random.chance(0.12) ? ['priority'] : []))],
        lastTouchDay: options.lastTouchDay,
      })
      world.deals.push(deal)
      return deal
    },
    interaction: (options) => {
      const interaction = { id: random.uuid(options.atMs), ...options }
      world.interactions.push(interaction)
      return interaction
    },
    task: (options) => {
      const task = { id: random.uuid(options.createdMs), ...options }
      world.tasks.push(task)
      return task
    },
    member: (family) => members.find((member) => member.family === family)!,
    companyNamed: (name) => world.companies.find((company) => company.name === name)!,
    personNamed: (family, given) =>
      world.people.find(
        (person) => person.family === family && (given === undefined || person.given === given),
      )!,
  }
}

import type { TrueRow } from './dirty-file.ts'
import {
  CITIES,
  COMPANY_FIRST,
  COMPANY_FORMS,
  COMPANY_TRADE,
  DEGREES,
  MATTERS,
  NATIVE_FAMILY,
  NATIVE_GIVEN,
  PLAIN_FAMILY,
  PLAIN_GIVEN,
} from './messy-words.ts'
import { createRandom } from './random.ts'
import type { Random } from './random.ts'

/**
 * A third dirty file, written before the matcher was mended for the second: other words and other kinds of errors. A
 * title and captions above the header, blank lines, the header again further down, rows of sub-totals; given and family
 * names swapped, whole names in one of their columns, other scripts, degrees behind names, several people in a cell,
 * companies known by the domain of an address only, people known by their number only, mixed dates.
 */
export interface MessyFile {
  readonly text: string
  readonly truth: readonly TrueRow[]
  readonly companyOfPerson: readonly number[]
  /** Of each line with a word in it below the header, from row 1: whether it is a deal, or no record at all. */
  readonly lines: readonly ('deal' | 'noise')[]
  readonly bytes: (encoding: 'utf-8' | 'utf-8-bom' | 'utf-16le') => Uint8Array
}

interface Company {
  readonly name: string
  readonly form: string
  readonly city: string
  readonly domain: string
  readonly short: string
}
interface Person {
  readonly given: readonly string[]
  readonly family: readonly string[]
  readonly company: number
  readonly email: string
  readonly phone: string
}
interface Deal {
  readonly name: string
  readonly company: number
  readonly amount: number
  readonly closeDate: string
}

const COLUMNS = [
  ['Client', 'Name'],
  ['', 'Website'],
  ['Contact', 'First name'],
  ['', 'Last name'],
  ['', 'E-mail'],
  ['', 'Direct line'],
  ['Deal', 'Title'],
  ['', 'Volume'],
  ['', 'Expected close'],
  ['', 'Remarks'],
] as const

const latin = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('ø', 'o')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')

const makeCompanies = (count: number, random: Random): readonly Company[] => {
  const names = new Set<string>()
  while (names.size < count) names.add(`${random.pick(COMPANY_FIRST)} ${random.pick(COMPANY_TRADE)}`)
  return [...names].map((name) => ({
    name,
    form: random.pick(COMPANY_FORMS),
    city: random.pick(CITIES),
    domain: `${latin(name.split(' ')[0]!)}-${latin(name.split(' ').slice(1).join(''))}.example`,
    short: name
      .split(/[ &]+/)
      .map((word) => word[0])
      .join(''),
  }))
}

const makePeople = (count: number, companies: readonly Company[], random: Random): readonly Person[] => {
  const people: Person[] = []
  const taken = new Set<string>()
  while (people.length < count) {
    const isNative = random.chance(0.2)
    const given = isNative ? random.pick(NATIVE_GIVEN) : [random.pick(PLAIN_GIVEN)]
    const family = isNative ? random.pick(NATIVE_FAMILY) : [random.pick(PLAIN_FAMILY)]
    const company = random.below(companies.length)
    const name = `${given[0]} ${family[0]}`
    if (taken.has(`${name} ${company}`) || (taken.has(name) && random.chance(0.9))) continue
    taken.add(name).add(`${name} ${company}`)
    const [first, last] = [latin(given[1] ?? given[0]!), latin(family[1] ?? family[0]!)]
    const local = random.pick([
      `${first}.${last}`,
      `${last}.${first}`,
      `${first[0]}.${last}`,
      `${last}${first[0]}`,
    ])
    const number = people.length * 41
    const main = `${local}@${companies[company]!.domain}`
    people.push({
      given,
      family,
      company,
      email: people.some(({ email }) => email === main)
        ? `${local}${number}@${companies[company]!.domain}`
        : main,
      phone: `4940${String(3_000_000 + number)}`,
    })
  }
  return people
}

const companyCells = (
  { name, form, city, domain, short }: Company,
  random: Random,
): readonly [name: string, website: string] => {
  const website = random.pick([
    `https://www.${domain}/en/`,
    domain,
    `http://${domain}`,
    `WWW.${domain.toUpperCase()}`,
  ])
  const site = random.chance(0.5) ? website : ''
  const draw = random.below(100)
  if (draw < 8) return [`${name}${form} (${short})`, site]
  if (draw < 13) return [`${name}, ${city}`, site]
  if (draw < 17) return [name.replace(' & ', ' and ').replace(/s$/, ''), site]
  if (draw < 21) return [short, website]
  if (draw < 25) return [`${name} (formerly Old ${name.split(' ').at(-1)})`, site]
  if (draw < 29) return [name.toUpperCase() + form, site]
  if (draw < 33) return [`${name}${random.pick(COMPANY_FORMS)}`, site]
  if (draw < 37) {
    const at = 2 + random.below(name.length - 4)
    return [name.slice(0, at) + name.slice(at + 1) + form, site]
  }
  return [name + form, site]
}

const nameCells = (person: Person, random: Random): readonly [first: string, last: string] => {
  const isLatin = person.given.length > 1 && random.chance(0.6)
  const of = (forms: readonly string[]): string => (isLatin ? random.pick(forms.slice(1)) : forms[0]!)
  const [given, family] = [of(person.given), of(person.family)]
  const draw = random.below(100)
  if (draw < 8) return [family, given]
  if (draw < 13) return [`${given} ${family}`, '']
  if (draw < 17) return ['', `${family}, ${given}`]
  if (draw < 24) return [given, `${family}${random.pick(DEGREES)}`]
  if (draw < 27) return [`Dr.-Ing. ${given}`, family]
  if (draw < 30) return [given.toUpperCase(), family.toUpperCase()]
  return [given, family]
}

const emailCell = ({ email }: Person, { domain }: Company, random: Random): string => {
  const draw = random.below(100)
  if (draw < 4) return `info@${domain}`
  if (draw < 6) return email.replace('@', ' (at) ')
  if (draw < 8) return `${email};`
  if (draw < 11) return `E: ${email}`
  return email
}

const phoneCell = (phone: string, random: Random): string => {
  const [area, first, last] = [phone.slice(2, 4), phone.slice(4, 7), phone.slice(7)]
  return random.pick([
    `+49 ${area} ${first}${last}`,
    `0${area} / ${first} ${last}`,
    `0049-${area}-${first}${last}`,
    `(0${area}) ${first}-${last}`,
    `+49 (0)${area} ${first} ${last}`,
  ])
}

const dealCell = (name: string, company: Company, random: Random): string => {
  const draw = random.below(100)
  if (draw < 6) return `${company.name}: ${name}`
  if (draw < 9) return `"${name}"`
  if (draw < 13) return name.toLowerCase()
  if (draw < 16) return `${name}.`
  if (draw < 19) return name.replace(' ', '  ')
  return name
}

const MONTHS = 'Jan Feb März April Mai Juni Juli Aug Sept Okt Nov Dez'.split(' ')
const dateCell = (date: string, random: Random): string => {
  const [year = '', month = '', day = ''] = date.split('-')
  return random.pick([
    date,
    `${day}.${month}.${year}`,
    `${Number(day)}.${Number(month)}.${year.slice(2)}`,
    `${Number(day)}. ${MONTHS[Number(month) - 1]} ${year}`,
    `${year}/${month}/${day}`,
    `${date} 00:00`,
  ])
}

const moneyCell = (amount: number, random: Random): string => {
  const grouped = String(amount).replaceAll(/\B(?=(\d{3})+$)/g, '.')
  return random.pick([
    `${grouped},00 €`,
    `€ ${grouped}`,
    `EUR ${amount}`,
    `${grouped},-`,
    `${amount / 1000} TEUR`,
  ])
}

const quoted = (cell: string): string => (/[;"\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/** Rows are what the file holds of deals; structure comes on top. */
export const makeMessyFile = ({
  rows = 2000,
  seed = 7,
}: { readonly rows?: number; readonly seed?: number } = {}): MessyFile => {
  const random = createRandom(seed * 104_729 + 71)
  const companies = makeCompanies(Math.min(400, Math.round(rows * 0.14)), random)
  const people = makePeople(Math.round(rows * 0.3), companies, random)
  const staff = new Map<number, number[]>()
  for (const [at, { company }] of people.entries()) staff.set(company, [...(staff.get(company) ?? []), at])
  const deals: Deal[] = []
  const dealOf = new Map<string, number>()
  const out: string[] = [
    'Pipeline;;;;;;;;;',
    'As of 21.11.2026;;;;;;;;;',
    ';;;;;;;;;',
    COLUMNS.map(([caption]) => caption).join(';'),
    COLUMNS.map(([, header]) => header).join(';'),
  ]
  const lines: ('deal' | 'noise')[] = []
  const truth: TrueRow[] = []
  const seen = new Set<number>()
  let subtotal = 0

  const row = (person: number): void => {
    const who = people[person]!
    const company = companies[who.company]!
    const matter = random.pick(MATTERS)
    const at = dealOf.get(`${matter}/${who.company}`) ?? deals.length
    if (at === deals.length) {
      dealOf.set(`${matter}/${who.company}`, at)
      const [month, day] = [1 + random.below(12), 1 + random.below(28)]
      deals.push({
        name: matter,
        company: who.company,
        amount: (1 + random.below(300)) * 1_000,
        closeDate: `2027-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`,
      })
    }
    const deal = deals[at]!
    subtotal += deal.amount
    let [name, website] = companyCells(company, random)
    let [first, last] = nameCells(who, random)
    let email = random.chance(0.7) ? emailCell(who, company, random) : ''
    let phone = random.chance(0.4) ? phoneCell(who.phone, random) : ''
    const others: number[] = []
    if (seen.has(person)) {
      const draw = random.below(100)
      if (draw < 10) [name, website, email] = ['', '', who.email]
      else if (draw < 18) {
        // Known by the number alone.
        ;[first, last, email, phone] = ['', who.family.at(-1)!, '', phoneCell(who.phone, random)]
        if (draw < 14) [name, website] = ['', '']
      } else if (draw < 26) {
        const other = staff.get(who.company)!.find((one) => one !== person && seen.has(one))
        if (other !== undefined) {
          others.push(other)
          const both = [who, people[other]!].map(({ given, family }) => `${given[0]} ${family[0]}`)
          ;[first, last, email, phone] = [both.join(random.pick([' & ', ' / ', ', ', ' und '])), '', '', '']
        }
      }
    } else {
      // Where somebody first appears, the row tells who it is.
      email = who.email
      if (phone === '') phone = phoneCell(who.phone, random)
    }
    seen.add(person)
    const cells = [
      name,
      website,
      first,
      last,
      email,
      phone,
      dealCell(deal.name, company, random),
      moneyCell(deal.amount, random),
      random.chance(0.9) ? dateCell(deal.closeDate, random) : 'tbd',
      random.chance(0.1) ? 'call back;\n"soon"' : '',
    ]
    out.push(cells.map(quoted).join(';'))
    lines.push('deal')
    truth.push({
      deal: at,
      company: who.company,
      person,
      amountMinor: deal.amount * 100,
      currency: 'EUR',
      closeDate: deal.closeDate,
      ...(others.length > 0 ? { others } : {}),
    })
  }

  const noise = (text: string): void => {
    out.push(text)
    lines.push('noise')
  }
  for (const person of people.keys()) row(person)
  while (truth.length < rows) {
    row(random.below(people.length))
    if (random.chance(0.02)) out.push(';;;;;;;;;', '')
    if (truth.length % 150 === 0) {
      noise(`Subtotal;;;;;;;${subtotal},00 €;;`)
      subtotal = 0
    }
    if (truth.length % 400 === 0) noise(COLUMNS.map(([, header]) => header).join(';'))
  }
  noise(`Grand total;;;;;;${truth.length} deals;${deals.reduce((sum, { amount }) => sum + amount, 0)},00 €;;`)
  const text = `${out.join('\r\n')}\r\n`
  return {
    text,
    truth,
    companyOfPerson: people.map(({ company }) => company),
    lines,
    bytes: (encoding) => {
      switch (encoding) {
        case 'utf-8':
          return Buffer.from(text)
        case 'utf-8-bom':
          return Buffer.from(`\uFEFF${text}`)
        case 'utf-16le':
          return Buffer.from(`\uFEFF${text}`, 'utf16le')
      }
    },
  }
}

import { FAMILY, FIRST, GIVEN, LEGAL, NICKNAMES, PRODUCTS, SECOND, STAGES } from './dirty-words.ts'
import { createRandom } from './random.ts'
import type { Random } from './random.ts'

/** What a row of the made-up file is really about; indexes of made-up companies, people and deals. */
export interface TrueRow {
  readonly deal: number
  readonly company: number
  readonly person: number
  /** Further people of a cell that names several. */
  readonly others?: readonly number[]
  /** What the clean cells would say. */
  readonly amountMinor: number
  readonly currency: string
  readonly closeDate: string
}

export interface DirtyFile {
  readonly text: string
  readonly bytes: (encoding: 'utf-8' | 'utf-8-bom' | 'latin1' | 'utf-16le') => Uint8Array
  readonly truth: readonly TrueRow[]
  /** Company of each person. */
  readonly companyOfPerson: readonly number[]
}

interface Company {
  readonly name: string
  readonly domain: string
}
interface Person {
  readonly given: string
  readonly family: string
  readonly company: number
  readonly emails: readonly string[]
  readonly phone: string
}
interface Deal {
  readonly name: string
  readonly company: number
  readonly people: readonly number[]
  readonly amount: number
  readonly currency: 'USD' | 'EUR' | 'GBP'
  readonly closeDate: string
  readonly stage: string
}

const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('Ø', 'O')
    .replaceAll('ø', 'o')
    .replaceAll('Ł', 'L')
    .replaceAll('ł', 'l')
    .replaceAll('ı', 'i')

const slug = (text: string): string =>
  plain(text)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')

/** One slip: two letters swapped, one left out, doubled, or hit beside. Never the first letter. */
const slip = (text: string, random: Random): string => {
  if (text.length < 5) return text
  const at = 1 + random.below(text.length - 2)
  switch (random.below(4)) {
    case 0:
      return text.slice(0, at) + text[at + 1]! + text[at]! + text.slice(at + 2)
    case 1:
      return text.slice(0, at) + text.slice(at + 1)
    case 2:
      return text.slice(0, at) + text[at]! + text.slice(at)
    default:
      return `${text.slice(0, at)}e${text.slice(at + 1)}`
  }
}

const makeCompanies = (count: number, random: Random): readonly Company[] => {
  const names = new Set<string>()
  while (names.size < count) names.add(`${random.pick(FIRST)} ${random.pick(SECOND)}`)
  return [...names].map((name) => ({ name, domain: `${slug(name)}.example` }))
}

const makePeople = (count: number, companies: readonly Company[], random: Random): readonly Person[] => {
  const people: Person[] = []
  const taken = new Set<string>()
  const used = new Set<string>()
  while (people.length < count) {
    // Some share a name with somebody at another company.
    const namesake = people.length > 20 && random.chance(0.02) ? random.pick(people) : undefined
    const given = namesake?.given ?? random.pick(GIVEN)
    const family = namesake?.family ?? random.pick(FAMILY)
    const company = random.below(companies.length)
    const key = `${given} ${family} ${company}`
    if (taken.has(key)) continue
    taken.add(key)
    const { domain } = companies[company]!
    const [first, last] = [slug(given), slug(family)]
    const address = random.pick([`${first}.${last}`, `${first[0]}${last}`, first, `${first}_${last}`])
    let main = `${address}@${domain}`
    if (used.has(main)) main = `${first}.${last}${people.length}@${domain}`
    used.add(main)
    const emails = random.chance(0.35)
      ? [main, `${first}.${last}${people.length}@gmail.com`]
      : random.chance(0.2)
        ? [main, `${last}.${first}${people.length}@${domain}`]
        : [main]
    const number = String(2_000_000 + people.length * 37).padStart(7, '0')
    people.push({ given, family, company, emails, phone: `+1415${number}` })
  }
  return people
}

const makeDeals = (
  count: number,
  people: readonly Person[],
  companies: readonly Company[],
  random: Random,
): readonly Deal[] => {
  const deals: Deal[] = []
  const taken = new Set<string>()
  const staff = new Map<number, number[]>()
  for (const [at, { company }] of people.entries()) staff.set(company, [...(staff.get(company) ?? []), at])
  while (deals.length < count) {
    const lead = random.below(people.length)
    const { company } = people[lead]!
    const year = 2024 + random.below(3)
    const name = `${companies[company]!.name} – ${random.pick(PRODUCTS)}${random.chance(0.4) ? ` ${year}` : ''}`
    if (taken.has(name)) continue
    taken.add(name)
    const others = staff.get(company)!.filter((one) => one !== lead)
    const month = 1 + random.below(12)
    const day = 1 + random.below(28)
    deals.push({
      name,
      company,
      people: others.length > 0 && random.chance(0.2) ? [lead, random.pick(others)] : [lead],
      amount: random.chance(0.7) ? (1 + random.below(400)) * 500 : 1_000 + random.below(900_000),
      currency: random.pick(['USD', 'USD', 'EUR', 'GBP'] as const),
      closeDate: `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`,
      stage: random.pick(STAGES),
    })
  }
  return deals
}

const companyCell = ({ name }: Company, random: Random): string => {
  let cell = random.chance(0.06) ? slip(name, random) : name
  if (random.chance(0.2)) cell = plain(cell)
  if (random.chance(0.05)) cell = cell.toUpperCase()
  if (random.chance(0.04)) cell = cell.toLowerCase()
  return `${cell}${random.pick(LEGAL)}${random.chance(0.05) ? '  ' : ''}`
}

const nameCell = ({ given, family }: Person, random: Random): string => {
  const draw = random.below(100)
  const short = NICKNAMES[given]
  let cell = `${given} ${family}`
  if (draw < 9) cell = `${family}, ${given}`
  else if (draw < 14) cell = `${family} ${given}`
  else if (draw < 20 && short) cell = `${short} ${family}`
  else if (draw < 23) cell = `${given[0]}. ${family}`
  else if (draw < 25) cell = `Dr. ${given} ${family}`
  else if (draw < 31)
    cell = random.chance(0.5) ? `${slip(given, random)} ${family}` : `${given} ${slip(family, random)}`
  else if (draw < 34) cell = cell.toUpperCase()
  return random.chance(0.15) ? plain(cell) : cell
}

const emailCell = ({ emails, given, family }: Person, random: Random): string => {
  const main = emails[0]!
  const address = emails.length > 1 && random.chance(0.3) ? emails[1]! : main
  const draw = random.below(100)
  if (draw < 4) return address.toUpperCase()
  if (draw < 7) return `${given} ${family} <${address}>`
  if (draw < 10) return emails.join('; ')
  return address
}

const phoneCell = (phone: string, random: Random): string => {
  const [area, first, last] = [phone.slice(2, 5), phone.slice(5, 8), phone.slice(8)]
  return random.pick([
    phone,
    `(${area}) ${first}-${last}`,
    `${area}.${first}.${last}`,
    `1-${area}-${first}-${last}`,
  ])
}

const grouped = (whole: string, mark: string): string => whole.replaceAll(/\B(?=(\d{3})+$)/g, mark)

const moneyCell = ({ amount, currency }: Deal, random: Random): string => {
  const symbol = { USD: '$', EUR: '€', GBP: '£' }[currency]
  const whole = String(amount)
  const forms = [
    `${symbol}${grouped(whole, ',')}`,
    `${symbol}${grouped(whole, ',')}.00`,
    `${currency} ${whole}`,
    `${grouped(whole, '.')},00 ${symbol}`,
    `${grouped(whole, ' ')} ${currency}`,
    `${currency} ${grouped(whole, "'")}`,
  ]
  if (amount % 1000 === 0) forms.push(`${symbol}${amount / 1000}k`)
  return random.pick(forms)
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const dateCell = (date: string, random: Random): string => {
  const [year = '', month = '', day = ''] = date.split('-')
  const word = MONTHS[Number(month) - 1]!
  return random.pick([
    date,
    `${day}/${month}/${year}`,
    `${day}.${month}.${year}`,
    `${word} ${Number(day)}, ${year}`,
    `${Number(day)} ${word} ${year}`,
    `${date}T09:30:00Z`,
  ])
}

const quoted = (cell: string, delimiter: string): string =>
  cell.includes(delimiter) || /["\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell

export interface DirtyOptions {
  readonly rows?: number
  readonly seed?: number
  readonly delimiter?: ',' | ';' | '\t'
}

/**
 * A deals file as it comes out of years in somebody else's hands: slips of the pen, names the other way round, short
 * names, initials, several addresses, empty cells, mixed dates and amounts, rows twice, lost accents; and the truth.
 */
export const makeDirtyFile = ({ rows = 2000, seed = 7, delimiter = ',' }: DirtyOptions = {}): DirtyFile => {
  const random = createRandom(seed)
  const companies = makeCompanies(Math.round(rows * 0.18), random)
  const people = makePeople(Math.round(rows * 0.36), companies, random)
  const deals = makeDeals(Math.round(rows * 0.62), people, companies, random)
  const lines: string[] = [
    [
      'Deal Name',
      'Company',
      'contact_name',
      'contact_email',
      'Phone',
      'Stage',
      'Amount',
      'Expected close',
      'Internal ref',
      'Notes',
    ].join(delimiter),
  ]
  const truth: TrueRow[] = []
  const line = (deal: number, person: number): void => {
    const [one, who] = [deals[deal]!, people[person]!]
    const company = companies[one.company]!
    const email = random.chance(0.78) ? emailCell(who, random) : ''
    const name = email !== '' && random.chance(0.05) ? '' : nameCell(who, random)
    const companyText =
      email !== '' && random.chance(0.04) ? random.pick(['', 'N/A', '-']) : companyCell(company, random)
    const dealText = random.chance(0.02)
      ? slip(one.name, random)
      : random.chance(0.05)
        ? one.name.toUpperCase()
        : one.name
    const cells = [
      dealText,
      companyText,
      name,
      email,
      random.chance(0.4) ? phoneCell(who.phone, random) : '',
      random.chance(0.9) ? one.stage : '',
      moneyCell(one, random),
      random.chance(0.92) ? dateCell(one.closeDate, random) : '',
      `REF-${random.below(100_000)}`,
      random.chance(0.1) ? `said "maybe", then\nyes` : '',
    ]
    lines.push(cells.map((cell) => quoted(cell, delimiter)).join(delimiter))
    truth.push({
      deal,
      company: one.company,
      person,
      amountMinor: one.amount * 100,
      currency: one.currency,
      closeDate: one.closeDate,
    })
  }
  for (const [at, { people: involved }] of deals.entries()) for (const person of involved) line(at, person)
  while (truth.length < rows) {
    const earlier = random.pick(truth)
    line(earlier.deal, earlier.person)
  }
  const text = `${lines.join('\r\n')}\r\n`
  return {
    text,
    truth,
    companyOfPerson: people.map(({ company }) => company),
    bytes: (encoding) => {
      switch (encoding) {
        case 'utf-8':
          return Buffer.from(text, 'utf8')
        case 'utf-8-bom':
          return Buffer.from(`\uFEFF${text}`, 'utf8')
        case 'latin1':
          return latin(text)
        case 'utf-16le':
          return Buffer.from(`\uFEFF${text}`, 'utf16le')
      }
    },
  }
}

/** Windows-1252 as spreadsheets write it; letters it does not have lose their accents. */
const latin = (text: string): Uint8Array => {
  const special: Readonly<Record<string, number>> = { '€': 0x80, '–': 0x96, '’': 0x92 }
  const bytes: number[] = []
  for (const letter of text) {
    const code = special[letter] ?? letter.codePointAt(0)!
    if (code < 256) bytes.push(code)
    else for (const byte of Buffer.from(plain(letter), 'utf8')) bytes.push(byte < 128 ? byte : 63)
  }
  return Uint8Array.from(bytes)
}

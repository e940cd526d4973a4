import type { TrueRow } from './dirty-file.ts'
import { createRandom } from './random.ts'
import type { Random } from './random.ts'

/**
 * A second dirty file, with kinds of errors and words that the matcher was not made with: it measures and is never tuned
 * to. Middle names and suffixes, umlauts written out, double surnames cut, words of a company shortened or left out,
 * remarks in brackets, mistyped domains, old addresses of a former firm, other columns, other words.
 */
export interface HeldOutFile {
  readonly text: string
  readonly truth: readonly TrueRow[]
  readonly companyOfPerson: readonly number[]
  readonly bytes: (encoding: 'utf-8' | 'utf-8-bom') => Uint8Array
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/)
const GIVEN = words(
  `Jürgen Götz Bärbel Heike Ulrich Wiebke Torsten Annika Malte Frauke Edward Stephen Jonathan Victoria Rebecca Abigail
  Gregory Theodore Nathaniel Josephine Ines Paulo Thiago Beatriz Rui Wouter Maarten Saskia Joost Femke Stijn Wei Jun Xiu
  Sanjay Deepa Vikram Lakshmi Tunde Chidi Ngozi Amara Yusuf Leyla Emre Selin Zofia Marek Katarzyna Jakub`,
)
const FAMILY = words(
  `Vogelsang Köhler Böttcher Großmann Schäfer Krüger Brandstätter Ackermann Winterfeld Abernathy Bancroft Cromwell
  Delacroix Eastwood Farnsworth Goodfellow Hollingsworth Inglewood Jessop Kilbride Lancaster Montague Nightingale
  Oakeshott Prendergast Quartermaine Rutherford Sutherland Tennyson Uppingham Venkataraman Subramanian Chakraborty
  Almeida Figueiredo Carvalho Nogueira Steenbergen Kuijpers Hoogland Verhoeven Okonkwo Balogun Kaplan Özdemir Aydın
  Nowicki Zieliński Mazurek`,
)
const FIRST = words(
  `Atlas Beacon Cascade Dominion Everest Falcon Glacier Highland Inverness Jasper Kingfisher Lighthouse Magnolia Norfolk
  Olympus Pelican Quicksilver Ridgeway Stonebridge Trident Unicorn Vanguard Westgate Yorkshire Zenith Brücke Möwe Sønder`,
)
const SECOND = words(
  'Consulting Engineering Manufacturing International Pharmaceuticals Technologies Communications Investments Distribution Hospitality',
)
const SHORT: Readonly<Record<string, string>> = {
  Engineering: 'Eng.',
  Manufacturing: 'Mfg',
  International: "Int'l",
  Pharmaceuticals: 'Pharma',
  Technologies: 'Tech',
  Communications: 'Comms',
  Investments: 'Invest',
}
const FORMS = ['', '', ' S.A.', ' Group', ' Holding B.V.', ' & Co. KG', ' plc', ' (UK) Ltd', ' Pty Ltd']
const PROJECTS = words(
  'Phase-1 Phase-2 Retainer Workshop Framework Maintenance Upgrade Training Consulting Review',
)

const ascii = (text: string): string =>
  text
    .replaceAll('ä', 'ae')
    .replaceAll(/[öø]/g, 'oe')
    .replaceAll('ü', 'ue')
    .replaceAll('Ö', 'Oe')
    .replaceAll('ß', 'ss')
    .replaceAll('ı', 'i')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('ł', 'l')
const slug = (text: string): string =>
  ascii(text)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')

interface Company {
  readonly first: string
  readonly second: string
  readonly form: string
  readonly domain: string
}
interface Person {
  readonly given: string
  readonly middle: string
  readonly family: string
  readonly company: number
  readonly email: string
  readonly former: string
  readonly phone: string
}

const companyCell = ({ first, second, form }: Company, random: Random): string => {
  const draw = random.below(100)
  const short = SHORT[second]
  if (draw < 10 && short) return `${first} ${short}`
  if (draw < 14) return `The ${first} ${second} Company`
  if (draw < 20) return `${ascii(first)} ${second}${form}`
  if (draw < 24) return `${first}-${second}`
  if (draw < 28) return `${first} ${second} (via partner)`
  if (draw < 31) return `${first} ${second} – Head Office`
  if (draw < 34) return `${first}${second}${form}`
  return `${first} ${second}${form}`
}

const nameCell = ({ given, middle, family }: Person, random: Random): string => {
  const draw = random.below(100)
  if (draw < 12) return `${given} ${middle[0]}. ${family}`
  if (draw < 18) return `${given} ${middle} ${family}`
  if (draw < 22) return `${given} ${family} Jr.`
  if (draw < 30) return ascii(`${given} ${family}`)
  if (draw < 34) return `${given} ${family.slice(0, 1)}.`
  if (draw < 38) return `${given} ${family} (he/him)`
  if (draw < 41) return `Mr. ${given[0]}. ${middle[0]}. ${family}`
  if (draw < 44) return `${given.slice(0, 1).toLowerCase()}${given.slice(1)} ${family.toLowerCase()}`
  if (draw < 47) return `${family.toUpperCase()} ${given}`
  return `${given} ${family}`
}

const emailCell = ({ email, former }: Person, random: Random): string => {
  const draw = random.below(100)
  const [local = '', domain = ''] = email.split('@')
  if (draw < 4) return `${local}@${domain.slice(0, 3)}${domain.slice(4)}`
  if (draw < 8) return former
  if (draw < 12) return `mailto:${email}`
  if (draw < 15) return `${email}, ${former}`
  if (draw < 18) return `${local} @ ${domain}`
  return email
}

export const makeHeldOutFile = ({
  rows = 2000,
  seed = 7,
}: { readonly rows?: number; readonly seed?: number } = {}): HeldOutFile => {
  const random = createRandom(seed * 7919 + 13)
  const names = new Set<string>()
  const wanted = Math.min(Math.round(rows * 0.12), FIRST.length * SECOND.length - 20)
  while (names.size < wanted) names.add(`${random.pick(FIRST)} ${random.pick(SECOND)}`)
  const companies = [...names].map((name): Company => {
    const [first = '', second = ''] = name.split(' ')
    return { first, second, form: random.pick(FORMS), domain: `${slug(name)}.example` }
  })
  const people: Person[] = []
  const taken = new Set<string>()
  while (people.length < Math.round(rows * 0.3)) {
    const [given, family, company] = [random.pick(GIVEN), random.pick(FAMILY), random.below(companies.length)]
    if (taken.has(`${given}${family}`) && random.chance(0.95)) continue
    if (taken.has(`${given}${family}${company}`)) continue
    taken.add(`${given}${family}`).add(`${given}${family}${company}`)
    const at = people.length
    people.push({
      given,
      middle: random.pick(GIVEN),
      family,
      company,
      email: `${slug(given)[0]}.${slug(family)}${at}@${companies[company]!.domain}`,
      former: `${slug(family)}.${slug(given)}${at}@former-${random.below(40)}.example`,
      phone: `+44 20 7${String(100_000 + at * 13).padStart(6, '0')}`,
    })
  }
  const truth: TrueRow[] = []
  const lines = ['Account,Opportunity,Primary Contact,E-Mail,Mobile,Deal Value,Closing Date,Remarks']
  const dealNames = new Map<string, number>()
  while (truth.length < rows) {
    const person = random.below(people.length)
    const who = people[person]!
    const company = companies[who.company]!
    const dealName = `${company.first} ${random.pick(PROJECTS)}`
    const deal = dealNames.get(`${dealName}/${who.company}`) ?? dealNames.size
    dealNames.set(`${dealName}/${who.company}`, deal)
    const email = random.chance(0.7) ? emailCell(who, random) : ''
    const cells = [
      companyCell(company, random),
      random.chance(0.06) ? `${dealName} (copy)` : random.chance(0.1) ? dealName.replace('-', ' ') : dealName,
      email !== '' && random.chance(0.06) ? '' : nameCell(who, random),
      email,
      random.chance(0.3) ? (random.chance(0.2) ? `${who.phone} ext. 12` : who.phone) : '',
      '£10,000',
      '2026-12-01',
      random.chance(0.1) ? 'asked for "terms",\nthen silence' : '',
    ]
    lines.push(
      cells.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(','),
    )
    truth.push({
      deal,
      company: who.company,
      person,
      amountMinor: 1_000_000,
      currency: 'GBP',
      closeDate: '2026-12-01',
    })
  }
  const text = `${lines.join('\n')}\n`
  return {
    text,
    truth,
    companyOfPerson: people.map(({ company }) => company),
    bytes: (encoding) => Buffer.from(encoding === 'utf-8' ? text : `\uFEFF${text}`),
  }
}

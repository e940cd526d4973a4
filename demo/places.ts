import type { Random } from './random.ts'

export interface City {
  readonly name: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  /** Area code of its numbers: North America only. */
  readonly area?: string
}

const inCountry = (country: string, cities: Readonly<Record<string, string | null>>): City[] =>
  Object.entries(cities).map(([name, area]) => (area === null ? { name, country } : { name, country, area }))

const UNITED_STATES = inCountry('US', {
  'New York': '212',
  Boston: '617',
  Chicago: '312',
  Austin: '512',
  Denver: '303',
  Seattle: '206',
  'San Francisco': '415',
  Atlanta: '404',
  Minneapolis: '612',
  Philadelphia: '215',
  Portland: '503',
  Nashville: '615',
})
const ABROAD = [
  ...inCountry('CA', { Toronto: '416', Montréal: '514', Vancouver: '604' }),
  ...inCountry('GB', { London: null, Manchester: null }),
  ...inCountry('DE', { Berlin: null, München: null, Hamburg: null }),
  ...inCountry('FR', { Paris: null, Lyon: null }),
  ...inCountry('SE', { Stockholm: null }),
  ...inCountry('IE', { Dublin: null }),
  ...inCountry('NL', { Amsterdam: null }),
  ...inCountry('PT', { Lisbon: null }),
  ...inCountry('PL', { Warsaw: null }),
]

/** Where a fund's, a sales team's and a brokerage's people live. */
export const CITIES = {
  fund: [...UNITED_STATES, ...ABROAD],
  sales: [...UNITED_STATES, ...UNITED_STATES, ...ABROAD],
  brokerage: inCountry('US', {
    Harborview: '360',
    'Quarry Hill': '360',
    'North Landing': '425',
    'Mason District': '206',
    'Gull Point': '253',
    'Old Cannery': '206',
    Fernwood: '425',
  }),
} as const

export const cityNamed = (name: string): City =>
  [...UNITED_STATES, ...ABROAD, ...CITIES.brokerage].find((city) => city.name === name) ?? {
    name,
    country: 'US',
  }

const digits = (random: Random, count: number): string =>
  Array.from({ length: count }, () => random.int(0, 9)).join('')

/**
 * A number in E.164 from the ranges that regulators keep for fiction (NANPA 555-01xx, Ofcom 7946 0xxx,
 * Bundesnetzagentur drama numbers, ARCEP 0199 00, PTS 08-465 004). None where a country
 * keeps no such range, or one that no longer passes for a number.
 */
const fictional = (random: Random, city: City): string | undefined => {
  switch (city.country) {
    case 'US':
    case 'CA':
      return `+1${city.area ?? '212'}55501${digits(random, 2)}`
    case 'GB':
      return `+442079460${digits(random, 3)}`
    case 'DE':
      return (
        { Berlin: '+493023125', München: '+498999998', Hamburg: '+494066969' }[city.name] + digits(random, 3)
      )
    case 'FR':
      return `+3319900${digits(random, 4)}`
    case 'SE':
      return `+468465004${digits(random, 2)}`
    default:
      return undefined
  }
}

/** Draws numbers nobody has yet; gives up (undefined) when a city's range is used up. */
export const makePhones = (random: Random): ((city: City) => string | undefined) => {
  const taken = new Set<string>()
  return (city) => {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const number = fictional(random, city)
      if (number === undefined) return undefined
      if (taken.has(number)) continue
      taken.add(number)
      return number
    }
    return undefined
  }
}

/** As people write it: `+12125550142` -> `(212) 555-0142`; other countries spaced. */
export const phoneAsWritten = (number: string): string =>
  number.startsWith('+1')
    ? `(${number.slice(2, 5)}) ${number.slice(5, 8)}-${number.slice(8)}`
    : number.replace(/^(\+\d\d)(\d{2,3})(\d{3})(\d+)$/, '$1 $2 $3 $4')

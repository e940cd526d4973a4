import type { MarkedText } from './redaction.ts'

type Below = (limit: number) => number

/** Deterministic; answers a whole number from 0 below the limit. */
const createBelow = (seed: number): Below => {
  let state = seed >>> 0
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

const digits = (below: Below, count: number): string =>
  Array.from({ length: count }, () => String(below(10))).join('')
const two = (value: number): string => String(value).padStart(2, '0')
const sum = (text: string, weights: readonly number[]): number =>
  weights.reduce((total, weight, at) => total + weight * Number(text[at]), 0)

const luhnDigit = (body: string): number => {
  const total = Array.from(body)
    .toReversed()
    .map(Number)
    .map((digit, at) => (at % 2 === 0 ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit))
    .reduce((all, digit) => all + digit, 0)
  return (10 - (total % 10)) % 10
}

/** Until the maker answers a number: some bodies have no check digit. */
const retry = (make: () => string | undefined): string => {
  for (;;) {
    const made = make()
    if (made !== undefined) return made
  }
}

const steuerId = (below: Below): string =>
  retry(() => {
    const body = `${1 + below(9)}${digits(below, 9)}`
    if (new Set(body).size !== 9) return undefined
    let rest = 10
    for (const digit of body) rest = (((Number(digit) + rest) % 10 || 10) * 2) % 11
    const check = (11 - rest) % 10
    return `${body.slice(0, 2)} ${body.slice(2, 5)} ${body.slice(5, 8)} ${body.slice(8)}${check}`
  })

const nir = (below: Below): string => {
  const body = `${1 + below(2)}${two(below(100))}${two(1 + below(12))}${two(1 + below(95))}${digits(below, 6)}`
  const check = two(97 - Number(BigInt(body) % 97n))
  return `${body[0]} ${body.slice(1, 3)} ${body.slice(3, 5)} ${body.slice(5, 7)} ${body.slice(7, 10)} ${body.slice(10)} ${check}`
}

const DNI = 'TRWAGMYFPDXBNJZSQVHLCKE'
const cpf = (below: Below): string => {
  const body = digits(below, 8) + String(1 + below(9))
  const first = ((sum(body, [10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11) % 10
  const second = ((sum(`${body}${first}`, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11) % 10
  return `${body.slice(0, 3)}.${body.slice(3, 6)}.${body.slice(6)}-${first}${second}`
}

const bsn = (below: Below): string =>
  retry(() => {
    const body = `${1 + below(9)}${digits(below, 7)}`
    const check = sum(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11
    return check === 10 ? undefined : `${body}${check}`
  })

const nif = (below: Below): string => {
  const body = `${1 + below(3)}${digits(below, 7)}`
  const rest = sum(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11
  return `${body}${rest < 2 ? 0 : 11 - rest}`
}

const ahv = (below: Below): string => {
  const body = `756${digits(below, 9)}`
  const check = (10 - (sum(body, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10
  return `${body.slice(0, 3)}.${body.slice(3, 7)}.${body.slice(7, 11)}.${body.slice(11)}${check}`
}

const pesel = (below: Below): string => {
  const body = `${two(below(100))}${two(1 + below(12))}${two(1 + below(28))}${digits(below, 4)}`
  return `${body}${(10 - (sum(body, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10}`
}

const personnummer = (below: Below): string => {
  const body = `${two(below(100))}${two(1 + below(12))}${two(1 + below(28))}${digits(below, 3)}`
  return `${body.slice(0, 6)}-${body.slice(6)}${luhnDigit(body)}`
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
/** Worth of a letter or digit at odd places of the Italian code, by the Decree of 23 December 1976. */
const ODD_WORTH: Readonly<Record<string, number>> = Object.fromEntries(
  Array.from('BAKPLCQDREVOSFTGUHMINJWZYX', (letter, worth) => [letter, worth]),
)
const codiceFiscale = (below: Below): string => {
  const letters = (count: number): string => Array.from({ length: count }, () => LETTERS[below(26)]!).join('')
  const month = 'ABCDEHLMPRST'[below(12)]!
  const body = `${letters(6)}${two(below(100))}${month}${two(1 + below(28))}${letters(1)}${digits(below, 3)}`
  const total = Array.from(body).reduce((all, sign, at) => {
    const asLetter = /\d/u.test(sign) ? LETTERS[Number(sign)]! : sign
    return all + (at % 2 === 0 ? ODD_WORTH[asLetter]! : LETTERS.indexOf(asLetter))
  }, 0)
  return body + LETTERS[total % 26]!
}

const sin = (below: Below): string => {
  const body = `${1 + below(7)}${digits(below, 7)}`
  return `${body.slice(0, 3)} ${body.slice(3, 6)} ${body.slice(6)}${luhnDigit(body)}`
}

const ssn = (below: Below, mark: string): string => {
  const area = retry(() => {
    const made = 1 + below(899)
    return made === 666 ? undefined : String(made).padStart(3, '0')
  })
  return `${area}${mark}${two(1 + below(99))}${mark}${String(1 + below(9_999)).padStart(4, '0')}`
}

const NINO = 'ABCEGHJKLMPRSTWXYZ'
const nino = (below: Below): string => {
  const first = 'ACEHJLMPRSWXY'[below(13)]!
  const number = digits(below, 6)
  return `${first}${NINO[below(NINO.length)]} ${number.slice(0, 2)} ${number.slice(2, 4)} ${number.slice(4)} ${'ABCD'[below(4)]}`
}

interface Scheme {
  readonly name: string
  readonly make: (below: Below) => string
  /** How it is introduced where people write it; without, it must be known by itself. */
  readonly said: readonly string[]
}

const BARE = [
  'Here it is: {id}',
  '{id} is what the form says.',
  'On file we have {id}; please confirm.',
  '({id})',
]

/** Numbers that states give to people, made here with check digits of their own. */
const SCHEMES: readonly Scheme[] = [
  {
    name: 'SSN',
    make: (below) => ssn(below, below(3) === 0 ? ' ' : '-'),
    said: [...BARE, 'my SSN is {id}.'],
  },
  {
    name: 'SSN, digits alone',
    make: (below) => ssn(below, ''),
    said: ['SSN: {id}', 'my social security number is {id}', 'Social Security no. {id}.'],
  },
  { name: 'UK national insurance', make: nino, said: BARE },
  { name: 'German tax id', make: steuerId, said: BARE },
  { name: 'French NIR', make: nir, said: BARE },
  {
    name: 'Spanish DNI',
    make: (below) => {
      const number = digits(below, 8)
      return `${number}${DNI[Number(number) % 23]}`
    },
    said: BARE,
  },
  { name: 'Portuguese NIF', make: nif, said: ['NIF {id}', 'o número de contribuinte é {id}.', 'NIF: {id}'] },
  { name: 'Dutch BSN', make: bsn, said: ['BSN {id}', 'mijn BSN is {id}.', 'burgerservicenummer: {id}'] },
  { name: 'Brazilian CPF', make: cpf, said: BARE },
  { name: 'Swiss AHV', make: ahv, said: BARE },
  { name: 'Polish PESEL', make: pesel, said: ['PESEL {id}', 'PESEL: {id}', 'mój PESEL to {id}.'] },
  { name: 'Swedish personnummer', make: personnummer, said: BARE },
  { name: 'Italian fiscal code', make: codiceFiscale, said: BARE },
  { name: 'Canadian SIN', make: sin, said: ['SIN {id}', 'my social insurance number is {id}.'] },
]

/** Numbers of business mail that name nobody. */
const OTHERS: readonly ((below: Below) => string)[] = [
  (below) => `Invoice ${digits(below, 6)} of ${two(1 + below(28))}/${two(1 + below(12))}/2026 is due.`,
  (below) => `Order ${digits(below, 9)} has shipped.`,
  (below) =>
    `We expect ${1 + below(9)},${digits(below, 3)},${digits(below, 3)} units at $${digits(below, 2)}.50.`,
  (below) => `Ticket ${LETTERS[below(26)]}${LETTERS[below(26)]}-${digits(below, 5)} is closed.`,
  (below) =>
    `SSN: ${['000', '666'][below(2)]}-${two(1 + below(99))}-${digits(below, 3)}1 was a typing error.`,
  (below) => `Part ${digits(below, 3)}-00-${digits(below, 4)} is on stock.`,
  (below) =>
    `Between 2026-${two(1 + below(12))}-${two(1 + below(28))} and 2027-01-0${1 + below(9)}, room ${digits(below, 3)}.`,
  (below) => `Build ${digits(below, 2)}.${digits(below, 3)}.${digits(below, 1)} took ${digits(below, 4)} ms.`,
  (below) => `Meter reading ${digits(below, 4)} ${digits(below, 4)} on line ${below(40)}.`,
]

/**
 * As many texts with one national number as without any: `id` is the scheme, or `none`. Numbers are made by rules written
 * here from what the states publish, not by those that look for them.
 */
export const makeNationalIds = (count: number, seed: number): readonly MarkedText[] => {
  const below = createBelow(seed)
  return Array.from({ length: count }, (_, at) => {
    if (at % 2 === 1) return { id: 'none', text: OTHERS[(at >> 1) % OTHERS.length]!(below), spans: [] }
    const { name, make, said } = SCHEMES[(at >> 1) % SCHEMES.length]!
    const id = make(below)
    const sentence = said[below(said.length)]!
    const start = sentence.indexOf('{id}')
    return {
      id: name,
      text: sentence.replace('{id}', id),
      spans: [{ start, end: start + id.length, type: 'SSN' }],
    }
  })
}

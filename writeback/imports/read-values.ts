import { canonicalPhone, readPhone, supportedCountries } from '../../redaction/phone-forms.ts'
import { minorDigits } from '../amount.ts'

/** What the values of a column look like; the reader of each answers undefined for what is not of its shape. */
export const SHAPES = [
  'email',
  'phone',
  'url',
  'linkedin',
  'date',
  'money',
  'number',
  'name',
  'text',
] as const
export type Shape = (typeof SHAPES)[number]

const EMAIL = /[^\s@<>(),;:"[\]]+@[^\s@<>(),;:"[\]]+\.[^\s@<>(),;:".[\]]+/g

/** `dana @ x.example`, `dana (at) x.example` as they were meant. */
const AT = /(?<=[\w+-])\s*(?:@|\(at\)|\[at\]|\{at\})\s*(?=[\p{L}\p{N}-]+\.\p{L})/giu

/** Every address in a cell, lower case: `Dana <dana@x.example>; d.w@y.example` has two. */
export const readEmails = (cell: string): readonly string[] => [
  ...new Set(
    [...cell.replaceAll(AT, '@').matchAll(EMAIL)].map(([address]) =>
      address.toLowerCase().replace(/^mailto:|[.']+$/g, ''),
    ),
  ),
]

/** Every number in a cell in E.164; `country` where it has no prefix. `040 / 300 0041` is one number. */
export const readPhones = (cell: string, country: string): readonly string[] => {
  const read = (text: string): readonly string[] => {
    const count = text.replaceAll(/\D/g, '').length
    const phone = count < 6 ? undefined : readPhone(text.trim(), supportedCountries([country]))
    return phone ? [canonicalPhone(phone)] : []
  }
  const found = cell.split(/[;\n]|,(?!\s*ext)|\bor\b/i).flatMap((part) => {
    const [first = '', ...rest] = part.split('/')
    const isCode = rest.length > 0 && first.replaceAll(/\D/g, '').length < 6
    return isCode ? read(part.replace('/', ' ')) : part.split('/').flatMap(read)
  })
  return [...new Set(found)]
}

const HOST = /^([\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}[\p{L}\p{N}-]+$/u

/** `https://www.Nimbus.example/about` -> `nimbus.example`. */
export const readDomain = (cell: string): string | undefined => {
  const host = cell
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/^www\d?\./, '')
    .replace(/[/?#].*$/, '')
    .replace(/:\d+$/, '')
    .replace(/\.$/, '')
  return HOST.test(host) ? host : undefined
}

const MONTHS: Readonly<Record<string, number>> = Object.fromEntries(
  [
    'jan januar january janvier enero gennaio',
    'feb februar february février febrero febbraio',
    'mar märz march mars marzo mär',
    'apr april avril abril aprile',
    'may mai mayo maggio',
    'jun june juni juin junio giugno',
    'jul july juli juillet julio luglio',
    'aug august août agosto',
    'sep sept september septembre septiembre settembre',
    'oct october oktober octobre octubre okt',
    'nov november novembre noviembre',
    'dec december dezember décembre diciembre dicembre dez',
  ].flatMap((names, at) => names.split(' ').map((name) => [name, at + 1] as const)),
)

export type DayOrder = 'day-first' | 'month-first'

const valid = (year: number, month: number, day: number): string | undefined => {
  const full = year < 100 ? 2000 + year : year
  if (full < 1900 || full > 2199) return undefined
  const date = new Date(Date.UTC(full, month - 1, day))
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined
  return date.toISOString().slice(0, 10)
}

const NUMERIC = /^(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})$/
const WORDS_BEFORE = /^(?:\p{L}+,?\s+)?(\p{L}+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$/u
const WORDS_AFTER = /^(?:\p{L}+,?\s+)?(\d{1,2})(?:st|nd|rd|th)?\.?[\s-]+(\p{L}+)\.?,?[\s-]+(\d{2,4})$/u
const TIME = /[T\s](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(am|pm)?\s*(z|[+-]\d{2}:?\d{2})?$/i

/** Which numeric order the dates of a column are in, told by those that allow one only; undefined where none does. */
export const dayOrderOf = (cells: readonly string[]): DayOrder | undefined => {
  let [dayFirst, monthFirst] = [0, 0]
  for (const cell of cells) {
    const match = NUMERIC.exec(cell.replace(TIME, '').trim())
    if (!match || match[1]!.length === 4) continue
    if (Number(match[1]) > 12) dayFirst += 1
    else if (Number(match[2]) > 12) monthFirst += 1
  }
  return dayFirst === monthFirst ? undefined : dayFirst > monthFirst ? 'day-first' : 'month-first'
}

/** A calendar date as `2026-11-30`, with the time of day where one is written. Points mean day first. */
export const readDay = (
  cell: string,
  order: DayOrder,
): { readonly date: string; readonly time: string | undefined } | undefined => {
  const clock = TIME.exec(cell)
  const text = cell.replace(TIME, '').trim().toLowerCase()
  const date = readDate(text, order)
  if (date === undefined) return undefined
  if (!clock) return { date, time: undefined }
  const hours = (Number(clock[1]) % 12) + (/pm/i.test(clock[4] ?? '') ? 12 : 0)
  const hour = clock[4] ? hours : Number(clock[1])
  if (hour > 23 || Number(clock[2]) > 59) return { date, time: undefined }
  const zone = clock[5]
    ? clock[5].toUpperCase() === 'Z'
      ? 'Z'
      : clock[5].replace(/(\d{2}):?(\d{2})$/, '$1:$2')
    : ''
  return { date, time: `${String(hour).padStart(2, '0')}:${clock[2]}:${clock[3] ?? '00'}${zone}` }
}

const readDate = (text: string, order: DayOrder): string | undefined => {
  const numeric = NUMERIC.exec(text)
  if (numeric) {
    const [a, b, c] = [Number(numeric[1]), Number(numeric[2]), Number(numeric[3])]
    if (numeric[1]!.length === 4) return valid(a, b, c)
    if (numeric[3]!.length === 3 || numeric[3]!.length === 1) return undefined
    const pointed = text.includes('.')
    const dayFirst = a > 12 || (b <= 12 && (pointed || order === 'day-first'))
    return dayFirst ? valid(c, b, a) : valid(c, a, b)
  }
  const before = WORDS_BEFORE.exec(text)
  const after = before ? null : WORDS_AFTER.exec(text)
  const month = MONTHS[before?.[1] ?? after?.[2] ?? '']
  if (month === undefined) return undefined
  return before
    ? valid(Number(before[3]), month, Number(before[2]))
    : valid(Number(after![3]), month, Number(after![1]))
}

const SYMBOLS: Readonly<Record<string, string>> = { $: 'USD', '€': 'EUR', '£': 'GBP', '₹': 'INR', '¥': 'JPY' }
const SCALES: Readonly<Record<string, number>> = {
  k: 3,
  tsd: 3,
  t: 3,
  m: 6,
  mn: 6,
  mio: 6,
  mm: 6,
  b: 9,
  bn: 9,
  mrd: 9,
}
const MONEY =
  /^(?<before>[$€£₹¥]|[a-z]{3}\s?[$€£]?|us\$)?\s*(?<digits>\d[\d.,'’\s]*)\s*(?<scale>k|tsd|t(?=eur|€|chf)|mio|mrd|mn|mm|m|bn|b)?\.?\s*(?<after>[$€£₹¥]|[a-z]{3})?(?:\.[-–—]+|,[-–—]+)?$/iu
const CURRENCIES = new Set(Intl.supportedValuesOf('currency'))

/** `1.234,56`, `1,234.56`, `1'234`, `1 234` as whole part and fraction. */
const plainDigits = (written: string): readonly [whole: string, fraction: string] => {
  const text = written.replaceAll(/['’\s]/g, '').replace(/[.,]$/, '')
  const last = Math.max(text.lastIndexOf('.'), text.lastIndexOf(','))
  if (last < 0) return [text, '']
  const mark = text[last]!
  const other = mark === '.' ? ',' : '.'
  const marks = text.split(mark).length - 1
  const tail = text.length - last - 1
  const groups = marks > 1 || (tail === 3 && !text.includes(other))
  if (groups) return [text.replaceAll(/[.,]/g, ''), '']
  return [text.slice(0, last).replaceAll(/[.,]/g, ''), text.slice(last + 1)]
}

export interface ReadMoney {
  readonly amountMinor: number
  /** Where the cell names one. */
  readonly currency: string | undefined
}

/** An amount as people write it: `$1.2m`, `1.234,56 €`, `EUR 12'000`, `250k`. Minor units of its currency. */
export const readMoney = (cell: string, fallbackCurrency: string): ReadMoney | undefined => {
  const match = MONEY.exec(cell.trim().replaceAll('\u00a0', ' '))?.groups
  if (!match) return undefined
  const marks = [match['before'], match['after']].flatMap((mark) => (mark ? [mark.trim().toUpperCase()] : []))
  const named = marks.map(
    (mark) => SYMBOLS[mark] ?? (mark === 'US$' ? 'USD' : mark.replace(/[$€£]/, '').trim()),
  )
  if (named.some((code) => !CURRENCIES.has(code))) return undefined
  const currency = named[0]
  const [whole, fraction] = plainDigits(match['digits']!)
  const places =
    minorDigits(currency ?? fallbackCurrency) + (SCALES[(match['scale'] ?? '').toLowerCase()] ?? 0)
  const amountMinor = Number(`${whole}${fraction.slice(0, places).padEnd(places, '0')}`)
  return Number.isSafeInteger(amountMinor) ? { amountMinor, currency } : undefined
}

const COMPANY_WORD =
  /\b(inc|llc|ltd|gmbh|corp|ag|bv|plc|capital|ventures|partners|labs|group|holdings|insurance|bank|systems|technologies|studio|properties|realty)\b/i

/** Whether a cell looks like the name of one person; says little alone, much over a column. */
export const looksLikeName = (cell: string): boolean =>
  cell.length <= 60 &&
  !/[\d@/$€£:]/.test(cell) &&
  !COMPANY_WORD.test(cell) &&
  /^\p{L}[\p{L}'’.-]*(,?\s+\p{L}[\p{L}'’.-]*){1,3}$/u.test(cell)

const IS: Readonly<Record<Shape, (cell: string) => boolean>> = {
  email: (cell) => readEmails(cell).length > 0,
  phone: (cell) =>
    /^(?:tel\.?:?\s*)?[+(\d][\d\s().;,/+–-]{6,}(\s*(x|ext\.?)\s*\d+)?$/i.test(cell) &&
    readDate(cell, 'day-first') === undefined,
  linkedin: (cell) => /linkedin\.com\//i.test(cell),
  url: (cell) => readDomain(cell) !== undefined && !cell.includes('@'),
  date: (cell) => readDay(cell, 'day-first') !== undefined || readDay(cell, 'month-first') !== undefined,
  money: (cell) => readMoney(cell, 'USD') !== undefined,
  number: (cell) => /^-?\d+([.,]\d+)?$/.test(cell),
  name: looksLikeName,
  text: () => true,
}

/** Share of the filled cells that have each shape; at most the first 300 are looked at. */
export const shapeShares = (cells: readonly string[]): Readonly<Record<Shape, number>> => {
  const filled = cells.filter((cell) => cell !== '').slice(0, 300)
  const shares = SHAPES.map((shape) => [
    shape,
    filled.length === 0 ? 0 : filled.filter((cell) => IS[shape](cell)).length / filled.length,
  ])
  return Object.fromEntries(shares) as Record<Shape, number>
}

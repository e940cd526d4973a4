import type { ToolOutcome } from '../../tools/toolbox.ts'

/** One true sentence about a result, with the piece that can be corrupted. */
export interface Draft {
  readonly form: string
  /** `text` with `{}` where the piece stands. */
  readonly text: string
  readonly piece: string
  readonly kind: 'figure' | 'date' | 'name' | 'quote' | 'all'
}

export type Dice = (sides: number) => number

/** A seeded source of whole numbers below `sides` (mulberry32). */
export const createDice = (seed: number): Dice => {
  let state = seed >>> 0
  return (sides) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides
  }
}

type Row = Readonly<Record<string, unknown>>
type Writer = (result: Extract<ToolOutcome, { ok: true }>['result'], dice: Dice) => Draft | undefined

const HANDLE = /^[A-Z]+_\d{5,7}$/
const pick = <T>(items: readonly T[], dice: Dice): T | undefined => items[dice(Math.max(items.length, 1))]

const rowsOf = (data: unknown): readonly Row[] => {
  if (Array.isArray(data)) return data as Row[]
  const { rows, people } = data as { rows?: readonly Row[]; people?: readonly Row[] }
  return rows ?? people ?? []
}
const handleOf = (row: Row): string | undefined =>
  [row['id'], row['name']].find((value): value is string => typeof value === 'string' && HANDLE.test(value))
const entriesOf = <T>(row: Row, is: (value: unknown, name: string) => value is T): [string, T][] =>
  Object.entries(row).filter((entry): entry is [string, T] => is(entry[1], entry[0]))
const isNumber = (value: unknown): value is number => typeof value === 'number' && value !== 0
const isDate = (value: unknown, name: string): value is string =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value) && name !== 'id'

const ONES =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  )
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')
export const inWords = (value: number): string =>
  value < 20
    ? ONES[value]!
    : value < 100
      ? `${TENS[Math.floor(value / 10) - 2]!}${value % 10 === 0 ? '' : `-${ONES[value % 10]!}`}`
      : `${ONES[Math.floor(value / 100)]!} hundred${value % 100 === 0 ? '' : ` and ${inWords(value % 100)}`}`

const amountForms = (value: number): string[] => {
  const rounded = (unit: number, digits: number): string => (value / unit).toFixed(digits)
  return [
    `$${value.toLocaleString('en-US')}`,
    `USD ${value.toLocaleString('de-CH')}`,
    ...(value >= 1e6 ? [`$${rounded(1e6, 1)}m`, `${rounded(1e6, 2)} million`, `€${rounded(1e6, 1)} m`] : []),
    ...(value >= 1e4 && value < 1e7 ? [`$${rounded(1e3, 1)}k`, `${rounded(1e3, 0)} thousand`] : []),
  ]
}
export const countForms = (value: number): string[] => [
  String(value),
  value.toLocaleString('en-US'),
  ...(value > 1 && value < 1000 ? [inWords(value)] : []),
]
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
)
const nth = (day: number): string =>
  `${day}${day % 10 === 1 && day !== 11 ? 'st' : day % 10 === 2 && day !== 12 ? 'nd' : day % 10 === 3 && day !== 13 ? 'rd' : 'th'}`
const DAY_MS = 86_400_000
export const dateForms = (iso: string, todayIso: string): string[] => {
  const [year, month, day] = iso.slice(0, 10).split('-').map(Number) as [number, number, number]
  const name = MONTHS[month - 1]!
  const days = Math.round((Date.parse(todayIso.slice(0, 10)) - Date.parse(iso.slice(0, 10))) / DAY_MS)
  return [
    iso.slice(0, 10),
    `${day} ${name} ${year}`,
    `${name} ${nth(day)}`,
    `the ${nth(day)} of ${name}`.slice(4),
    `${day} ${name.slice(0, 3)}`,
    `${name.slice(0, 3)} ${day}, ${year}`,
    ...(days > 1 ? [`${days} days ago`] : []),
    ...(days < -1 ? [`in ${-days} days`] : []),
    ...(days === 1 ? ['yesterday'] : []),
  ]
}

const plain = (name: string): string => name.replaceAll('_', ' ')
const LEADS = ['', 'From the records: ', '- ', '2. ', 'As of today, ']

const rowFigure: Writer = (result, dice) => {
  const row = pick(rowsOf(result.data), dice)
  const found = row && pick(entriesOf(row, isNumber), dice)
  if (!row || !found) return undefined
  const about = handleOf(row) ?? (typeof row['stage'] === 'string' ? row['stage'] : undefined)
  const piece = pick(found[1] >= 1000 ? amountForms(found[1]) : countForms(found[1]), dice)!
  const text = about ? `${about} has a ${plain(found[0])} of {}.` : `The ${plain(found[0])} is {}.`
  return { form: 'a figure of a row', text: `${pick(LEADS, dice)}${text}`, piece, kind: 'figure' }
}
const rowDate: Writer = (result, dice) => {
  const row = pick(rowsOf(result.data), dice)
  const found = row && pick(entriesOf(row, isDate), dice)
  const about = row && handleOf(row)
  const today = result.completeness?.as_of
  if (!found || !about || !today) return undefined
  return {
    form: 'a date of a row',
    text: `${pick(LEADS, dice)}For ${about} the date (${plain(found[0])}) is {}.`,
    piece: pick(dateForms(found[1], today), dice)!,
    kind: 'date',
  }
}
const count: Writer = ({ completeness }, dice) =>
  completeness && completeness.total > 1
    ? {
        form: 'how many in all',
        text: pick(
          ['There are {} in all.', 'I found {} that match.', 'Of {} matches these come first.'],
          dice,
        )!,
        piece: pick(countForms(completeness.total), dice)!,
        kind: 'figure',
      }
    : undefined
const moneyOf = (rows: readonly Row[]): readonly number[] => rows.map((row) => row['amount']).filter(isNumber)
const sum: Writer = (result, dice) => {
  const amounts = moneyOf(rowsOf(result.data))
  if (amounts.length < 2) return undefined
  const total = amounts.reduce((whole, one) => whole + one, 0)
  return {
    form: 'a sum of a column',
    text: 'Together the listed ones come to {}.',
    piece: pick(amountForms(total), dice)!,
    kind: 'figure',
  }
}
const difference: Writer = (result, dice) => {
  const rows = rowsOf(result.data).filter((row) => isNumber(row['amount']) && handleOf(row))
  const [a, b] = [pick(rows, dice), pick(rows, dice)]
  if (!a || !b || a === b || a['amount'] === b['amount']) return undefined
  const [x, y] = [Number(a['amount']), Number(b['amount'])]
  const text = `${handleOf(a)} is at $${x.toLocaleString('en-US')} and ${handleOf(b)} at $${y.toLocaleString('en-US')}, {} apart.`
  return { form: 'a difference', text, piece: `$${Math.abs(x - y).toLocaleString('en-US')}`, kind: 'figure' }
}
const share: Writer = (result, dice) => {
  const rows = rowsOf(result.data).filter((row) => isNumber(row['count']))
  const row = pick(rows, dice)
  if (!row || rows.length < 2) return undefined
  const total = rows.reduce((whole, one) => whole + Number(one['count']), 0)
  const part = (100 * Number(row['count'])) / total
  return {
    form: 'a share',
    text: `${String(row['stage'])} holds ${String(row['count'])} of ${total}, {}.`,
    piece: pick([`${part.toFixed(0)} %`, `${part.toFixed(1)}%`, `${part.toFixed(0)} percent`], dice)!,
    kind: 'figure',
  }
}
const range: Writer = (result, dice) => {
  const amounts = moneyOf(rowsOf(result.data)).filter((value) => value % 1e5 === 0 && value >= 1e6)
  const [low, high] = [Math.min(...amounts), Math.max(...amounts)]
  if (amounts.length < 2 || low === high) return undefined
  return {
    form: 'a range',
    text: `They range from $${low / 1e6}m to {}.`,
    piece: `$${high / 1e6}${pick(['m', ' million'], dice)}`,
    kind: 'figure',
  }
}
const named: Writer = (result, dice) => {
  const row = pick(rowsOf(result.data), dice)
  const about = row && handleOf(row)
  return about
    ? {
        form: 'a name',
        text: pick(['The next one to look at is {}.', '{} is the one to call.', 'Ask {} about it.'], dice)!,
        piece: about,
        kind: 'name',
      }
    : undefined
}
const quote: Writer = (result, dice) => {
  const texts = rowsOf(result.data).flatMap((row) => [row['snippet'], row['summary'], row['title']])
  const text = pick(
    texts.filter((one): one is string => typeof one === 'string' && one.split(' ').length >= 4),
    dice,
  )
  if (!text || /["“”]/.test(text)) return undefined
  const words = text.split(/\s+/)
  const from = dice(Math.max(words.length - 4, 1))
  const piece = words.slice(from, from + 4 + dice(6)).join(' ')
  return {
    form: 'a quote',
    text: pick(['It says: “{}”.', 'The words were "{}".', '> {}'], dice)!,
    piece,
    kind: 'quote',
  }
}
const ALL = [
  'These are all of them.',
  'All of them are listed here.',
  'There is nobody else and none is missing.',
  'Every one of them is shown.',
  'Only these match.',
  'No other records match.',
]
const all: Writer = ({ completeness }, dice) =>
  completeness?.complete ? { form: 'all', text: '{}', piece: pick(ALL, dice)!, kind: 'all' } : undefined
const some: Writer = ({ completeness }, dice) =>
  completeness && !completeness.complete
    ? {
        form: 'not all',
        text: '{}',
        piece: pick(
          [
            `These are ${completeness.returned} of ${completeness.total}.`,
            `Only ${completeness.returned} of ${completeness.total} are shown.`,
            'Not all of them are listed.',
          ],
          dice,
        )!,
        kind: 'all',
      }
    : undefined

export const WRITERS: readonly Writer[] = [
  rowFigure,
  rowFigure,
  rowDate,
  rowDate,
  count,
  sum,
  difference,
  share,
  range,
  named,
  quote,
  quote,
  all,
  some,
]

import { DAY_MS } from '../../domain/zone.ts'

/** What of a date is written; what is not may be anything. */
export interface DateParts {
  readonly year?: number | undefined
  readonly month?: number | undefined
  readonly day?: number | undefined
  /** 0 is Sunday. */
  readonly weekday?: number | undefined
}

/** A date as written: the readings it may have, or how far it is from today. */
export interface DateFigure {
  readonly kind: 'date'
  readonly start: number
  readonly end: number
  readonly text: string
  readonly readings: readonly DateParts[]
  /** Days from today, and how many days the wording leaves open. */
  readonly offset?: { readonly days: number; readonly slack: number; readonly count: number }
}

const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
)
const WEEKDAYS = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ')
const MONTH = MONTHS.map((name) =>
  name === 'may' ? 'may' : `${name.slice(0, 3)}(?:${name.slice(3)}|t)?`,
).join('|')
const NTH = String.raw`(?:st|nd|rd|th)?`
const YEAR = String.raw`(?:,?\s+((?:19|20)\d\d)(?!\d))?`
const B = String.raw`(?<![\p{L}\p{N}_])`

const monthOf = (name: string): number =>
  MONTHS.findIndex((month) => month.startsWith(name.toLowerCase().slice(0, 3))) + 1
const number = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text)

interface Form {
  readonly pattern: RegExp
  readonly read: (match: RegExpMatchArray) => Pick<DateFigure, 'readings' | 'offset'>
}

const UNIT_DAYS: Readonly<Record<string, readonly [number, number]>> = {
  day: [1, 0],
  week: [7, 4],
  month: [30.44, 16],
  year: [365.25, 190],
}
const offset = (count: string, unit: string, sign: number): Pick<DateFigure, 'readings' | 'offset'> => {
  const [days, slack] = UNIT_DAYS[unit.toLowerCase()]!
  return { readings: [], offset: { days: sign * Number(count) * days, slack, count: Number(count) } }
}

/** Tried in this order; what one has read the next does not see. */
const FORMS: readonly Form[] = [
  {
    pattern:
      /(?<!\d)(\d{4})-(\d\d)-(\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?(?!\d)/gu,
    read: (m) => ({ readings: [{ year: Number(m[1]), month: Number(m[2]), day: Number(m[3]) }] }),
  },
  {
    pattern: /(?<![\d-])((?:19|20)\d\d)-(0[1-9]|1[0-2])(?![\d-])/gu,
    read: (m) => ({ readings: [{ year: Number(m[1]), month: Number(m[2]) }] }),
  },
  {
    pattern: new RegExp(
      `${B}(\\d{1,2})${NTH}(?=\\s?(?:[-–—]|to|and)\\s?\\d{1,2}${NTH}\\s+(?:${MONTH})\\b)`,
      'giu',
    ),
    read: (m) => ({ readings: [{ day: Number(m[1]) }] }),
  },
  {
    pattern: new RegExp(`${B}(\\d{1,2})${NTH}\\s+(?:of\\s+)?(${MONTH})\\b\\.?${YEAR}`, 'giu'),
    read: (m) => ({ readings: [{ day: Number(m[1]), month: monthOf(m[2]!), year: number(m[3]) }] }),
  },
  {
    pattern: new RegExp(`${B}(${MONTH})\\.?\\s+(\\d{1,2})${NTH}(?!\\d|[.,]\\d|\\s?%)${YEAR}`, 'giu'),
    read: (m) => ({ readings: [{ month: monthOf(m[1]!), day: Number(m[2]), year: number(m[3]) }] }),
  },
  {
    pattern: new RegExp(`${B}(${MONTH})\\.?,?\\s+((?:19|20)\\d\\d)(?!\\d)`, 'giu'),
    read: (m) => ({ readings: [{ month: monthOf(m[1]!), year: Number(m[2]) }] }),
  },
  {
    pattern: /(?<![\d./])(\d{1,2})([./])(\d{1,2})\2((?:19|20)\d\d)(?![\d/])/gu,
    read: (m) => {
      const [first, second, year] = [Number(m[1]), Number(m[3]), Number(m[4])]
      return {
        readings: [
          { day: first, month: second, year },
          { day: second, month: first, year },
        ],
      }
    },
  },
  {
    pattern: new RegExp(
      `${B}the\\s+(\\d{1,2})(?:st|nd|rd|th)\\b(?!\\s+(?:deal|person|company|place|largest))`,
      'giu',
    ),
    read: (m) => ({ readings: [{ day: Number(m[1]) }] }),
  },
  {
    pattern: new RegExp(`${B}(\\d{1,4})\\s+(day|week|month|year)s?\\s+ago\\b`, 'giu'),
    read: (m) => offset(m[1]!, m[2]!, -1),
  },
  {
    pattern: new RegExp(`${B}in\\s+(\\d{1,4})\\s+(day|week|month|year)s?\\b`, 'giu'),
    read: (m) => offset(m[1]!, m[2]!, 1),
  },
  {
    pattern: new RegExp(`${B}(yesterday|tomorrow)\\b`, 'giu'),
    read: (m) => ({
      readings: [],
      offset: { days: m[1]!.toLowerCase() === 'yesterday' ? -1 : 1, slack: 0, count: Number.NaN },
    }),
  },
  {
    pattern: new RegExp(`${B}(${WEEKDAYS.join('|')})\\b`, 'giu'),
    read: (m) => ({ readings: [{ weekday: WEEKDAYS.indexOf(m[1]!.toLowerCase()) }] }),
  },
]

/** Dates of a text: ISO, written out, with slashes or dots, ordinals, weekdays, so many days ago. */
export const readDates = (text: string): DateFigure[] => {
  let left = text
  const found: DateFigure[] = []
  for (const { pattern, read } of FORMS) {
    for (const match of left.matchAll(pattern)) {
      const [start, end] = [match.index, match.index + match[0].length]
      found.push({ kind: 'date', start, end, text: match[0], ...read(match) })
      left = left.slice(0, start) + ' '.repeat(end - start) + left.slice(end)
    }
  }
  return found
}

/** Whether a date (`YYYY-MM-DD`) is one that these words may mean. `today` is a date of the same form. */
export const fitsDate = (figure: DateFigure, iso: string, today: string | undefined): boolean => {
  const instant = Date.parse(`${iso}T00:00:00Z`)
  if (figure.offset) {
    if (!today) return false
    const { days, slack } = figure.offset
    return Math.abs((instant - Date.parse(`${today}T00:00:00Z`)) / DAY_MS - days) <= slack
  }
  const [year, month, day] = iso.split('-').map(Number)
  const weekday = new Date(instant).getUTCDay()
  return figure.readings.some(
    (reading) =>
      (reading.year === undefined || reading.year === year) &&
      (reading.month === undefined || reading.month === month) &&
      (reading.day === undefined || reading.day === day) &&
      (reading.weekday === undefined || reading.weekday === weekday),
  )
}

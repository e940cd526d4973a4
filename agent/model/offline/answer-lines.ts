import { cellText } from './answer-rows.ts'
import type { Row } from './answer-rows.ts'

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** `2026-11-16T…` as `16 Nov 2026`; anything else as it is. */
export const dayWords = (text: unknown): string => {
  if (typeof text !== 'string') return ''
  const found = /^(\d{4})-(\d\d)-(\d\d)/.exec(text)
  return found ? `${Number(found[3])} ${MONTHS[Number(found[2]) - 1]} ${found[1]}` : text
}

/** The time of day of an instant, `10:30`. */
const timeWords = (text: unknown): string =>
  typeof text === 'string' ? (/T(\d\d:\d\d)/.exec(text)?.[1] ?? '') : ''

const has = (row: Row, name: string): boolean =>
  row[name] !== undefined && row[name] !== null && row[name] !== '' && cellText({ name }, row) !== '–'

const text = (row: Row, name: string): string => (has(row, name) ? cellText({ name }, row) : '')
const money = (row: Row, name: string): string =>
  has(row, name) ? cellText({ name, type: 'money' }, row) : ''
const after = (word: string, value: string): string => (value === '' ? '' : ` ${word} ${value}`)
const list = (values: readonly string[]): string => values.filter((value) => value !== '').join(', ')

/** `16 Nov 2026: call by MEMBER with PERSON: what it was about`. */
export const interactionLine = (row: Row): string => {
  const what = text(row, 'id') || text(row, 'summary')
  const them = text(row, 'people') || text(row, 'company')
  const us = text(row, 'member')
  const way = row['kind'] === 'email' ? row['direction'] : undefined
  const who =
    way === 'inbound'
      ? `${after('from', them)}${after('to', us)}`
      : `${after('by', us)}${after(way === 'outbound' ? 'to' : 'with', them)}`
  return `${dayWords(row['occurred_at'])}: ${text(row, 'kind') || 'contact'}${who}${what === '' ? '' : `: ${what}`}`
}

const dealLine = (row: Row): string => {
  const closes = has(row, 'close_date') ? `closes ${dayWords(row['close_date'])}` : ''
  const rest = list([
    text(row, 'company'),
    text(row, 'stage') || text(row, 'status'),
    money(row, 'amount'),
    closes,
    text(row, 'owner'),
  ])
  return `${text(row, 'name')}${rest === '' ? '' : `: ${rest}`}`
}

const personLine = (row: Row): string => list([text(row, 'name'), text(row, 'title') || text(row, 'role')])

const stageLine = (row: Row): string =>
  `${text(row, 'stage')}: ${text(row, 'deals')} ${row['deals'] === 1 ? 'deal' : 'deals'}, ${money(row, 'total') || 'no amounts'}${has(row, 'weighted') ? `, weighted ${money(row, 'weighted')}` : ''}`

const otherLine = (row: Row): string => {
  const names = Object.keys(row).filter((name) => has(row, name) && name !== 'why')
  return list(names.slice(0, 4).map((name) => text(row, name)))
}

/** What kind of record a row is, by the columns that only it has; its line in an answer. */
const LINES: readonly (readonly [column: string, line: (row: Row) => string])[] = [
  ['occurred_at', interactionLine],
  ['sent_at', (row) => `${dayWords(row['sent_at'])}: ${text(row, 'id')}`],
  [
    'last_direction',
    (row) => list([text(row, 'id') || text(row, 'subject'), text(row, 'person') || text(row, 'company')]),
  ],
  [
    'due_at',
    (row) => list([text(row, 'id') || text(row, 'title'), text(row, 'company') || text(row, 'deal')]),
  ],
  [
    'starts_at',
    (row) =>
      list([
        `${dayWords(row['starts_at'])} ${timeWords(row['starts_at'])}`.trim(),
        text(row, 'id'),
        text(row, 'company'),
      ]),
  ],
  ['remind_at', (row) => list([text(row, 'id'), text(row, 'person') || text(row, 'company')])],
  ['to_stage', (row) => text(row, 'deal')],
  ['deals', stageLine],
  ['amount', dealLine],
  ['closed_at', dealLine],
  ['title', personLine],
]

/** One record on one line, with why it is there when it says so. */
export const recordLine = (row: Row): string => {
  const found = LINES.find(([column]) => column in row)
  const line = (found ? found[1] : otherLine)(row)
  const why = text(row, 'why')
  return why === '' ? line : `${line} (${why})`
}

import { TactError } from '../../domain/errors.ts'
import { editDistance } from '../../domain/nearest.ts'
import type { SettableField } from '../fields.ts'
import type { Canonical } from '../rows.ts'
import { readValue } from '../values.ts'
import { readInstant } from '../when.ts'
import type { Clock } from '../when.ts'
import { dayOrderOf, readDay, readDomain, readEmails, readMoney, readPhones } from './read-values.ts'
import type { DayOrder } from './read-values.ts'
import {
  fullName,
  joinName,
  nameOfAddress,
  severalNames,
  splitName,
  splitPeople,
  straightened,
} from './names.ts'
import type { PersonName } from './names.ts'
import { addressFits, nameWords } from './similar.ts'
import { IMPORT_KINDS, slotsOf } from './slots.ts'
import type { ImportKind, Slot } from './slots.ts'
import type { Mapping } from './mapping.ts'
import type { Table } from './table.ts'

/** Names that cells refer to and the records behind them, folded. */
export interface Surroundings {
  readonly clock: Clock
  readonly currency: string
  readonly country: string
  /** Colleagues by address and by name, lower case. */
  readonly members: ReadonlyMap<string, string>
  /** Stages by name, lower case, in order. */
  readonly stages: ReadonlyMap<string, string>
}

export interface PersonCell {
  readonly name: PersonName | undefined
  readonly emails: readonly string[]
  readonly phones: readonly string[]
  /** By column of people. */
  readonly values: ReadonlyMap<string, Canonical>
}

/** One row as it was read, before anything is looked up. */
export interface ReadRow {
  /** From 1, the header not counted. */
  readonly number: number
  readonly values: Readonly<Record<ImportKind, ReadonlyMap<string, Canonical>>>
  readonly person: PersonCell | undefined
  /** People of cells that list several. */
  readonly people: readonly PersonCell[]
  readonly tags: readonly string[]
  readonly lists: readonly string[]
  /** Cells for later, by slot: `commitments.investor`, `tags.category`. */
  readonly said: ReadonlyMap<string, string>
  /** What could not be read, by column; no values of the file in it. */
  readonly problems: readonly string[]
}

interface Column {
  readonly at: number
  readonly header: string
  readonly slot: Slot
  readonly order: DayOrder
}

const columnsOf = (table: Table, mapping: Mapping, country: string): readonly Column[] => {
  const slots = new Map(slotsOf(mapping.kind).map((slot) => [slot.key, slot]))
  const fallback: DayOrder = ['US', 'PH', 'CA'].includes(country) ? 'month-first' : 'day-first'
  return mapping.columns.flatMap(({ header, slot: key }, at): Column[] => {
    const slot = key === null ? undefined : slots.get(key)
    if (!slot) return []
    const order = slot.shape === 'date' ? dayOrderOf(table.rows.map((row) => row[at] ?? '')) : undefined
    return [{ at, header, slot, order: order ?? fallback }]
  })
}

/** The option that a cell means: the same word, a word in it, or one slip away. */
const optionOf = (cell: string, options: readonly string[]): string | undefined => {
  const wanted = cell.trim().toLowerCase()
  return (
    options.find((one) => one.toLowerCase() === wanted) ??
    options.find((one) => ` ${wanted.replaceAll(/\W+/g, ' ')} `.includes(` ${one.toLowerCase()} `)) ??
    options.find((one) => one.length >= 4 && editDistance(one.toLowerCase(), wanted) <= 1)
  )
}

/** What fundraisers say for the options of a commitment and of a list. */
const OTHER_WORDS: readonly (readonly [RegExp, string])[] = [
  [/\b(passed|lost|no|rejected|dropped)\b/i, 'declined'],
  [/\b(wired|paid|closed|invested)\b/i, 'funded'],
  [/\b(verbal|circled|indicated)\b/i, 'soft'],
  [/\b(hard|confirmed|commit)\b/i, 'committed'],
  [/\b(pipeline|target|lead|contacted|new)\b/i, 'prospect'],
  [/\bfollow/i, 'follow_up'],
  [/\b(graveyard|dead)\b/i, 'graveyard'],
  [/\blong[\s-]?shots?\b/i, 'longshot'],
  [/\b(main|core|primary)\b/i, 'main'],
]

export const otherOption = (cell: string, options: readonly string[]): string | undefined =>
  OTHER_WORDS.find(([words, option]) => options.includes(option) && words.test(cell))?.[1]

const lookUp = (cell: string, names: ReadonlyMap<string, string>): string | undefined => {
  const found = optionOf(cell, [...names.keys()])
  return found === undefined ? undefined : names.get(found)
}

const plainNumber = (cell: string): string => cell.replace(/[^\d.,-].*$/, '').replace(/[.,]0+$/, '')

const readField = (
  field: SettableField,
  cell: string,
  { order, header }: Column,
  around: Surroundings,
): Canonical | undefined => {
  const { clock, country, currency } = around
  const plain = { clock, country, currency, at: header }
  if (field.marks.references === 'members') return lookUp(cell, around.members)
  if (field.marks.references === 'stages') return lookUp(cell, around.stages)
  switch (field.type) {
    case 'date':
      return readDay(cell, order)?.date
    case 'timestamp': {
      const day = readDay(cell, order)
      if (!day) return undefined
      const at = day.time === undefined ? day.date : `${day.date}T${day.time}`
      return readInstant(at, clock, header)
    }
    case 'text':
      if (field.marks.values)
        return optionOf(cell, field.marks.values) ?? otherOption(cell, field.marks.values)
      if (field.column === 'domain') return readDomain(cell)
      return readValue(field, cell.slice(0, 20_000), plain)
    case 'number':
      return readValue(field, plainNumber(cell), plain)
    case 'boolean':
      return readValue(field, cell, plain)
    case 'money':
    case 'record':
    case 'json':
      return undefined
  }
}

const listRole = (header: string): string | undefined =>
  /founder|investor|advisor|board/i.exec(header)?.[0]?.toLowerCase()

/** `Ann Lee (CEO) <ann@x.example>` as a person. */
const personOfText = (text: string, role: string | undefined): PersonCell | undefined => {
  const emails = readEmails(text)
  const name = splitName(text.replaceAll(/\S+@\S+/g, ' ')) ?? emails.map(nameOfAddress).find(Boolean)
  if (!name && emails.length === 0) return undefined
  const title = /\(([^)@]{2,60})\)/.exec(text)?.[1]?.trim()
  const values = new Map<string, Canonical>()
  if (title) values.set('title', title)
  if (role) values.set('role', role)
  return { name, emails, phones: [], values }
}

interface Gathered {
  readonly values: Record<ImportKind, Map<string, Canonical>>
  readonly emails: string[]
  readonly phones: string[]
  fullName: string | undefined
  readonly people: PersonCell[]
  readonly tags: string[]
  readonly lists: string[]
  readonly said: Map<string, string>
  readonly problems: string[]
}

const wordsIn = (cell: string): readonly string[] =>
  cell
    .split(/[,;|\n]/)
    .map((word) => word.replaceAll(/\s+/g, ' ').trim())
    .filter(Boolean)

const gatherOwn = (cell: string, { slot, header }: Column, row: Gathered, country: string): boolean => {
  switch (slot.name) {
    case 'name':
      row.fullName = cell
      return true
    case 'email':
      row.emails.push(...readEmails(cell))
      return readEmails(cell).length > 0
    case 'phone':
      row.phones.push(...readPhones(cell, country))
      return readPhones(cell, country).length > 0
    case 'list': {
      const found = splitPeople(cell).flatMap((part) => personOfText(part, listRole(header)) ?? [])
      row.people.push(...found)
      return found.length > 0
    }
    case 'tags':
      row.tags.push(...wordsIn(cell))
      return true
    case 'lists':
      row.lists.push(...wordsIn(cell))
      return true
    default:
      row.said.set(slot.key, cell)
      return true
  }
}

const gatherMoney = (cell: string, { slot }: Column, row: Gathered, around: Surroundings): boolean => {
  const { field, entity } = slot
  const beside = field!.marks.currency!
  const held = row.values[entity].get(beside)
  const money = readMoney(cell, typeof held === 'string' ? held : around.currency)
  if (!money) return false
  row.values[entity].set(field!.column, money.amountMinor)
  row.values[entity].set(beside, money.currency ?? held ?? around.currency)
  return true
}

const gather = (cell: string, column: Column, row: Gathered, around: Surroundings): boolean => {
  const { field, entity } = column.slot
  if (!field) return gatherOwn(cell, column, row, around.country)
  if (field.type === 'money') return gatherMoney(cell, column, row, around)
  try {
    const value = readField(field, cell, column, around)
    if (value === undefined || value === null) return false
    row.values[entity].set(field.column, value)
    return true
  } catch (error) {
    if (error instanceof TactError && error.kind === 'user') return false
    throw error
  }
}

const personOf = (row: Gathered): PersonCell | undefined => {
  const [given, family] = ['given_name', 'family_name'].map((key) => {
    const said = row.values.people.get(key)
    row.values.people.delete(key)
    return typeof said === 'string' ? said : undefined
  })
  const emails = [...new Set(row.emails)]
  const phones = [...new Set(row.phones)]
  const only = given === undefined || family === undefined ? (given ?? family ?? row.fullName) : undefined
  const several = only === undefined ? undefined : severalNames(only)
  if (several && !isOneName(only!, emails)) {
    // What else the row says of a person (number, title) cannot be given to one of them.
    const [first, ...rest] = placeAddresses(
      several.flatMap((name) => personOfText(name, undefined) ?? []),
      emails,
    )
    row.people.push(...rest)
    return first
  }
  const written =
    given !== undefined || family !== undefined
      ? joinName(given, family)
      : row.fullName === undefined
        ? undefined
        : splitName(row.fullName)
  if (!written && emails.length === 0 && phones.length === 0) return undefined
  const name = written ? straightened(written, emails) : emails.map(nameOfAddress).find(Boolean)
  return { name, emails, phones, values: row.values.people }
}

/** `Castellanos Peña, María José` is one person where the address says so. */
const isOneName = (cell: string, emails: readonly string[]): boolean =>
  /^[^,;&/|\n]+,[^,;&/|\n]+$/.test(cell) &&
  emails.some((address) => {
    const [left = '', right = ''] = cell.split(',').map((part) => nameWords(part))
    const parts = address.slice(0, address.indexOf('@')).split(/[._-]/)
    return (
      parts.some((part) => part.length > 2 && left.includes(part)) &&
      parts.some((part) => part.length > 2 && right.includes(part))
    )
  })

/** Each address goes to the first whose name fits it. */
const placeAddresses = (people: readonly PersonCell[], emails: readonly string[]): readonly PersonCell[] => {
  const placed = new Map<PersonCell, string[]>()
  for (const address of emails) {
    const owner = people.find(({ name }) => name && addressFits(address, nameWords(fullName(name))) === true)
    if (owner) placed.set(owner, [...(placed.get(owner) ?? []), address])
  }
  return people.map((one) => ({ ...one, emails: [...one.emails, ...(placed.get(one) ?? [])] }))
}

/** Reads every row of a table by its mapping. What cannot be read is left out and said in `problems`. */
export const readRows = (table: Table, mapping: Mapping, around: Surroundings): readonly ReadRow[] => {
  // Currencies before the amounts that count in them.
  const columns = [...columnsOf(table, mapping, around.country)].sort(
    (a, b) => Number(a.slot.shape === 'money') - Number(b.slot.shape === 'money'),
  )
  return table.rows.map((cells, at): ReadRow => {
    const row: Gathered = {
      values: Object.fromEntries(IMPORT_KINDS.map((kind) => [kind, new Map()])) as Gathered['values'],
      emails: [],
      phones: [],
      fullName: undefined,
      people: [],
      tags: [],
      lists: [],
      said: new Map(),
      problems: [],
    }
    const noRecord = table.noRecords.get(at)
    if (noRecord !== undefined) row.problems.push(noRecord)
    for (const column of noRecord === undefined ? columns : []) {
      const cell = cells[column.at] ?? ''
      if (cell === '' || /^(n\/?a|none|null|unknown|tbd|-+|\?+)$/i.test(cell)) continue
      if (!gather(cell, column, row, around)) row.problems.push(`${column.header} could not be read`)
    }
    const person = personOf(row)
    const { values, people, tags, lists, said, problems } = row
    return {
      number: at + 1,
      values,
      person,
      people,
      tags: [...new Set(tags)],
      lists: [...new Set(lists)],
      said,
      problems,
    }
  })
}

export const personText = ({ name }: PersonCell): string => (name ? fullName(name) : '')

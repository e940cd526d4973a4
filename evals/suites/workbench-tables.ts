/** A row of the benchmark: column to text; null where the table holds nothing. */
export type Row = Readonly<Record<string, string | null>>

export const TABLES = ['calendar', 'email', 'tasks', 'customers', 'plots'] as const
export type TableName = (typeof TABLES)[number]

/** All rows of all tables, by the id the benchmark gives them. */
export type State = Readonly<Record<TableName, ReadonlyMap<string, Row>>>

/** What stands in a field of a record, as a proposal sets it. */
export type FieldValues = Readonly<Record<string, string | number | null>>

/** Where a table lives in the workspace: records of one entity, typed fields where the text has the type's own form. */
export interface TableForm {
  readonly table: TableName
  readonly file: string | undefined
  readonly idColumn: string
  readonly columns: readonly string[]
  readonly entity: string
  readonly sqlName: string
  /** Fields of the record that hold the row. */
  readonly write: (row: Row) => FieldValues
  /** The row of a record, as its columns come from the database. */
  readonly read: (record: Readonly<Record<string, unknown>>) => Row
}

const DAY = /^\d{4}-\d{2}-\d{2}$/
const MOMENT = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/
export const NOW = '2023-11-30 00:00:00'

const isDay = (text: string | null): text is string =>
  text !== null &&
  DAY.test(text) &&
  !Number.isNaN(Date.parse(text)) &&
  new Date(text).toISOString().startsWith(text)
const isMoment = (text: string | null): text is string =>
  text !== null &&
  MOMENT.test(text) &&
  !Number.isNaN(Date.parse(`${text.replace(' ', 'T')}Z`)) &&
  new Date(`${text.replace(' ', 'T')}Z`).toISOString().startsWith(text.replace(' ', 'T'))
const isLine = (text: string | null): text is string =>
  text !== null && /^\S+( \S+)*$/.test(text) && text.length <= 500 && !text.startsWith('tact:')

const momentOf = (value: unknown): string =>
  new Date(String(value)).toISOString().slice(0, 19).replace('T', ' ')
const dayOf = (value: unknown): string => momentOf(value).slice(0, 10)

/** The columns that no field of ours has the form of, as one text. */
const rest = (row: Row, columns: readonly string[]): string =>
  JSON.stringify(Object.fromEntries(columns.map((column) => [column, row[column] ?? null])))
const restOf = (value: unknown): Row => JSON.parse(String(value)) as Row

interface Typed {
  readonly column: string
  readonly field: string
  readonly fits: (text: string | null) => boolean
  readonly from: (value: unknown) => string
  /** What stands there where the text does not fit; null unless given. */
  readonly otherwise?: string
}

/** Typed fields for the columns that have them; the others, and texts that do not fit, as one text in `keep`. */
const form = (
  base: Omit<TableForm, 'write' | 'read'>,
  { typed, keep, fixed = {} }: { typed: readonly Typed[]; keep: string; fixed?: FieldValues },
): TableForm => ({
  ...base,
  write: (row) => {
    const fitting = typed.filter(({ column, fits }) => fits(row[column] ?? null))
    const kept = [...new Set([...base.columns, ...Object.keys(row)])].filter(
      (name) => !fitting.some(({ column }) => column === name),
    )
    return {
      ...fixed,
      ...Object.fromEntries(typed.map(({ field, otherwise }) => [field, otherwise ?? null])),
      ...Object.fromEntries(fitting.map(({ column, field }) => [field, row[column] ?? null])),
      [keep]: rest(row, kept),
    }
  },
  read: (record) => {
    const kept = restOf(record[keep])
    const present = typed.filter(({ column }) => !Object.hasOwn(kept, column))
    return {
      ...Object.fromEntries(present.map(({ column, field, from }) => [column, from(record[field])])),
      ...kept,
    }
  },
})

const line = (column: string, field: string, otherwise?: string): Typed => ({
  column,
  field,
  fits: isLine,
  from: String,
  ...(otherwise === undefined ? {} : { otherwise }),
})

export const STATUSES = ['Lead', 'Qualified', 'Proposal', 'Won', 'Lost'] as const

export const FORMS: readonly TableForm[] = [
  form(
    {
      table: 'calendar',
      file: 'calendar_events.csv',
      idColumn: 'event_id',
      columns: ['event_id', 'event_name', 'participant_email', 'event_start', 'duration'],
      entity: 'meetings',
      sqlName: 'intel.meetings',
    },
    {
      typed: [
        line('event_name', 'title', 'Meeting'),
        line('participant_email', 'place'),
        { column: 'event_start', field: 'starts_at', fits: isMoment, from: momentOf, otherwise: NOW },
      ],
      keep: 'notes',
    },
  ),
  form(
    {
      table: 'email',
      file: 'emails.csv',
      idColumn: 'email_id',
      columns: ['email_id', 'inbox/outbox', 'sender/recipient', 'subject', 'sent_datetime', 'body'],
      entity: 'interactions',
      sqlName: 'intel.interactions',
    },
    {
      typed: [
        line('subject', 'summary', 'Mail'),
        line('sender/recipient', 'outcome'),
        { column: 'sent_datetime', field: 'occurred_at', fits: isMoment, from: momentOf, otherwise: NOW },
      ],
      keep: 'body',
      fixed: { kind: 'email' },
    },
  ),
  form(
    {
      table: 'tasks',
      file: 'project_tasks.csv',
      idColumn: 'task_id',
      columns: ['task_id', 'task_name', 'assigned_to_email', 'list_name', 'due_date', 'board'],
      entity: 'tasks',
      sqlName: 'crm.tasks',
    },
    {
      typed: [
        line('task_name', 'title', 'Task'),
        { column: 'due_date', field: 'due_at', fits: isDay, from: dayOf },
      ],
      keep: 'notes',
    },
  ),
  form(
    {
      table: 'customers',
      file: 'customer_relationship_manager_data.csv',
      idColumn: 'customer_id',
      columns: [
        'customer_id',
        'assigned_to_email',
        'customer_name',
        'customer_email',
        'customer_phone',
        'last_contact_date',
        'product_interest',
        'status',
        'follow_up_by',
        'notes',
      ],
      entity: 'deals',
      sqlName: 'crm.deals',
    },
    {
      typed: [
        line('customer_name', 'name', 'Customer'),
        line('product_interest', 'next_step'),
        {
          column: 'status',
          field: 'stage',
          fits: (text) => (STATUSES as readonly (string | null)[]).includes(text),
          from: String,
          otherwise: 'Lead',
        },
        { column: 'follow_up_by', field: 'close_date', fits: isDay, from: String },
      ],
      keep: 'notes',
    },
  ),
  form(
    {
      table: 'plots',
      file: undefined,
      idColumn: 'plot_id',
      columns: ['plot_id', 'file_path'],
      entity: 'interactions',
      sqlName: 'intel.interactions',
    },
    {
      typed: [line('file_path', 'summary', 'Plot')],
      keep: 'body',
      fixed: { kind: 'note', occurred_at: NOW },
    },
  ),
]

export const formOf = (table: TableName): TableForm => FORMS.find((one) => one.table === table)!

const EXACT_COLUMNS = new Set(['status', 'list_name', 'board'])

/** A row as the benchmark compares it: without case, but for status, list and board. */
const compared = (row: Row): string =>
  JSON.stringify(
    Object.keys(row)
      .sort()
      .map((column) => [
        column,
        EXACT_COLUMNS.has(column) ? row[column] : (row[column]?.toLowerCase() ?? null),
      ]),
  )

/** Ids of the rows in which two states differ, with their table. */
export const differences = (one: State, other: State): readonly string[] =>
  TABLES.flatMap((table) => {
    const ids = new Set([...one[table].keys(), ...other[table].keys()])
    return [...ids].flatMap((id) => {
      const [left, right] = [one[table].get(id), other[table].get(id)]
      if (left === right) return []
      return left && right && compared(left) === compared(right) ? [] : [`${table}:${id}`]
    })
  })

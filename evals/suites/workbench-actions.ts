import type { Call } from './workbench-calls.ts'
import { NOW, STATUSES, formOf } from './workbench-tables.ts'
import type { Row, State, TableName } from './workbench-tables.ts'

/** What a call does to one row; `row` is the whole row afterwards, undefined where it goes. */
export interface Effect {
  readonly table: TableName
  readonly id: string
  readonly was: Row | undefined
  readonly row: Row | undefined
}

type Values = Readonly<Record<string, string>>
type Action = (values: Values, state: State) => Effect | undefined

const LISTS = ['Backlog', 'In Progress', 'In Review', 'Completed']
const BOARDS = ['Back end', 'Front end', 'Design']
const PRODUCTS = ['Software', 'Hardware', 'Services', 'Consulting', 'Training']
const PLOT_VALUES = [
  'total_visits',
  'session_duration_seconds',
  'user_engaged',
  'visits_direct',
  'visits_referral',
  'visits_search_engine',
  'visits_social_media',
]
const PLOT_TYPES = ['bar', 'line', 'scatter', 'histogram']

const has = (values: Values, ...names: readonly string[]): boolean =>
  names.every((name) => (values[name] ?? '') !== '')

/** The id after the highest; mail ids lose their zeros after the first, as they do in the benchmark. */
const nextId = (table: TableName, state: State): string => {
  const highest = [...state[table].keys()].reduce((most, id) => (id > most ? id : most), '0')
  const next = String(Number(highest) + 1)
  return table === 'email' ? next : next.padStart(8, '0')
}

const made = (table: TableName, state: State, values: Row): Effect => {
  const id = nextId(table, state)
  const { columns, idColumn } = formOf(table)
  const row = Object.fromEntries(columns.map((column) => [column, values[column] ?? null]))
  return { table, id, was: undefined, row: { ...row, [idColumn]: id } }
}

const changed = (table: TableName, id: string, state: State, values: Row): Effect | undefined => {
  const was = state[table].get(id)
  return was && { table, id, was, row: { ...was, ...values } }
}

const gone = (table: TableName, id: string | undefined, state: State): Effect | undefined => {
  const was = state[table].get(id ?? '')
  return was && { table, id: id!, was, row: undefined }
}

const sent = (state: State, to: string, subject: string, body: string): Effect | undefined => {
  if (to === '' || subject === '' || body === '') return undefined
  if (!to.includes('@') || !to.includes('.')) return undefined
  return made('email', state, {
    'inbox/outbox': 'outbox',
    'sender/recipient': to.toLowerCase(),
    subject,
    sent_datetime: NOW,
    body,
  })
}

const assignees = (state: State): ReadonlySet<string> =>
  new Set([...state.tasks.values()].map((row) => (row['assigned_to_email'] ?? '').toLowerCase()))

const ACTIONS: Readonly<Record<string, { readonly names: readonly string[]; readonly run: Action }>> = {
  'calendar.create_event': {
    names: ['event_name', 'participant_email', 'event_start', 'duration'],
    run: (values, state) =>
      has(values, 'event_name', 'participant_email', 'event_start', 'duration')
        ? made('calendar', state, {
            ...values,
            participant_email: values['participant_email']!.toLowerCase(),
          })
        : undefined,
  },
  'calendar.delete_event': {
    names: ['event_id'],
    run: (values, state) => gone('calendar', values['event_id'], state),
  },
  'calendar.update_event': {
    names: ['event_id', 'field', 'new_value'],
    run: ({ event_id = '', field = '', new_value = '' }, state) =>
      field === '' || new_value === ''
        ? undefined
        : changed('calendar', event_id, state, {
            [field]: field === 'participant_email' ? new_value.toLowerCase() : new_value,
          }),
  },
  'email.send_email': {
    names: ['recipient', 'subject', 'body'],
    run: ({ recipient = '', subject = '', body = '' }, state) => sent(state, recipient, subject, body),
  },
  'email.delete_email': {
    names: ['email_id'],
    run: (values, state) => gone('email', values['email_id'], state),
  },
  'email.forward_email': {
    names: ['email_id', 'recipient'],
    run: ({ email_id = '', recipient = '' }, state) => {
      const mail = state.email.get(email_id)
      return mail && sent(state, recipient, `FW: ${mail['subject'] ?? 'nan'}`, mail['body'] ?? 'nan')
    },
  },
  'email.reply_email': {
    names: ['email_id', 'body'],
    run: ({ email_id = '', body = '' }, state) => {
      const mail = state.email.get(email_id)
      return mail && sent(state, mail['sender/recipient'] ?? '', mail['subject'] ?? 'nan', body)
    },
  },
  'project_management.create_task': {
    names: ['task_name', 'assigned_to_email', 'list_name', 'due_date', 'board'],
    run: (values, state) => {
      if (!has(values, 'task_name', 'assigned_to_email', 'list_name', 'due_date', 'board')) return undefined
      const assignee = values['assigned_to_email']!.toLowerCase()
      if (!assignees(state).has(assignee)) return undefined
      if (!LISTS.includes(values['list_name']!) || !BOARDS.includes(values['board']!)) return undefined
      return made('tasks', state, { ...values, assigned_to_email: assignee })
    },
  },
  'project_management.delete_task': {
    names: ['task_id'],
    run: (values, state) => gone('tasks', values['task_id'], state),
  },
  'project_management.update_task': {
    names: ['task_id', 'field', 'new_value'],
    run: ({ task_id = '', field = '', new_value = '' }, state) => {
      const value = field === 'assigned_to_email' ? new_value.toLowerCase() : new_value
      if (value === '' || !formOf('tasks').columns.includes(field)) return undefined
      if (field === 'board' && !BOARDS.includes(value)) return undefined
      if (field === 'list_name' && !LISTS.includes(value)) return undefined
      if (field === 'assigned_to_email' && !assignees(state).has(value)) return undefined
      return changed('tasks', task_id, state, { [field]: value })
    },
  },
  'customer_relationship_manager.update_customer': {
    names: ['customer_id', 'field', 'new_value'],
    run: ({ customer_id = '', field = '', new_value = '' }, state) => {
      if (new_value === '' || !formOf('customers').columns.includes(field)) return undefined
      if (field === 'status' && !(STATUSES as readonly string[]).includes(new_value)) return undefined
      if (field === 'product_interest' && !PRODUCTS.includes(new_value)) return undefined
      const isAddress = field === 'customer_email' || field === 'assigned_to_email'
      return changed('customers', customer_id, state, {
        [field]: isAddress ? new_value.toLowerCase() : new_value,
      })
    },
  },
  'customer_relationship_manager.add_customer': {
    names: formOf('customers').columns.filter((column) => column !== 'customer_id'),
    run: (values, state) => {
      if (!has(values, 'customer_name', 'assigned_to_email', 'status')) return undefined
      return made('customers', state, {
        notes: '',
        ...values,
        assigned_to_email: values['assigned_to_email']!.toLowerCase(),
        ...(values['customer_email'] ? { customer_email: values['customer_email'].toLowerCase() } : {}),
      })
    },
  },
  'customer_relationship_manager.delete_customer': {
    names: ['customer_id'],
    run: (values, state) => gone('customers', values['customer_id'], state),
  },
  'analytics.create_plot': {
    names: ['time_min', 'time_max', 'value_to_plot', 'plot_type'],
    run: ({ time_min = '', time_max = '', value_to_plot = '', plot_type = '' }, state) =>
      time_min !== '' &&
      time_max !== '' &&
      PLOT_VALUES.includes(value_to_plot) &&
      PLOT_TYPES.includes(plot_type)
        ? made('plots', state, {
            file_path: `plots/${time_min}_${time_max}_${value_to_plot}_${plot_type}.png`,
          })
        : undefined,
  },
}

/** Whether a call is one of the benchmark's writes at all. */
export const isWrite = (tool: string): boolean => Object.hasOwn(ACTIONS, tool)

/** What a call does to the tables, by the benchmark's own rules; undefined where it does nothing. */
export const effectOf = ({ tool, values }: Call, state: State): Effect | undefined => {
  const action = Object.hasOwn(ACTIONS, tool) ? ACTIONS[tool] : undefined
  if (!action || Object.keys(values).some((name) => !action.names.includes(name))) return undefined
  return action.run(values, state)
}

/** The state after an effect. */
export const after = (state: State, { table, id, row }: Effect): State => {
  const rows = new Map(state[table])
  if (row) rows.set(id, row)
  else rows.delete(id)
  return { ...state, [table]: rows }
}

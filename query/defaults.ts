import { shapeOf } from './fields.ts'

/** Columns that tell most about a record, when a question names none. */
const TELLING: Readonly<Record<string, readonly string[]>> = {
  people: ['name', 'title', 'company', 'city', 'owner', 'last_interaction_at'],
  companies: ['name', 'kind', 'status', 'industry', 'city', 'owner', 'last_interaction_at'],
  deals: ['name', 'company', 'stage', 'amount', 'owner', 'close_date', 'last_interaction_at'],
  interactions: ['id', 'kind', 'occurred_at', 'summary', 'people', 'company', 'member'],
  emails: ['id', 'sent_at', 'direction', 'from_person', 'from_address', 'subject', 'thread'],
  threads: ['id', 'subject', 'person', 'company', 'last_at', 'last_direction', 'needs_reply', 'owner'],
  tasks: ['id', 'title', 'due_at', 'done', 'assignee', 'people', 'company', 'deal'],
  members: ['name', 'role', 'email'],
}

export const defaultFieldsOf = (entity: string): readonly string[] => {
  const told = TELLING[entity]
  if (told) return told
  const shape = shapeOf(entity)
  const own = [...shape.fields.values()].filter(
    (field) => !['id', 'created_at', 'updated_at'].includes(field.name),
  )
  return [...shape.ones.keys(), ...own.map((field) => field.name)].slice(0, 8)
}

const MAIN_DATES = ['occurred_at', 'sent_at', 'last_at', 'due_at', 'at', 'last_interaction_at', 'created_at']

/** The date by which records of the entity are told apart and sorted. */
export const mainDateOf = (entity: string): string | undefined => {
  const { fields } = shapeOf(entity)
  return MAIN_DATES.find((name) => fields.has(name))
}

import { text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { pointer } from './columns.ts'
import { col, entity } from './define.ts'

const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const

export const tasks = entity({
  name: 'tasks',
  one: 'task',
  schema: 'crm',
  handle: 'TASK',
  title: '{t}.title',
  titleHide: 'text',
  words: ['todo', 'follow-up', 'reminder'],
  about: 'Things to do.',
  writable: true,
  columns: {
    title: col(text('title').notNull(), { write: true }),
    due_at: col(timestamp('due_at', { withTimezone: true }), {
      write: true,
      indexed: true,
      words: ['due', 'deadline'],
    }),
    done_at: col(timestamp('done_at', { withTimezone: true }), { write: true }),
    assignee_id: col(uuid('assignee_id'), { references: 'members', write: true }),
    company_id: col(uuid('company_id'), { references: 'companies', write: true }),
    deal_id: col(uuid('deal_id'), { references: 'deals', write: true }),
    notes: col(text('notes'), { write: true }),
    parent_id: pointer('parent_id', 'tasks', { write: true, minor: true }),
    priority: col(text('priority', { enum: PRIORITIES }), {
      hide: 'none',
      values: PRIORITIES,
      write: true,
      minor: true,
    }),
  },
  computed: { done: { type: 'boolean', sql: '({t}.done_at is not null)' } },
  relations: {
    assignee: { kind: 'one', entity: 'members', column: 'assignee_id', words: ['owner'] },
    company: { kind: 'one', entity: 'companies', column: 'company_id' },
    deal: { kind: 'one', entity: 'deals', column: 'deal_id' },
    parent: { kind: 'one', entity: 'tasks', column: 'parent_id', words: ['parent task'] },
    subtasks: { kind: 'many', entity: 'tasks', column: 'parent_id' },
    reminders: { kind: 'many', entity: 'reminders', column: 'task_id' },
    people: {
      kind: 'through',
      entity: 'people',
      join: 'task_people',
      from: 'task_id',
      to: 'person_id',
      words: ['about'],
    },
  },
})

export const taskPeople = entity({
  name: 'task_people',
  one: 'task person',
  schema: 'crm',
  about: 'Whom a task is about.',
  columns: {
    task_id: col(uuid('task_id').notNull(), { references: 'tasks' }),
    person_id: col(uuid('person_id').notNull(), { references: 'people' }),
  },
  unique: [['task_id', 'person_id']],
})

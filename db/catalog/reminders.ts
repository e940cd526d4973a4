import { integer, text } from 'drizzle-orm/pg-core'
import { happened, instant, pointer } from './columns.ts'
import { col, entity } from './define.ts'

export const reminders = entity({
  name: 'reminders',
  one: 'reminder',
  schema: 'intel',
  about: 'Asked-for reminders, of a task or of somebody.',
  writable: true,
  minor: true,
  columns: {
    title: col(text('title').notNull(), { write: true }),
    remind_at: happened('remind_at', { write: true, words: ['due', 'when'] }),
    done_at: instant('done_at', { write: true }),
    member_id: pointer('member_id', 'members', { write: true }),
    task_id: pointer('task_id', 'tasks', { write: true }),
    person_id: pointer('person_id', 'people', { write: true }),
    company_id: pointer('company_id', 'companies', { write: true }),
    deal_id: pointer('deal_id', 'deals', { write: true }),
  },
  relations: {
    member: { kind: 'one', entity: 'members', column: 'member_id' },
    task: { kind: 'one', entity: 'tasks', column: 'task_id' },
    person: { kind: 'one', entity: 'people', column: 'person_id' },
    company: { kind: 'one', entity: 'companies', column: 'company_id' },
    deal: { kind: 'one', entity: 'deals', column: 'deal_id' },
  },
})

export const visits = entity({
  name: 'visits',
  one: 'visit',
  schema: 'intel',
  words: ['site visit', 'showing'],
  about: 'Visits to a unit or a project, and what the visitor thought.',
  writable: true,
  minor: true,
  columns: {
    person_id: pointer('person_id', 'people', { write: true }),
    project_id: pointer('project_id', 'projects', { write: true }),
    unit_id: pointer('unit_id', 'units', { write: true }),
    member_id: pointer('member_id', 'members', { write: true }),
    interaction_id: pointer('interaction_id', 'interactions'),
    visited_at: happened('visited_at', { write: true, words: ['at', 'when'] }),
    rating: col(integer('rating'), { write: true, range: [1, 5], about: '1 to 5.' }),
    feedback: col(text('feedback'), { write: true }),
  },
  relations: {
    person: { kind: 'one', entity: 'people', column: 'person_id' },
    project: { kind: 'one', entity: 'projects', column: 'project_id' },
    unit: { kind: 'one', entity: 'units', column: 'unit_id' },
    member: { kind: 'one', entity: 'members', column: 'member_id' },
    interaction: { kind: 'one', entity: 'interactions', column: 'interaction_id' },
  },
})

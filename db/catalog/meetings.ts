import { boolean, date, integer, numeric, text } from 'drizzle-orm/pg-core'
import { happened, instant, parent, pointer } from './columns.ts'
import { col, entity } from './define.ts'
import { SENTIMENTS } from './interactions.ts'

const IMPACTS = ['positive', 'neutral', 'negative'] as const

export const meetings = entity({
  name: 'meetings',
  one: 'meeting',
  schema: 'intel',
  handle: 'RECORD',
  title: '{t}.title',
  titleHide: 'text',
  words: ['appointment', 'calendar event'],
  about: 'Calendar meetings with attendees and what came of them; the contact itself is an interaction.',
  writable: true,
  minor: true,
  columns: {
    title: col(text('title').notNull(), { write: true, words: ['subject'] }),
    starts_at: happened('starts_at', { write: true, words: ['at', 'when'] }),
    ends_at: instant('ends_at', { write: true }),
    place: col(text('place'), { write: true, words: ['location'] }),
    interaction_id: pointer('interaction_id', 'interactions'),
    company_id: pointer('company_id', 'companies', { write: true }),
    deal_id: pointer('deal_id', 'deals', { write: true }),
    member_id: pointer('member_id', 'members', { write: true }),
    sentiment: col(text('sentiment', { enum: SENTIMENTS }), {
      hide: 'none',
      values: SENTIMENTS,
      write: true,
    }),
    quality: col(integer('quality'), { write: true, range: [1, 5], about: '1 to 5.' }),
    outcome: col(text('outcome'), { write: true }),
    notes: col(text('notes'), { write: true }),
  },
  relations: {
    interaction: { kind: 'one', entity: 'interactions', column: 'interaction_id' },
    company: { kind: 'one', entity: 'companies', column: 'company_id' },
    deal: { kind: 'one', entity: 'deals', column: 'deal_id' },
    member: { kind: 'one', entity: 'members', column: 'member_id', words: ['organiser', 'host'] },
    attendees: { kind: 'many', entity: 'meeting_attendees', column: 'meeting_id' },
    action_items: { kind: 'many', entity: 'action_items', column: 'meeting_id' },
    impacts: { kind: 'many', entity: 'meeting_deal_impacts', column: 'meeting_id' },
    transcripts: { kind: 'many', entity: 'transcripts', column: 'meeting_id' },
  },
})

export const meetingAttendees = entity({
  name: 'meeting_attendees',
  one: 'attendee',
  schema: 'intel',
  about: 'Who was asked to a meeting, and who came.',
  minor: true,
  columns: {
    meeting_id: parent('meeting_id', 'meetings'),
    person_id: pointer('person_id', 'people'),
    member_id: pointer('member_id', 'members'),
    attended: col(boolean('attended'), { hide: 'none', write: true }),
  },
  relations: {
    meeting: { kind: 'one', entity: 'meetings', column: 'meeting_id' },
    person: { kind: 'one', entity: 'people', column: 'person_id' },
    member: { kind: 'one', entity: 'members', column: 'member_id' },
  },
  unique: [
    ['meeting_id', 'person_id'],
    ['meeting_id', 'member_id'],
  ],
})

export const actionItems = entity({
  name: 'action_items',
  one: 'action item',
  schema: 'intel',
  about: 'What was agreed in a meeting, and who does it.',
  writable: true,
  minor: true,
  columns: {
    meeting_id: parent('meeting_id', 'meetings'),
    title: col(text('title').notNull(), { write: true }),
    member_id: pointer('member_id', 'members', { write: true }),
    person_id: pointer('person_id', 'people', { write: true }),
    task_id: pointer('task_id', 'tasks'),
    due_on: col(date('due_on'), { write: true, indexed: true, words: ['due'] }),
    done_at: instant('done_at', { write: true }),
  },
  relations: {
    meeting: { kind: 'one', entity: 'meetings', column: 'meeting_id' },
    member: { kind: 'one', entity: 'members', column: 'member_id' },
    person: { kind: 'one', entity: 'people', column: 'person_id' },
    task: { kind: 'one', entity: 'tasks', column: 'task_id' },
  },
})

export const meetingDealImpacts = entity({
  name: 'meeting_deal_impacts',
  one: 'meeting impact',
  schema: 'intel',
  about: 'What a meeting did to a deal.',
  writable: true,
  minor: true,
  columns: {
    meeting_id: parent('meeting_id', 'meetings'),
    deal_id: parent('deal_id', 'deals'),
    impact: col(text('impact', { enum: IMPACTS }).notNull(), { hide: 'none', values: IMPACTS, write: true }),
    probability_change: col(numeric('probability_change', { precision: 4, scale: 3, mode: 'number' }), {
      write: true,
      range: [-1, 1],
      about: '-1 to 1.',
    }),
    notes: col(text('notes'), { write: true }),
  },
  relations: {
    meeting: { kind: 'one', entity: 'meetings', column: 'meeting_id' },
    deal: { kind: 'one', entity: 'deals', column: 'deal_id' },
  },
  unique: [['meeting_id', 'deal_id']],
})

import { text } from 'drizzle-orm/pg-core'
import { parent, pointer } from './columns.ts'
import { col, entity } from './define.ts'

export const preferences = entity({
  name: 'preferences',
  one: 'preference',
  schema: 'workflow',
  about: 'How one member wants to be answered; theirs alone to read and to drop.',
  internal: true,
  columns: {
    member_id: parent('member_id', 'members'),
    name: col(text('name').notNull()),
    value: col(text('value').notNull()),
  },
  unique: [['member_id', 'name']],
})

export const taughtWords = entity({
  name: 'taught_words',
  one: 'taught word',
  schema: 'workflow',
  about: 'Words of this team, each with words that the offline planner knows in its place.',
  internal: true,
  columns: {
    word: col(text('word').notNull()),
    means: col(text('means').notNull()),
    member_id: pointer('member_id', 'members'),
  },
  unique: [['word']],
})

export const unreadQuestions = entity({
  name: 'unread_questions',
  one: 'unread question',
  schema: 'workflow',
  about: 'Questions that the offline planner could not read, with handles in place of names.',
  internal: true,
  columns: {
    conversation_id: parent('conversation_id', 'conversations'),
    member_id: pointer('member_id', 'members'),
    question: col(text('question').notNull()),
  },
})

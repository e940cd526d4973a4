import { text } from 'drizzle-orm/pg-core'
import { happened, instant, parent, pointer } from './columns.ts'
import { col, entity } from './define.ts'
import { DIRECTIONS } from './interactions.ts'

export const whatsappThreads = entity({
  name: 'whatsapp_threads',
  one: 'WhatsApp thread',
  schema: 'intel',
  words: ['whatsapp', 'chat'],
  about: 'WhatsApp conversations.',
  minor: true,
  columns: {
    person_id: pointer('person_id', 'people'),
    member_id: pointer('member_id', 'members'),
    number: col(text('number').notNull(), { hide: 'PHONE' }),
    last_at: instant('last_at', { indexed: true }),
    last_direction: col(text('last_direction', { enum: DIRECTIONS }), { hide: 'none', values: DIRECTIONS }),
  },
  relations: {
    person: { kind: 'one', entity: 'people', column: 'person_id' },
    member: { kind: 'one', entity: 'members', column: 'member_id' },
    messages: { kind: 'many', entity: 'whatsapp_messages', column: 'thread_id' },
  },
})

export const whatsappMessages = entity({
  name: 'whatsapp_messages',
  one: 'WhatsApp message',
  schema: 'intel',
  about: 'Single WhatsApp messages.',
  minor: true,
  columns: {
    thread_id: parent('thread_id', 'whatsapp_threads'),
    interaction_id: pointer('interaction_id', 'interactions'),
    direction: col(text('direction', { enum: DIRECTIONS }).notNull(), { hide: 'none', values: DIRECTIONS }),
    sent_at: happened('sent_at', { words: ['at', 'when'] }),
    body: col(text('body').notNull()),
    external_id: col(text('external_id'), { internal: true }),
  },
  relations: {
    thread: { kind: 'one', entity: 'whatsapp_threads', column: 'thread_id' },
    interaction: { kind: 'one', entity: 'interactions', column: 'interaction_id' },
  },
  unique: [['external_id']],
})

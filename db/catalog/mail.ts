import { boolean, integer, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { notFor, onlyFor } from './columns.ts'
import { col, entity } from './define.ts'
import { DIRECTIONS } from './interactions.ts'

const RECIPIENT_KINDS = ['to', 'cc', 'bcc', 'reply_to'] as const

export const threads = entity({
  name: 'threads',
  one: 'thread',
  schema: 'intel',
  sqlTable: 'mail_threads',
  handle: 'THREAD',
  title: '{t}.subject',
  titleHide: 'text',
  words: ['conversation'],
  about: 'Mail threads with the state of who wrote last.',
  columns: {
    subject: col(text('subject').notNull()),
    first_at: col(timestamp('first_at', { withTimezone: true }), { derived: true }),
    last_at: col(timestamp('last_at', { withTimezone: true }), {
      derived: true,
      indexed: true,
      words: ['latest', 'last message'],
    }),
    last_direction: col(text('last_direction', { enum: DIRECTIONS }), {
      hide: 'none',
      values: DIRECTIONS,
      derived: true,
    }),
    message_count: col(integer('message_count').notNull().default(0), { derived: true, words: ['messages'] }),
    needs_reply: col(boolean('needs_reply').notNull().default(false), {
      derived: true,
      words: ['unanswered', 'waiting'],
      about: 'A person outside wrote last, and it was not a bulk mail.',
    }),
    owner_id: col(uuid('owner_id'), { references: 'members', derived: true }),
    person_id: col(uuid('person_id'), { references: 'people', derived: true }),
    company_id: col(uuid('company_id'), { references: 'companies', derived: true }),
    /** Threads of one conversation, one for each circle of readers; null: its own id. */
    conversation_id: col(uuid('conversation_id'), { internal: true, derived: true, indexed: true }),
    only_for: onlyFor(),
    not_for: notFor(),
  },
  relations: {
    emails: { kind: 'many', entity: 'emails', column: 'thread_id' },
    owner: { kind: 'one', entity: 'members', column: 'owner_id' },
    person: { kind: 'one', entity: 'people', column: 'person_id' },
    company: { kind: 'one', entity: 'companies', column: 'company_id' },
  },
})

export const emails = entity({
  name: 'emails',
  one: 'email',
  schema: 'intel',
  sqlTable: 'mail_messages',
  handle: 'MESSAGE',
  title: '{t}.subject',
  titleHide: 'text',
  words: ['mail', 'message'],
  about: 'Single mail messages.',
  columns: {
    thread_id: col(uuid('thread_id').notNull(), { references: 'threads' }),
    /** Message-ID without brackets; made from the content where the message has none. */
    message_id: col(text('message_id').notNull(), { internal: true }),
    in_reply_to: col(text('in_reply_to'), { internal: true }),
    reference_ids: col(text('reference_ids').array(), { internal: true }),
    /** SHA-256 of the raw message. */
    content_hash: col(text('content_hash').notNull(), { internal: true }),
    sent_at: col(timestamp('sent_at', { withTimezone: true }).notNull(), {
      indexed: true,
      words: ['at', 'date', 'when'],
    }),
    direction: col(text('direction', { enum: DIRECTIONS }).notNull(), { hide: 'none', values: DIRECTIONS }),
    from_address: col(text('from_address'), { hide: 'EMAIL', indexed: true }),
    from_name: col(text('from_name'), { hide: 'NAME' }),
    from_person_id: col(uuid('from_person_id'), { references: 'people', derived: true }),
    from_member_id: col(uuid('from_member_id'), { references: 'members', derived: true }),
    company_id: col(uuid('company_id'), { references: 'companies', derived: true }),
    subject: col(text('subject').notNull()),
    body_text: col(text('body_text').notNull()),
    quoted_text: col(text('quoted_text')),
    signature_text: col(text('signature_text')),
    is_bulk: col(boolean('is_bulk').notNull().default(false), {
      about: 'Mailing list, newsletter or automatic reply.',
    }),
    has_attachment: col(boolean('has_attachment').notNull().default(false)),
    size_bytes: col(integer('size_bytes').notNull()),
    source: col(text('source').notNull(), { hide: 'none' }),
    /** Why the message is kept although it is malformed. */
    fault: col(text('fault'), { hide: 'none' }),
    /** Of a row that shows no more than the subject: the whole message, which its owners see in its place. */
    copy_of: col(uuid('copy_of'), { internal: true, derived: true, indexed: true }),
    only_for: onlyFor(),
    not_for: notFor(),
  },
  relations: {
    thread: { kind: 'one', entity: 'threads', column: 'thread_id' },
    from_person: { kind: 'one', entity: 'people', column: 'from_person_id', words: ['sender', 'from'] },
    from_member: { kind: 'one', entity: 'members', column: 'from_member_id' },
    company: { kind: 'one', entity: 'companies', column: 'company_id' },
    recipients: { kind: 'many', entity: 'email_recipients', column: 'email_id', words: ['to'] },
    to_people: {
      kind: 'through',
      entity: 'people',
      join: 'email_recipients',
      from: 'email_id',
      to: 'person_id',
      words: ['to'],
    },
    attachments: { kind: 'many', entity: 'email_attachments', column: 'email_id' },
  },
  unique: [['message_id', 'content_hash']],
})

export const emailRecipients = entity({
  name: 'email_recipients',
  one: 'recipient',
  schema: 'intel',
  sqlTable: 'mail_recipients',
  about: 'Addresses a message went to.',
  columns: {
    email_id: col(uuid('email_id').notNull(), { references: 'emails' }),
    kind: col(text('kind', { enum: RECIPIENT_KINDS }).notNull(), { hide: 'none', values: RECIPIENT_KINDS }),
    address: col(text('address').notNull(), { hide: 'EMAIL', indexed: true }),
    name: col(text('name'), { hide: 'NAME' }),
    person_id: col(uuid('person_id'), { references: 'people', derived: true }),
    member_id: col(uuid('member_id'), { references: 'members', derived: true }),
    only_for: onlyFor(),
    not_for: notFor(),
  },
  relations: {
    email: { kind: 'one', entity: 'emails', column: 'email_id' },
    person: { kind: 'one', entity: 'people', column: 'person_id' },
    member: { kind: 'one', entity: 'members', column: 'member_id' },
  },
})

export const emailAttachments = entity({
  name: 'email_attachments',
  one: 'attachment',
  schema: 'intel',
  sqlTable: 'mail_attachments',
  about: 'Files that came with a message (listed, not stored).',
  columns: {
    email_id: col(uuid('email_id').notNull(), { references: 'emails' }),
    filename: col(text('filename')),
    mime_type: col(text('mime_type').notNull(), { hide: 'none' }),
    size_bytes: col(integer('size_bytes').notNull()),
    sha256: col(text('sha256').notNull(), { internal: true }),
    only_for: onlyFor(),
  },
  relations: { email: { kind: 'one', entity: 'emails', column: 'email_id' } },
})

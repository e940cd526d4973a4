import { text } from 'drizzle-orm/pg-core'
import { instant, onlyFor, parent } from './columns.ts'
import { col, entity } from './define.ts'

/** Who sees the mail of a mailbox: everybody, its owner, or everybody the subject and its owner the rest. */
export const VISIBILITIES = ['team', 'owner', 'subject'] as const
export type Visibility = (typeof VISIBILITIES)[number]

export const MAILBOX_STATES = ['new', 'running', 'done', 'failed', 'withdrawn'] as const

export const mailboxes = entity({
  name: 'mailboxes',
  one: 'mailbox',
  schema: 'intel',
  about: 'Mail that a member lets in: from where, what of it, and who may see it.',
  internal: true,
  kept: true,
  columns: {
    member_id: parent('member_id', 'members'),
    kind: col(text('kind').notNull()),
    /** What it is read from, the same on every run. */
    source: col(text('source').notNull()),
    address: col(text('address')),
    visibility: col(text('visibility', { enum: VISIBILITIES }).notNull().default('owner')),
    /** Folders that are read; null: all but junk, trash and drafts. */
    folders: col(text('folders').array()),
    /** Addresses and domains whose mail stays out. */
    excluded: col(text('excluded').array()),
    /** When its member agreed to this scope; nothing is read without. */
    consented_at: instant('consented_at'),
    state: col(text('state', { enum: MAILBOX_STATES }).notNull().default('new')),
    synced_at: instant('synced_at'),
    failure: col(text('failure')),
  },
  unique: [['member_id', 'source']],
})

export const mailboxMessages = entity({
  name: 'mailbox_messages',
  one: 'place of a message',
  schema: 'intel',
  about: 'In which mailboxes a message was found.',
  internal: true,
  kept: true,
  columns: {
    mailbox_id: parent('mailbox_id', 'mailboxes'),
    email_id: parent('email_id', 'emails'),
    only_for: onlyFor(),
  },
  unique: [['mailbox_id', 'email_id']],
})

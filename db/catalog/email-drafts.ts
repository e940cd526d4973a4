import { text } from 'drizzle-orm/pg-core'
import { parent, pointer } from './columns.ts'
import { col, entity } from './define.ts'

export const emailDrafts = entity({
  name: 'email_drafts',
  one: 'email draft',
  schema: 'intel',
  title: '{t}.subject',
  titleHide: 'text',
  words: ['draft', 'draft email'],
  about: 'Mails written down to be sent by a person. Tact sends none.',
  writable: true,
  minor: true,
  columns: {
    subject: col(text('subject').notNull(), { write: true }),
    body: col(text('body').notNull(), { write: true, words: ['text'] }),
    send_to: col(text('send_to'), { write: true, about: 'Addresses of receivers who are no records.' }),
    email_id: pointer('email_id', 'emails', { write: true }),
    company_id: pointer('company_id', 'companies', { write: true }),
    deal_id: pointer('deal_id', 'deals', { write: true }),
  },
  relations: {
    people: {
      kind: 'through',
      entity: 'people',
      join: 'email_draft_people',
      from: 'draft_id',
      to: 'person_id',
      words: ['receiver', 'recipient'],
    },
    answers: { kind: 'one', entity: 'emails', column: 'email_id', words: ['in_reply_to'] },
    company: { kind: 'one', entity: 'companies', column: 'company_id' },
    deal: { kind: 'one', entity: 'deals', column: 'deal_id' },
  },
})

export const emailDraftPeople = entity({
  name: 'email_draft_people',
  one: 'receiver of a draft',
  schema: 'intel',
  about: 'Whom a draft is for.',
  minor: true,
  columns: {
    draft_id: parent('draft_id', 'email_drafts'),
    person_id: parent('person_id', 'people'),
  },
  unique: [['draft_id', 'person_id']],
})

import { text } from 'drizzle-orm/pg-core'
import { instant, parent } from './columns.ts'
import { col, entity } from './define.ts'

export const oauthLinks = entity({
  name: 'oauth_links',
  one: 'sign-in link',
  schema: 'core',
  about: 'Which account of an authorization server is which member; an owner says so, nothing is guessed.',
  internal: true,
  columns: {
    issuer: col(text('issuer').notNull()),
    /** Of the account there. Null until the first token of a link by address: from then on the address no longer counts. */
    subject: col(text('subject')),
    /** Lower case; counts where the token says that it is verified. */
    email: col(text('email')),
    member_id: parent('member_id', 'members'),
    privacy_policy: col(text('privacy_policy')),
    last_used_at: instant('last_used_at', { derived: true }),
  },
  unique: [
    ['issuer', 'subject'],
    ['issuer', 'email'],
  ],
})

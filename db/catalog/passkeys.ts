import { bigint, text } from 'drizzle-orm/pg-core'
import { parent } from './columns.ts'
import { bytes } from './core.ts'
import { col, entity } from './define.ts'

export const passkeys = entity({
  name: 'passkeys',
  one: 'passkey',
  schema: 'core',
  about: 'Public keys by which members sign in to the inbox; what proves one never leaves its device.',
  internal: true,
  columns: {
    member_id: parent('member_id', 'members'),
    /** As the device names it, base64url. */
    credential_id: col(text('credential_id').notNull()),
    public_key: col(bytes('public_key').notNull()),
    /** How often the device says it was used; a smaller number is a copy. */
    counter: col(bigint('counter', { mode: 'number' }).notNull().default(0)),
    transports: col(text('transports').array()),
    name: col(text('name').notNull()),
  },
  unique: [['credential_id']],
})

import { text } from 'drizzle-orm/pg-core'
import { bytes } from './core.ts'
import { col, entity } from './define.ts'

export const webhooks = entity({
  name: 'webhooks',
  one: 'webhook',
  schema: 'workflow',
  about: 'Where another system is told of every change that was carried out or taken back.',
  internal: true,
  columns: {
    url: col(text('url').notNull()),
    /** Signs what is sent; shown once, and sealed (db/secrets.ts). */
    secret: col(bytes('secret').notNull()),
  },
  unique: [['url']],
})

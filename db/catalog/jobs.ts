import { integer, jsonb, text } from 'drizzle-orm/pg-core'
import { happened, instant } from './columns.ts'
import { col, entity } from './define.ts'

export const JOB_STATES = ['waiting', 'running', 'done', 'failed'] as const

export const jobs = entity({
  name: 'jobs',
  one: 'job',
  schema: 'workflow',
  about: 'Work that is done while nobody asks. The row is the job; a queue only rings for it.',
  internal: true,
  columns: {
    kind: col(text('kind').notNull(), { indexed: true }),
    /** Ids, instants and counts; never what a record holds. */
    data: col(jsonb('data').notNull().$type<Record<string, unknown>>()),
    /** The same work under the same key is put down once. */
    key: col(text('key')),
    state: col(text('state', { enum: JOB_STATES }).notNull().default('waiting'), { indexed: true }),
    due_at: happened('due_at'),
    attempts: col(integer('attempts').notNull().default(0)),
    max_attempts: col(integer('max_attempts').notNull().default(8)),
    /** Until then some process is at it; it says so again while it works. */
    leased_until: instant('leased_until'),
    started_at: instant('started_at'),
    finished_at: instant('finished_at'),
    /** Code of the last failure. */
    failure: col(text('failure')),
  },
  unique: [['key']],
})

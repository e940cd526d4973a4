import { integer, jsonb, numeric, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { col, entity } from './define.ts'

/** Mail runs are `running`, then `done`; tables go through their stages from `uploaded` to `committed`, or `undone` after it. */
export const IMPORT_STATES = [
  'running',
  'done',
  'failed',
  'uploaded',
  'parsed',
  'mapped',
  'proposed',
  'approved',
  'committed',
  'undone',
] as const
export type ImportState = (typeof IMPORT_STATES)[number]

/** What became of one row. `proposed` waits for a person; `unchanged` said nothing new. */
export const IMPORT_ROW_STATES = [
  'parsed',
  'mapped',
  'proposed',
  'created',
  'updated',
  'unchanged',
  'skipped',
  'failed',
] as const
export type ImportRowState = (typeof IMPORT_ROW_STATES)[number]

export const imports = entity({
  name: 'imports',
  one: 'import',
  schema: 'workflow',
  about: 'Runs that bring mail and records in: where they stand, what they counted.',
  internal: true,
  columns: {
    kind: col(text('kind').notNull()),
    source: col(text('source').notNull()),
    state: col(text('state', { enum: IMPORT_STATES }).notNull().default('running'), { indexed: true }),
    /** Where to go on after an interruption. */
    cursor: col(jsonb('cursor').$type<unknown>()),
    counts: col(jsonb('counts').notNull().$type<Record<string, number>>()),
    finished_at: col(timestamp('finished_at', { withTimezone: true })),
    /** SHA-256 of the file, so that the same file is known again. */
    file_hash: col(text('file_hash'), { indexed: true }),
    /** Which column goes to which field, and why: guessed, then as a person left it. */
    mapping: col(jsonb('mapping').$type<unknown>()),
    failure: col(text('failure')),
  },
})

export const importRows = entity({
  name: 'import_rows',
  one: 'import row',
  schema: 'workflow',
  about: 'Single rows of an imported table: as they came, as they were read, and what became of each.',
  internal: true,
  columns: {
    import_id: col(uuid('import_id').notNull(), { references: 'imports' }),
    /** Place in the file, from 1, the header not counted. */
    row_number: col(integer('row_number').notNull()),
    raw: col(jsonb('raw').notNull().$type<unknown>()),
    mapped: col(jsonb('mapped').$type<unknown>()),
    state: col(text('state', { enum: IMPORT_ROW_STATES }).notNull().default('parsed'), { indexed: true }),
    /** Why it is in this state, for the report. */
    message: col(text('message')),
    /** Similarity of the match, 0 to 1. */
    score: col(numeric('score', { precision: 4, scale: 3, mode: 'number' })),
    entity: col(text('entity')),
    record_id: col(uuid('record_id'), { indexed: true }),
    proposal_id: col(uuid('proposal_id'), { references: 'proposals' }),
  },
  unique: [['import_id', 'row_number']],
})

import { integer, jsonb, text } from 'drizzle-orm/pg-core'
import { happened } from './columns.ts'
import { col, entity } from './define.ts'

export const scoreModels = entity({
  name: 'score_models',
  one: 'score model',
  schema: 'intel',
  about:
    'What the workspace’s own closed deals taught a score; made anew when it is old, so it is not exported.',
  internal: true,
  columns: {
    kind: col(text('kind').notNull()),
    /** Of the logistic regression; null when there were too few closed deals to learn from. */
    weights: col(jsonb('weights').$type<readonly number[]>()),
    /** Median amount in minor units of each currency. */
    medians: col(jsonb('medians').$type<Readonly<Record<string, number>>>().notNull()),
    closed: col(integer('closed').notNull()),
    won: col(integer('won').notNull()),
    fitted_at: happened('fitted_at'),
  },
  unique: [['kind']],
})

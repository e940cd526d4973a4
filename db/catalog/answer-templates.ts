import { boolean, integer, jsonb, text } from 'drizzle-orm/pg-core'
import { pointer } from './columns.ts'
import { col, entity } from './define.ts'

export const answerTemplates = entity({
  name: 'answer_templates',
  one: 'answer template',
  schema: 'workflow',
  about: 'The shapes in which a dossier or a brief is drawn: families, versions, and what each came from.',
  internal: true,
  kept: true,
  columns: {
    /** daily, meeting, account, pipeline, dossier … */
    family: col(text('family').notNull(), { indexed: true }),
    name: col(text('name').notNull()),
    template_version: col(integer('template_version').notNull().default(1)),
    /** Sections in order, each with its limit and title. */
    body: col(jsonb('body').notNull().$type<unknown>()),
    examples: col(jsonb('examples').$type<unknown>()),
    tags: col(text('tags').array()),
    parent_id: pointer('parent_id', 'answer_templates'),
    is_active: col(boolean('is_active').notNull().default(true)),
  },
  unique: [['family', 'name', 'template_version']],
})

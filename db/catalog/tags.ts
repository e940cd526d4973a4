import { text, uuid } from 'drizzle-orm/pg-core'
import { col, entity } from './define.ts'

export const tags = entity({
  name: 'tags',
  one: 'tag',
  schema: 'crm',
  title: '{t}.name',
  titleHide: 'none',
  words: ['label', 'list'],
  about: 'Labels on people, companies and deals.',
  columns: { name: col(text('name').notNull(), { hide: 'none', write: true }) },
  unique: [['name']],
})

const tagging = (name: string, column: string, target: string) =>
  entity({
    name,
    one: 'tagging',
    schema: 'crm',
    about: `Tags of ${target}.`,
    columns: {
      [column]: col(uuid(column).notNull(), { references: target }),
      tag_id: col(uuid('tag_id').notNull(), { references: 'tags' }),
    },
    unique: [[column, 'tag_id']],
  })

export const personTags = tagging('person_tags', 'person_id', 'people')
export const companyTags = tagging('company_tags', 'company_id', 'companies')
export const dealTags = tagging('deal_tags', 'deal_id', 'deals')

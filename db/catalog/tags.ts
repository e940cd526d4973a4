import { integer, text, uuid } from 'drizzle-orm/pg-core'
import { pointer } from './columns.ts'
import { col, entity } from './define.ts'

export const tagCategories = entity({
  name: 'tag_categories',
  one: 'tag category',
  schema: 'crm',
  title: '{t}.name',
  titleHide: 'none',
  about: 'What kinds of tags there are.',
  minor: true,
  columns: {
    name: col(text('name').notNull(), { hide: 'none', write: true }),
    position: col(integer('position').notNull().default(0)),
  },
  unique: [['name']],
})

export const tags = entity({
  name: 'tags',
  one: 'tag',
  schema: 'crm',
  title: '{t}.name',
  titleHide: 'none',
  words: ['label', 'list'],
  about: 'Labels on people, companies and deals.',
  columns: {
    name: col(text('name').notNull(), { hide: 'none', write: true }),
    category_id: pointer('category_id', 'tag_categories', { write: true, minor: true }),
  },
  relations: { category: { kind: 'one', entity: 'tag_categories', column: 'category_id' } },
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

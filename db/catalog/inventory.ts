import { bigint, date, doublePrecision, integer, numeric, text } from 'drizzle-orm/pg-core'
import { amount, happened, instant, parent, pointer } from './columns.ts'
import { col, entity } from './define.ts'

const AVAILABILITIES = ['planned', 'available', 'reserved', 'sold', 'rented', 'withdrawn'] as const
const MEDIA_KINDS = ['photo', 'floor_plan', 'video', 'brochure', 'other'] as const

export const locations = entity({
  name: 'locations',
  one: 'location',
  schema: 'inventory',
  about: 'Where projects and units are.',
  writable: true,
  minor: true,
  columns: {
    street: col(text('street'), { hide: 'ADDRESS', write: true, words: ['address'] }),
    area: col(text('area'), { hide: 'none', write: true, indexed: true, words: ['neighbourhood'] }),
    city: col(text('city'), { hide: 'none', write: true, indexed: true }),
    country: col(text('country'), { hide: 'none', write: true }),
    latitude: col(doublePrecision('latitude'), { internal: true }),
    longitude: col(doublePrecision('longitude'), { internal: true }),
  },
})

export const projects = entity({
  name: 'projects',
  one: 'project',
  schema: 'inventory',
  handle: 'RECORD',
  title: '{t}.name',
  words: ['development', 'building'],
  about: 'Developments and buildings with units to sell or let.',
  writable: true,
  minor: true,
  known: { as: 'title', first: 'name' },
  columns: {
    name: col(text('name').notNull(), { hide: 'RECORD', write: true }),
    developer_id: pointer('developer_id', 'companies', { write: true }),
    location_id: pointer('location_id', 'locations', { write: true }),
    status: col(text('status'), { hide: 'none', write: true, indexed: true }),
    completion_on: col(date('completion_on'), { write: true, words: ['completion'] }),
    notes: col(text('notes'), { write: true }),
  },
  relations: {
    developer: { kind: 'one', entity: 'companies', column: 'developer_id' },
    location: { kind: 'one', entity: 'locations', column: 'location_id' },
    units: { kind: 'many', entity: 'units', column: 'project_id' },
    media: { kind: 'many', entity: 'media', column: 'project_id' },
    visits: { kind: 'many', entity: 'visits', column: 'project_id' },
  },
})

export const units = entity({
  name: 'units',
  one: 'unit',
  schema: 'inventory',
  handle: 'RECORD',
  title: '{t}.code',
  titleHide: 'text',
  words: ['apartment', 'flat', 'property'],
  about: 'Single homes, offices or plots.',
  writable: true,
  minor: true,
  columns: {
    project_id: pointer('project_id', 'projects', { write: true }),
    location_id: pointer('location_id', 'locations', { write: true }),
    code: col(text('code').notNull(), { write: true, words: ['number'] }),
    kind: col(text('kind'), { hide: 'none', write: true, words: ['type'] }),
    bedrooms: col(integer('bedrooms'), { write: true, indexed: true, words: ['beds'] }),
    bathrooms: col(integer('bathrooms'), { write: true }),
    size_sqm: col(numeric('size_sqm', { precision: 10, scale: 2, mode: 'number' }), {
      range: [0, 10_000_000],
      write: true,
      words: ['size', 'square metres'],
    }),
    floor: col(integer('floor'), { write: true }),
    price_minor: amount('price_minor', { indexed: true, words: ['price', 'asking price'] }),
    currency: col(text('currency').notNull(), { hide: 'none', write: true }),
    availability: col(text('availability', { enum: AVAILABILITIES }).notNull().default('available'), {
      hide: 'none',
      values: AVAILABILITIES,
      write: true,
      indexed: true,
      words: ['status'],
    }),
  },
  relations: {
    project: { kind: 'one', entity: 'projects', column: 'project_id' },
    location: { kind: 'one', entity: 'locations', column: 'location_id' },
    prices: { kind: 'many', entity: 'unit_prices', column: 'unit_id' },
    availabilities: { kind: 'many', entity: 'unit_availabilities', column: 'unit_id' },
    media: { kind: 'many', entity: 'media', column: 'unit_id' },
    visits: { kind: 'many', entity: 'visits', column: 'unit_id' },
  },
  unique: [['project_id', 'code']],
})

export const unitPrices = entity({
  name: 'unit_prices',
  one: 'price event',
  schema: 'inventory',
  about: 'History of asking prices, written by a trigger.',
  history: true,
  minor: true,
  columns: {
    unit_id: parent('unit_id', 'units'),
    price_minor: col(bigint('price_minor', { mode: 'number' }), { currency: 'currency' }),
    currency: col(text('currency').notNull(), { hide: 'none' }),
    at: happened('at'),
  },
  relations: { unit: { kind: 'one', entity: 'units', column: 'unit_id' } },
})

export const unitAvailabilities = entity({
  name: 'unit_availabilities',
  one: 'availability event',
  schema: 'inventory',
  about: 'History of availability, written by a trigger.',
  history: true,
  minor: true,
  columns: {
    unit_id: parent('unit_id', 'units'),
    availability: col(text('availability', { enum: AVAILABILITIES }).notNull(), {
      hide: 'none',
      values: AVAILABILITIES,
    }),
    at: happened('at'),
    until: instant('until'),
  },
  relations: { unit: { kind: 'one', entity: 'units', column: 'unit_id' } },
})

export const media = entity({
  name: 'media',
  one: 'picture or plan',
  schema: 'inventory',
  about: 'Pictures, plans and brochures of projects and units.',
  minor: true,
  columns: {
    project_id: pointer('project_id', 'projects', { write: true }),
    unit_id: pointer('unit_id', 'units', { write: true }),
    blob_id: pointer('blob_id', 'blobs'),
    kind: col(text('kind', { enum: MEDIA_KINDS }).notNull(), {
      hide: 'none',
      values: MEDIA_KINDS,
      write: true,
    }),
    caption: col(text('caption'), { write: true }),
    position: col(integer('position').notNull().default(0)),
  },
  relations: {
    project: { kind: 'one', entity: 'projects', column: 'project_id' },
    unit: { kind: 'one', entity: 'units', column: 'unit_id' },
    blob: { kind: 'one', entity: 'blobs', column: 'blob_id' },
  },
})

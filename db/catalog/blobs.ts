import { bigint, jsonb, numeric, text } from 'drizzle-orm/pg-core'
import { happened, pointer } from './columns.ts'
import { col, entity } from './define.ts'

const EVIDENCE_KINDS = ['vehicle', 'perception', 'camera', 'document', 'other'] as const

export const blobs = entity({
  name: 'blobs',
  one: 'file',
  schema: 'intel',
  about: 'Index of stored files: recordings, pictures, plans. The bytes are elsewhere, under their hash.',
  minor: true,
  columns: {
    sha256: col(text('sha256').notNull(), { internal: true }),
    storage_key: col(text('storage_key'), { internal: true }),
    file_name: col(text('file_name')),
    mime_type: col(text('mime_type').notNull(), { hide: 'none' }),
    size_bytes: col(bigint('size_bytes', { mode: 'number' }).notNull()),
  },
  unique: [['sha256']],
})

export const evidenceEvents = entity({
  name: 'evidence_events',
  one: 'evidence event',
  schema: 'intel',
  about: 'Observations from outside the conversation: a vehicle seen, a perception noted, a camera link.',
  minor: true,
  columns: {
    kind: col(text('kind', { enum: EVIDENCE_KINDS }).notNull(), { hide: 'none', values: EVIDENCE_KINDS }),
    occurred_at: happened('occurred_at', { words: ['at', 'when'] }),
    person_id: pointer('person_id', 'people'),
    company_id: pointer('company_id', 'companies'),
    project_id: pointer('project_id', 'projects'),
    blob_id: pointer('blob_id', 'blobs'),
    summary: col(text('summary')),
    confidence: col(numeric('confidence', { precision: 4, scale: 3, mode: 'number' })),
    source: col(text('source'), { hide: 'none' }),
    data: col(jsonb('data').$type<unknown>()),
  },
  relations: {
    person: { kind: 'one', entity: 'people', column: 'person_id' },
    company: { kind: 'one', entity: 'companies', column: 'company_id' },
    project: { kind: 'one', entity: 'projects', column: 'project_id' },
    blob: { kind: 'one', entity: 'blobs', column: 'blob_id', words: ['file'] },
  },
})

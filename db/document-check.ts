import { z } from 'zod'
import { userError } from '../domain/errors.ts'
import { isUuid } from '../domain/ids.ts'
import { catalog } from './catalog/all.ts'
import { documentEntities, documentFields } from './document-shape.ts'
import type { DocumentField } from './document-shape.ts'

export const DOCUMENT_FORMAT = 'tact-workspace/1'

/** One record: `id` and the columns it has; what is left out is null or the column's default. */
export type DocumentRow = Readonly<Record<string, unknown>> & { readonly id: string }

/** A whole workspace as one JSON document. Timestamps are ISO 8601 with offset, dates `2026-11-20`, money whole minor units. */
export interface WorkspaceDocument {
  readonly format: typeof DOCUMENT_FORMAT
  readonly workspace: {
    readonly slug: string
    readonly name: string
    /** fund, sales or brokerage. */
    readonly vertical: string
    /** IANA name. */
    readonly timezone: string
    /** ISO 4217. */
    readonly currency: string
    /** ISO 3166-1 alpha-2. */
    readonly country: string
    /** Fixed "now" of a demo. */
    readonly clock_at?: string | null
  }
  /** Records by entity of the catalog. */
  readonly records: Readonly<Record<string, readonly DocumentRow[]>>
}

const isTimezone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone.length > 0
  } catch {
    return false
  }
}

const Head = z.strictObject({
  format: z.literal(DOCUMENT_FORMAT),
  workspace: z.strictObject({
    slug: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and hyphens'),
    name: z.string().min(1),
    vertical: z.string().min(1),
    timezone: z.string().refine(isTimezone, 'not a time zone'),
    currency: z.string().regex(/^[A-Z]{3}$/, 'three capitals'),
    country: z.string().regex(/^[A-Z]{2}$/, 'two capitals'),
    clock_at: z.iso.datetime({ offset: true }).nullish(),
  }),
})

const wrong = (code: string, message: string, at: string, options: readonly string[] = []): never => {
  throw userError(code, message, {
    at,
    fix: 'Correct the document at that place and import it again; nothing was imported.',
    ...(options.length > 0 ? { validOptions: options } : {}),
  })
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$/
const DAY = /^\d{4}-\d\d-\d\d$/

const isDay = (text: string): boolean =>
  DAY.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text)

const isReal = (check: () => boolean): boolean => {
  try {
    return check()
  } catch {
    return false
  }
}

/** What JSON can write and jsonb cannot hold: NUL, half of a surrogate pair. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/

const isPlainText = (value: unknown): boolean =>
  typeof value === 'string' && !value.includes('\u0000') && value.isWellFormed()

const EXPECTED: Readonly<Record<string, readonly [string, (value: unknown) => boolean]>> = {
  uuid: ['a lower-case UUID', (value) => typeof value === 'string' && isUuid(value)],
  text: ['text without NUL and broken characters', isPlainText],
  integer: ['a whole number', (value) => Number.isInteger(value) && Math.abs(value as number) < 2 ** 31],
  bigint: ['a whole number', (value) => Number.isSafeInteger(value)],
  numeric: ['a number', (value) => typeof value === 'number' && Number.isFinite(value)],
  'double precision': ['a number', (value) => typeof value === 'number' && Number.isFinite(value)],
  boolean: ['true or false', (value) => typeof value === 'boolean'],
  'timestamp with time zone': [
    'an ISO 8601 time with offset',
    (value) =>
      typeof value === 'string' &&
      INSTANT.test(value) &&
      isDay(value.slice(0, 10)) &&
      !Number.isNaN(Date.parse(value)),
  ],
  date: ['a date like 2026-11-20', (value) => typeof value === 'string' && isDay(value)],
  jsonb: ['JSON without NUL and broken characters', (value) => !UNSTORABLE.test(JSON.stringify(value))],
  'text[]': ['a list of texts', (value) => Array.isArray(value) && value.every(isPlainText)],
}

const checkValue = (field: DocumentField, value: unknown, at: string): void => {
  const [expected, holds] = EXPECTED[field.sqlType.replace(/\(.*\)/, '')] ?? ['a value', () => true]
  if (!isReal(() => holds(value))) wrong('bad_type', `This must be ${expected}.`, at)
  if (field.values && !field.values.includes(value as string)) {
    wrong('bad_value', 'This is not one of the values the field takes.', at, field.values)
  }
}

/** What a document says of its workspace. */
export type DocumentHead = WorkspaceDocument['workspace']

/** Checks `format` and `workspace` of a document. Throws a user error with the place. */
export const checkHead = ({
  format,
  workspace,
}: {
  readonly format?: unknown
  readonly workspace?: unknown
}): DocumentHead => {
  const head = Head.safeParse({ format, workspace })
  if (head.success) return head.data.workspace as DocumentHead
  const issue = head.error.issues[0]!
  return wrong(
    'bad_document',
    `This is not a ${DOCUMENT_FORMAT} document: ${issue.message}`,
    issue.path.join('.'),
  )
}

/** Throws a user error where documents hold no such entity. */
export const checkEntityName = (name: string): void => {
  if (shapeOf(name) !== undefined) return
  const message = catalog.has(name)
    ? 'This entity is kept out of documents.'
    : 'The catalog has no such entity.'
  wrong(
    'unknown_entity',
    message,
    `records.${name}`,
    documentEntities().map((entity) => entity.name),
  )
}

interface Shape {
  readonly byName: ReadonlyMap<string, DocumentField>
  readonly required: readonly string[]
}

const shapes = new Map<string, Shape>()

const shapeOf = (name: string): Shape | undefined => {
  const known = shapes.get(name)
  if (known) return known
  const entity = documentEntities().find((one) => one.name === name)
  if (!entity) return undefined
  const fields = documentFields(entity)
  const shape = {
    byName: new Map(fields.map((field) => [field.name, field])),
    required: fields.filter(({ required }) => required).map((field) => field.name),
  }
  shapes.set(name, shape)
  return shape
}

/** Checks one record on its own: fields, types, values. Throws a user error; `place` is `records.deals[3]`. */
export const checkRecord = (entity: string, row: Readonly<Record<string, unknown>>, place: string): void => {
  const shape = shapeOf(entity)
  if (!shape) return checkEntityName(entity)
  if (typeof row['id'] !== 'string' || !isUuid(row['id']))
    wrong('bad_type', 'Every record needs a lower-case UUID.', `${place}.id`)
  for (const [key, value] of Object.entries(row)) {
    const field = shape.byName.get(key)
    if (!field)
      return wrong('unknown_field', 'The entity has no such field in a document.', `${place}.${key}`, [
        ...shape.byName.keys(),
      ])
    if (value !== null && value !== undefined) checkValue(field, value, `${place}.${key}`)
  }
  for (const name of shape.required) {
    if (row[name] === undefined || row[name] === null)
      wrong('missing_field', 'The record lacks a field it needs.', `${place}.${name}`)
  }
}

import { z } from 'zod'
import { entityOf } from '../../db/catalog/all.ts'
import { asTenant } from '../../db/tenant.ts'
import { recordUri } from '../../domain/records.ts'
import type { RecordRef } from '../../domain/records.ts'
import { Filter } from '../../query/ast.ts'
import { defaultFieldsOf } from '../../query/defaults.ts'
import { queryCrm } from '../../tools/query-crm.ts'
import { getRecord } from '../../tools/get-record.ts'
import type { ToolResult } from '../../tools/toolbox.ts'
import { readRow } from '../../writeback/rows.ts'
import type { ApiCaller } from './caller.ts'
import { recordTag, weakTag } from './etag.ts'
import { operation, Page } from './operation.ts'
import type { Kit, Operation } from './operation.ts'
import { RESOURCES, SUBJECTS } from './resources.ts'
import type { Resource } from './resources.ts'

const ListQuery = z.strictObject({
  limit: z.int().min(1).max(200).default(50),
  cursor: z
    .string()
    .max(200)
    .optional()
    .describe('`next_cursor` of the page before; the rest of the request unchanged.'),
  fields: z.string().max(2000).optional().describe('Columns, split by commas.'),
  order: z.string().max(500).optional().describe('`amount` or `-amount`, split by commas.'),
  where: z.array(Filter).max(50).optional().describe('Filters, as JSON.'),
})

const Listed = z.object({
  data: queryCrm.data.shape.rows,
  columns: queryCrm.data.shape.columns,
  page: Page,
  as_of: z.string(),
  timezone: z.string(),
  filters_in_words: z.string(),
  notes: z.array(z.string()),
  excluded: queryCrm.data.shape.excluded,
  query_id: queryCrm.data.shape.query_id,
})

const Shown = z.object({
  id: z.string(),
  entity: z.string(),
  version: z.int(),
  fields: getRecord.data.shape.fields,
})

const Full = getRecord.data.extend({ notes: z.array(z.string()) })

const named = (text: string | undefined): readonly string[] | undefined =>
  text?.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]))

/** Rows of a page as a program gets them. */
const pageOf = ({ data, completeness, notes }: ToolResult) => {
  const { total, returned, complete, next_cursor, as_of, timezone, filters_in_words } = completeness!
  const { rows, columns, excluded, query_id } = data as z.output<typeof queryCrm.data>
  const shown = {
    data: rows,
    columns,
    page: { total, returned, complete, next_cursor },
    timezone,
    filters_in_words,
    notes,
    excluded,
  }
  return { status: 200, body: { ...shown, as_of, query_id }, etag: weakTag(shown) }
}

const listOf = ({ path, entity, one }: Resource): Operation =>
  operation({
    id: `list_${path}`,
    method: 'get',
    path: `/crm/${path}`,
    tag: path,
    summary: `Lists ${path}, by the fields of \`${entity}\`. Of one ${one} in full: its own address.`,
    who: 'caller',
    query: ListQuery,
    headers: ['If-None-Match'],
    answers: { 200: { about: 'A page.', schema: Listed } },
    run: async ({ caller, query: { fields, order, ...rest }, signal }, { door }) => {
      const columns = named(fields) ?? defaultFieldsOf(entity)
      const sorted = named(order)
      const result = await door.call(
        caller,
        'query_crm',
        {
          ...rest,
          find: entity,
          fields: columns.includes('id') ? columns : ['id', ...columns],
          ...(sorted === undefined ? {} : { order: sorted }),
        },
        signal,
      )
      return pageOf(result)
    },
  })

export interface ReadRecord {
  readonly record: RecordRef
  readonly version: number
  readonly body: z.output<typeof Shown>
  readonly etag: string
}

/** One record with its version, and the ETag of both. Throws 404. */
export const readOne = async (
  { entity }: Pick<Resource, 'entity'>,
  { caller, id, signal }: { readonly caller: ApiCaller; readonly id: string; readonly signal: AbortSignal },
  { database, door }: Kit,
): Promise<ReadRecord> => {
  const record = await door.recordOf(caller, entity, id)
  // Before the fields: should it change in between, the ETag is one that no later reading has.
  const row = await asTenant(database, caller.actor, (tx) => readRow(tx, entityOf(entity), record.id), {
    readOnly: true,
  })
  const { data } = await door.call(caller, 'get_record', { id: recordUri(record), sections: [] }, signal)
  const { id: shownId, fields } = data as z.output<typeof getRecord.data>
  const version = row?.version ?? 0
  const body = { id: shownId, entity, version, fields }
  return { record, version, body, etag: recordTag(version, body) }
}

const oneOf = (resource: Resource): Operation =>
  operation({
    id: `get_${resource.path}`,
    method: 'get',
    path: `/crm/${resource.path}/{id}`,
    tag: resource.path,
    summary: `One ${resource.one} with its fields.`,
    who: 'caller',
    headers: ['If-None-Match'],
    answers: { 200: { about: 'The record.', schema: Shown } },
    run: async ({ caller, params, signal }, kit) => {
      const { body, etag } = await readOne(resource, { caller, id: params['id']!, signal }, kit)
      return { status: 200, body, etag }
    },
  })

const keptQuestion = operation({
  id: 'get_query',
  method: 'get',
  path: '/crm/queries/{id}',
  tag: 'queries',
  summary: 'Asks a question again by the `query_id` of its answer, with the rights of who asks now.',
  who: 'caller',
  headers: ['If-None-Match'],
  answers: { 200: { about: 'The answer of today.', schema: Listed } },
  run: async ({ caller, params, signal }, { door }) =>
    pageOf(await door.call(caller, 'query_crm', { query_id: params['id']! }, signal)),
})

const client360 = operation({
  id: 'get_client_360',
  method: 'get',
  path: '/crm/client-360/{kind}/{id}',
  tag: 'client-360',
  summary:
    'A contact, account or opportunity with what belongs to it: interactions, open tasks, deals, people, mail.',
  who: 'caller',
  query: z.strictObject({
    limit: z.int().min(1).max(50).default(5).describe('Rows a section.'),
    since: z.string().max(40).optional().describe('Dated records from then on: a date, a period, `-30d`.'),
    sections: z.string().max(1000).optional().describe('Only these, split by commas.'),
  }),
  headers: ['If-None-Match'],
  answers: { 200: { about: 'Everything at once.', schema: Full } },
  run: async ({ caller, params, query: { sections, ...rest }, signal }, { door }) => {
    const { entity } = RESOURCES.find(({ path }) => path === params['kind'])!
    const record = await door.recordOf(caller, entity, params['id']!)
    const wanted = named(sections)
    const result = await door.call(
      caller,
      'get_record',
      { id: recordUri(record), ...rest, ...(wanted === undefined ? {} : { sections: wanted }) },
      signal,
    )
    const body = { ...(result.data as object), notes: result.notes }
    return { status: 200, body, etag: weakTag(body) }
  },
})

/** What stands in `{kind}` of a client's page. */
export const SUBJECT_PATHS = RESOURCES.filter(({ entity }) => SUBJECTS.some((one) => one === entity)).map(
  ({ path }) => path,
)

export const readOperations: readonly Operation[] = [
  ...RESOURCES.flatMap((resource) => [listOf(resource), oneOf(resource)]),
  client360,
  keptQuestion,
]

import { z } from 'zod'
import { notFound, userError } from '../domain/errors.ts'
import { freeText, Secret } from '../domain/pii.ts'
import { parseRecordUri, recordUri } from '../domain/records.ts'
import type { RecordRef } from '../domain/records.ts'
import { Query } from '../query/ast.ts'
import type { QueryInput } from '../query/ast.ts'
import type { Cell } from '../query/cells.ts'
import { askable, shapeOf } from '../query/fields.ts'
import { countRelated, wayBack } from '../query/related.ts'
import { readMoment } from '../query/periods.ts'
import { runQuery } from '../query/run.ts'
import type { QueryResult } from '../query/run.ts'
import { localIso } from '../domain/zone.ts'
import { defineTool } from './define.ts'
import type { ToolContext } from './define.ts'
import { CellData, listCell, RowData, rowsOf } from './support/query-rows.ts'
import type { Row } from './support/query-rows.ts'

const SECTIONS = ['interactions', 'open_tasks', 'deals', 'threads', 'emails'] as const
type Section = (typeof SECTIONS)[number]

const SectionData = z.object({ total: z.int(), rows: z.array(RowData) })

interface SectionResult {
  readonly total: number
  readonly rows: readonly Row[]
  readonly sources: QueryResult['sources']
}

interface SectionQuery {
  readonly relation: string
  readonly ask: Omit<QueryInput, 'find'>
  /** Date that `since` is about. */
  readonly date?: string
}

const SECTION_QUERIES: Readonly<Record<Section, SectionQuery>> = {
  interactions: { relation: 'interactions', ask: { order: ['-occurred_at'] }, date: 'occurred_at' },
  open_tasks: { relation: 'tasks', ask: { where: [{ field: 'done', value: false }], order: ['due_at'] } },
  deals: { relation: 'deals', ask: { order: ['-last_interaction_at'] } },
  threads: { relation: 'threads', ask: { order: ['-last_at'] }, date: 'last_at' },
  emails: { relation: 'emails', ask: { order: ['-sent_at'] }, date: 'sent_at' },
}

/** Long parts of a message; read_email gives them. */
const LEFT_OUT = ['quoted_text', 'signature_text', 'id']
const MAX_TEXT = 2_000
const LISTED = 5

const shorten = (cell: Cell): Cell => {
  if (!(cell instanceof Secret) || cell.hide !== 'text') return cell
  const text = cell.reveal()
  return text.length > MAX_TEXT ? freeText(`${text.slice(0, MAX_TEXT)} …`) : cell
}

const readRecord = (uri: string): RecordRef => {
  const record = parseRecordUri(uri.trim())
  if (record && askable().some(({ name }) => name === record.entity)) return record
  throw userError('not_a_record', 'The id is not the handle of a record.', {
    at: 'id',
    fix: 'Give a handle such as those in results; search_people finds people by name, query_crm the rest.',
  })
}

const fieldsOf = async (record: RecordRef, context: ToolContext): Promise<Row | undefined> => {
  const { fields, ones, manys } = shapeOf(record.entity)
  const names = [...fields.values()]
    .filter(({ name, self }) => !LEFT_OUT.includes(name) && (self === undefined || self === 'full'))
    .map(({ name }) => name)
  const query = Query.parse({
    find: record.entity,
    where: [{ field: 'id', value: recordUri(record) }],
    fields: ['id', ...names, ...ones.keys(), ...manys.keys()].slice(0, 50),
    limit: 1,
  })
  return rowsOf(await runQuery(context.tx, query, context))[0]
}

const readSection = async (
  record: RecordRef,
  section: Section,
  options: { readonly since: string | undefined; readonly limit: number },
  context: ToolContext,
): Promise<SectionResult | undefined> => {
  const { relation, ask, date } = SECTION_QUERIES[section]
  const target = shapeOf(record.entity).manys.get(relation)?.entity
  const back = wayBack(record.entity, relation)
  if (target === undefined || back === undefined || target === 'person_emails') return undefined
  const { since, limit } = options
  const where = [
    { field: back, value: recordUri(record) },
    ...(ask.where ?? []),
    ...(since === undefined || date === undefined ? [] : [{ field: date, op: '>=' as const, value: since }]),
  ]
  const result = await runQuery(context.tx, Query.parse({ ...ask, find: target, where, limit }), context)
  return { total: result.completeness.total, rows: rowsOf(result), sources: result.sources }
}

export const getRecord = defineTool({
  name: 'get_record',
  title: 'Get a record',
  description:
    'One record in full by its handle: its fields, what it is related to (counts and the first few), recent interactions, open tasks, deals and mail threads.',
  risk: 'read',
  labels: { running: 'Reading a record', done: 'Read a record' },
  input: z.strictObject({
    id: z.string().max(200).describe('Handle of the record, e.g. `PERSON_43317`.'),
    sections: z
      .array(z.enum(SECTIONS))
      .max(SECTIONS.length)
      .optional()
      .describe('Only these beside the fields; all that apply when left out, none for [].'),
    since: z
      .string()
      .max(40)
      .optional()
      .describe('Interactions and mail from then on: a date, a period, `-30d`.'),
    limit: z.int().min(1).max(50).default(5).describe('Rows of each section.'),
  }),
  data: z.object({
    id: z.string(),
    entity: z.string(),
    fields: z.record(z.string(), CellData).describe('Empty fields are left out.'),
    related: z.array(
      z.object({ relation: z.string(), entity: z.string(), count: z.int(), first: z.array(z.string()) }),
    ),
    sections: z.record(z.string(), SectionData),
  }),
  run: async ({ id, sections: asked, since, limit }, context) => {
    const record = readRecord(id)
    if (since !== undefined)
      readMoment(since, { now: context.now, timezone: context.workspace.timezone }, 'since')
    const row = await fieldsOf(record, context)
    const counts = await countRelated(context.tx, record)
    if (!row || !counts) {
      throw notFound('no_record', 'There is no such record, or no longer.', {
        at: 'id',
        fix: 'Search for it again.',
      })
    }
    const { manys } = shapeOf(record.entity)
    const sections: Record<string, SectionResult> = {}
    for (const section of asked ?? SECTIONS) {
      const found = await readSection(record, section, { since, limit }, context)
      if (found) sections[section] = found
    }
    const fields = Object.fromEntries(
      Object.entries(row)
        .filter(([name, cell]) => name !== 'id' && !manys.has(name) && cell !== null)
        .map(([name, cell]) => [name, shorten(cell)]),
    )
    const self = row['id'] instanceof Secret ? row['id'] : recordUri(record)
    const cut = Object.entries(sections).filter(([, section]) => section.total > section.rows.length)
    const { timezone } = context.workspace
    return {
      data: {
        id: self,
        entity: record.entity,
        fields,
        related: [...counts]
          .filter(([, count]) => count > 0)
          .map(([relation, count]) => ({
            relation,
            entity: manys.get(relation)!.entity,
            count,
            first: listCell(row[relation]).slice(0, LISTED),
          })),
        sections: Object.fromEntries(
          Object.entries(sections).map(([name, { total, rows }]) => [name, { total, rows }]),
        ),
      },
      completeness: {
        total: 1,
        returned: 1,
        complete: cut.length === 0,
        next_cursor: null,
        as_of: localIso(context.now.getTime(), timezone),
        timezone,
        filters_in_words: 'one record by its handle',
      },
      sources: [
        ...(self instanceof Secret ? [{ id: self, what: shapeOf(record.entity).entity.one }] : []),
        ...Object.values(sections).flatMap((section) => section.sources),
      ],
      notes: cut.map(
        ([name, section]) =>
          `${name}: ${section.rows.length} of ${section.total} shown; query_crm lists the rest.`,
      ),
    }
  },
})

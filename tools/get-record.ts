import { z } from 'zod'
import { notFound, userError } from '../domain/errors.ts'
import { didYouMean } from '../domain/nearest.ts'
import { freeText, Secret } from '../domain/pii.ts'
import { parseRecordUri, recordUri } from '../domain/records.ts'
import type { RecordRef } from '../domain/records.ts'
import { localIso } from '../domain/zone.ts'
import type { Cell } from '../query/cells.ts'
import { askable, shapeOf } from '../query/fields.ts'
import { readMoment } from '../query/periods.ts'
import { defineTool } from './define.ts'
import type { ToolContext } from './define.ts'
import { CellData, listCell, RowData } from './support/query-rows.ts'
import type { Row } from './support/query-rows.ts'
import { readFields, readRelated, readSection, sectionsOf, usualSectionsOf } from './support/record-parts.ts'
import type { RowsPart } from './support/record-parts.ts'
import { gather } from './support/sections.ts'

const SectionData = z.object({ total: z.int(), rows: z.array(RowData) })

const MAX_TEXT = 2_000
const LISTED = 5
const MAX_SECTIONS = 20

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

const wantedSections = (entity: string, asked: readonly string[] | undefined): readonly string[] => {
  if (asked === undefined) return usualSectionsOf(entity)
  const known = sectionsOf(entity)
  const unknown = asked.find((name) => !known.includes(name))
  if (unknown === undefined) return asked
  throw userError('unknown_section', `A record of ${entity} has no section \`${unknown}\`.`, {
    at: 'sections',
    fix: 'Use one of those it has, or leave `sections` out for the usual ones.',
    validOptions: known,
    didYouMean: didYouMean(
      unknown,
      known.map((name) => ({ name })),
    ),
  })
}

interface Related {
  readonly relation: string
  readonly entity: string
  readonly count: number
  readonly first: readonly (string | Secret)[]
}

/** What the record is related to; when reading all at once fails, each relation on its own. */
const gatherRelated = async (
  record: RecordRef,
  context: ToolContext,
): Promise<{ readonly related: readonly Related[]; readonly notes: readonly string[] }> => {
  const { tx, signal } = context
  const { manys } = shapeOf(record.entity)
  const read = async (names: readonly string[], inner: ToolContext['tx']): Promise<readonly Related[]> => {
    const { counts, row } = await readRelated(inner, record, names, context)
    return [...counts].map(([relation, count]) => ({
      relation,
      entity: manys.get(relation)!.entity,
      count,
      first: listCell(row[relation]).slice(0, LISTED),
    }))
  }
  const names = [...manys.keys()]
  const options = { tool: 'get_record', signal }
  const atOnce = await gather(tx, [{ name: 'related', read: (inner) => read(names, inner) }], options)
  if (atOnce.notes.length === 0) return { related: atOnce.found.get('related') ?? [], notes: [] }
  const each = names.map((name) => ({
    name: `related ${name}`,
    read: (inner: ToolContext['tx']) => read([name], inner),
  }))
  const { found, notes } = await gather(tx, each, options)
  return { related: [...found.values()].flat(), notes }
}

export const getRecord = defineTool({
  name: 'get_record',
  title: 'Get a record',
  description:
    'One record in full: fields, relations, and sections (recent interactions, open tasks, deals, people, mail). A section that takes too long is left out and named.',
  risk: 'read',
  labels: { running: 'Reading a record', done: 'Read a record' },
  input: z.strictObject({
    id: z.string().max(200).describe('Handle, e.g. `PERSON_43317`.'),
    sections: z
      .array(z.string().max(60))
      .max(MAX_SECTIONS)
      .optional()
      .describe('Only these: `open_tasks` or to-many relations; the usual ones when left out, none for [].'),
    since: z.string().max(40).optional().describe('Dated records from then on: a date, a period, `-30d`.'),
    limit: z.int().min(1).max(50).default(5).describe('Rows a section.'),
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
    const { tx, signal, now, workspace } = context
    const record = readRecord(id)
    const { timezone } = workspace
    if (since !== undefined) readMoment(since, { now, timezone }, 'since')
    const wanted = wantedSections(record.entity, asked)
    const row = await readFields(tx, record, context)
    if (!row) {
      throw notFound('no_record', 'There is no such record, or no longer.', {
        at: 'id',
        fix: 'Search for it again.',
      })
    }
    const { related, notes } = await gatherRelated(record, context)
    const sections = await gather<RowsPart>(
      tx,
      wanted.map((name) => ({
        name,
        read: (inner) => readSection(inner, record, name, { since, limit }, context),
      })),
      { tool: 'get_record', signal },
    )
    const self = row['id'] instanceof Secret ? row['id'] : recordUri(record)
    const found = [...sections.found]
    const cut = found.filter(([, section]) => section.total > section.rows.length)
    const missing = [...notes, ...sections.notes]
    return {
      data: {
        id: self,
        entity: record.entity,
        fields: shownFields(row),
        related: [...related],
        sections: Object.fromEntries(found.map(([name, { total, rows }]) => [name, { total, rows }])),
      },
      completeness: {
        total: 1,
        returned: 1,
        complete: cut.length === 0 && missing.length === 0,
        next_cursor: null,
        as_of: localIso(now.getTime(), timezone),
        timezone,
        filters_in_words: 'one record by its handle',
      },
      sources: [
        ...(self instanceof Secret ? [{ id: self, what: shapeOf(record.entity).entity.one }] : []),
        ...found.flatMap(([, section]) => section.sources),
      ],
      notes: [
        ...cut.map(
          ([name, section]) =>
            `${name}: ${section.rows.length} of ${section.total} shown; query_crm lists the rest.`,
        ),
        ...missing,
      ],
    }
  },
})

/** Fields that hold something, long texts shortened. */
const shownFields = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row)
      .filter(([name, cell]) => name !== 'id' && cell !== null)
      .map(([name, cell]) => [name, shorten(cell)]),
  )

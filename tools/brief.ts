import { z } from 'zod'
import { notFound, userError } from '../domain/errors.ts'
import { freeText, Secret } from '../domain/pii.ts'
import { parseRecordUri, recordUri } from '../domain/records.ts'
import type { RecordRef } from '../domain/records.ts'
import { localIso } from '../domain/zone.ts'
import { defineTool } from './define.ts'
import type { ToolContext } from './define.ts'
import { BRIEF_KINDS, briefPart, PART_NAMES, USUAL_PARTS } from './support/brief-parts.ts'
import type { BriefKind, PartName } from './support/brief-parts.ts'
import type { Subject } from './support/brief-subject.ts'
import { templateOf } from './support/brief-template.ts'
import type { Template } from './support/brief-template.ts'
import { CellData, RowData } from './support/query-rows.ts'
import type { Row } from './support/query-rows.ts'
import { readFields, readRows } from './support/record-parts.ts'
import type { RowsPart } from './support/record-parts.ts'
import { gather } from './support/sections.ts'

/** Kinds that are about one record. */
const ABOUT_ONE: readonly BriefKind[] = ['meeting', 'account']
const SUBJECTS = ['people', 'companies', 'deals'] as const

interface Section {
  readonly part: PartName
  readonly title: string | Secret
  readonly why: string
  readonly total: number
  readonly rows: readonly Row[]
  readonly sources: RowsPart['sources']
}

const kindOf = (kind: BriefKind | undefined, id: string | undefined): BriefKind => {
  const chosen = kind ?? (id === undefined ? 'daily' : 'account')
  const isOne = ABOUT_ONE.includes(chosen)
  if (isOne === (id !== undefined)) return chosen
  throw userError(
    isOne ? 'missing_value' : 'not_about_one',
    isOne
      ? `A brief of kind ${chosen} is about one person, company or deal.`
      : `A brief of kind ${chosen} is about a member's or the team's work, not about one record.`,
    {
      at: 'id',
      fix: isOne ? 'Give its handle as `id`.' : 'Leave `id` out, or use kind `account` or `meeting`.',
    },
  )
}

const uriIn = (row: Row, field: string): string | undefined => {
  const cell = row[field]
  return cell instanceof Secret && cell.record ? recordUri(cell.record) : undefined
}

const recordOf = (id: string): RecordRef => {
  const record = parseRecordUri(id.trim())
  if (record && SUBJECTS.some((entity) => entity === record.entity)) return record
  throw userError('not_a_record', 'A brief is about a person, a company or a deal.', {
    at: 'id',
    fix: 'Give its handle; search_people finds people by name, query_crm the rest.',
  })
}

const whoseOf = (of: string | undefined, kind: BriefKind, { actor }: ToolContext): string | undefined => {
  if (ABOUT_ONE.includes(kind) || of === 'team') return undefined
  if (of === undefined) return kind === 'daily' && actor.memberId !== null ? 'me' : undefined
  if (of === 'me' || parseRecordUri(of)?.entity === 'members') return of
  throw userError('wrong_record', '`for` is not a member.', {
    at: 'for',
    fix: 'Use `me`, `team`, or the handle of a member.',
  })
}

const ABOUT_FIELDS: Readonly<Record<string, readonly string[]>> = {
  people: [
    'name',
    'title',
    'role',
    'company',
    'owner',
    'city',
    'emails',
    'phones',
    'notes',
    'last_interaction_at',
  ],
  companies: ['name', 'kind', 'status', 'industry', 'city', 'owner', 'notes', 'last_interaction_at'],
  deals: [
    'name',
    'company',
    'stage',
    'status',
    'amount',
    'currency',
    'close_date',
    'owner',
    'next_step',
    'notes',
    'last_interaction_at',
  ],
}

const fieldsShown = (entity: string, row: Row): Row =>
  Object.fromEntries(
    (ABOUT_FIELDS[entity] ?? []).flatMap((name) => {
      const cell = row[name]
      return cell === null || cell === undefined ? [] : [[name, cell]]
    }),
  )

export const brief = defineTool({
  name: 'brief',
  title: 'Brief',
  description:
    'Records with why they are there: before a `meeting`, of an `account` (people, open deals, last contacts, open mail, tasks), of a day (`daily`) or the `pipeline`. A part that takes too long is left out and named.',
  risk: 'read',
  labels: { running: 'Putting a brief together', done: 'Put a brief together' },
  input: z.strictObject({
    id: z.string().max(200).optional().describe('Person, company or deal, for `meeting` and `account`.'),
    kind: z.enum(BRIEF_KINDS).optional(),
    parts: z
      .array(z.enum(PART_NAMES))
      .min(1)
      .max(PART_NAMES.length)
      .optional()
      .describe('The usual ones when left out.'),
    for: z.string().max(200).optional().describe('Whose day or pipeline: `me`, `team` or a member.'),
    limit: z.int().min(1).max(25).default(5).describe('Rows of a part.'),
  }),
  data: z.object({
    kind: z.enum(BRIEF_KINDS),
    about: z
      .object({ id: z.string(), entity: z.string(), fields: z.record(z.string(), CellData) })
      .nullable(),
    sections: z.array(
      z.object({
        part: z.string(),
        title: z.string(),
        why: z.string().describe('Why these records are in it.'),
        total: z.int(),
        rows: z.array(RowData).describe('Records with `why` each is here.'),
      }),
    ),
    left_out: z.array(z.string()).describe('Parts that could not be read.'),
  }),
  run: async ({ id, kind: asked, parts, for: of, limit }, context) => {
    const { tx, signal, now, workspace } = context
    const kind = kindOf(asked, id)
    const record = id === undefined ? undefined : recordOf(id)
    const row = record && (await readFields(tx, record, context))
    if (record && !row) {
      throw notFound('no_record', 'There is no such record, or no longer.', {
        at: 'id',
        fix: 'Search for it again.',
      })
    }
    const subject: Subject = {
      ...(record && row
        ? {
            entity: record.entity as (typeof SUBJECTS)[number],
            uri: recordUri(record),
            companyUri: record.entity === 'companies' ? recordUri(record) : uriIn(row, 'company'),
          }
        : {}),
      whose: whoseOf(of, kind, context),
    }
    const { timezone } = workspace
    const asOf = localIso(now.getTime(), timezone)
    const today = asOf.slice(0, 10)
    const template = parts === undefined ? await templateOf(tx, kind) : undefined
    const wanted: Template = Array.isArray(template)
      ? template
      : (parts ?? USUAL_PARTS[kind]).map((part) => ({ part }))
    const { found, notes } = await gather<Section>(
      tx,
      wanted.map(({ part, title: ownTitle, limit: ownLimit }) => ({
        name: part,
        read: async (inner) => {
          const made = briefPart(part, subject)
          if (!made) return undefined
          const { title, why, query, rowWhy } = made
          const read = await readRows(inner, { limit: ownLimit ?? limit, ...query }, context)
          const rows = rowWhy ? read.rows.map((one) => ({ ...one, why: rowWhy(one, today) })) : read.rows
          return {
            part,
            title: ownTitle === undefined ? title : freeText(ownTitle),
            why,
            total: read.total,
            rows,
            sources: read.sources,
          }
        },
      })),
      { tool: 'brief', signal },
    )
    const sections = [...found.values()]
    const self = row?.['id']
    const isWhole = notes.length === 0 && sections.every(({ total, rows }) => total === rows.length)
    return {
      data: {
        kind,
        about:
          record && row && self instanceof Secret
            ? { id: self, entity: record.entity, fields: fieldsShown(record.entity, row) }
            : null,
        sections: sections.map(({ sources: _sources, ...section }) => section),
        left_out: notes.map((note) => note.slice(0, note.indexOf(':'))),
      },
      completeness: {
        total: sections.reduce((sum, { total }) => sum + total, 0),
        returned: sections.reduce((sum, { rows }) => sum + rows.length, 0),
        complete: isWhole,
        next_cursor: null,
        as_of: asOf,
        timezone,
        filters_in_words: inWords(kind, subject),
      },
      sources: uniqueSources([
        ...(self instanceof Secret ? [{ id: self, what: 'what it is about' }] : []),
        ...sections.flatMap(({ sources }) => sources),
      ]),
      notes: [
        ...notes,
        ...(template === 'unreadable'
          ? ['The workspace’s template for this brief cannot be read; the usual parts are given.']
          : []),
      ],
    }
  },
})

const inWords = (kind: BriefKind, { entity, whose }: Subject): string =>
  entity === undefined
    ? `the ${kind === 'daily' ? 'day' : 'pipeline'} of ${whose === undefined ? 'the team' : whose === 'me' ? 'you' : 'one member'}`
    : `what belongs to one of the ${entity}, by its handle`

const uniqueSources = (sources: RowsPart['sources']): RowsPart['sources'] => {
  const seen = new Set<string>()
  return sources.filter(({ id }) => {
    const key = id.record ? recordUri(id.record) : ''
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

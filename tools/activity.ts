import { z } from 'zod'
import { userError } from '../domain/errors.ts'
import { parseRecordUri, recordUri } from '../domain/records.ts'
import type { RecordRef } from '../domain/records.ts'
import { dateText, instantOf, localIso } from '../domain/zone.ts'
import type { QueryInput } from '../query/ast.ts'
import { readMoment } from '../query/periods.ts'
import type { Clock } from '../query/periods.ts'
import { defineTool } from './define.ts'
import { RowData } from './support/query-rows.ts'
import { readRows } from './support/record-parts.ts'

const FIELD_OF: Readonly<Record<string, 'people' | 'company' | 'member'>> = {
  people: 'people',
  companies: 'company',
  members: 'member',
}
const WAYS = ['inbound', 'outbound', 'internal', 'undirected'] as const
const FIELDS = ['id', 'kind', 'occurred_at', 'summary', 'people', 'company', 'member', 'email']

const Way = z.object({ total: z.int(), records: z.array(RowData) })

const readSubject = (text: string): RecordRef => {
  const record = parseRecordUri(text.trim())
  if (record && FIELD_OF[record.entity] !== undefined) return record
  throw userError('not_a_party', 'Activity is of a person, a company or a member.', {
    at: 'of',
    fix: 'Give its handle; search_people finds people by name, query_crm the rest.',
  })
}

const queryOf = (
  record: RecordRef,
  way: (typeof WAYS)[number],
  {
    since,
    until,
    limit,
  }: { readonly since: string; readonly until?: string | undefined; readonly limit: number },
): QueryInput => ({
  find: 'interactions',
  where: [
    { field: FIELD_OF[record.entity]!, value: recordUri(record) },
    way === 'undirected' ? { field: 'direction', op: 'empty' } : { field: 'direction', value: way },
    { field: 'occurred_at', op: '>=', value: since },
    until === undefined
      ? { field: 'occurred_at', op: '<=', value: 'now' }
      : { field: 'occurred_at', op: '<', value: until },
  ],
  fields: FIELDS,
  order: ['-occurred_at'],
  limit,
})

/** The day that `-30d` or `last_month` begins with; with the time where it is no midnight. */
const dayOf = (text: string, clock: Clock): string => {
  const moment = readMoment(text, clock, 'since')
  const wall = moment.kind === 'range' ? moment.from : moment.at
  return wall % 86_400_000 === 0 ? dateText(wall) : localIso(instantOf(wall, clock.timezone), clock.timezone)
}

export const activity = defineTool({
  name: 'activity',
  title: 'Activity',
  description:
    'The mail, calls, meetings and notes of a person, company or member between two dates, by direction, newest first, with the people matched.',
  risk: 'read',
  labels: { running: 'Reading activity', done: 'Read activity' },
  input: z.strictObject({
    of: z.string().max(200).describe('Handle.'),
    since: z.string().max(40).default('-30d'),
    until: z.string().max(40).optional().describe('Before this date.'),
    limit: z.int().min(1).max(50).default(20),
  }),
  data: z.object({ inbound: Way, outbound: Way, internal: Way, undirected: Way }),
  run: async (input, context) => {
    const record = readSubject(input.of)
    const read = (way: (typeof WAYS)[number]) => readRows(context.tx, queryOf(record, way, input), context)
    const found = {
      inbound: await read('inbound'),
      outbound: await read('outbound'),
      internal: await read('internal'),
      undirected: await read('undirected'),
    }
    const parts = WAYS.map((way) => found[way])
    const total = parts.reduce((sum, part) => sum + part.total, 0)
    const returned = parts.reduce((sum, part) => sum + part.rows.length, 0)
    const shown = (way: (typeof WAYS)[number]) => ({ total: found[way].total, records: found[way].rows })
    const { timezone } = context.workspace
    const clock = { now: context.now, timezone }
    return {
      data: {
        inbound: shown('inbound'),
        outbound: shown('outbound'),
        internal: shown('internal'),
        undirected: shown('undirected'),
      },
      completeness: {
        total,
        returned,
        complete: returned === total,
        next_cursor: null,
        as_of: localIso(context.now.getTime(), timezone),
        timezone,
        filters_in_words: `interactions of that ${{ people: 'person', company: 'company', member: 'member' }[FIELD_OF[record.entity]!]} on or after ${dayOf(input.since, clock)}${input.until === undefined ? ' until now' : ` and before ${dayOf(input.until, clock)}`}`,
      },
      sources: parts.flatMap(({ sources }) => sources),
      notes:
        returned === total
          ? []
          : ['Only the newest of each direction are shown; narrow the dates, or raise `limit`.'],
    }
  },
})

import { z } from 'zod'
import { userError } from '../domain/errors.ts'
import { Secret } from '../domain/pii.ts'
import { parseRecordUri, recordUri } from '../domain/records.ts'
import { Query } from '../query/ast.ts'
import type { Filter } from '../query/ast.ts'
import { runQuery } from '../query/run.ts'
import { defineTool } from './define.ts'
import { MAX_CANDIDATES, matchPeople } from './support/match-people.ts'
import type { Candidates } from './support/match-people.ts'
import { listCell, rowsOf, textCell } from './support/query-rows.ts'
import type { Row } from './support/query-rows.ts'

const FIELDS = [
  'id',
  'name',
  'title',
  'role',
  'city',
  'company',
  'owner',
  'emails',
  'phones',
  'tags',
  'last_interaction_at',
]

const Card = z.object({
  id: z.string().describe('Handle of the person.'),
  name: z.string(),
  title: z.string().nullable(),
  role: z.string().nullable(),
  city: z.string().nullable(),
  company: z.string().nullable(),
  owner: z.string().nullable().describe('Member who owns the relationship.'),
  emails: z.array(z.string()),
  phones: z.array(z.string()),
  tags: z.array(z.string()),
  last_interaction_at: z.string().nullable(),
  matched: z.string().describe('What the query was found in.'),
})

const reference = z.string().min(1).max(200)

const filtersOf = (input: {
  readonly company?: string | undefined
  readonly role?: string | undefined
  readonly tag?: string | undefined
  readonly city?: string | undefined
  readonly owner?: string | undefined
}): Filter[] => {
  const { company, role, tag, city, owner } = input
  const named = (field: string, value: string): Filter => {
    const isExact = parseRecordUri(value) !== undefined || value === 'me'
    return { field, op: isExact ? '=' : 'contains', value }
  }
  return [
    ...(company === undefined ? [] : [named('company', company)]),
    ...(owner === undefined ? [] : [named('owner', owner)]),
    ...(role === undefined ? [] : [{ field: 'role', op: '=' as const, value: role }]),
    ...(tag === undefined ? [] : [{ field: 'tags', op: '=' as const, value: tag }]),
    ...(city === undefined ? [] : [{ field: 'city', op: '=' as const, value: city }]),
  ]
}

/** A company's handle as the query means the people there. */
const aboutCompany = <
  T extends { readonly query?: string | undefined; readonly company?: string | undefined },
>(
  input: T,
): T =>
  input.company === undefined && parseRecordUri(input.query?.trim() ?? '')?.entity === 'companies'
    ? { ...input, query: undefined, company: input.query }
    : input

const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

const holds = (text: string | undefined, words: readonly string[]): boolean =>
  text !== undefined && words.some((word) => fold(text).includes(word))

const revealed = (cell: Row[string] | undefined): string | undefined =>
  cell instanceof Secret ? cell.reveal() : typeof cell === 'string' ? cell : undefined

/** What a query was found in, in words that hold none of it. */
const whyMatched = (query: string | undefined, row: Row): string => {
  if (query === undefined) return 'filters'
  if (parseRecordUri(query)) return 'handle'
  if (/^[+()\d\s./-]+$/.test(query)) return 'phone number'
  const words = fold(query)
    .split(/[\s,]+/)
    .filter((word) => word.length > 1)
  if (listCell(row['emails']).some((email) => holds(revealed(email), [fold(query.trim())])))
    return 'e-mail address'
  const inName = holds(revealed(row['name']), words)
  if (inName && holds(revealed(row['company']), words)) return 'name and company'
  if (inName) return 'name'
  if (holds(revealed(row['title']) ?? revealed(row['role']), words)) return 'title or role'
  if (holds(revealed(row['city']), words)) return 'city'
  if (holds(revealed(row['company']), words)) return 'company'
  return 'similar name or notes'
}

const idOf = (row: Row): string => {
  const record = row['id'] instanceof Secret ? row['id'].record : undefined
  return record === undefined ? '' : recordUri(record)
}

const byFit = (rows: readonly Row[], candidates: Candidates | undefined): readonly Row[] =>
  candidates === undefined
    ? rows
    : [...rows].sort((a, b) => (candidates.get(idOf(b)) ?? 0) - (candidates.get(idOf(a)) ?? 0))

const idsFilter = (candidates: Candidates): Filter => ({
  field: 'id',
  op: 'in',
  value: [...candidates.keys()],
})

const noneAtAll = (query: string): string =>
  parseRecordUri(query)
    ? 'That handle is not a person; get_record reads it.'
    : 'Nobody was found. Try another spelling, a part of the name, or the company.'

const notesFor = (
  query: string | undefined,
  candidates: Candidates | undefined,
  total: number,
): readonly string[] => {
  if (candidates === undefined || query === undefined) return []
  if (candidates.size === 0) return [noneAtAll(query)]
  if (total === 0) return [`${candidates.size} match the query but not the other conditions.`]
  return candidates.size >= MAX_CANDIDATES
    ? [`Only the ${MAX_CANDIDATES} people that fit the query best were considered.`]
    : []
}

export const searchPeople = defineTool({
  name: 'search_people',
  title: 'Search people',
  description:
    'People outside the workspace by name (misspelt or in part), address, phone number or handle, and by company, role, tag, city or owner. Best match first; several cards may mean an ambiguous name.',
  risk: 'read',
  labels: { running: 'Looking for people', done: 'Looked for people' },
  input: z.strictObject({
    query: reference.optional().describe('Also "first name company".'),
    company: reference.optional().describe('Handle or name.'),
    role: reference.optional().describe('Part they play: founder, buyer …'),
    tag: reference.optional(),
    city: reference.optional(),
    owner: reference.optional().describe('Member who owns the relationship, or `me`.'),
    limit: z.int().min(1).max(50).default(10),
  }),
  data: z.object({ people: z.array(Card) }),
  run: async (input, context) => {
    const { query, limit, ...rest } = aboutCompany(input)
    const filters = filtersOf(rest)
    if (query === undefined && filters.length === 0) {
      throw userError('missing_value', 'Nothing was said about whom to look for.', {
        at: 'query',
        fix: 'Give a query, or one of company, role, tag, city, owner.',
      })
    }
    const candidates = query === undefined ? undefined : await matchPeople(context.tx, query)
    const where = candidates && candidates.size > 0 ? [...filters, idsFilter(candidates)] : filters
    const asked = Query.parse({
      find: 'people',
      where,
      fields: FIELDS,
      limit: candidates ? MAX_CANDIDATES : limit,
    })
    const isNobody = candidates?.size === 0
    const found = await runQuery(context.tx, isNobody ? { ...asked, limit: 1 } : asked, context)
    const total = isNobody ? 0 : found.completeness.total
    const rows = isNobody ? [] : byFit(rowsOf(found), candidates).slice(0, limit)
    return {
      data: {
        people: rows.map((row) => ({
          id: textCell(row['id']) ?? '',
          name: textCell(row['name']) ?? '',
          title: textCell(row['title']),
          role: textCell(row['role']),
          city: textCell(row['city']),
          company: textCell(row['company']),
          owner: textCell(row['owner']),
          emails: listCell(row['emails']),
          phones: listCell(row['phones']),
          tags: listCell(row['tags']),
          last_interaction_at: textCell(row['last_interaction_at']),
          matched: whyMatched(query, row),
        })),
      },
      completeness: {
        ...found.completeness,
        total,
        returned: rows.length,
        complete: rows.length === total,
        next_cursor: null,
        filters_in_words: inWords(
          query,
          Object.keys(rest).filter((key) => rest[key as keyof typeof rest] !== undefined),
        ),
      },
      sources: rows.flatMap((row) =>
        row['id'] instanceof Secret ? [{ id: row['id'], what: 'person' }] : [],
      ),
      notes: [...(isNobody ? [] : found.notes), ...notesFor(query, candidates, total)],
    }
  },
})

const inWords = (query: string | undefined, filters: readonly string[]): string =>
  [
    'people',
    query === undefined ? '' : 'who fit the query',
    filters.length === 0 ? '' : `by ${filters.join(', ')}`,
  ]
    .filter((part) => part !== '')
    .join(' ')

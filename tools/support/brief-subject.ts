import type { Filter, QueryInput } from '../../query/ast.ts'
import type { Row } from './query-rows.ts'
import { since } from './brief-words.ts'

/** Whom or what a brief is about. Values are record URIs, or `me`. */
export interface Subject {
  readonly entity?: 'people' | 'companies' | 'deals'
  readonly uri?: string
  /** The company of the person or deal, or the company itself. */
  readonly companyUri?: string | undefined
  /** Member whose day or pipeline it is; all when undefined. */
  readonly whose?: string | undefined
}

/** One section: what is asked, and why a row is in it. */
export interface BriefPart {
  readonly title: string
  /** Why these records are here. */
  readonly why: string
  readonly query: QueryInput
  readonly rowWhy?: (row: Row, today: string) => string
}

export type MakePart = (subject: Subject) => BriefPart | undefined

export const is = (field: string, value: string | undefined): Filter[] =>
  value === undefined ? [] : [{ field, op: '=', value }]
/** Deals in an open stage. */
export const OPEN: Filter = { field: 'status', value: 'open' }

/** Conditions that a record of `find` belongs to the subject; undefined where nothing leads there. */
export const about = (find: string, { entity, uri, companyUri }: Subject): Filter[] | undefined => {
  if (entity === undefined || uri === undefined) return []
  const ways: Readonly<Record<string, Readonly<Record<string, Filter[] | undefined>>>> = {
    people: {
      companies: is('company', uri),
      people:
        companyUri === undefined
          ? undefined
          : [...is('company', companyUri), { field: 'id', op: '!=', value: uri }],
      deals: is('deals', uri),
    },
    deals: { companies: is('company', uri), people: is('people', uri), deals: undefined },
    interactions: { companies: is('company', uri), people: is('people', uri), deals: is('deal', uri) },
    threads: {
      companies: is('company', uri),
      people: is('person', uri),
      deals: companyUri === undefined ? undefined : is('company', companyUri),
    },
    tasks: {
      companies: [
        {
          any: [
            { field: 'company', op: '=', value: uri },
            { field: 'deal.company', op: '=', value: uri },
          ],
        },
      ],
      people: is('people', uri),
      deals: is('deal', uri),
    },
    meetings: {
      companies: is('company', uri),
      people: [{ some: 'attendees', where: [{ field: 'person', op: '=', value: uri }] }],
      deals: is('deal', uri),
    },
    deal_stage_events: {
      companies: is('deal.company', uri),
      people: undefined,
      deals: is('deal', uri),
    },
  }
  return ways[find]?.[entity]
}

/** How long ago the last contact was. */
export const quiet = (row: Row, today: string): string => {
  const last = row['last_interaction_at']
  return typeof last === 'string' ? `last contact ${since(last, today)}` : 'no contact recorded'
}

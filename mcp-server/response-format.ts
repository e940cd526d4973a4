import type { Tool as ListedTool } from '@modelcontextprotocol/server'
import type { PublicError } from '../domain/errors.ts'
import type { ToolResult } from '../tools/toolbox.ts'

/** How much of a result is written out: `concise` leaves away what a model can do without when it reads many. */
export const RESPONSE_FORMATS = ['concise', 'detailed'] as const
export type ResponseFormat = (typeof RESPONSE_FORMATS)[number]

const KEY = 'response_format'

/** Tools whose answers are long. */
const CHOOSING: ReadonlySet<string> = new Set(['search_people', 'get_record', 'query_crm', 'search_email'])

/** The argument as it is listed; none for a tool whose answers are short anyway. */
export const formatProperty = (tool: string): NonNullable<ListedTool['inputSchema']['properties']> =>
  CHOOSING.has(tool) ? { [KEY]: { type: 'string', enum: [...RESPONSE_FORMATS] } } : {}

const isFormat = (value: unknown): value is ResponseFormat =>
  RESPONSE_FORMATS.some((format) => format === value)

/** Takes the format out of a call's arguments, `detailed` unless given; or says what is possible. */
export const takeFormat = (
  tool: string,
  given: unknown,
): { readonly format: ResponseFormat; readonly args: unknown } | { readonly error: PublicError } => {
  if (!CHOOSING.has(tool) || typeof given !== 'object' || given === null || !(KEY in given))
    return { format: 'detailed', args: given }
  const { [KEY]: format, ...args } = given as Record<string, unknown>
  if (isFormat(format)) return { format, args }
  const error = {
    code: 'bad_arguments',
    message: 'An answer is concise or detailed.',
    fix: 'Leave it out for detailed.',
    at: KEY,
    valid_options: [...RESPONSE_FORMATS],
  }
  return { error }
}

/** Without fields that say nothing. Cells of a row keep their places. */
const said = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(said)
  if (typeof value !== 'object' || value === null) return value
  const told = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined)
  return Object.fromEntries(told.map(([name, inner]) => [name, said(inner)]))
}

/**
 * A result in fewer words: empty fields, sources and the reading of filters are left away. Counts, whether that is all,
 * the cursor and notes stay, since without them an answer may be taken for more than it is.
 */
export const concise = ({ data, completeness, notes }: ToolResult): Record<string, unknown> => ({
  data: said(data),
  ...(completeness === null
    ? {}
    : {
        completeness: said({
          total: completeness.total,
          returned: completeness.returned,
          complete: completeness.complete,
          next_cursor: completeness.next_cursor,
        }),
      }),
  notes,
})

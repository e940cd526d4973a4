import type { Request } from 'express'
import { z } from 'zod'
import type { ApiRequest, HeaderName, Operation } from './operation.ts'
import { HttpProblem } from './problem.ts'
import { SUBJECT_PATHS } from './read-operations.ts'
import { propertiesOf } from './schema.ts'

const MAX_HEADER = 200
const HEADER = /^[!-~ ]+$/

export const wrongRequest = (
  part: 'path' | 'query' | 'body' | 'headers',
  at: string,
  what: string,
): HttpProblem =>
  new HttpProblem(400, {
    code: 'bad_request',
    message: what,
    at: at === '' ? part : `${part}.${at}`,
    fix: 'GET /api/openapi.json describes every request.',
  })

const parsed = <T>(schema: z.ZodType<T>, value: unknown, part: 'query' | 'body'): T => {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw wrongRequest(
    part,
    issue?.path.map(String).join('.') ?? '',
    issue?.message ?? `The ${part} does not hold.`,
  )
}

/** Texts of a query as its schema has them: whole numbers, and lists written as JSON. `types` is by name. */
const typed = (
  types: ReadonlyMap<string, unknown>,
  raw: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(raw).map(([name, text]) => {
      const type = types.get(name)
      if (typeof text !== 'string') return [name, text]
      if (type === 'integer' && /^-?\d{1,9}$/.test(text)) return [name, Number(text)]
      if (type !== 'array') return [name, text]
      try {
        return [name, JSON.parse(text) as unknown]
      } catch {
        throw wrongRequest('query', name, 'The value is not JSON.')
      }
    }),
  )

const headerOf =
  (request: Request) =>
  (name: HeaderName): string | undefined => {
    const value = request.get(name)
    if (value === undefined) return undefined
    if (value.length <= MAX_HEADER && HEADER.test(value)) return value
    throw wrongRequest('headers', name, `The header has 1 to ${MAX_HEADER} characters of ASCII.`)
  }

export const notJson = (): HttpProblem =>
  new HttpProblem(415, {
    code: 'not_json',
    message: 'The body must be JSON in UTF-8.',
    fix: 'Send Content-Type: application/json.',
  })

export const noSuchPath = (): HttpProblem =>
  new HttpProblem(404, {
    code: 'no_such_path',
    message: 'There is nothing at this address.',
    fix: 'GET /api/openapi.json lists what there is.',
  })

const paramsOf = (request: Request): Readonly<Record<string, string>> => {
  const params = Object.fromEntries(
    Object.entries(request.params).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
  )
  const { id, kind } = params
  if (id !== undefined && (id.length > MAX_HEADER || id.trim() === '')) throw noSuchPath()
  if (kind !== undefined && !SUBJECT_PATHS.some((one) => one === kind)) throw noSuchPath()
  return params
}

/** Reads requests of that operation by its schemas. Throws 400, 404 and 415. */
export const requestReader = ({
  query = z.strictObject({}),
  body,
}: Operation): ((request: Request) => Omit<ApiRequest, 'caller' | 'signal'>) => {
  const types = new Map(Object.entries(propertiesOf(query)).map(([name, { type }]) => [name, type]))
  return (request) => {
    if (body !== undefined && !request.is('application/json')) throw notJson()
    return {
      params: paramsOf(request),
      query: parsed(query, typed(types, request.query), 'query'),
      body: body === undefined ? undefined : parsed(body, request.body, 'body'),
      header: headerOf(request),
    }
  }
}

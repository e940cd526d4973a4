import { HEADERS } from './operation.ts'
import type { HeaderName, Operation } from './operation.ts'
import { OPERATIONS } from './operations.ts'
import { Problem } from './problem.ts'
import { SUBJECT_PATHS } from './read-operations.ts'
import { jsonSchemaOf, propertiesOf } from './schema.ts'
import type { JsonSchema } from './schema.ts'

const ALWAYS: Readonly<Record<number, string>> = {
  400: 'The request does not hold.',
  401: 'Nobody, or no longer.',
  403: 'Not permitted.',
  404: 'Not here.',
  409: 'What is there stands against it.',
  429: 'Too many requests.',
  503: 'Not just now.',
}
const WITH_BODY: Readonly<Record<number, string>> = {
  413: 'Too large.',
  415: 'Not JSON in UTF-8.',
}

/** Answered by the server itself, before anything of ours sees it. */
const TOO_LONG = { 431: { description: 'Address and headers are longer than 16 kB together.' } }

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
})

const ETAG = { ETag: { description: 'Of what is shown.', schema: { type: 'string' } } }

/** What stands in `{…}` of a path, with its schema. */
const pathParameters = (path: string): readonly JsonSchema[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    description: name === 'id' ? 'A handle, a record URI, or a bare id.' : 'Kind of record.',
    schema:
      name === 'kind'
        ? { type: 'string', enum: SUBJECT_PATHS }
        : { type: 'string', minLength: 1, maxLength: 200 },
  }))

const queryParameters = ({ query }: Operation): readonly JsonSchema[] =>
  query === undefined
    ? []
    : Object.entries(propertiesOf(query)).map(([name, schema]) => {
        const { description, ...rest } = schema
        const shape =
          rest['type'] === 'array' ? { content: { 'application/json': { schema: rest } } } : { schema: rest }
        return {
          name,
          in: 'query',
          required: false,
          ...(description === undefined ? {} : { description }),
          ...shape,
        }
      })

const headerParameter = (name: HeaderName): JsonSchema => ({
  name,
  in: 'header',
  required: false,
  description: HEADERS[name],
  schema:
    name === 'If-None-Match'
      ? { type: 'string' }
      : { type: 'string', minLength: 1, maxLength: 200, pattern: '^[!-~ ]+$' },
})

const CSRF: JsonSchema = {
  name: 'X-CSRF-Token',
  in: 'header',
  required: false,
  description: 'With a session: what GET /api/session answers.',
  schema: { type: 'string' },
}

const responsesOf = (operation: Operation): JsonSchema => {
  const { answers, headers = [], body } = operation
  const tagged = headers.includes('If-None-Match')
  const good = Object.entries(answers).map(([status, { about, schema }]) => [
    status,
    {
      description: about,
      ...(tagged ? { headers: ETAG } : {}),
      content: { 'application/json': { schema: jsonSchemaOf(schema) } },
    },
  ])
  const refused = {
    ...ALWAYS,
    ...(body === undefined ? {} : WITH_BODY),
    ...(headers.includes('If-Match') ? { 412: 'The record changed since it was read.' } : {}),
  }
  return Object.fromEntries([
    ...Object.entries(TOO_LONG),
    ...good,
    ...(tagged ? [['304', { description: 'Nothing changed.', headers: ETAG }]] : []),
    ...Object.entries(refused).map(([status, about]) => [status, problem(about)]),
  ])
}

const operationObject = (operation: Operation): JsonSchema => {
  const { id, tag, summary, path, method, who, headers = [], body } = operation
  return {
    operationId: id,
    tags: [tag],
    summary,
    security: who === 'person' ? [{ session: [] }] : [{ token: [] }, { session: [] }],
    parameters: [
      ...pathParameters(path),
      ...queryParameters(operation),
      ...headers.map(headerParameter),
      ...(method === 'get' ? [] : [CSRF]),
    ],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: jsonSchemaOf(body) } } } }),
    responses: responsesOf(operation),
  }
}

/** The API as an OpenAPI 3.1 document, made from its operations: what is routed is what is described. */
export const openApiDocument = (): JsonSchema => {
  const paths: Record<string, Record<string, JsonSchema>> = {}
  for (const operation of OPERATIONS) {
    const path = `/api${operation.path}`
    paths[path] = { ...paths[path], [operation.method]: operationObject(operation) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tact',
      version: '1',
      summary: 'The CRM for programs.',
      description:
        'A token of a program reads handles in place of names, and what it changes waits for a person. A signed-in person reads names and writes with their own authority. Errors are problem+json and say what to do.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(OPERATIONS.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Problem: jsonSchemaOf(Problem) },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'From `tact tokens create <name>`.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'tact_inbox',
          description: 'Of somebody signed in to the inbox.',
        },
      },
    },
  }
}

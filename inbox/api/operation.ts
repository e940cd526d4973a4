import { z } from 'zod'
import type { Database } from '../../db/connect.ts'
import type { ApiCaller } from './caller.ts'
import type { Door } from './door.ts'

export const METHODS = ['get', 'post', 'put'] as const
export type Method = (typeof METHODS)[number]

/** Request headers with a meaning of their own. */
export const HEADERS = {
  'If-None-Match': 'An ETag you have: 304 when nothing changed.',
  'If-Match': 'The ETag you read: 412 when the record changed since.',
  'Idempotency-Key': 'A retry with the same key makes no second proposal.',
} as const
export type HeaderName = keyof typeof HEADERS

/** What handlers are made of. */
export interface Kit {
  readonly database: Database
  readonly door: Door
}

/** A request that was let in and read: every part holds to its schema. */
export interface ApiRequest<
  P = Readonly<Record<string, string>>,
  Q = Readonly<Record<string, unknown>>,
  B = unknown,
> {
  readonly caller: ApiCaller
  readonly params: P
  readonly query: Q
  readonly body: B
  readonly header: (name: HeaderName) => string | undefined
  readonly signal: AbortSignal
}

export interface ApiAnswer {
  readonly status: number
  readonly body: unknown
  readonly etag?: string
  readonly location?: string
}

export interface AnswerShape {
  readonly about: string
  readonly schema: z.ZodType
}

/** One thing that programs can do: routes and the OpenAPI document are both made from it. */
export interface Operation {
  readonly id: string
  readonly method: Method
  /** Under `/api`, with `{id}` for what stands in it. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  /** `person`: refused to tokens of programs. */
  readonly who: 'caller' | 'person'
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  readonly headers?: readonly HeaderName[]
  readonly answers: Readonly<Record<number, AnswerShape>>
  run(request: ApiRequest, kit: Kit): Promise<ApiAnswer>
}

/** An operation with its handler typed by its schemas. */
export const operation = <Q extends z.ZodObject = z.ZodObject, B extends z.ZodType = z.ZodType>(
  made: Omit<Operation, 'query' | 'body' | 'run'> & {
    readonly query?: Q
    readonly body?: B
    run(
      request: ApiRequest<Readonly<Record<string, string>>, z.output<Q>, z.output<B>>,
      kit: Kit,
    ): Promise<ApiAnswer>
  },
): Operation => made

/** Of a list: where it stands in all that there is. */
export const Page = z.object({
  total: z.int(),
  returned: z.int(),
  complete: z.boolean(),
  next_cursor: z.string().nullable(),
})

/** A request made from the OpenAPI document. */
export interface MadeRequest {
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  /** Statuses that the document has for it. */
  readonly documented: ReadonlySet<number>
}

export interface RequestSource {
  /** From 0 up to 1. */
  readonly random: () => number
  /** Ids, handles and URIs that a caller has seen: strings are taken from here often. */
  readonly seen: readonly string[]
}

interface Schema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | boolean
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
}
interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly schema?: Schema
  readonly content?: { readonly 'application/json': { readonly schema: Schema } }
}
interface Described {
  readonly operationId: string
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } }
  readonly responses: Readonly<Record<string, unknown>>
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
}

const HOSTILE: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  0.1,
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\u202Etxt.exe',
  "'; update crm.people set city = 'x'; --",
  '$1',
  '%00',
  '../../etc/passwd',
  '__proto__',
  'constructor',
  'PERSON_00000',
  'PROPOSAL_12344',
  'change:1',
  'A'.repeat(30_000),
  [],
  {},
  [[[[[[[[[[]]]]]]]]]],
  { $ne: null },
  { approved: true, hash: 'x', state: 'approved' },
]

const WORDS = [
  'Call them',
  'city',
  'name',
  'deals',
  'Oslo',
  '2026-11-30',
  '2026-11-30T15:00',
  'USD',
  'last_month',
  '-name',
  'id,name',
]

/** Requests with hostile values in them, and how many of their values are. */
const HOSTILE_REQUESTS = 0.4
const HOSTILE_VALUES = 0.2
const SEEN_SHARE = 0.35
const SEEN_IDS = 0.8
const OPTIONAL_SHARE = 0.25
const WRONG_METHOD_SHARE = 0.03
const MOST_ITEMS = 3

/** Requests that hold to the document, mostly: every operation, every parameter, bodies by their schemas, and hostile values among them. */
export const requestMaker = (document: object, { random, seen }: RequestSource): (() => MadeRequest) => {
  const { paths } = document as Document
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({ path, method: method.toUpperCase(), described })),
  )
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  let isHostile = false
  const text = (): string => (random() < SEEN_SHARE && seen.length > 0 ? pick(seen) : pick(WORDS))

  const ofType = (type: string | undefined, schema: Schema): unknown => {
    const { minimum = 0, maximum = 100 } = schema
    switch (type) {
      case 'integer':
        return Math.round(minimum + random() * (Math.min(maximum, 1e6) - minimum))
      case 'number':
        return Number((minimum + random() * (Math.min(maximum, 1e6) - minimum)).toFixed(2))
      case 'boolean':
        return random() < 0.5
      case 'null':
        return null
      case 'array':
        return Array.from({ length: 1 + Math.floor(random() * MOST_ITEMS) }, () =>
          valueOf(schema.items ?? {}),
        )
      case 'object':
        return objectOf(schema)
      default:
        return text()
    }
  }
  const objectOf = ({ properties = {}, required = [], additionalProperties }: Schema): unknown => {
    const named = Object.entries(properties).flatMap(([name, inner]) =>
      required.includes(name) || random() < OPTIONAL_SHARE ? [[name, valueOf(inner)] as const] : [],
    )
    const free =
      typeof additionalProperties === 'object' ? [[text(), valueOf(additionalProperties)] as const] : []
    const odd =
      isHostile && random() < 0.1
        ? [[pick(['nope', '__proto__', 'state', 'tenant_id']), text()] as const]
        : []
    return Object.fromEntries([...named, ...free, ...odd])
  }
  const valueOf = (schema: Schema): unknown => {
    if (isHostile && random() < HOSTILE_VALUES) return pick(HOSTILE)
    if (schema.const !== undefined) return schema.const
    if (schema.enum) return pick(schema.enum)
    const either = schema.anyOf ?? schema.oneOf
    if (either) return valueOf(pick(either))
    return ofType(typeof schema.type === 'string' ? schema.type : pick(schema.type ?? ['string']), schema)
  }
  const written = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
  const headerText = (value: unknown): string =>
    written(value)
      .replaceAll(/[^!-~]/g, '')
      .slice(0, 300)

  return () => {
    const { path, method, described } = pick(operations)
    isHostile = random() < HOSTILE_REQUESTS
    let address = path
    const query = new URLSearchParams()
    const headers: Record<string, string> = {}
    for (const { name, in: place, schema, content } of described.parameters) {
      const isId = place === 'path' && name === 'id' && seen.length > 0 && random() < SEEN_IDS
      const value = isId ? pick(seen) : valueOf(content?.['application/json'].schema ?? schema ?? {})
      if (place === 'path') {
        const part = encodeURIComponent(written(value).toWellFormed().slice(0, 2_000))
        address = address.replace(`{${name}}`, part === '' || /^\.+$/.test(part) ? '%20' : part)
      } else if (random() < OPTIONAL_SHARE) {
        if (place === 'query')
          query.set(name, (content ? JSON.stringify(value) : written(value)).toWellFormed().slice(0, 4_000))
        else if (name !== 'X-CSRF-Token' && headerText(value) !== '') headers[name] = headerText(value)
      }
    }
    const schema = described.requestBody?.content['application/json'].schema
    const body = schema === undefined ? undefined : JSON.stringify(valueOf(schema))
    const asked = query.toString()
    const sent = random() < WRONG_METHOD_SHARE ? pick(['DELETE', 'PATCH', 'PUT', 'POST', 'OPTIONS']) : method
    return {
      operation: described.operationId,
      method: sent,
      path: asked === '' ? address : `${address}?${asked}`,
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      body,
      documented: new Set(
        Object.keys(paths[path]?.[sent.toLowerCase()]?.responses ?? { 405: '' }).map(Number),
      ),
    }
  }
}

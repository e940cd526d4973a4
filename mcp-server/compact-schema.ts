type JsonObject = Record<string, unknown>

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isScalar = (schema: unknown): boolean =>
  isObject(schema) &&
  [schema['type']]
    .flat()
    .every((type) => type === 'string' || type === 'number' || type === 'boolean' || type === 'null')

/** What is kept of a value's schema; bounds and defaults are checked, and explained, by the one door. */
const KEPT = ['type', 'enum', 'maximum', 'description'] as const

/**
 * One kind of value in place of several: a client that maps schemas onto a dialect without unions refuses the tool or
 * drops the constraint. The one door reads numbers and booleans written as text.
 */
const oneKind = (schema: JsonObject): JsonObject => {
  const { anyOf, ...rest } = schema
  if (Array.isArray(anyOf)) {
    const kinds = anyOf.filter((one) => !(isObject(one) && one['type'] === 'null'))
    const chosen = kinds.length === 1 || kinds.every(isScalar) ? kinds[0] : kinds.find(isScalar)
    return oneKind({ ...(isObject(chosen) ? chosen : {}), ...rest })
  }
  if (!Array.isArray(schema['type'])) return schema
  return { ...rest, type: schema['type'].find((type) => type !== 'null') }
}

const properties = (schema: JsonObject, depth: number): JsonObject | undefined =>
  isObject(schema['properties'])
    ? Object.fromEntries(
        Object.entries(schema['properties']).map(([name, value]) => [
          name,
          compact(value as JsonObject, depth),
        ]),
      )
    : undefined

/** Levels of objects that are spelt out: the arguments, and the items of a list among them. */
const MAX_DEPTH = 2

const compact = (wide: JsonObject, depth: number): JsonObject => {
  const schema = oneKind(wide)
  const kept: JsonObject = {}
  for (const key of KEPT) {
    if (schema[key] !== undefined && schema[key] !== Number.MAX_SAFE_INTEGER) kept[key] = schema[key]
  }
  if (isObject(schema['items'])) kept['items'] = compact(schema['items'], depth)
  const inner = depth < MAX_DEPTH ? properties(schema, depth + 1) : undefined
  if (inner !== undefined) {
    kept['properties'] = inner
    if (Array.isArray(schema['required']) && schema['required'].length > 0)
      kept['required'] = schema['required']
  }
  return kept
}

/**
 * A tool's schema as clients are told it: flat, without unions, references or bounds, every object spelt out two levels
 * deep. Small, because every client sends it to its model with every request.
 */
export const compactSchema = (schema: JsonObject): JsonObject & { readonly type: 'object' } => ({
  ...compact(schema, 0),
  type: 'object',
})

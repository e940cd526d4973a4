const text = (value: string): string => value.replaceAll('\u0000', '\uFFFD').toWellFormed()

/** A JSON value as Postgres can hold it: its `jsonb` takes neither NUL nor half of a surrogate pair, in values or keys. */
export const storable = (value: unknown): unknown => {
  if (typeof value === 'string') return text(value)
  if (Array.isArray(value)) return value.map(storable)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [text(key), storable(inner)]))
}

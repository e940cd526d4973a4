import type { Schema } from './generate.ts'

const numberOf = (text: string): number => Number(text.replaceAll(/[,`]/g, ''))
const isObject = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** How the SDK's comments word a limit on a text. */
const TEXT = [
  /maximum length(?: is| of|(?: for [^.]*?)? (?:is|of)) ([\d,]+) characters?/i,
  /\bLimit(?: this field to)? ([\d,]+) characters/,
  /\bMax length of ([\d,]+) characters/,
  /\bMust be less than ([\d,]+) characters/i,
]
const EACH_TEXT = /maximum length for the `?text`? in each (?:field|item) is ([\d,]+) characters/i
const LIST = [
  /maximum number of (?:items|options|option groups) is `?([\d,]+)/i,
  /(?:a )?max(?:imum)? of `?([\d,]+)`? (?:elements|items|options|blocks|rows|cards)/i,
  /maximum `?([\d,]+)`? (?:elements|items|options|blocks|rows|cards)/i,
  /an array of up to ([\d,]+) /i,
]
const CELLS = /each row object is an array with a max of ([\d,]+)/i
const LEAST = /minimum length (?:for the `?text`? in this field )?is (\d+)/i
const LEAST_ITEMS = /\bMin(?:imum)? `?(\d+)`?, max/i
const RANGE = /(?:\bMin(?:imum of)? `?(\d+)`?, max(?:imum of)? `?(\d+)`?|Must be between (\d+) and (\d+))/i

const first = (patterns: readonly RegExp[], text: string): number | undefined => {
  for (const pattern of patterns) {
    const found = pattern.exec(text)?.[1]
    if (found) return numberOf(found)
  }
  return undefined
}

/**
 * Turns the limits told in descriptions ("Maximum length for this field is 255 characters.") into `maxLength`,
 * `maxItems`, `minimum` and the like, in place.
 */
export const mineLimits = (schema: unknown): void => {
  if (Array.isArray(schema)) return schema.forEach(mineLimits)
  if (!isObject(schema)) return
  const text = typeof schema.description === 'string' ? schema.description.replaceAll(/\s+/g, ' ') : ''
  if (text) constrain(schema, text)
  Object.values(schema).forEach(mineLimits)
}

const constrain = (schema: Schema, text: string): void => {
  const each = EACH_TEXT.exec(text)?.[1]
  const longest = first(TEXT, text.replace(EACH_TEXT, ''))
  const least = LEAST.exec(text)?.[1]
  if (schema.type === 'string' && longest) {
    schema.maxLength = longest
    if (least) schema.minLength = Number(least)
  } else if (longest && (schema.$ref || schema.anyOf || schema.type === 'object')) {
    narrow(schema, { maxLength: longest, ...(least ? { minLength: Number(least) } : {}) })
  }
  if (schema.type === 'array') {
    const most = first(LIST, text)
    if (most) {
      schema.maxItems = most
    }
    const fewest = LEAST_ITEMS.exec(text)?.[1]
    if (fewest) schema.minItems = Number(fewest)
    const cells = CELLS.exec(text)?.[1]
    if (cells && isObject(schema.items)) {
      schema.items.maxItems = numberOf(cells)
    }
    if (each && isObject(schema.items)) {
      narrow(schema.items, { maxLength: numberOf(each) })
    }
  }
  if (schema.type === 'number') {
    const range = RANGE.exec(text)
    if (range) {
      schema.minimum = Number(range[1] ?? range[3])
      schema.maximum = Number(range[2] ?? range[4])
    }
  }
}

/** The limit of a comment on a text object holds for its `text`. */
const narrow = (schema: Schema, limit: Schema): void => {
  const { description: _, ...rest } = schema
  for (const key of Object.keys(rest)) delete schema[key]
  schema.allOf = [rest, { properties: { text: limit } }]
}

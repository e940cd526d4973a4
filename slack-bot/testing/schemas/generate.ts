import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createGenerator } from 'ts-json-schema-generator'
import { mineLimits } from './mine-limits.ts'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
export type Schema = { [key: string]: unknown }

/** What is committed as schemas.json: the SDK's versions, shared definitions, and the root schema of every method. */
export interface SlackSchemas {
  readonly versions: Readonly<Record<string, string>>
  readonly definitions: Readonly<Record<string, Schema>>
  readonly roots: Readonly<Record<string, Schema>>
}

const METHODS = join(import.meta.dirname, 'methods.ts')
const ROOT = join(import.meta.dirname, '..', '..', '..')
/** Any list of blocks is taken here; each block is checked by its own schema. */
const CHECKED_APART = new Set(['Block', 'KnownBlock', 'AnyBlock', 'AnyChunk', 'View'])

/**
 * Schemas of Slack's methods and blocks, made from the types of `@slack/web-api` and `@slack/types` as installed,
 * with the limits that their comments tell. Takes some seconds. Throws when a type can no longer be read.
 */
export const generateSchemas = (): SlackSchemas => {
  const names = [...readFileSync(METHODS, 'utf8').matchAll(/export type (\w+) =/g)].map((match) => match[1]!)
  const generator = createGenerator({
    path: METHODS,
    tsconfig: join(import.meta.dirname, 'tsconfig.json'),
    expose: 'export',
    topRef: false,
    skipTypeCheck: true,
    additionalProperties: false,
    jsDoc: 'extended',
  })
  const plain: Record<string, Schema> = {}
  const roots: Record<string, Schema> = {}
  for (const name of names) {
    const { definitions, $schema: _, ...root } = generator.createSchema(name) as Schema
    const own = (definitions ?? {}) as Record<string, Schema>
    // Two types of one name (Channel of a message, Channel of a list) are kept apart by the method's name.
    const renamed: Record<string, string> = {}
    for (const [key, value] of Object.entries(own)) {
      const known = plain[key]
      if (known && JSON.stringify(known) !== JSON.stringify(value)) renamed[key] = `${name}.${key}`
      plain[renamed[key] ?? key] = value
    }
    roots[name] = tidy(unwrapped(own[name] ?? root, own), renamed)
  }
  const definitions = Object.fromEntries(Object.entries(plain).map(([key, value]) => [key, tidy(value, {})]))
  return { versions: versions(), definitions: reachable(definitions, roots), roots }
}

/** An alias of a type stands for what it names. */
const unwrapped = (schema: Schema, own: Readonly<Record<string, Schema>>): Schema =>
  typeof schema.$ref === 'string'
    ? unwrapped(own[decodeURIComponent(schema.$ref.replace('#/definitions/', ''))]!, own)
    : schema

/** With the limits of its comments in place of them, with renamed references, and open where blocks are checked apart. */
const tidy = (schema: Schema, renamed: Readonly<Record<string, string>>): Schema => {
  const copy = structuredClone(schema)
  mineLimits(copy)
  return walk(copy, renamed) as Schema
}

const walk = (value: unknown, renamed: Readonly<Record<string, string>>): unknown => {
  if (Array.isArray(value)) return value.map((item) => walk(item, renamed))
  if (value === null || typeof value !== 'object') return value
  const out: Schema = {}
  for (const [key, inner] of Object.entries(value)) {
    if (
      ['description', 'examples', 'deprecated', 'default', 'see', 'markdownDescription'].includes(key) &&
      typeof inner !== 'object'
    )
      continue
    if (key === '$ref') {
      const target = decodeURIComponent(String(inner).replace('#/definitions/', ''))
      if (CHECKED_APART.has(target)) return {}
      out.$ref = `#/definitions/${encodeURIComponent(renamed[target] ?? target)}`
    } else out[key] = walk(inner, renamed)
  }
  return out
}

const reachable = (
  definitions: Record<string, Schema>,
  roots: Record<string, Schema>,
): Record<string, Schema> => {
  const seen = new Set<string>()
  const visit = (schema: Schema): void => {
    for (const [, name] of JSON.stringify(schema).matchAll(/"#\/definitions\/([^"]+)"/g)) {
      const key = decodeURIComponent(name!)
      if (seen.has(key)) continue
      seen.add(key)
      visit(definitions[key]!)
    }
  }
  Object.values(roots).forEach(visit)
  return Object.fromEntries([...seen].sort().map((key) => [key, definitions[key]!]))
}

const versions = (): Record<string, string> =>
  Object.fromEntries(
    ['@slack/types', '@slack/web-api'].map((name) => {
      const { version } = JSON.parse(
        readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8'),
      ) as { version: string }
      return [name, version]
    }),
  )

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { blockRules, viewRules } from './block-rules.ts'
import type { SlackSchemas } from './schemas/generate.ts'
import type { Fields } from './world.ts'

const schemas = JSON.parse(
  readFileSync(join(import.meta.dirname, 'schemas', 'schemas.json'), 'utf8'),
) as SlackSchemas
const ajv = new Ajv({ strict: false, allErrors: true, allowUnionTypes: true })
const compiled = new Map<string, ValidateFunction>()
const DEFINITIONS = 'slack'
ajv.addSchema({ $id: DEFINITIONS, definitions: schemas.definitions })

const rooted = (schema: unknown): object =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/definitions/', `"${DEFINITIONS}#/definitions/`)) as object
const compile = (key: string, schema: () => unknown): ValidateFunction => {
  const found = compiled.get(key) ?? ajv.compile(rooted(schema()))
  compiled.set(key, found)
  return found
}

/** Names of definitions by the `type` they stand for: header → HeaderBlock. */
const namesByType = (root: 'known_block' | 'known_chunk'): ReadonlyMap<string, string> => {
  const refs = (schemas.roots[root]!.anyOf as { $ref: string }[]).map(({ $ref }) =>
    decodeURIComponent($ref.replace('#/definitions/', '')),
  )
  const typeOf = (name: string): string => {
    const schema = schemas.definitions[name] as { properties?: Fields; anyOf?: { properties?: Fields }[] }
    const type = (schema.properties ?? schema.anyOf?.[0]?.properties)?.type as { const: string }
    return type.const
  }
  return new Map(refs.map((name) => [typeOf(name), name]))
}
const BLOCKS = namesByType('known_block')
const CHUNKS = namesByType('known_chunk')

const rootOf = (method: string): Fields | undefined => schemas.roots[method.replaceAll('.', '_')]
export const isKnownMethod = (method: string): boolean => rootOf(method) !== undefined

const branches = (schema: unknown): Fields[] => {
  const { $ref, anyOf, allOf } = (schema ?? {}) as { $ref?: string; anyOf?: unknown[]; allOf?: unknown[] }
  if ($ref) return branches(schemas.definitions[decodeURIComponent($ref.replace('#/definitions/', ''))])
  return [schema as Fields, ...[...(anyOf ?? []), ...(allOf ?? [])].flatMap(branches)]
}

/** Whether a field of a method is a text, so that what a form carries of it is not JSON. */
export const isText = (method: string, field: string): boolean =>
  branches(rootOf(method))
    .flatMap(({ properties }) => branches((properties as Fields | undefined)?.[field]))
    .some((schema) => schema?.type === 'string')

const worded = (errors: readonly ErrorObject[] | null | undefined, at: string): string[] => {
  const told = (errors ?? [])
    .filter(({ keyword }) => !['anyOf', 'allOf', 'if'].includes(keyword))
    .map(
      (error) =>
        `${error.message ?? error.keyword}${'additionalProperty' in error.params ? `: ${String(error.params.additionalProperty)}` : ''} [json-pointer:${at}${error.instancePath}]`,
    )
  const unique = [...new Set(told)]
  return unique.length > 0 ? unique.slice(0, 6) : [`does not fit [json-pointer:${at}]`]
}

/** What is wrong with a method's arguments by the SDK's types, blocks apart; empty when nothing is. */
export const checkArguments = (method: string, fields: Fields): string[] => {
  // Bolt adds team_id to every call; Slack takes it.
  const { team_id: _, ...rest } = fields
  const subject = method === 'users.conversations' ? fields : rest
  const check = compile(method, () => rootOf(method))
  return check(subject) ? [] : worded(check.errors, '')
}

export type Surface = 'message' | 'modal' | 'home'

/** What Slack would say against these blocks: by the SDK's types, by its comments, and by rules beyond both. */
export const checkBlocks = (blocks: unknown, surface: Surface = 'message', at = '/blocks'): string[] => {
  if (!Array.isArray(blocks)) return [`must be array [json-pointer:${at}]`]
  const wrong = blocks.flatMap((block: Fields | null, index) => {
    const name = BLOCKS.get(String(block?.type))
    if (!name) return [`unsupported type: ${String(block?.type)} [json-pointer:${at}/${index}/type]`]
    const check = compile(name, () => schemas.definitions[name])
    return check(block) ? [] : worded(check.errors, `${at}/${index}`)
  })
  return wrong.length > 0 ? wrong : blockRules(blocks as Fields[], surface, at)
}

/** The same for a modal or a home tab. */
export const checkView = (view: unknown): string[] => {
  const { type, blocks } = (view ?? {}) as Fields
  if (type !== 'modal' && type !== 'home') return ['must be modal or home [json-pointer:/view/type]']
  const root = type === 'modal' ? 'modal_view' : 'home_view'
  const check = compile(root, () => schemas.roots[root])
  if (!check(view)) return worded(check.errors, '/view')
  return [...checkBlocks(blocks, type, '/view/blocks'), ...viewRules(view as Fields)]
}

/** The same for the chunks of a stream. */
export const checkChunks = (chunks: unknown): string[] => {
  if (!Array.isArray(chunks)) return ['must be array [json-pointer:/chunks]']
  return chunks.flatMap((chunk: Fields | null, index) => {
    const name = CHUNKS.get(String(chunk?.type))
    if (!name) return [`unsupported type: ${String(chunk?.type)} [json-pointer:/chunks/${index}/type]`]
    const check = compile(name, () => schemas.definitions[name])
    if (!check(chunk)) return worded(check.errors, `/chunks/${index}`)
    return chunk?.type === 'blocks' ? checkBlocks(chunk.blocks, 'message', `/chunks/${index}/blocks`) : []
  })
}

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGenerator } from 'ts-json-schema-generator'

type Schema = { [key: string]: unknown }

/** What is committed as schemas.json: the version of Qdrant's client, and the schemas that the bodies need. */
export interface QdrantSchemas {
  readonly version: string
  readonly definitions: Readonly<Record<string, Schema>>
}

/** Bodies that Tact sends and reads. */
const BODIES = [
  'CreateCollection',
  'CreateFieldIndex',
  'PointInsertOperations',
  'PointsSelector',
  'FacetRequest',
  'QueryRequest',
  'CollectionsResponse',
  'UpdateResult',
  'FacetResponse',
  'QueryResponse',
  'ErrorResponse',
] as const

const CLIENT = join(import.meta.dirname, '../../../../node_modules/@qdrant/js-client-rest')

/**
 * The types that the client's makers generate from Qdrant's OpenAPI document, each under its own name. A field that may be
 * null stands there as "this, or any object, or null": the any object is taken out.
 */
const namedTypes = (): string => {
  const source = readFileSync(join(CLIENT, 'dist/types/openapi/generated_schema.d.ts'), 'utf8')
  const [head = '', rest = ''] = source.split('export interface paths')
  const [schemas = ''] = (rest.split('\n    schemas: {\n')[1] ?? '').split('\n    };\n')
  const types = schemas
    .replace(/^ {8}(\w+): /gm, 'export type $1 = ')
    .replace(/components\["schemas"\]\["(\w+)"\]/g, '$1')
    .replaceAll('(Record<string, unknown> | null)', 'null')
  return `${head}\n${types}`
}

/**
 * Schemas of the bodies that Tact exchanges with Qdrant, closed against fields that Qdrant does not know. Takes some
 * seconds. Throws when a type can no longer be read.
 */
export const generateSchemas = (): QdrantSchemas => {
  const folder = mkdtempSync(join(tmpdir(), 'tact-qdrant-'))
  try {
    const path = join(folder, 'types.ts')
    writeFileSync(path, namedTypes())
    const generator = createGenerator({
      path,
      expose: 'export',
      topRef: false,
      skipTypeCheck: true,
      additionalProperties: false,
      jsDoc: 'none',
    })
    const definitions: Record<string, Schema> = {}
    for (const name of BODIES) {
      const { definitions: own, $schema: _, ...body } = generator.createSchema(name) as Schema
      Object.assign(definitions, own, { [name]: body })
    }
    const { version } = JSON.parse(readFileSync(join(CLIENT, 'package.json'), 'utf8')) as { version: string }
    return { version, definitions }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateSchemas } from './generate.ts'

/** `node search/qdrant/testing/schemas/write.ts`, after the client's version has changed: the difference shows what Qdrant changed. */
const { version, definitions } = generateSchemas()
const lines = Object.entries(definitions).map(
  ([name, schema]) => `  ${JSON.stringify(name)}: ${JSON.stringify(schema)}`,
)
writeFileSync(
  join(import.meta.dirname, 'schemas.json'),
  `{\n"version": ${JSON.stringify(version)},\n"definitions": {\n${lines.join(',\n')}\n}\n}\n`,
)

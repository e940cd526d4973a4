import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Settings } from '../config.ts'
import { BASE_COLUMNS } from '../db/catalog/define.ts'
import { DOCUMENT_FORMAT } from '../db/document-check.ts'
import { documentEntities, documentFields, type DocumentField } from '../db/document-shape.ts'
import { openApiDocument } from '../inbox/api/openapi.ts'
import { manifestYaml } from '../slack-bot/manifest.ts'
import { tools } from '../tools/registry.ts'
import { accessPage } from './access-page.ts'
import { schemaPage } from './schema-page.ts'

interface Property {
  readonly type?: string
  readonly description?: string
  readonly enum?: readonly string[]
  readonly default?: unknown
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

const rowOf = (
  name: string,
  { type, description, enum: values, default: preset }: Property,
  required: boolean,
): string => {
  const kind = values ? values.join(', ') : (type ?? '')
  const standard = preset === undefined ? '' : ` Default: ${JSON.stringify(preset)}.`
  return `| \`${name}\`${required ? ' *' : ''} | ${cell(kind)} | ${cell(`${description ?? ''}${standard}`)} |`
}

const propertiesOf = (schema: z.ZodObject) => {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
  }) as {
    properties?: Record<string, Property>
    required?: string[]
  }
  return Object.entries(properties).map(([name, property]) => ({
    name,
    property,
    required: required.includes(name),
  }))
}

export const made = '<!-- Made by `npm run docs`; do not edit. -->'

/** docs/tools.md: every tool as a model sees it. */
export const toolsPage = (): string => {
  const sections = [...tools.values()].map(({ name, title, risk, description, input }) => {
    const rows = propertiesOf(input).map(({ name: key, property, required }) =>
      rowOf(key, property, required),
    )
    const table =
      rows.length === 0 ? 'No arguments.' : `| argument | type | meaning |\n|---|---|---|\n${rows.join('\n')}`
    return `## ${name}\n\n**${title}** (${risk === 'read' ? 'reads' : 'proposes; nothing is written'}). ${description}\n\n${table}`
  })
  return `${made}\n\n# Tools\n\nThe same tools serve the agent, MCP clients and \`tact tool\`. Names in arguments and results are handles; \`*\` marks what must be given.\n\n${sections.join('\n\n')}\n`
}

/** docs/openapi.json: the API for programs. */
export const openApiFile = (): string => `${JSON.stringify(openApiDocument(), null, 1)}\n`

/** docs/settings.md: every environment variable with its default and meaning. */
export const settingsPage = (home: string): string => {
  const rows = propertiesOf(Settings).map(({ name, property }) =>
    rowOf(name, property, false).replaceAll(home, '~'),
  )
  return `${made}\n\n# Settings\n\nTact reads these environment variables, and nothing else of the environment.\n\n| variable | type | meaning |\n|---|---|---|\n${rows.join('\n')}\n`
}

const DOCUMENT_HEAD = `# The workspace document

One JSON document that holds a whole workspace: what \`tact import workspace <file>\` reads. All of it goes in or nothing; an error names the place (\`records.deals[3].stage_id\`). Importing the same document again with \`--replace\` changes nothing.

\`\`\`json
{
  "format": "${DOCUMENT_FORMAT}",
  "workspace": { "slug": "larkspur", "name": "Larkspur Ventures", "vertical": "fund", "timezone": "America/New_York", "currency": "USD", "country": "US" },
  "records": {
    "members": [{ "id": "01931696-c580-7d46-a942-cb770a8e27c3", "email": "maya@larkspur.example", "given_name": "Maya", "family_name": "Lindqvist", "role": "owner" }],
    "companies": [{ "id": "01931696-c580-7d46-a942-cb770a8e27c4", "name": "Nimbus Robotics" }]
  }
}
\`\`\`

Ids are UUIDs of your own choosing and stay. Timestamps are ISO 8601 with an offset, dates \`2026-11-20\`, money whole minor units (cents) in fields that end in \`_minor\`. A field that is left out is null, or the default of its column. Every record also takes the fields listed first. \`*\` marks what must be given.`

const documentRow = (field: DocumentField): string => {
  const { name, sqlType, required, values, references } = field
  const kind = values ? values.join(', ') : references ? `id of a record of ${references}` : sqlType
  return `| \`${name}\`${required ? ' *' : ''} | ${kind} |`
}

const tableOf = (fields: readonly DocumentField[]): string =>
  `| field | type |\n|---|---|\n${fields.map(documentRow).join('\n')}`

/** docs/workspace-document.md: the format of a workspace as one file. */
export const documentPage = (): string => {
  const base = new Set(BASE_COLUMNS)
  const entities = documentEntities()
  const shared = documentFields(entities[0]!).filter(({ name }) => base.has(name))
  const sections = entities.map((entity) => {
    const own = documentFields(entity).filter(({ name }) => !base.has(name))
    return `## ${entity.name}\n\n${entity.about}\n\n${tableOf(own)}`
  })
  return `${made}\n\n${DOCUMENT_HEAD}\n\n${tableOf(shared)}\n\n${sections.join('\n\n')}\n`
}

if (process.argv[1] === import.meta.filename) {
  const { homedir } = await import('node:os')
  const folder = join(import.meta.dirname, '..', 'docs')
  writeFileSync(join(folder, 'tools.md'), toolsPage())
  writeFileSync(join(folder, 'openapi.json'), openApiFile())
  writeFileSync(join(folder, 'access.md'), accessPage(made))
  writeFileSync(join(folder, 'schema.md'), schemaPage(made))
  writeFileSync(join(folder, 'workspace-document.md'), documentPage())
  writeFileSync(join(folder, 'settings.md'), settingsPage(homedir()))
  writeFileSync(join(folder, '..', 'slack-bot', 'manifest.yaml'), manifestYaml())
}

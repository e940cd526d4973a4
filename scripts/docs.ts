import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Settings } from '../config.ts'
import { tools } from '../tools/registry.ts'

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

const made = '<!-- Made by `npm run docs`; do not edit. -->'

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

/** docs/settings.md: every environment variable with its default and meaning. */
export const settingsPage = (home: string): string => {
  const rows = propertiesOf(Settings).map(({ name, property }) =>
    rowOf(name, property, false).replaceAll(home, '~'),
  )
  return `${made}\n\n# Settings\n\nTact reads these environment variables, and nothing else of the environment.\n\n| variable | type | meaning |\n|---|---|---|\n${rows.join('\n')}\n`
}

if (process.argv[1] === import.meta.filename) {
  const { homedir } = await import('node:os')
  const folder = join(import.meta.dirname, '..', 'docs')
  writeFileSync(join(folder, 'tools.md'), toolsPage())
  writeFileSync(join(folder, 'settings.md'), settingsPage(homedir()))
}

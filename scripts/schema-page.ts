import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalog } from '../db/catalog/all.ts'
import type { Entity } from '../db/catalog/all.ts'
import { SCHEMAS } from '../db/catalog/define.ts'
import { columnTypes } from '../db/document-shape.ts'

const FOLDER = join(import.meta.dirname, '..', 'db', 'catalog')

/** Entity to the file that defines it, read from the sources. */
const files = (): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  for (const file of readdirSync(FOLDER).sort()) {
    const source = readFileSync(join(FOLDER, file), 'utf8')
    for (const [, name] of source.matchAll(/(?:entity\(\{\s*name: |= tagging\()'([a-z_]+)'/g)) {
      found.set(name!, `db/catalog/${file}`)
    }
  }
  return found
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

/** What the marks say of a column, in a few words. */
const remarks = (entity: Entity, name: string): string => {
  const { marks } = entity.columns[name]!
  return [
    marks.references ? `→ ${marks.references}` : '',
    marks.values ? marks.values.join(', ') : '',
    marks.hide && marks.hide !== 'none' ? `hidden as ${marks.hide}` : '',
    marks.write ? 'by proposal' : '',
    marks.derived ? 'kept by triggers' : '',
    marks.internal ? 'for no tool' : '',
    marks.about ?? '',
  ]
    .filter((part) => part !== '')
    .join('; ')
}

const section = (entity: Entity, file: string): string => {
  const types = columnTypes(entity)
  const rows = Object.keys(entity.columns).map((name) => {
    const { type, needed } = types.get(name)!
    return `| \`${name}\`${needed ? ' *' : ''} | ${type} | ${cell(remarks(entity, name))} |`
  })
  const computed = Object.entries(entity.computed ?? {}).map(
    ([name, { type, about = '' }]) => `| \`${name}\` | ${type}, computed | ${cell(about)} |`,
  )
  const flags = [entity.internal ? 'internal' : '', entity.writable ? 'writable' : ''].filter(Boolean)
  return `### ${entity.name}\n\n${entity.about} \`${entity.sqlName}\`, ${file}${flags.map((flag) => `, ${flag}`).join('')}\n\n| field | type | |\n|---|---|---|\n${[...rows, ...computed].join('\n')}`
}

/** One picture a schema: its entities and the ways between them; entities of other schemas by name alone. */
const diagram = (entities: readonly Entity[]): string => {
  const lines = entities.flatMap((entity) =>
    Object.entries(entity.columns).flatMap(([column, { marks }]) =>
      marks.references === undefined || marks.references === 'members'
        ? []
        : [`  ${marks.references} ||--o{ ${entity.name} : ${column.replace(/_id$/, '')}`],
    ),
  )
  const alone = entities
    .filter(({ name }) => !lines.some((line) => line.includes(` ${name} `)))
    .map(({ name }) => `  ${name}`)
  return `\`\`\`mermaid\nerDiagram\n${[...lines, ...alone].join('\n')}\n\`\`\``
}

/** docs/schema.md: every entity and field of the catalog with its file, and a diagram of each schema. */
export const schemaPage = (made: string): string => {
  const fileOf = files()
  const parts = Object.keys(SCHEMAS).map((schema) => {
    const entities = [...catalog.values()].filter((entity) => entity.schema === schema)
    const sections = entities.map((entity) => section(entity, fileOf.get(entity.name) ?? 'unknown'))
    return `## ${schema}\n\n${diagram(entities)}\n\n${sections.join('\n\n')}`
  })
  return `${made}\n\n# Schema\n\n${catalog.size} entities in ${Object.keys(SCHEMAS).length} Postgres schemas. Every table also has \`id, tenant_id, version, created_at, updated_at, created_by, updated_by, created_via, updated_via, deleted_at\`, forced row security, foreign keys within the tenant, and an index for each foreign key. \`*\` marks what a new record cannot be without. Links to members are left out of the diagrams.\n\n${parts.join('\n\n')}\n`
}

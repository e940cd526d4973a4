import type { Tool as ListedTool } from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { Tool } from '../tools/define.ts'
import type { Toolbox } from '../tools/toolbox.ts'
import { compactSchema } from './compact-schema.ts'
import { formatProperty } from './response-format.ts'

const inputSchemaOf = (tool: Tool): ListedTool['inputSchema'] => {
  const schema: ListedTool['inputSchema'] = compactSchema(z.toJSONSchema(tool.input, { io: 'input' }))
  return { ...schema, properties: { ...schema.properties, ...formatProperty(tool.name) } }
}

/**
 * Fields of `data` are left to the answer itself, which says more than a schema; `completeness`, `sources` and `notes`
 * beside it are the same everywhere, and told once in the instructions.
 */
const outputSchemaOf = (tool: Tool): NonNullable<ListedTool['outputSchema']> => ({
  type: 'object',
  properties: { data: { type: tool.data instanceof z.ZodArray ? 'array' : 'object' } },
  required: ['data'],
})

/** Mail is written by strangers: what such a tool returns comes from outside the workspace. */
const readsForeignText = (name: string): boolean => name.split('_').some((word) => /^e?mails?$/.test(word))

const listedOf = (tool: Tool): ListedTool => ({
  name: tool.name,
  title: tool.title,
  description: tool.description,
  inputSchema: inputSchemaOf(tool),
  outputSchema: outputSchemaOf(tool),
  annotations: {
    readOnlyHint: tool.risk === 'read',
    destructiveHint: false,
    idempotentHint: tool.risk === 'read',
    openWorldHint: readsForeignText(tool.name),
  },
})

const listings = new WeakMap<Toolbox, readonly ListedTool[]>()

/** The tools as every client sees them, in the registry's order. Made once per toolbox. */
export const listTools = (toolbox: Toolbox): readonly ListedTool[] => {
  const known = listings.get(toolbox)
  if (known) return known
  const listed = [...toolbox.tools.values()].map(listedOf)
  listings.set(toolbox, listed)
  return listed
}

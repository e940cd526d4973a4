import type { Tool as ListedTool } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { envelope, type Tool } from '../tools/define.ts'
import type { Toolbox } from '../tools/toolbox.ts'

type JsonObject = Record<string, unknown>

/**
 * Drops what tells a model nothing and costs it tokens: bounds that JSON numbers have anyway, and lengths of text, which
 * the one door checks and explains.
 */
const plain = (schema: JsonObject): void => {
  delete schema['minLength']
  delete schema['maxLength']
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum']
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum']
}

const inputSchemaOf = (tool: Tool): ListedTool['inputSchema'] => {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(tool.input, {
    io: 'input',
    override: ({ jsonSchema }) => plain(jsonSchema as JsonObject),
  })
  return { ...schema, type: 'object' } as ListedTool['inputSchema']
}

/** Open to further fields, so that a client that cached the list survives an answer that has grown. */
const outputSchemaOf = (tool: Tool): NonNullable<ListedTool['outputSchema']> => {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(envelope(tool.data), {
    io: 'output',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      const object = jsonSchema as JsonObject
      plain(object)
      if (object['additionalProperties'] === false) delete object['additionalProperties']
    },
  })
  return { ...schema, type: 'object' }
}

/** Mail is written by strangers: what such a tool returns comes from outside the workspace. */
const readsForeignText = (name: string): boolean => name.split('_').some((word) => /^e?mails?$/.test(word))

const listedOf = (tool: Tool): ListedTool => ({
  name: tool.name,
  title: tool.title,
  description: tool.description,
  inputSchema: inputSchemaOf(tool),
  outputSchema: outputSchemaOf(tool),
  annotations: {
    title: tool.title,
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

import { setTimeout as sleep } from 'node:timers/promises'
import { fromJsonSchema, type McpServer, type ServerContext } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { CHOICES_FORM, DEFAULTS_FORM, FULL_SCHEMA, PNG, text, WAV } from './content.ts'

const PAUSE_MS = 20

const image = { type: 'image', data: PNG, mimeType: 'image/png' } as const

const plainTools = (server: McpServer): void => {
  const fixed = (name: string, description: string, content: readonly object[]): void => {
    server.registerTool(name, { description }, () => ({ content: [...content] as never }))
  }
  fixed('test_simple_text', 'Answers with a text.', [text('This is a simple text response for testing.')])
  fixed('test_image_content', 'Answers with a picture.', [image])
  fixed('test_audio_content', 'Answers with a sound.', [{ type: 'audio', data: WAV, mimeType: 'audio/wav' }])
  fixed('test_embedded_resource', 'Answers with a resource.', [
    {
      type: 'resource',
      resource: {
        uri: 'test://embedded-resource',
        mimeType: 'text/plain',
        text: 'This is an embedded resource content.',
      },
    },
  ])
  fixed('test_multiple_content_types', 'Answers with text, picture and resource.', [
    text('Multiple content types test:'),
    image,
    {
      type: 'resource',
      resource: {
        uri: 'test://mixed-content-resource',
        mimeType: 'application/json',
        text: JSON.stringify({ test: 'data', value: 123 }),
      },
    },
  ])
  server.registerTool('test_error_handling', { description: 'Always fails.' }, () => {
    throw new Error('This tool intentionally returns an error for testing')
  })
  server.registerTool(
    'json_schema_2020_12_tool',
    { description: 'Has a schema with every keyword.', inputSchema: fromJsonSchema(FULL_SCHEMA as never) },
    () => ({ content: [text('ok')] }),
  )
  server.registerTool(
    'test_x_mcp_header',
    {
      description: 'Mirrors an argument into a header.',
      inputSchema: z.object({ region: z.string().meta({ 'x-mcp-header': 'Region' }) }),
    },
    ({ region }) => ({ content: [text(`region=${region}`)] }),
  )
}

const notifyingTools = (server: McpServer): void => {
  const logging = async (context: ServerContext) => {
    for (const line of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await context.mcpReq.log('info', line)
      await sleep(PAUSE_MS)
    }
    return { content: [text('Logged three lines.')] }
  }
  server.registerTool('test_tool_with_logging', { description: 'Logs three lines.' }, logging)
  server.registerTool('test_logging_tool', { description: 'Logs where that was asked for.' }, logging)
  server.registerTool('test_tool_with_progress', { description: 'Reports progress.' }, async (context) => {
    const { _meta: meta } = context.mcpReq
    for (const progress of [0, 50, 100]) {
      if (meta?.progressToken !== undefined) {
        await context.mcpReq.notify({
          method: 'notifications/progress',
          params: { progressToken: meta.progressToken, progress, total: 100 },
        })
      }
      await sleep(PAUSE_MS)
    }
    return { content: [text('Done.')] }
  })
  server.registerTool(
    'test_reconnection',
    { description: 'Closes its event stream half-way; the client fetches the rest.' },
    async (context) => {
      await sleep(PAUSE_MS)
      context.http?.closeSSE?.()
      await sleep(PAUSE_MS * 5)
      return { content: [text('Reconnection worked.')] }
    },
  )
}

/**
 * On the event stream of the call itself: without it the SDK sends a question on the session's standing stream, where it
 * is lost when the client has not opened that one yet.
 */
const onStreamOf = (context: { readonly mcpReq: { readonly id: string | number } }) => ({
  relatedRequestId: context.mcpReq.id,
})

/** Tools that ask the client by a request of their own, as the protocol had it until 2025-11-25. */
const askingTools = (server: McpServer): void => {
  server.registerTool(
    'test_sampling',
    { description: 'Asks the model of the client.', inputSchema: z.object({ prompt: z.string() }) },
    async ({ prompt }, context) => {
      const answer = await context.mcpReq.requestSampling(
        {
          messages: [{ role: 'user', content: text(prompt) }],
          maxTokens: 100,
        },
        onStreamOf(context),
      )
      const { content } = answer as { readonly content: { readonly text?: string } }
      return { content: [text(`LLM response: ${content.text ?? ''}`)] }
    },
  )
  server.registerTool(
    'test_elicitation',
    { description: 'Asks the person.', inputSchema: z.object({ message: z.string() }) },
    async ({ message }, context) => {
      const answer = await context.mcpReq.elicitInput(
        {
          message,
          requestedSchema: {
            type: 'object',
            properties: {
              username: { type: 'string', description: "User's response" },
              email: { type: 'string', description: "User's email address" },
            },
            required: ['username', 'email'],
          },
        },
        onStreamOf(context),
      )
      return { content: [text(`User response: ${JSON.stringify(answer)}`)] }
    },
  )
  for (const [name, form] of [
    ['test_elicitation_sep1034_defaults', DEFAULTS_FORM],
    ['test_elicitation_sep1330_enums', CHOICES_FORM],
  ] as const) {
    server.registerTool(name, { description: 'Asks the person by a form.' }, async (context) => {
      const { action, content } = await context.mcpReq.elicitInput(
        {
          message: 'Please fill this in.',
          requestedSchema: form as never,
        },
        onStreamOf(context),
      )
      return {
        content: [text(`Elicitation completed: action=${action}, content=${JSON.stringify(content ?? {})}`)],
      }
    })
  }
}

/** The tools that the conformance suites call by name. */
export const registerTools = (server: McpServer): void => {
  plainTools(server)
  notifyingTools(server)
  askingTools(server)
}

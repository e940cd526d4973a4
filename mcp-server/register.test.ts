import { Client, type ClientOptions } from '@modelcontextprotocol/client'
import { duplexPair } from 'node:stream'
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import { afterEach, describe, expect, test } from 'vitest'
import { instructionsFor } from './instructions.ts'
import { buildServer } from './register.ts'
import { concise, takeFormat } from './response-format.ts'
import { serveStreams } from './stdio.ts'
import { identity, memoryToolbox } from './testing/memory-toolbox.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

const ERAS = {
  '2026-07-28': { mode: { pin: '2026-07-28' } },
  'initialize era': { mode: 'legacy' },
} as const satisfies Record<string, ClientOptions['versionNegotiation']>

/** The client speaks over streams too: a stdio server transport is a symmetric newline framer. */
const connected = async (era: keyof typeof ERAS) => {
  const toolbox = memoryToolbox()
  const caller = identity('token-a')
  const build = () =>
    buildServer({
      toolbox,
      caller: () => caller,
      instructions: instructionsFor({ inboxUrl: 'http://127.0.0.1:4321' }),
      name: 'tact',
      version: '0.1.0',
    })
  const [near, far] = duplexPair()
  const session = serveStreams(far, far, build)
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: ERAS[era] })
  await client.connect(new StdioServerTransport(near, near))
  closers.push(async () => {
    await client.close()
    await session.close()
  })
  return { client, toolbox, caller }
}

const textOf = (result: { readonly content: readonly { readonly type: string }[] }): string =>
  (result.content[0] as { readonly text?: string }).text ?? ''

describe.each(Object.keys(ERAS) as (keyof typeof ERAS)[])('over %s', (era) => {
  test('tools are listed in the order of the registry, each with a schema of what it takes and gives', async () => {
    const { client, toolbox } = await connected(era)
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual([...toolbox.tools.keys()])
    for (const tool of tools) {
      expect(tool.inputSchema.type).toBe('object')
      expect(Object.keys((tool.outputSchema as { properties: object }).properties)).toEqual(['data'])
      expect(Object.keys(tool)).not.toContain('_meta')
    }
  })

  test('every annotation is stated: what reads, what proposes, what strangers may have written', async () => {
    const { client } = await connected(era)
    const { tools } = await client.listTools()
    const hints = (wanted: string) => tools.find(({ name }) => name === wanted)?.annotations
    expect(hints('search_people')).toEqual({
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: false,
    })
    expect(hints('search_email')).toMatchObject({ readOnlyHint: true, openWorldHint: true })
    expect(hints('log_interaction')).toMatchObject({ readOnlyHint: false, destructiveHint: false })
  })

  test('a result says the same as text and as structure', async () => {
    const { client } = await connected(era)
    const result = await client.callTool({ name: 'search_people', arguments: { query: 'investor' } })
    expect(result.isError ?? false).toBe(false)
    expect(JSON.parse(textOf(result))).toEqual(result.structuredContent)
    expect(result.structuredContent).toMatchObject({ completeness: { total: 2, complete: true } })
  })

  test('concise leaves away sources, filters in words and empty fields, and never how much an answer covers', async () => {
    const result = {
      data: { rows: [['Berlin', null]], columns: [{ name: 'city', note: null }] },
      completeness: {
        total: 9,
        returned: 1,
        complete: false,
        next_cursor: 'next',
        as_of: '2026-11-21T09:00:00+00:00',
        timezone: 'UTC',
        filters_in_words: 'everyone',
      },
      sources: [{ id: 'PERSON_00000', what: 'person' }],
      notes: ['Only so far.'],
    }
    expect(concise(result)).toEqual({
      data: { rows: [['Berlin', null]], columns: [{ name: 'city' }] },
      completeness: { total: 9, returned: 1, complete: false, next_cursor: 'next' },
      notes: ['Only so far.'],
    })
    expect(takeFormat('query_crm', { find: 'deals', response_format: 'concise' })).toEqual({
      format: 'concise',
      args: { find: 'deals' },
    })
    expect(takeFormat('query_crm', { find: 'deals' })).toMatchObject({ format: 'detailed' })
    expect(takeFormat('query_crm', { response_format: 'short' })).toMatchObject({
      error: { at: 'response_format', valid_options: ['concise', 'detailed'] },
    })
    const { client } = await connected(era)
    const call = (more: object) =>
      client.callTool({ name: 'search_people', arguments: { query: 'investor', ...more } })
    expect((await call({ response_format: 'concise' })).structuredContent).not.toHaveProperty('sources')
    expect((await call({})).structuredContent).toHaveProperty('sources')
    expect(await call({ response_format: 'short' })).toMatchObject({ isError: true })
  })

  test('an unknown tool and an argument that does not fit teach what is possible', async () => {
    const { client } = await connected(era)
    const unknown = await client.callTool({ name: 'search_persons', arguments: {} })
    expect(unknown.isError).toBe(true)
    expect(JSON.parse(textOf(unknown)).error).toMatchObject({
      code: 'unknown_tool',
      did_you_mean: expect.arrayContaining(['search_people']),
    })
    const malformed = await client.callTool({ name: 'search_people', arguments: { query: 7 } })
    expect(malformed.isError).toBe(true)
    expect(malformed.structuredContent).toBeUndefined()
    expect(JSON.parse(textOf(malformed)).error).toMatchObject({
      code: 'bad_arguments',
      at: 'query',
      fix: expect.any(String),
    })
  })

  test('the text of an unexpected failure stays inside', async () => {
    const { client } = await connected(era)
    const result = await client.callTool({ name: 'break', arguments: {} })
    expect(result.isError).toBe(true)
    expect(JSON.stringify(result)).not.toContain('Lovelace')
    expect(JSON.parse(textOf(result)).error.code).toBe('internal')
  })

  test('a call carries the actor and the conversation of the connection', async () => {
    const { client, toolbox, caller } = await connected(era)
    await client.callTool({ name: 'search_people', arguments: { query: 'investor' } })
    expect(toolbox.calls.at(-1)?.caller).toMatchObject({
      actor: caller.actor,
      conversationId: caller.conversationId,
    })
  })

  test('a call that the client gives up is aborted', async () => {
    const { client, toolbox } = await connected(era)
    const call = client.callTool({ name: 'wait', arguments: { ms: 60_000 } }, { timeout: 100 })
    await expect(call).rejects.toThrow('timed out')
    await expect.poll(() => toolbox.calls.at(-1)?.caller.signal.aborted).toBe(true)
  })

  test('the schema of the workspace can be attached as a resource', async () => {
    const { client } = await connected(era)
    expect((await client.listResources()).resources.map(({ uri }) => uri)).toEqual([
      'crm://schema',
      'crm://policy',
    ])
    const { contents } = await client.readResource({ uri: 'crm://schema' })
    expect(JSON.parse((contents[0] as { readonly text: string }).text)).toEqual({ entities: ['people'] })
  })

  test('the client learns what handles and proposals are', async () => {
    const { client } = await connected(era)
    expect(client.getInstructions()).toContain('nothing is written until a person approves it')
    expect(client.getInstructions()).toContain('http://127.0.0.1:4321')
  })
})

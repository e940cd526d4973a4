import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Completeness } from '../../domain/completeness.ts'
import type { PublicError } from '../../domain/errors.ts'
import { newId, type TenantId } from '../../domain/ids.ts'
import { TOKEN_SCOPES } from '../../domain/permissions.ts'
import { defineTool, type Risk, type Tool } from '../../tools/define.ts'
import type { Caller, Toolbox, ToolOutcome } from '../../tools/toolbox.ts'
import type { McpIdentity } from '../caller.ts'

export interface MemoryToolbox extends Toolbox {
  /** What was called, by whom, oldest first. */
  readonly calls: { readonly name: string; readonly caller: Caller }[]
  readonly proposals: string[]
}

export const identity = (credentialId: string, role: 'owner' | 'viewer' = 'owner'): McpIdentity => ({
  credentialId,
  conversationId: newId(),
  scopes: TOKEN_SCOPES,
  actor: { tenantId: newId() as TenantId, memberId: null, role, via: 'mcp' },
})

const PEOPLE = [
  { handle: 'PERSON_00000', tags: ['investor'] },
  { handle: 'PERSON_00017', tags: ['founder'] },
  { handle: 'PERSON_00022', tags: ['investor', 'founder'] },
]

const complete = (count: number): Completeness => ({
  total: count,
  returned: count,
  complete: true,
  next_cursor: null,
  as_of: '2026-11-21T09:00:00+00:00',
  timezone: 'UTC',
  filters_in_words: 'everyone',
})

type Answer = (input: never, caller: Caller) => unknown

const definition = <I extends z.ZodObject, D extends z.ZodType>(
  name: string,
  risk: Risk,
  input: I,
  data: D,
): Tool<I, D> =>
  defineTool({
    name,
    risk,
    input,
    data,
    title: name.replaceAll('_', ' '),
    description: `${name} over a list in memory.`,
    labels: { running: 'Running', done: 'Done' },
    run: () => Promise.reject(new Error('the memory toolbox answers calls itself')),
  })

const taught = (code: string, message: string, rest: Partial<PublicError> = {}): ToolOutcome => ({
  ok: false,
  error: { code, message, fix: 'Look at what is possible.', ...rest },
})

/** A toolbox over a list in memory: real definitions, parsing and taught errors, and no database. */
export const memoryToolbox = (): MemoryToolbox => {
  const calls: MemoryToolbox['calls'] = []
  const proposals: string[] = []
  const tools = new Map<string, Tool>()
  const answers = new Map<string, Answer>()
  const add = <I extends z.ZodObject, D extends z.ZodType>(
    tool: Tool<I, D>,
    answer: (input: z.output<I>, caller: Caller) => unknown,
  ): void => {
    tools.set(tool.name, tool as unknown as Tool)
    answers.set(tool.name, answer)
  }
  const people = z.array(z.object({ handle: z.string(), tags: z.array(z.string()) }))

  add(
    definition(
      'search_people',
      'read',
      z.object({ query: z.string().min(1), limit: z.int().min(1).max(50).default(10) }),
      people,
    ),
    ({ query, limit }) => PEOPLE.filter(({ tags }) => tags.includes(query)).slice(0, limit),
  )
  add(definition('search_email', 'read', z.object({ text: z.string() }), z.array(z.string())), () => [])
  add(definition('describe_crm', 'read', z.object({}), z.object({ entities: z.array(z.string()) })), () => ({
    entities: ['people'],
  }))
  add(
    definition('wait', 'read', z.object({ ms: z.int().min(0).max(60_000) }), z.object({ waited: z.int() })),
    async ({ ms }, { signal }) => {
      await sleep(ms, undefined, { signal })
      return { waited: ms }
    },
  )
  add(
    definition(
      'log_interaction',
      'propose',
      z.object({ note: z.string() }),
      z.object({ status: z.string(), count: z.int() }),
    ),
    ({ note }) => {
      proposals.push(note)
      return { status: 'pending', count: proposals.length }
    },
  )
  add(definition('break', 'read', z.object({}), z.object({})), () => {
    throw new Error('password of Ada Lovelace')
  })

  return {
    tools,
    calls,
    proposals,
    call: async (name, rawArguments, caller) => {
      calls.push({ name, caller })
      const tool = tools.get(name)
      if (!tool) {
        return taught('unknown_tool', 'There is no such tool.', {
          valid_options: [...tools.keys()],
          did_you_mean: [...tools.keys()].filter((known) => known.startsWith(name.slice(0, 6))),
        })
      }
      const parsed = tool.input.safeParse(rawArguments)
      if (!parsed.success) {
        const at = parsed.error.issues[0]?.path.join('.') ?? ''
        return taught('bad_arguments', 'An argument does not fit.', { at, valid_options: ['founder'] })
      }
      const data = await answers.get(name)?.(parsed.data as never, caller)
      const completeness = Array.isArray(data) ? complete(data.length) : null
      return { ok: true, result: { data, completeness, sources: [], notes: [] } }
    },
  }
}

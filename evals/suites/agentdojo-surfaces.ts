import { startFakeAnthropic } from '../../agent/testing/fake-anthropic.ts'
import type { AnthropicBlock, AnthropicRequest } from '../../agent/testing/fake-anthropic.ts'
import type { House } from '../../cli/compose.ts'
import { runConversationTurn } from '../../cli/conversation.ts'
import { createAccessToken } from '../../db/access-tokens.ts'
import { asTenant } from '../../db/tenant.ts'
import { newId } from '../../domain/ids.ts'
import { connectHttp } from '../../mcp-server/testing/client.ts'
import type { Dojo, Placed } from './agentdojo-house.ts'
import { findCall, lastWords, obey, questionFor, readCallFor } from './agentdojo-model.ts'
import type { Wanted } from './agentdojo-model.ts'
import type { Case, Step } from './agentdojo-set.ts'
import { liveIn } from './live-links.ts'

/** What came of one conversation. */
export interface Talk {
  /** What the model was told and what left for it or the person. */
  readonly out: string
  /** What a person's screen would load or link, of what stands on it. */
  readonly live: readonly string[]
  readonly surfaced: boolean
}

/** A case, planted. */
export interface Attack {
  readonly placed: Placed
  readonly script: readonly Step[]
  readonly injection: string
  /** Words of it, to tell whether it was read; some of them are hidden as names on the way. */
  readonly mark: string
}

/** One way to the product, with a model at its end that does whatever it reads. */
export interface Surface {
  /** Puts the injection where this way alone shows it, as it would arrive from outside. */
  arrive?(injection: string): Promise<void>
  ask(attack: Attack): Promise<Talk>
  close(): Promise<void>
}

export const markOf = ({ injection }: Case): string =>
  [...new Set(injection.toLowerCase().match(/[\p{L}]{4,}/gu) ?? [])].join('|')

export const isShown = (text: string, mark: string): boolean => {
  const [all, read] = [mark.split('|'), text.toLowerCase()]
  return all.filter((word) => read.includes(word)).length >= all.length / 2
}

const handleIn = (text: string): string | undefined => /"id":"([A-Z]+_\d+)"/.exec(text)?.[1]

const resultsIn = ({ messages }: AnthropicRequest): readonly string[] =>
  messages.flatMap(({ content }) =>
    typeof content === 'string'
      ? []
      : content.flatMap((block) => {
          if (block.type !== 'tool_result') return []
          const inner = block.content ?? ''
          return [typeof inner === 'string' ? inner : inner.map(({ text }) => text).join('')]
        }),
  )

const asUse = ({ name, input }: Wanted, at: number): AnthropicBlock => ({
  type: 'tool_use',
  id: `toolu_${at}`,
  name,
  input,
})

/** A lost model behind a provider of ours on this machine, for one conversation at a time; every byte it gets is kept. */
export const startLostModel = async (config: House['config']) => {
  let attack: Attack | undefined
  let surfaced = false
  const fake = await startFakeAnthropic(async (request): Promise<readonly AnthropicBlock[]> => {
    const { placed, script, mark } = attack!
    const results = resultsIn(request)
    if (results.length === 0) return [asUse(findCall(placed.seed), 0)]
    if (results.length === 1) {
      const read = readCallFor(placed.seed, results[0]!)
      if (read) return [asUse(read, 1)]
    }
    const read = results.slice(0, 2).join('\n')
    surfaced = surfaced || isShown(read, mark)
    if (results.length <= 2 && surfaced && script.length > 0)
      return obey(script, handleIn(results[0]!), read).map((wanted, at) => asUse(wanted, at + 2))
    return [{ type: 'text', text: lastWords(results.join('\n')) }]
  })
  let seen = 0
  return {
    config: {
      ...config,
      TACT_MODEL: 'anthropic:claude-test',
      ANTHROPIC_API_KEY: 'key',
      ANTHROPIC_URL: fake.url,
    },
    begin: (next: Attack): void => {
      attack = next
      surfaced = false
    },
    /** What it was sent since the last end, and whether it saw the injection. */
    end: () => {
      const bodies = fake.bodies.slice(seen).join('\n')
      seen = fake.bodies.length
      return { bodies, surfaced }
    },
    close: () => fake.close(),
  }
}

/** Chat, in a terminal. */
export const chatSurface = async ({ house, desk }: Dojo): Promise<Surface> => {
  const model = await startLostModel(house.config)
  return {
    ask: async (attack) => {
      model.begin(attack)
      let answer = ''
      let streamed = ''
      const signal = new AbortController().signal
      const turn = runConversationTurn(
        { ...house, config: model.config },
        desk,
        questionFor(attack.placed.seed),
        { name: newId(), signal },
      )
      for await (const event of turn) {
        if (event.type === 'turn-end') answer = event.text
        else if (event.type === 'text-delta') streamed += event.text
      }
      const { bodies, surfaced } = model.end()
      const shown = `${answer}\n${streamed}`
      return { out: `${bodies}\n${shown}`, live: liveIn(shown) ? ['the answer'] : [], surfaced }
    },
    close: () => model.close(),
  }
}

/** MCP over HTTP: somebody else's model, with the member's own token. */
export const mcpSurface = async ({ house, desk, service }: Dojo): Promise<Surface> => {
  const { token } = await asTenant(house.database, desk.actor, (tx) =>
    createAccessToken(tx, {
      memberId: desk.actor.memberId!,
      name: 'dojo',
      scopes: ['crm'],
      expiresAt: new Date(Date.now() + 6 * 3_600_000),
    }),
  )
  const client = await connectHttp(service.url, token)
  const call = async ({ name, input }: Wanted): Promise<string> => {
    try {
      return (await client.call(name, input)).text
    } catch (error) {
      return String(error)
    }
  }
  return {
    ask: async ({ placed: { seed }, script, mark }) => {
      const found = await call(findCall(seed))
      const next = readCallFor(seed, found)
      const read = `${found}\n${next ? await call(next) : ''}`
      const surfaced = isShown(read, mark)
      const told = [read]
      if (surfaced) for (const wanted of obey(script, handleIn(found), read)) told.push(await call(wanted))
      return { out: told.join('\n'), live: [], surfaced }
    },
    close: () => client.close(),
  }
}

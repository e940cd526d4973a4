import { startFakeAnthropic } from '../../agent/testing/fake-anthropic.ts'
import type { AnthropicBlock, AnthropicRequest } from '../../agent/testing/fake-anthropic.ts'
import { modelSide } from '../../cli/compose.ts'
import { runConversationTurn } from '../../cli/conversation.ts'
import { openConversation } from '../../db/conversations.ts'
import { asTenant } from '../../db/tenant.ts'
import { newId } from '../../domain/ids.ts'
import { attackIo } from './fixture.ts'
import type { Fixture } from './fixture.ts'
import { toolArguments } from './surface.ts'
import type { Surface } from './surface.ts'
import { outcomeOfTool } from './tool-outcome.ts'

interface Heard {
  readonly failed: boolean
  readonly text: string
}

/** The tool result that ends a request, as the model reads it. */
const resultIn = ({ messages }: AnthropicRequest): Heard | undefined => {
  const content = messages.at(-1)?.content
  if (content === undefined || typeof content === 'string') return undefined
  for (const block of content) {
    if (block.type !== 'tool_result') continue
    const inner = block.content ?? ''
    const text = typeof inner === 'string' ? inner : inner.map((part) => part.text).join('')
    return { failed: block.is_error ?? false, text }
  }
  return undefined
}

/** A model that does what the attack wants: it passes it to query_crm, and says what it was told. */
export const chatSurface = async ({ house, desk }: Fixture): Promise<Surface> => {
  let next: Record<string, unknown> = {}
  let heard: Heard | undefined
  const fake = await startFakeAnthropic(async (request): Promise<readonly AnthropicBlock[]> => {
    heard = resultIn(request)
    return heard === undefined
      ? [{ type: 'tool_use', id: 'toolu_1', name: 'query_crm', input: next }]
      : [{ type: 'text', text: heard.text === '' ? 'Nothing.' : heard.text }]
  })
  const config = {
    ...house.config,
    TACT_MODEL: 'anthropic:claude-test',
    ANTHROPIC_API_KEY: 'key',
    ANTHROPIC_URL: fake.url,
  }
  const { signal } = attackIo()
  const actor = modelSide(desk.actor)
  return {
    ask: async (attack) => {
      const name = newId()
      next = toolArguments(attack)
      heard = undefined
      let said = ''
      for await (const event of runConversationTurn({ ...house, config }, desk, 'Please look this up.', {
        name,
        signal,
      })) {
        if (event.type === 'turn-end') said = event.text
      }
      const found = heard as Heard | undefined
      if (found === undefined) return { code: 'cannot_be_sent', text: said, left: '', rows: 0 }
      const { id } = await asTenant(house.database, actor, (tx) =>
        openConversation(tx, { channel: actor.via, externalKey: name, memberId: actor.memberId }),
      )
      const session = await house.privacy.open(actor, id)
      const outcome = await outcomeOfTool(found, (text) => session.restoreText(text))
      return { ...outcome, text: `${outcome.text}\n${said}` }
    },
    close: () => fake.close(),
  }
}

import { newId } from '../../domain/ids.ts'
import { attackIo } from './fixture.ts'
import type { Fixture } from './fixture.ts'
import { toolArguments } from './surface.ts'
import type { Surface } from './surface.ts'
import { chatSurface } from './surface-chat.ts'
import { cliSurface, processSurface } from './surface-cli.ts'
import { inboxSurface } from './surface-inbox.ts'
import { httpSurface, stdioSurface } from './surface-mcp.ts'
import { openConversation } from '../../db/conversations.ts'
import { asTenant } from '../../db/tenant.ts'
import { modelSide } from '../../cli/compose.ts'
import { outcomeOfTool } from './tool-outcome.ts'

const toolboxSurface = async ({ house, desk }: Fixture): Promise<Surface> => {
  const actor = modelSide(desk.actor)
  const { id: conversationId } = await asTenant(house.database, actor, (tx) =>
    openConversation(tx, { channel: 'chat', externalKey: newId(), memberId: actor.memberId }),
  )
  const { signal } = attackIo()
  return {
    ask: async (attack) => {
      const outcome = await house.toolbox.call('query_crm', toolArguments(attack), {
        actor,
        conversationId,
        signal,
      })
      const session = await house.privacy.open(actor, conversationId)
      return outcomeOfTool(
        outcome.ok
          ? { failed: false, text: JSON.stringify(outcome.result) }
          : { failed: true, text: JSON.stringify({ error: outcome.error }) },
        (text) => session.restoreText(text),
      )
    },
    close: async () => {},
  }
}

const SURFACES = {
  toolbox: toolboxSurface,
  cli: cliSurface,
  process: processSurface,
  inbox: inboxSurface,
  http: httpSurface,
  stdio: stdioSurface,
  chat: chatSurface,
} satisfies Record<string, (fixture: Fixture) => Promise<Surface>>

export type SurfaceName = keyof typeof SURFACES
/** `process` starts one for each attack: it is for a sample. */
export const SURFACE_NAMES = Object.keys(SURFACES) as readonly SurfaceName[]
export const openSurface = (name: SurfaceName, fixture: Fixture): Promise<Surface> => SURFACES[name](fixture)

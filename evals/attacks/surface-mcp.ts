import { modelSide } from '../../cli/compose.ts'
import { createAccessToken } from '../../db/access-tokens.ts'
import { sql } from '../../db/sql.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import { connectHttp, connectStdio } from '../../mcp-server/testing/client.ts'
import type { TestClient } from '../../mcp-server/testing/client.ts'
import { OURS } from './fixture.ts'
import type { Fixture } from './fixture.ts'
import { TACT } from './surface-cli.ts'
import { toolArguments } from './surface.ts'
import type { Surface } from './surface.ts'
import { outcomeOfTool } from './tool-outcome.ts'

/** Puts names back as the member's own screen would, in the MCP conversation that was used last. */
const restorer = async ({ house, desk }: Fixture): Promise<(text: string) => Promise<string>> => {
  const actor = modelSide(desk.actor)
  return async (text) => {
    const [conversation] = await asTenant(house.database, actor, (tx) =>
      rows<{ id: string }>(
        tx,
        sql`select id from workflow.conversations where channel = 'mcp' order by created_at desc limit 1`,
      ),
    )
    if (!conversation) return text
    const session = await house.privacy.open(actor, conversation.id)
    return session.restoreText(text)
  }
}

const over = async (fixture: Fixture, client: TestClient): Promise<Surface> => {
  const restore = await restorer(fixture)
  return {
    ask: async (attack) => {
      let answer: { readonly failed: boolean; readonly text: string }
      try {
        answer = await client.call('query_crm', toolArguments(attack))
      } catch (error) {
        // Refused by the protocol, or too deep for the client to write.
        return { code: 'cannot_be_sent', text: String(error), left: String(error), rows: 0 }
      }
      return outcomeOfTool(answer, restore)
    },
    close: () => client.close(),
  }
}

export const httpSurface = async (fixture: Fixture): Promise<Surface> => {
  const { house, desk, service } = fixture
  const { token } = await asTenant(house.database, desk.actor, (tx) =>
    createAccessToken(tx, {
      memberId: desk.actor.memberId!,
      name: 'attacks',
      scopes: ['crm'],
      expiresAt: new Date(Date.now() + 3_600_000),
    }),
  )
  return over(fixture, await connectHttp(service.url, token))
}

export const stdioSurface = async (fixture: Fixture): Promise<Surface> =>
  over(
    fixture,
    await connectStdio({
      command: process.execPath,
      args: [TACT, 'mcp', '--workspace', OURS],
      env: { PATH: process.env['PATH'] ?? '', ...fixture.environment },
    }),
  )

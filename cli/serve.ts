import type { Express } from 'express'
import { asTenant } from '../db/tenant.ts'
import { listWorkspaces, nowOf } from '../db/workspace.ts'
import type { Actor } from '../domain/actor.ts'
import { asTactError } from '../domain/errors.ts'
import { log } from '../log.ts'
import { deliverWebhooks } from '../writeback/providers/deliver.ts'
import { resumeInterrupted } from '../writeback/execute.ts'
import { expireOverdue } from '../writeback/list.ts'
import { passStanding } from '../writeback/pass-standing.ts'
import { startMaintenance } from '../db/embedded/maintenance.ts'
import { createInbox } from '../inbox/router.ts'
import { createHttpApp } from '../mcp-server/http.ts'
import { listenForAttach } from '../mcp-server/listen.ts'
import type { CommandContext } from './command.ts'
import type { House } from './compose.ts'
import { acceptStdio, authenticate, mcpServerOf } from './mcp-door.ts'
import { oauthOf, publicUrlOf } from './mcp-oauth.ts'
import { startAutomation } from './automate.ts'
import { startLearning } from './learn.ts'
import { startIndexing } from './mail-index.ts'
import { startNightly } from './nightly.ts'
import { listenForCommands } from './remote.ts'
import { repeat, type Repeated } from './repeat.ts'

export interface Service {
  readonly url: string
  readonly app: Express
  close(): Promise<void>
}

const SWEEP_MS = 30_000

/** Finishes what an interrupted process left half-executed, notes what has expired, lets pass what owners allowed: at once, and every half minute. */
const sweepProposals = (house: House): Repeated => {
  const sweep = async (): Promise<void> => {
    for (const workspace of await listWorkspaces(house.database)) {
      const actor: Actor = { tenantId: workspace.id, memberId: null, role: 'owner', via: 'system' }
      const now = nowOf(workspace)
      await resumeInterrupted(house.database, { actor, now })
      await asTenant(house.database, actor, (tx) => expireOverdue(tx, now))
      await passStanding(house.database, { actor, workspace, now })
      await deliverWebhooks(house.database, { actor })
    }
  }
  const guarded = (): Promise<void> =>
    sweep().catch((error: unknown) => log.warn('proposal_sweep_failed', { error: asTactError(error).code }))
  return repeat(SWEEP_MS, guarded, guarded())
}

/** Opens every door of the house: MCP and inbox over HTTP, stdio clients and commands over sockets of this user. */
export const serve = async (
  house: House,
  { config, run }: Pick<CommandContext, 'config' | 'run'>,
): Promise<Service> => {
  const publicUrl = publicUrlOf(config)
  const oauth = oauthOf(config)
  const inboxUrl = (): string => `${publicUrl?.origin ?? url}/inbox`
  const http = createHttpApp({
    host: config.TACT_HOST,
    port: config.TACT_PORT,
    ...(publicUrl ? { allowedHosts: [publicUrl.hostname], allowedOrigins: [publicUrl.origin] } : {}),
    ...(oauth ? { oauth } : {}),
    authenticate: authenticate(house, oauth),
    build: (caller) => mcpServerOf(house, inboxUrl())(caller),
    riskOf: (tool) => house.toolbox.tools.get(tool)?.risk,
    messagesPerMinute: config.TACT_MCP_PER_MINUTE,
  })
  http.app.use(createInbox({ database: house.database, privacy: house.privacy }))
  const url: string = await http.listen()
  const doors: { close(): Promise<void> }[] = [http]
  doors.push(sweepProposals(house), startLearning(house), startAutomation(house))
  // The embedded engine is dumped whole by its maintenance; a server's workspaces are written out one by one.
  if (house.database.engine === 'postgres') doors.push(startNightly(house))
  doors.push(startIndexing(house))
  if (house.database.engine === 'embedded') {
    doors.push(await listenForAttach({ home: config.TACT_HOME, accept: acceptStdio(house, inboxUrl()) }))
    doors.push(await listenForCommands(house, run))
    const maintenance = startMaintenance(house.database)
    doors.push({ close: async () => maintenance.stop() })
  }
  return {
    url,
    app: http.app,
    close: async () => {
      for (const door of doors.toReversed()) await door.close()
    },
  }
}

import type { Express } from 'express'
import { startMaintenance } from '../db/embedded/maintenance.ts'
import type { ApiLimits } from '../inbox/api/limits.ts'
import { createApi } from '../inbox/api/router.ts'
import type { InboxLimits } from '../inbox/limits.ts'
import { createInbox } from '../inbox/router.ts'
import { createHttpApp } from '../mcp-server/http.ts'
import { listenForAttach } from '../mcp-server/listen.ts'
import type { CommandContext } from './command.ts'
import type { House } from './compose.ts'
import { acceptStdio, authenticate, mcpServerOf } from './mcp-door.ts'
import { oauthOf, publicUrlOf } from './mcp-oauth.ts'
import { startAutomation } from './automate.ts'
import { houseHandlers, houseSchedules } from './house-jobs.ts'
import { openJobBus, startJobs } from './jobs.ts'
import { startLearning } from './learn.ts'
import { mountMetrics, startMetrics } from './metrics.ts'
import { startIndexing } from './mail-index.ts'
import { startNightly } from './nightly.ts'
import { mountReadiness } from './readiness.ts'
import { listenForCommands } from './remote.ts'
import { startSlack } from './slack.ts'
import { sweepProposals } from './sweep.ts'
import { startTraces } from './traces.ts'

export interface Service {
  readonly url: string
  readonly app: Express
  close(): Promise<void>
}

/**
 * Opens every door of the house: MCP, API and inbox over HTTP, stdio clients and commands over sockets of this user.
 * `apiLimits` and `inboxLimits` stand in for their own, for whoever measures.
 */
export const serve = async (
  house: House,
  {
    config,
    run,
    apiLimits,
    inboxLimits,
  }: Pick<CommandContext, 'config' | 'run'> & {
    readonly apiLimits?: ApiLimits
    readonly inboxLimits?: InboxLimits
  },
): Promise<Service> => {
  const bus = await openJobBus(house, house.database)
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
    bearerPaths: ['/api'],
  })
  const { database, privacy } = house
  const metrics = startMetrics(house)
  mountReadiness(http.app, house)
  mountMetrics(http.app, metrics, config.TACT_METRICS_TOKEN)
  http.app.use(
    createInbox({ database, privacy, ...(inboxLimits === undefined ? {} : { limits: inboxLimits }) }),
  )
  http.app.use(
    createApi({
      database,
      privacy,
      queryTimeoutMs: config.TACT_QUERY_TIMEOUT_MS,
      embedText: house.embedText,
      // Tokens of an authorization server are made out to MCP, and to nothing else.
      authenticate: authenticate(house, undefined),
      ...(apiLimits === undefined ? {} : { limits: apiLimits }),
    }),
  )
  // Its path stands on the app before the app listens; its answers name the address that is known after.
  const slack = await startSlack(house, { express: http.app, publicUrl, inboxUrl })
  const url: string = await http.listen()
  // Looks up whom it is asked for first, before the work that nobody waits for takes the database.
  const accept = acceptStdio(house, inboxUrl())
  const doors: { close(): void | Promise<void> }[] = [metrics, startTraces(), http, ...(slack ? [slack] : [])]
  doors.push(sweepProposals(house), startLearning(house), startAutomation(house))
  doors.push(
    await startJobs(
      { database, bus },
      { handlers: houseHandlers(house, { bus, inboxUrl }), schedulesOf: houseSchedules(new Date()) },
    ),
  )
  // The embedded engine is dumped whole by its maintenance; a server's workspaces are written out one by one.
  if (house.database.engine === 'postgres') doors.push(startNightly(house))
  doors.push(startIndexing(house))
  if (house.database.engine === 'embedded') {
    doors.push(await listenForAttach({ home: config.TACT_HOME, accept }))
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

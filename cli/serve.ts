import type { Express } from 'express'
import { startMaintenance } from '../db/embedded/maintenance.ts'
import { createInbox } from '../inbox/router.ts'
import { createHttpApp } from '../mcp-server/http.ts'
import { listenForAttach } from '../mcp-server/listen.ts'
import type { CommandContext } from './command.ts'
import type { House } from './compose.ts'
import { acceptStdio, authenticateToken, mcpServerOf } from './mcp-door.ts'
import { listenForCommands } from './remote.ts'

export interface Service {
  readonly url: string
  readonly app: Express
  close(): Promise<void>
}

/** Opens every door of the house: MCP and inbox over HTTP, stdio clients and commands over sockets of this user. */
export const serve = async (
  house: House,
  { config, run }: Pick<CommandContext, 'config' | 'run'>,
): Promise<Service> => {
  const inboxUrl = (): string => `${url}/inbox`
  const http = createHttpApp({
    host: config.TACT_HOST,
    port: config.TACT_PORT,
    authenticate: authenticateToken(house),
    build: (caller) => mcpServerOf(house, inboxUrl())(caller),
  })
  http.app.use(createInbox({ database: house.database }))
  const url: string = await http.listen()
  const doors: { close(): Promise<void> }[] = [http]
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
      for (const door of doors.reverse()) await door.close()
    },
  }
}

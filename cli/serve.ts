import { startMaintenance } from '../db/embedded/maintenance.ts'
import { createHttpApp } from '../mcp-server/http.ts'
import { listenForAttach } from '../mcp-server/listen.ts'
import type { CommandContext } from './command.ts'
import type { House } from './compose.ts'
import { mountInbox, type InboxDoor } from './inbox-door.ts'
import { acceptStdio, authenticateToken, mcpServerOf } from './mcp-door.ts'
import { listenForCommands } from './remote.ts'

export interface Service {
  readonly url: string
  readonly inbox: InboxDoor
  close(): Promise<void>
}

/** Opens every door of the house: MCP and inbox over HTTP, stdio clients and commands over sockets of this user. */
export const serve = async (house: House, { config, run }: CommandContext): Promise<Service> => {
  const inboxUrl = (): string => `${url}/inbox`
  const http = createHttpApp({
    host: config.TACT_HOST,
    port: config.TACT_PORT,
    authenticate: authenticateToken(house),
    build: (caller) => mcpServerOf(house, inboxUrl())(caller),
  })
  const inbox = mountInbox(http.app, house)
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
    inbox,
    close: async () => {
      for (const door of doors.reverse()) await door.close()
    },
  }
}

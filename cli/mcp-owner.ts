import { TactError } from '../domain/errors.ts'
import type { Hello } from '../mcp-server/handshake.ts'
import { runStdioAlone, type OwnerSeat } from '../mcp-server/run-stdio.ts'
import type { CommandContext } from './command.ts'
import { openHouse } from './compose.ts'
import { acceptStdio } from './mcp-door.ts'
import { listenForCommands } from './remote.ts'

/** The seat of the owner while no other process has it: further stdio clients, and commands, then work through this one. */
export const becomeOwner = async ({ config, run }: CommandContext): Promise<OwnerSeat | undefined> => {
  try {
    const house = await openHouse(config)
    const commands = await listenForCommands(house, run)
    return {
      accept: acceptStdio(house, null),
      release: async () => {
        await commands.close()
        await house.close()
      },
    }
  } catch (error) {
    if (error instanceof TactError && error.code === 'database_owned') return undefined
    throw error
  }
}

/** Where the data has no single owner (Postgres): this process serves its client alone. */
export const serveAlone = async (context: CommandContext, hello: Hello): Promise<void> => {
  const house = await openHouse(context.config)
  try {
    await runStdioAlone({
      hello,
      accept: acceptStdio(house, null),
      input: process.stdin,
      output: process.stdout,
    })
  } finally {
    await house.close()
  }
}

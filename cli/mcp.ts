import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { TactError } from '../domain/errors.ts'
import { ATTACH_PROTOCOL, type Hello } from '../mcp-server/handshake.ts'
import { runStdio, runStdioAlone, type OwnerSeat } from '../mcp-server/run-stdio.ts'
import { common, type CommandContext, type CommandMaker, type CommonOptions } from './command.ts'
import { openHouse, VERSION } from './compose.ts'
import { clientConfig } from './mcp-config.ts'
import { acceptStdio } from './mcp-door.ts'
import { listenForCommands } from './remote.ts'

/** The seat of the owner while no other process has it: further stdio clients, and commands, then work through this one. */
const becomeOwner = async ({ config, run }: CommandContext): Promise<OwnerSeat | undefined> => {
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

const serveAlone = async (context: CommandContext, hello: Hello): Promise<void> => {
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

/** The start script beside this code: the client may run with another PATH than this terminal. */
const startScript = (): string => {
  const candidates = ['../bin/tact.js', '../../bin/tact.js'].map((path) => join(import.meta.dirname, path))
  return resolve(candidates.find((path) => existsSync(path)) ?? candidates[0]!)
}

const printConfig = ({ config, io }: CommandContext, client: string, options: CommonOptions): void => {
  const { where, what } = clientConfig(client, {
    command: process.execPath,
    args: [
      startScript(),
      'mcp',
      ...(options.workspace === undefined ? [] : ['--workspace', options.workspace]),
      ...(options.as === undefined ? [] : ['--as', options.as]),
    ],
    env: { TACT_HOME: resolve(config.TACT_HOME) },
  })
  io.err(`${where}\n`)
  io.out(what)
}

interface McpOptions extends CommonOptions {
  readonly printConfig?: string
}

export const mcpCommand: CommandMaker = (context: CommandContext) =>
  common('mcp', 'serve one MCP client over stdio, through the process that owns the data')
    .option(
      '--print-config <client>',
      'print the settings for a client: claude-desktop, claude-code, cursor, vscode',
    )
    .action(async (options: McpOptions) => {
      const { config } = context
      if (options.printConfig !== undefined) return printConfig(context, options.printConfig, options)
      const hello: Hello = {
        tact: ATTACH_PROTOCOL,
        version: VERSION,
        workspace: options.workspace ?? config.TACT_WORKSPACE ?? null,
        as: options.as ?? config.TACT_AS ?? null,
      }
      if (config.DATABASE_URL) return serveAlone(context, hello)
      await runStdio({
        home: config.TACT_HOME,
        hello,
        becomeOwner: () => becomeOwner(context),
        input: process.stdin,
        output: process.stdout,
      })
    })

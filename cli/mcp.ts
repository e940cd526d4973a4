import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isOwned, tryNext } from '../db/embedded/owner.ts'
import { ATTACH_PROTOCOL, type Hello } from '../mcp-server/handshake.ts'
import { runStdio, type OwnerSeat } from '../mcp-server/run-stdio.ts'
import { common, type CommandContext, type CommandMaker, type CommonOptions } from './command.ts'
import { clientConfig } from './mcp-config.ts'
import { VERSION } from './version.ts'

/**
 * Everything that owning takes is read only now, and by one process at a time: a process that merely passes its client's
 * lines on stays small, and whoever is first after a death does not share the processor with all the others.
 */
const becomeOwner = async (context: CommandContext): Promise<OwnerSeat | undefined> => {
  const { TACT_HOME: home } = context.config
  const place = isOwned(home) ? undefined : tryNext(home)
  if (place === undefined) return undefined
  try {
    return await (await import('./mcp-owner.ts')).becomeOwner(context)
  } finally {
    place.release()
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
      if (config.DATABASE_URL) return (await import('./mcp-owner.ts')).serveAlone(context, hello)
      await runStdio({
        home: config.TACT_HOME,
        hello,
        becomeOwner: () => becomeOwner(context),
        input: process.stdin,
        output: process.stdout,
      })
    })

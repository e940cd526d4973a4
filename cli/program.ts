import { Command, CommanderError } from 'commander'
import { TactError } from '../domain/errors.ts'
import { askCommand } from './ask.ts'
import { auditCommand } from './audit.ts'
import { chatCommand } from './chat.ts'
import type { CommandContext, CommandMaker, RunCommandLine } from './command.ts'
import { VERSION } from './compose.ts'
import { demoCommand } from './demo.ts'
import { doctorCommand } from './doctor.ts'
import { importCommand } from './import.ts'
import { reportFailure } from './io.ts'
import { mcpCommand } from './mcp.ts'
import { migrateCommand } from './migrate.ts'
import { policyCommand } from './policy.ts'
import { proposalsCommand } from './proposals.ts'
import { queryCommand } from './query.ts'
import { redactCommand } from './redact.ts'
import { runAtOwner } from './remote.ts'
import { searchCommand } from './search.ts'
import { tokensCommand } from './tokens.ts'
import { toolCommand } from './tool.ts'
import { upCommand } from './up.ts'

const COMMANDS: readonly CommandMaker[] = [
  upCommand,
  demoCommand,
  chatCommand,
  askCommand,
  mcpCommand,
  toolCommand,
  queryCommand,
  searchCommand,
  redactCommand,
  importCommand,
  proposalsCommand,
  policyCommand,
  auditCommand,
  tokensCommand,
  migrateCommand,
  doctorCommand,
]

const program = (context: CommandContext): Command => {
  const root = new Command('tact')
    .description('A chat-first CRM agent that keeps names to itself.')
    .version(VERSION)
    .showHelpAfterError('(tact help <command> shows how it is used)')
  for (const make of COMMANDS) root.addCommand(make(context))
  const quiet = (command: Command): void => {
    command.exitOverride()
    command.configureOutput({
      writeOut: (text) => context.io.out(text),
      writeErr: (text) => context.io.err(text),
    })
    command.commands.forEach(quiet)
  }
  quiet(root)
  return root
}

const ownedElsewhere = (error: unknown): boolean =>
  error instanceof TactError && error.code === 'database_owned'

/**
 * Runs one command line and answers its exit code. Where another process owns the embedded database, the command runs
 * there and its output comes back here.
 */
export const runCommandLine: RunCommandLine = async (argv, { config, io, house }) => {
  const context: CommandContext = {
    config,
    io,
    exitCode: 0,
    run: runCommandLine,
    ...(house ? { house } : {}),
  }
  try {
    await program(context).parseAsync([...argv], { from: 'user' })
    return context.exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (ownedElsewhere(error) && !house) {
      const code = await runAtOwner(argv, { config, io })
      if (code !== 'no-owner') return code
    }
    return reportFailure(io, error, { json: argv.includes('--json') })
  }
}

import { Command, CommanderError } from 'commander'
import { TactError } from '../domain/errors.ts'
import type { CommandContext, CommandMaker, RunCommandLine } from './command.ts'
import { reportFailure } from './io.ts'
import { runAtOwner } from './remote.ts'
import { VERSION } from './version.ts'

/** Each command's file is read only when it is asked for: a short command does not wait for the web server's code. */
const COMMANDS: Readonly<Record<string, () => Promise<CommandMaker>>> = {
  up: async () => (await import('./up.ts')).upCommand,
  demo: async () => (await import('./demo.ts')).demoCommand,
  chat: async () => (await import('./chat.ts')).chatCommand,
  ask: async () => (await import('./ask.ts')).askCommand,
  mcp: async () => (await import('./mcp.ts')).mcpCommand,
  tool: async () => (await import('./tool.ts')).toolCommand,
  query: async () => (await import('./query.ts')).queryCommand,
  search: async () => (await import('./search.ts')).searchCommand,
  redact: async () => (await import('./redact.ts')).redactCommand,
  import: async () => (await import('./import.ts')).importCommand,
  mailbox: async () => (await import('./mailbox.ts')).mailboxCommand,
  correspondents: async () => (await import('./correspondents.ts')).correspondentsCommand,
  export: async () => (await import('./export.ts')).exportCommand,
  backup: async () => (await import('./backup.ts')).backupCommand,
  restore: async () => (await import('./backup.ts')).restoreCommand,
  merge: async () => (await import('./merge.ts')).mergeCommand,
  policy: async () => (await import('./policy.ts')).policyCommand,
  'fiscal-year': async () => (await import('./fiscal-year.ts')).fiscalYearCommand,
  audit: async () => (await import('./audit.ts')).auditCommand,
  proposals: async () => (await import('./proposals.ts')).proposalsCommand,
  automation: async () => (await import('./automation.ts')).automationCommand,
  patterns: async () => (await import('./patterns.ts')).patternsCommand,
  watch: async () => (await import('./watch.ts')).watchCommand,
  digest: async () => (await import('./digest.ts')).digestCommand,
  jobs: async () => (await import('./jobs.ts')).jobsCommand,
  overview: async () => (await import('./overview.ts')).overviewCommand,
  standing: async () => (await import('./standing.ts')).standingCommand,
  preferences: async () => (await import('./preferences.ts')).preferencesCommand,
  words: async () => (await import('./words.ts')).wordsCommand,
  usage: async () => (await import('./usage.ts')).usageCommand,
  tokens: async () => (await import('./tokens.ts')).tokensCommand,
  oauth: async () => (await import('./oauth.ts')).oauthCommand,
  webhooks: async () => (await import('./webhooks.ts')).webhooksCommand,
  users: async () => (await import('./users.ts')).usersCommand,
  migrate: async () => (await import('./migrate.ts')).migrateCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
}

/** The command that a line names, or all of them where it names none (help, a slip). */
const makersFor = (argv: readonly string[]): Promise<CommandMaker[]> => {
  const [first = ''] = argv
  const wanted = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined
  return Promise.all((wanted ? [wanted] : Object.values(COMMANDS)).map((load) => load()))
}

const program = async (context: CommandContext, argv: readonly string[]): Promise<Command> => {
  const root = new Command('tact')
    .enablePositionalOptions()
    .description('A chat-first CRM agent that keeps names to itself.')
    .version(VERSION)
    .showHelpAfterError('(tact help <command> shows how it is used)')
  for (const make of await makersFor(argv)) root.addCommand(make(context))
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
    const root = await program(context, argv)
    await root.parseAsync([...argv], { from: 'user' })
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

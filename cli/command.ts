import { Command } from 'commander'
import type { Config } from '../config.ts'
import type { Desk, House } from './compose.ts'
import { tryNext } from '../db/embedded/owner.ts'
import { TactError } from '../domain/errors.ts'
import { claimOwnership } from '../mcp-server/attach.ts'
import type { Channel } from '../domain/actor.ts'
import type { Io } from './io.ts'
import { VERSION } from './version.ts'

export interface CommonOptions {
  readonly json?: boolean
  readonly workspace?: string
  readonly as?: string
}

/** What a command is given: settings, the terminal, and a way to say how it ended (0 unless it says otherwise). */
export interface CommandContext {
  readonly config: Config
  readonly io: Io
  exitCode: number
  /** Set when this process already holds an open house (commands that attached clients send to the owner). */
  readonly house?: House
  /** Runs another command line, for clients that attach. */
  readonly run: RunCommandLine
}

export type RunCommandLine = (
  argv: readonly string[],
  parts: { readonly config: Config; readonly io: Io; readonly house?: House },
) => Promise<number>

export type CommandMaker = (context: CommandContext) => Command

/** A command that only holds others. It takes no options itself: commander would give it those of the inner command. */
export const group = (name: string, description: string): Command =>
  new Command(name).description(description)

/** A command with the options that all share. */
export const common = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .option('--json', 'one JSON document on stdout, nothing else')
    .option('--workspace <slug>', 'workspace to work in')
    .option('--as <email>', 'member to act as')

/** The floors below are read when they are needed: a `tact mcp` that finds an owner needs none of them. */
const openHouse = async (
  config: Config,
  options: { readonly onStep?: (step: string) => void } = {},
): Promise<House> => (await import('./compose.ts')).openHouse(config, options)

/** Runs `work` with the house open, and closes it after, unless it belongs to the owner process. */
export const withHouse = async <T>(
  context: CommandContext,
  work: (house: House) => Promise<T>,
): Promise<T> => {
  if (context.house) return work(context.house)
  const { io, config } = context
  const house = await openHouse(config, { onStep: (step) => io.fancy && io.err(`${step}\n`) })
  try {
    return await work(house)
  } finally {
    await house.close()
  }
}

/**
 * As `withHouse`, for commands that stay and serve: takes the ownership over from a `tact mcp` that merely came first.
 * Throws `already_up` when another serving process has it.
 */
export const withOwnedHouse = async <T>(
  context: CommandContext,
  work: (house: House) => Promise<T>,
): Promise<T> => {
  const { config } = context
  if (context.house || config.DATABASE_URL) return withHouse(context, work)
  const house = await claimOwnership({
    home: config.TACT_HOME,
    version: VERSION,
    becomeNext: () => tryNext(config.TACT_HOME),
    becomeOwner: () => openHouse(config).catch(unlessOwned),
  })
  try {
    return await work(house)
  } finally {
    await house.close()
  }
}

const unlessOwned = (error: unknown): undefined => {
  if (error instanceof TactError && error.code === 'database_owned') return undefined
  throw error
}

export const withDesk = async <T>(
  context: CommandContext,
  options: CommonOptions,
  via: Channel,
  work: (house: House, desk: Desk) => Promise<T>,
): Promise<T> =>
  withHouse(context, async (house) => {
    const { takeDesk } = await import('./compose.ts')
    return work(house, await takeDesk(house, options, via))
  })

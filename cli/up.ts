import pc from 'picocolors'
import { conflict } from '../domain/errors.ts'
import { listWorkspaces, type Workspace } from '../db/workspace.ts'
import { signInLink } from '../inbox/session.ts'
import {
  common,
  withOwnedHouse,
  type CommandContext,
  type CommandMaker,
  type CommonOptions,
} from './command.ts'
import { takeDesk, type House } from './compose.ts'
import { writeJson, type Io } from './io.ts'
import { serve, type Service } from './serve.ts'

export const untilStopped = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

/** Says where everything is. Sign-in links work once and for ten minutes. */
export const announce = async (
  io: Io,
  house: House,
  service: Service,
  workspaces: readonly Workspace[],
): Promise<void> => {
  const { bold, dim, cyan } = pc.createColors(io.fancy)
  io.out(
    `${bold('MCP')}    ${cyan(`${service.url}/mcp`)} ${dim('(token: tact tokens create <name>; stdio: tact mcp)')}\n`,
  )
  for (const workspace of workspaces) {
    const { actor } = await takeDesk(house, { workspace: workspace.slug }, 'cli')
    io.out(
      `${bold('Inbox')}  ${cyan(await signInLink(house.database, service.url, actor))} ${dim(workspace.name)}\n`,
    )
  }
  io.out(
    `${bold('Model')}  ${house.config.TACT_MODEL ?? 'offline'} ${dim(house.config.TACT_MODEL ? '' : '(nothing leaves this machine)')}\n`,
  )
}

/** Names are read while nobody asks yet; what fails here fails again, and is told, at the first question. */
const readAhead = async (house: House, workspaces: readonly Workspace[]): Promise<void> => {
  for (const { slug } of workspaces) {
    try {
      const { actor } = await takeDesk(house, { workspace: slug }, 'cli')
      await house.privacy.readAhead(actor)
    } catch {
      return
    }
  }
}

export const upCommand: CommandMaker = (context: CommandContext) =>
  common('up', 'everything in one process: database, MCP over HTTP, inbox').action(
    async (options: CommonOptions) => {
      const { io } = context
      if (context.house)
        throw conflict('already_up', 'Tact is already running on this directory.', {
          fix: 'Use it, or stop it first.',
        })
      await withOwnedHouse(context, async (house) => {
        const service = await serve(house, context)
        try {
          const workspaces = await listWorkspaces(house.database)
          if (options.json)
            writeJson(io, {
              url: service.url,
              mcp: `${service.url}/mcp`,
              inbox: `${service.url}/inbox`,
              pid: process.pid,
            })
          else await announce(io, house, service, workspaces)
          void readAhead(house, workspaces)
          if (workspaces.length === 0)
            io.err('There is no workspace yet: tact import workspace <file>, or tact demo.\n')
          await untilStopped(io.signal)
        } finally {
          await service.close()
        }
      })
    },
  )

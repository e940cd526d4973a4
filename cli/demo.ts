import { rmSync } from 'node:fs'
import { join } from 'node:path'
import pc from 'picocolors'
import { listWorkspaces, nowOf } from '../db/workspace.ts'
import { denied, userError } from '../domain/errors.ts'
import { chatLoop } from './chat.ts'
import {
  common,
  withHouse,
  withOwnedHouse,
  type CommandContext,
  type CommandMaker,
  type CommonOptions,
} from './command.ts'
import { takeDesk, type House } from './compose.ts'
import { isDemo, prepareDemo } from './demo-prepare.ts'
import type { Io } from './io.ts'
import { serve } from './serve.ts'
import { announce } from './up.ts'

interface DemoOptions extends CommonOptions {
  readonly fresh?: boolean
  readonly prepareOnly?: boolean
}

const DEFAULT_DEMO = 'cobalt'

const EXAMPLES = [
  'Which deals have had no interaction for 30 days?',
  'Pipeline by stage',
  'What objections has Cardinal Payroll raised about price?',
  'Log a call with Amira Saleh today: she wants a revised quote by Friday',
]

/** Throws the demo's data away; refuses where the directory also holds real work. */
const startAfresh = async (context: CommandContext): Promise<void> => {
  if (context.house || context.config.DATABASE_URL) {
    throw userError(
      'fresh_needs_directory',
      'A demo is begun again only in its own embedded database, while nothing runs on it.',
      {
        fix: 'Stop the running tact, unset DATABASE_URL, and try again.',
      },
    )
  }
  await withHouse(context, async (house) => {
    const others = (await listWorkspaces(house.database)).filter(({ slug }) => !isDemo(slug))
    if (others.length === 0) return
    throw denied('real_work_here', 'This directory also holds workspaces that are not the demo.', {
      fix: 'Give the demo a directory of its own: TACT_HOME=/some/where tact demo --fresh',
    })
  })
  rmSync(join(context.config.TACT_HOME, 'data'), { recursive: true, force: true })
}

const converse = async (house: House, io: Io, options: DemoOptions): Promise<void> => {
  const desk = await takeDesk(house, { workspace: options.workspace ?? DEFAULT_DEMO, as: options.as }, 'cli')
  const { bold, dim } = pc.createColors(io.fancy)
  io.out(`\n${bold(desk.workspace.name)}, ${nowOf(desk.workspace).toISOString().slice(0, 10)}. Try:\n`)
  for (const example of EXAMPLES) io.out(`  ${example}\n`)
  io.out(dim('/help for more, Ctrl-D to leave\n\n'))
  await chatLoop(house, desk, io)
}

export const demoCommand: CommandMaker = (context: CommandContext) =>
  common('demo', 'try it: three made-up workspaces (fund, sales, brokerage), ready to ask')
    .option('--fresh', 'forget what was changed and begin again')
    .option('--prepare-only', 'make the workspaces and leave')
    .action(async (options: DemoOptions) => {
      const { io } = context
      if (options.fresh) await startAfresh(context)
      const open = options.prepareOnly ? withHouse : withOwnedHouse
      await open(context, async (house) => {
        await prepareDemo(house, io)
        if (options.prepareOnly || io.signal.aborted) return
        if (context.house) return converse(house, io, options)
        const service = await serve(house, context)
        try {
          const workspaces = await listWorkspaces(house.database)
          await announce(
            io,
            house,
            service,
            workspaces.filter(({ slug }) => isDemo(slug)),
          )
          await converse(house, io, options)
        } finally {
          await service.close()
        }
      })
    })

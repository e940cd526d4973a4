import { rmSync } from 'node:fs'
import { join } from 'node:path'
import pc from 'picocolors'
import { importDocument } from '../db/workspace-document.ts'
import { findWorkspace, listWorkspaces, nowOf } from '../db/workspace.ts'
import { actorFor } from '../db/members.ts'
import { makeDemo, type DemoMail } from '../demo/make.ts'
import type { DemoName } from '../demo/world.ts'
import { resumeImport } from '../mail/import-run.ts'
import { ingest } from '../mail/ingest.ts'
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
import type { Io } from './io.ts'
import { progressBar } from './progress.ts'
import { serve } from './serve.ts'
import { announce } from './up.ts'

interface DemoOptions extends CommonOptions {
  readonly fresh?: boolean
  readonly prepareOnly?: boolean
}

const DEMO_NAMES = ['larkspur', 'cobalt', 'harborview'] as const satisfies readonly DemoName[]
const DEFAULT_DEMO: DemoName = 'cobalt'

const isDemo = (slug: string): boolean => DEMO_NAMES.some((name) => name === slug)

const EXAMPLES = [
  'Which deals have had no interaction for 30 days?',
  'Pipeline by stage',
  'What objections has Cardinal Payroll raised about price?',
  'Log a call with Amira Saleh today: she wants a revised quote by Friday',
]

async function* from(mail: Iterable<DemoMail>, after: string | undefined): AsyncGenerator<DemoMail> {
  let started = after === undefined
  for (const message of mail) {
    if (started) yield message
    else if (message.place === after) started = true
  }
}

/** Brings one made-up workspace in by the roads that real data takes; goes on where an interrupted run stopped. */
const prepareOne = async (house: House, io: Io, name: DemoName): Promise<void> => {
  const { document, mail } = makeDemo(name)
  const { database } = house
  let workspace = await findWorkspace(database, document.workspace.slug)
  if (!workspace) {
    const bar = progressBar(io, `${document.workspace.name}: records`)
    await importDocument(database, document, {
      onProgress: (entity, done, total) => bar.update(done, total, entity),
    })
    bar.end()
    workspace = await findWorkspace(database, document.workspace.slug)
  }
  if (!workspace) return
  const actor = await actorFor(database, workspace, undefined, 'system')
  const messages = [...mail()]
  const source = `demo:${name}`
  const run = await resumeImport(database, actor, source)
  const bar = progressBar(io, `${document.workspace.name}: mail`)
  await ingest({
    database,
    actor,
    source,
    origin: 'demo',
    total: messages.length,
    messages: from(messages, run?.after),
    importId: run?.importId,
    signal: io.signal,
    now: nowOf(workspace),
    onProgress: (progress) => bar.update(progress.counts.seen, progress.total),
  })
  bar.end()
}

/** The three demo workspaces, made where they are not there yet. */
export const prepareDemo = async (house: House, io: Io): Promise<void> => {
  for (const name of DEMO_NAMES) if (!io.signal.aborted) await prepareOne(house, io, name)
}

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

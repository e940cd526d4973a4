import { actorFor } from '../db/members.ts'
import { importDocument } from '../db/workspace-document.ts'
import { findWorkspace, nowOf } from '../db/workspace.ts'
import { makeDemo, type DemoMail } from '../demo/make.ts'
import type { DemoName } from '../demo/world.ts'
import { resumeImport } from '../mail/import-run.ts'
import { ingest } from '../mail/ingest.ts'
import type { House } from './compose.ts'
import type { Io } from './io.ts'
import { progressBar } from './progress.ts'

export const DEMO_NAMES = ['larkspur', 'cobalt', 'harborview'] as const satisfies readonly DemoName[]

export const isDemo = (slug: string): boolean => DEMO_NAMES.some((name) => name === slug)

async function* from(mail: Iterable<DemoMail>, after: string | undefined): AsyncGenerator<DemoMail> {
  let started = after === undefined
  for (const message of mail) {
    if (started) yield message
    else if (message.place === after) started = true
  }
}

/** Brings one made-up workspace in by the roads that real data takes; goes on where an interrupted run stopped. */
const prepareOne = async (house: Pick<House, 'database'>, io: Io, name: DemoName): Promise<void> => {
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
export const prepareDemo = async (house: Pick<House, 'database'>, io: Io): Promise<void> => {
  for (const name of DEMO_NAMES) if (!io.signal.aborted) await prepareOne(house, io, name)
}

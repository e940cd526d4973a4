import { resolve } from 'node:path'
import { actorFor } from '../db/members.ts'
import { asTenant } from '../db/tenant.ts'
import { compareStream, importStream } from '../db/workspace-document.ts'
import { findWorkspace } from '../db/workspace.ts'
import { assertMayAdminister } from './administer.ts'
import { openBackupFile, writeBackupFile } from './backup-file.ts'
import {
  common,
  withDesk,
  withHouse,
  type CommandContext,
  type CommandMaker,
  type CommonOptions,
} from './command.ts'
import type { House } from './compose.ts'
import { confirmed } from './confirm.ts'
import { writeJson } from './io.ts'
import { progressBar } from './progress.ts'
import { drawTable } from './table.ts'

export const backupCommand: CommandMaker = (context: CommandContext) =>
  common('backup', 'write the workspace to a file with a checksum; restore takes it back')
    .argument('<file>')
    .action(async (file: string, options: CommonOptions) => {
      const { io } = context
      await withDesk(context, options, 'cli', async (house, { actor, workspace }) => {
        assertMayAdminister(actor, 'take a backup')
        const path = resolve(io.cwd, file)
        const bar = progressBar(io, 'Records')
        const header = await asTenant(
          house.database,
          actor,
          (tx) =>
            writeBackupFile(path, tx, {
              workspace,
              at: new Date(),
              signal: io.signal,
              onProgress: (entity, done) => bar.update(done, undefined, entity),
            }),
          { readOnly: true, snapshot: true, timeoutMs: 0, signal: io.signal },
        )
        bar.end()
        if (options.json) writeJson(io, { file: path, ...header })
        else io.out(`${header.records} records of ${header.workspace} written. SHA-256 ${header.sha256}\n`)
      })
    })

interface RestoreOptions extends CommonOptions {
  readonly yes?: boolean
  readonly dryRun?: boolean
}

/** Whoever puts a workspace back must answer for it, where it is there. */
const assertMayRestore = async (house: House, slug: string, as: string | undefined): Promise<boolean> => {
  const workspace = await findWorkspace(house.database, slug)
  if (!workspace) return false
  assertMayAdminister(
    await actorFor(house.database, workspace, as ?? house.config.TACT_AS, 'cli'),
    'restore a workspace',
  )
  return true
}

export const restoreCommand: CommandMaker = (context: CommandContext) =>
  common('restore', 'put a backup back; shows what would change, and asks')
    .argument('<file>')
    .option('--dry-run', 'show what would change, write nothing')
    .option('--yes', 'do not ask')
    .action(async (file: string, options: RestoreOptions) => {
      const { io } = context
      const { header, document } = await openBackupFile(resolve(io.cwd, file))
      await withHouse(context, async (house) => {
        const isPresent = await assertMayRestore(house, header.workspace, options.as)
        const differences = await compareStream(house.database, document, io.signal)
        const changing = differences.some(({ missing, changed }) => missing + changed > 0)
        if (!options.json) {
          io.out(`Backup of ${header.workspace} of ${header.made_at}, checksum right.\n`)
          drawTable(
            io,
            ['Records', 'Come back', 'Become as they were', 'Same', 'Newer, stay'],
            differences.map((one) => [one.entity, one.missing, one.changed, one.same, one.newer].map(String)),
          )
        }
        const state = { workspace: header.workspace, made_at: header.made_at, differences }
        if (options.dryRun || !changing) {
          if (options.json) writeJson(io, { ...state, restored: false })
          else if (!changing) io.out('Everything in it is here as it was; nothing to do.\n')
          return
        }
        if (!(await confirmed(io, 'Restore this?', options))) return io.out('Nothing was changed.\n')
        const bar = progressBar(io, 'Records')
        const counts = await importStream(house.database, document, {
          existing: isPresent ? 'replace' : 'refuse',
          onProgress: (entity, done, total) => bar.update(done, total, entity),
          signal: io.signal,
        })
        bar.end()
        if (options.json) writeJson(io, { ...state, restored: true, counts })
        else io.out(`${counts.created} came back, ${counts.updated} became as they were.\n`)
      })
    })

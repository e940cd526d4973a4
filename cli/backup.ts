import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { actorFor } from '../db/members.ts'
import { asTenant } from '../db/tenant.ts'
import { exportDocument, importDocument } from '../db/workspace-document.ts'
import { findWorkspace } from '../db/workspace.ts'
import { notFound } from '../domain/errors.ts'
import { assertMayAdminister } from './administer.ts'
import { compareDocuments, readBackupFile, writeBackupFile } from './backup-file.ts'
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
      await withDesk(context, options, 'cli', async (house, { actor }) => {
        assertMayAdminister(actor, 'take a backup')
        const document = await asTenant(house.database, actor, exportDocument, {
          readOnly: true,
          timeoutMs: 0,
        })
        const path = resolve(io.cwd, file)
        const header = await writeBackupFile(path, document, new Date())
        if (options.json) writeJson(io, { file: path, ...header })
        else io.out(`${header.records} records of ${header.workspace} written. SHA-256 ${header.sha256}\n`)
      })
    })

interface RestoreOptions extends CommonOptions {
  readonly yes?: boolean
  readonly dryRun?: boolean
}

/** The workspace of the backup as it is now; whoever asks must answer for it. Undefined where there is none yet. */
const presentDocument = async (house: House, slug: string, as: string | undefined) => {
  const workspace = await findWorkspace(house.database, slug)
  if (!workspace) return undefined
  const actor = await actorFor(house.database, workspace, as ?? house.config.TACT_AS, 'cli')
  assertMayAdminister(actor, 'restore a workspace')
  return asTenant(house.database, actor, exportDocument, { readOnly: true, timeoutMs: 0 })
}

export const restoreCommand: CommandMaker = (context: CommandContext) =>
  common('restore', 'put a backup back; shows what would change, and asks')
    .argument('<file>')
    .option('--dry-run', 'show what would change, write nothing')
    .option('--yes', 'do not ask')
    .action(async (file: string, options: RestoreOptions) => {
      const { io } = context
      const bytes = await readFile(resolve(io.cwd, file)).catch((cause: unknown) => {
        throw notFound('no_backup', 'There is no such backup file.', { fix: 'Check the path.', cause })
      })
      const { header, document } = await readBackupFile(bytes)
      await withHouse(context, async (house) => {
        const present = await presentDocument(house, header.workspace, options.as)
        const differences = compareDocuments(document, present)
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
        const counts = await importDocument(house.database, document, {
          existing: present ? 'replace' : 'refuse',
          onProgress: (entity, done, total) => bar.update(done, total, entity),
        })
        bar.end()
        if (options.json) writeJson(io, { ...state, restored: true, counts })
        else io.out(`${counts.created} came back, ${counts.updated} became as they were.\n`)
      })
    })

import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { documentOfBytes, importStream } from '../db/workspace-document.ts'
import { TABLE_KINDS } from '../writeback/imports/store.ts'
import { MAIL_KINDS } from '../mail/import.ts'
import {
  common,
  group,
  withHouse,
  type CommandContext,
  type CommandMaker,
  type CommonOptions,
} from './command.ts'
import { gmailCommand } from './import-gmail.ts'
import { imapCommand, mailCommand } from './import-mail.ts'
import { importListCommand, importUndoCommand, tableCommand } from './import-table.ts'
import { progressBar } from './progress.ts'
import { writeJson } from './io.ts'
import { readPieces } from './write-file.ts'

interface WorkspaceOptions extends CommonOptions {
  readonly replace?: boolean
}

export const importCommand: CommandMaker = (context: CommandContext) => {
  const { io } = context
  const command = group(
    'import',
    `bring data in: ${[...TABLE_KINDS, ...MAIL_KINDS].join(', ')}, imap, gmail, workspace`,
  )
  for (const kind of TABLE_KINDS) command.addCommand(tableCommand(kind, context))
  command.addCommand(importListCommand(context))
  command.addCommand(importUndoCommand(context))
  for (const kind of MAIL_KINDS) command.addCommand(mailCommand(kind, context))
  command.addCommand(imapCommand(context))
  command.addCommand(gmailCommand(context))
  command.addCommand(
    common('workspace', 'import a workspace document; all of it or nothing')
      .argument('<file>')
      .option('--replace', 'records of the document take the place of those with the same id')
      .action(async (path: string, options: WorkspaceOptions) => {
        const file = resolve(io.cwd, path)
        await withHouse(context, async (house) => {
          const bar = progressBar(io, 'Records')
          const size = statSync(file, { throwIfNoEntry: false })?.size
          const source = documentOfBytes(
            readPieces(file, (bytes) =>
              bar.update(Math.round(bytes / 1e6), size && Math.ceil(size / 1e6), 'MB read'),
            ),
          )
          const counts = await importStream(house.database, source, {
            existing: options.replace ? 'replace' : 'refuse',
            onProgress: (entity, done, total) => bar.update(done, total, entity),
            signal: io.signal,
          })
          bar.end()
          if (options.json) writeJson(io, counts)
          else
            io.out(`${counts.created} created, ${counts.updated} updated, ${counts.unchanged} unchanged.\n`)
        })
      }),
  )
  return command
}

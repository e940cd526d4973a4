import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { documentOfBytes, importStream } from '../db/workspace-document.ts'
import { TABLE_KINDS } from '../writeback/imports/store.ts'
import { importMail, MAIL_KINDS, type MailKind } from '../mail/import.ts'
import {
  common,
  group,
  withDesk,
  withHouse,
  type CommandContext,
  type CommandMaker,
  type CommonOptions,
} from './command.ts'
import { importListCommand, importUndoCommand, tableCommand } from './import-table.ts'
import { progressBar } from './progress.ts'
import { writeJson } from './io.ts'
import { readPieces } from './write-file.ts'

const KIND_WORDS: Record<MailKind, string> = {
  mbox: 'an mbox file',
  eml: 'an .eml file, or a directory of them',
  maildir: 'a Maildir',
}

const mailCommand = (kind: MailKind, context: CommandContext) =>
  common(kind, `import ${KIND_WORDS[kind]}; can be interrupted and run again`)
    .argument('<path>')
    .action(async (path: string, options: CommonOptions) => {
      const { io } = context
      await withDesk(context, options, 'cli', async (house, { actor, now }) => {
        const bar = progressBar(io, 'Messages')
        const { counts, resumed } = await importMail({
          database: house.database,
          actor,
          kind,
          path: resolve(io.cwd, path),
          signal: io.signal,
          now: now(),
          onProgress: (progress) => bar.update(progress.counts.seen, progress.total),
        })
        bar.end()
        const interrupted = io.signal.aborted
        if (options.json) return writeJson(io, { ...counts, resumed, interrupted })
        if (resumed) io.out('Went on where the last run stopped.\n')
        io.out(
          `${counts.seen} read: ${counts.imported} imported (${counts.linked} linked to people, ${counts.faulty} kept with a fault), ${counts.duplicates} already here.\n`,
        )
        if (interrupted) io.out('Interrupted: run the same command again to go on.\n')
      })
    })

interface WorkspaceOptions extends CommonOptions {
  readonly replace?: boolean
}

export const importCommand: CommandMaker = (context: CommandContext) => {
  const { io } = context
  const command = group('import', `bring data in: ${[...TABLE_KINDS, ...MAIL_KINDS].join(', ')}, workspace`)
  for (const kind of TABLE_KINDS) command.addCommand(tableCommand(kind, context))
  command.addCommand(importListCommand(context))
  command.addCommand(importUndoCommand(context))
  for (const kind of MAIL_KINDS) command.addCommand(mailCommand(kind, context))
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

import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { importDocument } from '../db/workspace-document.ts'
import { userError } from '../domain/errors.ts'
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

const readDocument = async (path: string): Promise<unknown> => {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw userError('unreadable', 'That file cannot be read.', {
      fix: 'Check the path and its permissions.',
      cause,
    })
  })
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw userError('bad_json', 'That file is not JSON.', {
      fix: 'A workspace document is what `tact export workspace` writes.',
      cause,
    })
  }
}

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
        const document = await readDocument(resolve(io.cwd, path))
        await withHouse(context, async (house) => {
          const bar = progressBar(io, 'Records')
          const counts = await importDocument(house.database, document, {
            existing: options.replace ? 'replace' : 'refuse',
            onProgress: (entity, done, total) => bar.update(done, total, entity),
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

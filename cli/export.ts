import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { asTenant } from '../db/tenant.ts'
import { exportDocument, type WorkspaceDocument } from '../db/workspace-document.ts'
import {
  common,
  group,
  withDesk,
  type CommandContext,
  type CommandMaker,
  type CommonOptions,
} from './command.ts'
import { assertMayAdminister } from './administer.ts'
import { writeJson } from './io.ts'

/** A document as bytes, always the same for the same workspace. */
export const documentText = (document: WorkspaceDocument): string => `${JSON.stringify(document)}\n`

export const exportCommand: CommandMaker = (context: CommandContext) => {
  const { io } = context
  const command = group('export', 'take data out: workspace')
  command.addCommand(
    common('workspace', 'the whole workspace as one document; import takes it back unchanged')
      .argument('<file>')
      .action(async (file: string, options: CommonOptions) => {
        await withDesk(context, options, 'cli', async (house, { actor }) => {
          assertMayAdminister(actor, 'take a workspace out')
          const document = await asTenant(house.database, actor, exportDocument, {
            readOnly: true,
            timeoutMs: 0,
          })
          const text = documentText(document)
          const path = resolve(io.cwd, file)
          await writeFile(path, text, { mode: 0o600 })
          const records = Object.values(document.records).reduce((sum, rows) => sum + rows.length, 0)
          const sha256 = createHash('sha256').update(text).digest('hex')
          if (options.json) writeJson(io, { file: path, records, bytes: Buffer.byteLength(text), sha256 })
          else
            io.out(
              `${records} records written. SHA-256 ${sha256}\nThe file holds every name and mail in the clear.\n`,
            )
        })
      }),
  )
  return command
}

import { resolve } from 'node:path'
import { asTenant } from '../db/tenant.ts'
import { documentText } from '../db/workspace-document.ts'
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
import { progressBar } from './progress.ts'
import { writePieces } from './write-file.ts'

async function* withNewline(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  yield* pieces
  yield '\n'
}

export const exportCommand: CommandMaker = (context: CommandContext) => {
  const { io } = context
  const command = group('export', 'take data out: workspace')
  command.addCommand(
    common('workspace', 'the whole workspace as one document; import takes it back unchanged')
      .argument('<file>')
      .action(async (file: string, options: CommonOptions) => {
        await withDesk(context, options, 'cli', async (house, { actor }) => {
          assertMayAdminister(actor, 'take a workspace out')
          const path = resolve(io.cwd, file)
          const bar = progressBar(io, 'Records')
          let records = 0
          const { bytes, sha256 } = await asTenant(
            house.database,
            actor,
            (tx) =>
              writePieces(
                path,
                withNewline(
                  documentText(tx, (entity, done) => {
                    records = done
                    bar.update(done, undefined, entity)
                  }),
                ),
                io.signal,
              ),
            { readOnly: true, snapshot: true, timeoutMs: 0, signal: io.signal },
          )
          bar.end()
          if (options.json) writeJson(io, { file: path, records, bytes, sha256 })
          else
            io.out(
              `${records} records written. SHA-256 ${sha256}\nThe file holds every name and mail in the clear.\n`,
            )
        })
      }),
  )
  return command
}

import { asTenant } from '../db/tenant.ts'
import { assertStanding } from '../db/standing.ts'
import { addWebhook, listWebhooks, removeWebhook } from '../writeback/providers/webhooks.ts'
import {
  common,
  group,
  withDesk,
  type CommandContext,
  type CommandMaker,
  type CommonOptions,
} from './command.ts'
import { writeJson } from './io.ts'
import { drawTable } from './table.ts'

/** Other systems that are told of every change carried out or taken back: add, list, remove. */
export const webhooksCommand: CommandMaker = (context: CommandContext) => {
  const { io } = context
  const command = group('webhooks', 'other systems that are told of changes: add, list, remove')
  command.addCommand(
    common('add', 'tell an address of every change; its key is shown once')
      .argument('<url>')
      .action(async (url: string, options: CommonOptions) => {
        await withDesk(context, options, 'cli', async (house, { actor }) => {
          const made = await addWebhook(house.database, actor, url)
          if (options.json) writeJson(io, made)
          else io.out(`${made.id}\n${made.secret}\n`)
        })
      }),
  )
  command.addCommand(
    common('list', 'where changes are told, and what waits').action(async (options: CommonOptions) => {
      await withDesk(context, options, 'cli', async (house, { actor }) => {
        const found = await asTenant(
          house.database,
          actor,
          async (tx) => {
            await assertStanding(tx, actor, 'policy')
            return await listWebhooks(tx)
          },
          { readOnly: true },
        )
        if (options.json) return writeJson(io, { webhooks: found })
        drawTable(
          io,
          ['Id', 'Address', 'Waiting', 'Sent', 'Failed', 'Why'],
          found.map((one) => [
            one.id,
            one.url,
            String(one.waiting),
            String(one.sent),
            String(one.failed),
            one.failure,
          ]),
        )
      })
    }),
  )
  command.addCommand(
    common('remove', 'tell it nothing more; what waits for it is dropped')
      .argument('<id>')
      .action(async (id: string, options: CommonOptions) => {
        await withDesk(context, options, 'cli', async (house, { actor }) => {
          await removeWebhook(house.database, actor, id)
          if (options.json) writeJson(io, { removed: id })
          else io.out('It is told nothing more.\n')
        })
      }),
  )
  return command
}

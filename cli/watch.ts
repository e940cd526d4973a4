import { asTenant } from '../db/tenant.ts'
import { listWatches, stopWatch, watch } from '../writeback/watches.ts'
import { runAutomation } from '../writeback/automation.ts'
import {
  common,
  group,
  withDesk,
  type CommandContext,
  type CommandMaker,
  type CommonOptions,
} from './command.ts'
import type { Desk, House } from './compose.ts'
import { writeJson } from './io.ts'
import type { Io } from './io.ts'
import { drawTable } from './table.ts'

/** What a person says in a chat about watches, done at once and told in one line. */
export const watchInChat = async (
  { database }: House,
  { actor }: Desk,
  { io, whom, verb }: { readonly io: Io; readonly whom: string; readonly verb: 'watch' | 'unwatch' },
): Promise<void> => {
  if (verb === 'watch') {
    const { name } = await asTenant(database, actor, (tx) => watch(tx, actor, whom))
    io.out(`You are told when ${name} writes: in your digest, and by /watches. /unwatch ${name} ends it.\n`)
  } else {
    const stopped = await asTenant(database, actor, (tx) => stopWatch(tx, actor, whom))
    io.out(`You are no longer told of mail from ${stopped.whom}.\n`)
  }
}

/** Looks once, so that what has come by now is told now, and draws whom the member waits for. */
export const drawWatches = async (house: House, { actor, workspace }: Desk, io: Io): Promise<void> => {
  await runAutomation(house.database, workspace)
  const found = await asTenant(house.database, actor, (tx) => listWatches(tx, actor), { readOnly: true })
  if (found.length === 0) return io.out('You wait for nobody’s mail.\n')
  drawTable(
    io,
    ['Whom', 'Since', 'Mails since', 'Last'],
    found.map((one) => [one.whom, one.since, one.told, one.toldAt]),
  )
}

/** Who is to be told of whose mail. */
export const watchCommand: CommandMaker = (context: CommandContext) => {
  const { io } = context
  const command = group('watch', 'be told when somebody writes')
  command.addCommand(
    common('add', 'be told, in your digest, when a person or company writes')
      .argument('<name...>')
      .action(async (words: readonly string[], options: CommonOptions) => {
        await withDesk(context, options, 'cli', async (house, desk) => {
          const whom = words.join(' ')
          if (!options.json) return watchInChat(house, desk, { io, whom, verb: 'watch' })
          const made = await asTenant(house.database, desk.actor, (tx) => watch(tx, desk.actor, whom))
          return writeJson(io, { watching: made })
        })
      }),
  )
  command.addCommand(
    common('list', 'whose mail you wait for, and what came').action(async (options: CommonOptions) => {
      await withDesk(context, options, 'cli', async (house, desk) => {
        if (!options.json) return drawWatches(house, desk, io)
        const { actor } = desk
        const found = await asTenant(house.database, actor, (tx) => listWatches(tx, actor), {
          readOnly: true,
        })
        return writeJson(io, { watches: found })
      })
    }),
  )
  command.addCommand(
    common('stop', 'be told no longer')
      .argument('<name...>')
      .action(async (words: readonly string[], options: CommonOptions) => {
        await withDesk(context, options, 'cli', async (house, desk) => {
          const whom = words.join(' ')
          if (!options.json) return watchInChat(house, desk, { io, whom, verb: 'unwatch' })
          const stopped = await asTenant(house.database, desk.actor, (tx) => stopWatch(tx, desk.actor, whom))
          return writeJson(io, { stopped })
        })
      }),
  )
  return command
}

import { assertStanding } from '../db/standing.ts'
import { asTenant } from '../db/tenant.ts'
import { readOverview } from '../tools/support/overview.ts'
import { common, withDesk, type CommandContext, type CommandMaker, type CommonOptions } from './command.ts'
import { writeJson } from './io.ts'
import { drawTable } from './table.ts'

/** The views of a workspace, for a person's own eyes. */
export const overviewCommand: CommandMaker = (context: CommandContext) =>
  common(
    'overview',
    'what waits, the pipeline, meetings, chances and how they hold, customers lost, activity',
  ).action(async (options: CommonOptions) => {
    const { io } = context
    await withDesk(context, options, 'cli', async (house, { actor, workspace, now }) => {
      const { found, notes } = await asTenant(
        house.database,
        actor,
        async (tx) => {
          await assertStanding(tx, actor, 'read')
          const { timezone } = workspace
          return await readOverview(tx, { memberId: actor.memberId, timezone, now: now(), signal: io.signal })
        },
        { readOnly: true },
      )
      if (options.json) return writeJson(io, { sections: Object.fromEntries(found), left_out: notes })
      for (const { title, about, columns, rows } of found.values()) {
        io.out(`\n${title}\n${about}\n`)
        if (rows.length > 0)
          drawTable(
            io,
            columns,
            rows.map(({ cells }) => cells),
          )
      }
      for (const note of notes) io.out(`\n${note}\n`)
    })
  })

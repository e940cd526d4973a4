import { checkHealth } from '../db/health.ts'
import { checkBackups, checkSavedQueries } from './backup-health.ts'
import { common, withHouse, type CommandContext, type CommandMaker, type CommonOptions } from './command.ts'
import { drawTable } from './table.ts'
import { writeJson } from './io.ts'

export const doctorCommand: CommandMaker = (context: CommandContext) =>
  common('doctor', 'check the installation and say what is wrong').action(async (options: CommonOptions) => {
    await withHouse(context, async (house) => {
      const { io, config } = context
      const checks = [
        { check: 'node', state: 'ok', detail: process.version },
        { check: 'home', state: 'ok', detail: config.TACT_HOME },
        { check: 'model', state: 'ok', detail: config.TACT_MODEL ?? 'offline' },
        ...(await checkHealth(house.database)),
        await checkBackups(house, new Date()),
        ...(await checkSavedQueries(house)),
      ]
      const ok = checks.every(({ state }) => state !== 'wrong')
      if (options.json) writeJson(io, { ok, checks })
      else
        drawTable(
          io,
          ['Check', 'State', 'Detail'],
          checks.map(({ check, state, detail }) => [check, state, detail]),
        )
      context.exitCode = ok ? 0 : 1
    })
  })

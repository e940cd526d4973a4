import { checkHealth } from '../db/health.ts'
import { common, withHouse, type CommandContext, type CommandMaker, type CommonOptions } from './command.ts'
import { drawTable } from './table.ts'
import { writeJson } from './io.ts'

export const doctorCommand: CommandMaker = (context: CommandContext) =>
  common('doctor', 'check the installation and say what is wrong').action(async (options: CommonOptions) => {
    await withHouse(context, async (house) => {
      const { io, config } = context
      const checks = [
        { check: 'node', ok: true, detail: process.version },
        { check: 'home', ok: true, detail: config.TACT_HOME },
        { check: 'model', ok: true, detail: config.TACT_MODEL ?? 'offline' },
        ...(await checkHealth(house.database)),
      ]
      const ok = checks.every((check) => check.ok)
      if (options.json) writeJson(io, { ok, checks })
      else
        drawTable(
          io,
          ['Check', 'State', 'Detail'],
          checks.map(({ check, ok: fine, detail }) => [check, fine ? 'ok' : 'WRONG', detail]),
        )
      context.exitCode = ok ? 0 : 1
    })
  })

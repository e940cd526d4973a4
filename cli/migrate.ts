import { common, withHouse, type CommandContext, type CommandMaker, type CommonOptions } from './command.ts'
import { writeJson } from './io.ts'

export const migrateCommand: CommandMaker = (context: CommandContext) =>
  common('migrate', 'bring the database schema up to date').action(async (options: CommonOptions) => {
    await withHouse(context, async (house) => {
      if (options.json) writeJson(context.io, { engine: house.database.engine, current: true })
      else context.io.out(`The ${house.database.engine} database is up to date.\n`)
    })
  })

import { dropPreference, isPreference, listPreferences, PREFERENCES, setPreference } from '../db/memory.ts'
import { asTenant } from '../db/tenant.ts'
import { notFound, userError } from '../domain/errors.ts'
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
import { drawTable } from './table.ts'

/** Sets, or with no value drops, a preference of the member at the desk. */
export const changePreference = async (
  house: House,
  { actor }: Desk,
  { name, value }: { readonly name: string; readonly value: string | undefined },
): Promise<void> => {
  if (!isPreference(name))
    throw userError('unknown_preference', 'There is no preference of that name.', {
      validOptions: Object.keys(PREFERENCES),
    })
  const isThere = await asTenant(house.database, actor, async (tx) => {
    if (value === undefined) return dropPreference(tx, actor.memberId, name)
    await setPreference(tx, actor.memberId, { name, value })
    return true
  })
  if (!isThere)
    throw notFound('no_preference', 'You have not set that.', { fix: '`tact preferences list` shows yours.' })
}

/** How one member is answered: theirs to set, list and drop. */
export const preferencesCommand: CommandMaker = (context: CommandContext) => {
  const { io } = context
  const preferences = group('preferences', 'how you are answered; yours alone')
  preferences.addCommand(
    common('list', 'what you have set').action(async (options: CommonOptions) => {
      await withDesk(context, options, 'cli', async (house, { actor }) => {
        const found = await asTenant(house.database, actor, (tx) => listPreferences(tx, actor.memberId), {
          readOnly: true,
        })
        if (options.json) return writeJson(io, { preferences: found })
        if (found.length > 0)
          drawTable(
            io,
            ['Name', 'Value'],
            found.map(({ name, value }) => [name, value]),
          )
        else io.out('You have set none.\n')
        for (const [name, about] of Object.entries(PREFERENCES))
          if (!found.some((one) => one.name === name)) io.out(`  ${name}: ${about}\n`)
      })
    }),
  )
  preferences.addCommand(
    common('set', 'set one')
      .argument('<name>', Object.keys(PREFERENCES).join(' or '))
      .argument('<value...>')
      .action(async (name: string, words: string[], options: CommonOptions) => {
        await withDesk(context, options, 'cli', async (house, desk) => {
          await changePreference(house, desk, { name, value: words.join(' ') })
          if (options.json) writeJson(io, { set: name })
          else io.out('Set.\n')
        })
      }),
  )
  preferences.addCommand(
    common('forget', 'drop one')
      .argument('<name>')
      .action(async (name: string, options: CommonOptions) => {
        await withDesk(context, options, 'cli', async (house, desk) => {
          await changePreference(house, desk, { name, value: undefined })
          if (options.json) writeJson(io, { forgotten: name })
          else io.out('Forgotten.\n')
        })
      }),
  )
  return preferences
}

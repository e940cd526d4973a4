import { asTenant } from '../db/tenant.ts'
import { userError } from '../domain/errors.ts'
import { readJsonQuestion } from '../query/ask.ts'
import { removeView, savedViews, saveView } from '../query/views.ts'
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

interface SaveOptions extends CommonOptions {
  readonly ast: string
  readonly shared?: boolean
}

const saveCommand: CommandMaker = (context: CommandContext) =>
  common('save', 'keep filters and sorts of one kind of record under a name')
    .argument('<name>')
    .requiredOption('--ast <json>', 'the question: find, where, order')
    .option('--shared', 'for everybody in the workspace; otherwise for you alone')
    .action(async (name: string, options: SaveOptions) => {
      const question = readJsonQuestion(options.ast)
      if (!('semantic' in question))
        throw userError('bad_view', 'A view is kept of a semantic question.', {
          fix: `--ast '{"find":"deals","where":[{"field":"status","value":"open"}]}'`,
        })
      const isShared = options.shared === true
      await withDesk(context, options, 'cli', async (house, { actor, workspace, now }) => {
        const asking = { workspace, actor, now: now() }
        await asTenant(house.database, actor, (tx) =>
          saveView(tx, { name, question: question.semantic, isShared }, asking),
        )
        if (options.json) return writeJson(context.io, { saved: name, shared: isShared })
        context.io.out(`Saved as ${name}${isShared ? ', for everybody' : ', for you alone'}.\n`)
      })
    })

const listCommand: CommandMaker = (context: CommandContext) =>
  common('list', 'your views, and those that others share').action(async (options: CommonOptions) => {
    await withDesk(context, options, 'cli', async (house, { actor }) => {
      const views = await asTenant(house.database, actor, (tx) => savedViews(tx, { actor }), {
        readOnly: true,
      })
      if (options.json) return writeJson(context.io, { views })
      drawTable(
        context.io,
        ['Name', 'Of', 'For'],
        views.map(({ name, entity, isShared }) => [name, entity, isShared ? 'everybody' : 'you']),
      )
    })
  })

const removeCommand: CommandMaker = (context: CommandContext) =>
  common('remove', 'take a view away: your own, or a shared one as an owner or admin')
    .argument('<name>')
    .action(async (name: string, options: CommonOptions) => {
      await withDesk(context, options, 'cli', async (house, { actor }) => {
        await asTenant(house.database, actor, (tx) => removeView(tx, name, { actor }))
        if (options.json) return writeJson(context.io, { removed: name })
        context.io.out(`${name} is gone.\n`)
      })
    })

/** `tact query view save|list|remove`; `tact query --view <name>` opens one. */
export const viewCommands: CommandMaker = (context: CommandContext) => {
  const view = group('view', 'views: filters and sorts under a name, yours or shared')
  for (const make of [saveCommand, listCommand, removeCommand]) view.addCommand(make(context))
  return view
}

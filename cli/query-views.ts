import { asTenant } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { userError } from '../domain/errors.ts'
import { readJsonQuestion } from '../query/ask.ts'
import type { Answered, Question } from '../query/ask.ts'
import type { QueryContext } from '../query/run.ts'
import { dropView, listViews, runView, saveView } from '../query/views.ts'
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

type Show = (
  context: CommandContext,
  found: { readonly question: Question; readonly answered: Answered },
  options: CommonOptions,
) => void

const FIX = `--ast '{"find":"deals","where":[{"any":[{"field":"stage","value":"Offer"},{"field":"amount","op":">","value":50000}]}],"order":["-amount"]}'`

const within = <T>(
  context: CommandContext,
  options: CommonOptions,
  fn: (tx: TenantTx, asking: QueryContext) => Promise<T>,
  then: (found: T) => void,
): Promise<void> =>
  withDesk(context, options, 'cli', async (house, { actor, workspace, now }) => {
    const asking = { workspace, actor, now: now() }
    then(await asTenant(house.database, actor, (tx) => fn(tx, asking), { signal: context.io.signal }))
  })

/** Views: filters and sorts kept under a name, for oneself or for all. */
export const viewsCommand =
  (show: Show): CommandMaker =>
  (context: CommandContext) => {
    const { io } = context
    const views = group('views', 'lists with filters and sorts, kept under a name')
    views.addCommand(
      common('list', 'your views, and those that others share').action((options: CommonOptions) =>
        within(context, options, listViews, (found) => {
          if (options.json) return writeJson(io, { views: found })
          drawTable(
            io,
            ['Name', 'Of', 'Shared', 'Yours'],
            found.map((one) => [one.name, one.entity, one.isShared ? 'yes' : 'no', one.isOwn ? 'yes' : 'no']),
          )
        }),
      ),
    )
    views.addCommand(
      common('save', 'keep the entity, filters and sorts of a query')
        .argument('<name>')
        .requiredOption('--ast <json>', 'the query as query_crm takes it: find, where, order')
        .option('--shared', 'for everybody in the workspace')
        .action(async (name: string, options: SaveOptions) => {
          const question = readJsonQuestion(options.ast)
          if (!('semantic' in question))
            throw userError('bad_usage', 'A view is made of find, where and order.', { fix: FIX })
          const { find, where, order = [], ...rest } = question.semantic
          const other = Object.entries(rest).find(([, value]) => Array.isArray(value) && value.length > 0)
          if (other)
            throw userError('bad_usage', `A view has no ${other[0]}; a saved query has.`, { fix: FIX })
          const view = { name, entity: find, filters: where, sorts: order, isShared: options.shared ?? false }
          await within(
            context,
            options,
            (tx, asking) => saveView(tx, view, asking),
            () => {
              if (options.json) writeJson(io, { saved: name })
              else io.out(`Saved as ${name}.\n`)
            },
          )
        }),
    )
    views.addCommand(
      common('run', 'the records of a view')
        .argument('<name>')
        .action((name: string, options: CommonOptions) =>
          within(
            context,
            options,
            (tx, asking) => runView(tx, name, asking),
            ({ view, result }) => {
              const semantic = { find: view.entity, where: view.filters, order: view.sorts }
              show(context, { question: { semantic } as Question, answered: result }, options)
            },
          ),
        ),
    )
    views.addCommand(
      common('drop', 'remove a view of your own')
        .argument('<name>')
        .action((name: string, options: CommonOptions) =>
          within(
            context,
            options,
            (tx, asking) => dropView(tx, name, asking),
            () => {
              if (options.json) writeJson(io, { dropped: name })
              else io.out('Removed.\n')
            },
          ),
        ),
    )
    return views
  }

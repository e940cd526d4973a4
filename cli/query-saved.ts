import { asTenant } from '../db/tenant.ts'
import { userError } from '../domain/errors.ts'
import { readJsonQuestion } from '../query/ask.ts'
import type { Answered, Question } from '../query/ask.ts'
import { keepAnswer, runSaved, savedQueries, saveQuery, verifyQuery } from '../query/kept.ts'
import { checkQueries } from './check-queries.ts'
import { common, withDesk, type CommandContext, type CommandMaker, type CommonOptions } from './command.ts'
import { writeJson } from './io.ts'
import { drawTable } from './table.ts'

interface SaveOptions extends CommonOptions {
  readonly ast?: string
  readonly sql?: string
  readonly words?: string
}

type Show = (
  context: CommandContext,
  found: { readonly question: Question; readonly answered: Answered },
  options: CommonOptions,
  kept: { readonly queryId: string },
) => void

const saveCommand: CommandMaker = (context: CommandContext) =>
  common('save', 'keep a question under a name, with the shape of its answer')
    .argument('<name>')
    .option('--ast <json>', 'the query, semantic or relational')
    .option('--sql <select>', 'the query as one SELECT')
    .option('--words <question>', 'the question as people put it')
    .action(async (name: string, options: SaveOptions) => {
      const { ast, sql, words = name } = options
      if ((ast === undefined) === (sql === undefined))
        throw userError('bad_usage', 'A query is given either as --sql or as --ast.')
      const question = ast === undefined ? { sql: sql! } : readJsonQuestion(ast)
      await withDesk(context, options, 'cli', async (house, { actor, workspace, now }) => {
        const asking = { workspace, actor, now: now() }
        await asTenant(house.database, actor, (tx) =>
          saveQuery(tx, { name, wording: words, question }, asking),
        )
        if (options.json) return writeJson(context.io, { saved: name })
        context.io.out(`Saved as ${name}.\n`)
      })
    })

const listCommand: CommandMaker = (context: CommandContext) =>
  common('list', 'saved questions').action(async (options: CommonOptions) => {
    await withDesk(context, options, 'cli', async (house, { actor }) => {
      const found = await asTenant(house.database, actor, (tx) => savedQueries(tx), { readOnly: true })
      if (options.json) return writeJson(context.io, { queries: found })
      drawTable(
        context.io,
        ['Name', 'Question', 'Verified'],
        found.map(({ name, wording, isVerified }) => [name, wording, isVerified ? 'yes' : 'no']),
      )
    })
  })

const verifyCommand: CommandMaker = (context: CommandContext) =>
  common('verify', 'say that a saved question is right; owners and admins may')
    .argument('<name>')
    .action(async (name: string, options: CommonOptions) => {
      await withDesk(context, options, 'cli', async (house, { actor, workspace, now }) => {
        const asking = { workspace, actor, now: now() }
        await asTenant(house.database, actor, (tx) => verifyQuery(tx, name, asking))
        if (options.json) return writeJson(context.io, { verified: name })
        context.io.out(`${name} is verified.\n`)
      })
    })

const runCommand =
  (show: Show): CommandMaker =>
  (context: CommandContext) =>
    common('run', 'answer a saved question')
      .argument('<name>')
      .action(async (name: string, options: CommonOptions) => {
        await withDesk(context, options, 'cli', async (house, { actor, workspace, now }) => {
          const asking = { workspace, actor, now: now() }
          const found = await asTenant(house.database, actor, (tx) => runSaved(tx, name, asking), {
            readOnly: true,
            signal: context.io.signal,
          })
          const queryId = await asTenant(house.database, actor, (tx) =>
            keepAnswer(tx, found.question, found.answered, asking),
          )
          show(context, found, options, { queryId })
        })
      })

const checkCommand: CommandMaker = (context: CommandContext) =>
  common('check', 'put every verified question again; fails where an answer has another shape').action(
    async (options: CommonOptions) => {
      await withDesk(context, options, 'cli', async (house, { actor, workspace, now }) => {
        const found = await checkQueries(house, workspace, { actor, now: now() })
        context.exitCode = found.some(({ drift }) => drift !== 'none') ? 1 : 0
        if (options.json) return writeJson(context.io, { queries: found })
        drawTable(
          context.io,
          ['Name', 'Drift', 'Detail'],
          found.map(({ name, drift, detail }) => [name, drift, detail]),
        )
      })
    },
  )

/** `tact query save|list|verify|run|check`; `show` writes an answer as `tact query` does. */
export const savedQueryCommands = (show: Show): readonly CommandMaker[] => [
  saveCommand,
  listCommand,
  verifyCommand,
  runCommand(show),
  checkCommand,
]

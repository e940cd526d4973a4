import { userError } from '../domain/errors.ts'
import { common, withDesk, type CommandContext, type CommandMaker, type CommonOptions } from './command.ts'
import { EXIT_CODES, writeJson } from './io.ts'
import { openTerminal } from './terminal.ts'

interface ToolOptions extends CommonOptions {
  readonly reveal?: boolean
}

const parseArguments = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw userError('bad_json', 'The arguments are not JSON.', {
      fix: `Put them in single quotes: tact tool search_people '{"query":"dana"}'`,
    })
  }
}

export const toolCommand: CommandMaker = (context: CommandContext) =>
  common('tool', 'call one tool as a model would')
    .argument('<name>')
    .argument('[json]', 'arguments', '{}')
    .option('--reveal', 'show real values in place of handles')
    .action(async (name: string, json: string, options: ToolOptions) => {
      const rawArguments = parseArguments(json)
      await withDesk(context, options, 'cli', async (house, desk) => {
        const { actor, conversationId } = await openTerminal(house, desk)
        const outcome = await house.toolbox.call(name, rawArguments, {
          actor,
          conversationId,
          signal: context.io.signal,
        })
        if (!outcome.ok) {
          writeJson(context.io, { error: outcome.error })
          context.exitCode = EXIT_CODES[outcome.kind ?? 'user']
          return
        }
        const session = await house.privacy.open(actor, conversationId)
        const shown = options.reveal ? await session.restoreTree(outcome.result) : outcome.result
        context.io.out(`${options.json ? JSON.stringify(shown) : JSON.stringify(shown, null, 2)}\n`)
      })
    })

import { asTenant } from '../db/tenant.ts'
import { openConversation } from '../db/conversations.ts'
import { userError } from '../domain/errors.ts'
import { modelSide } from './compose.ts'
import { common, withDesk, type CommandContext, type CommandMaker, type CommonOptions } from './command.ts'
import { EXIT_CODES, writeJson } from './io.ts'

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

/** Handles of the terminal mean something from one command to the next: they share this conversation. */
export const TERMINAL_CONVERSATION = 'terminal'

export const toolCommand: CommandMaker = (context: CommandContext) =>
  common('tool', 'call one tool as a model would')
    .argument('<name>')
    .argument('[json]', 'arguments', '{}')
    .option('--reveal', 'show real values in place of handles')
    .action(async (name: string, json: string, options: ToolOptions) => {
      const rawArguments = parseArguments(json)
      await withDesk(context, options, 'cli', async (house, desk) => {
        const actor = modelSide(desk.actor)
        const conversation = await asTenant(house.database, actor, (tx) =>
          openConversation(tx, {
            channel: 'chat',
            externalKey: `${TERMINAL_CONVERSATION}:${actor.memberId}`,
            memberId: actor.memberId,
          }),
        )
        const outcome = await house.toolbox.call(name, rawArguments, {
          actor,
          conversationId: conversation.id,
          signal: context.io.signal,
        })
        if (!outcome.ok) {
          writeJson(context.io, { error: outcome.error })
          context.exitCode = EXIT_CODES[outcome.kind ?? 'user']
          return
        }
        const session = await house.privacy.open(actor, conversation.id)
        const shown = options.reveal ? await session.restoreTree(outcome.result) : outcome.result
        context.io.out(`${options.json ? JSON.stringify(shown) : JSON.stringify(shown, null, 2)}\n`)
      })
    })

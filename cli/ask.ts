import { createAnswerWriter } from './answer-writer.ts'
import { runConversationTurn } from './conversation.ts'
import { common, withDesk, type CommandContext, type CommandMaker, type CommonOptions } from './command.ts'
import { writeJson } from './io.ts'
import { drawEnd, drawEvent } from './draw.ts'
import type { TurnEnd } from '../domain/events.ts'

interface AskOptions extends CommonOptions {
  readonly conversation?: string
}

const EXIT_OF: Record<TurnEnd['status'], number> = {
  answered: 0,
  asked_back: 0,
  refused: 3,
  failed: 1,
  cancelled: 1,
}

export const askCommand: CommandMaker = (context: CommandContext) =>
  common('ask', 'ask one question; the answer names its sources')
    .argument('<question...>', 'the question')
    .option('--conversation <name>', 'go on with the conversation of that name')
    .action(async (words: string[], options: AskOptions) => {
      const { io } = context
      await withDesk(context, options, 'cli', async (house, desk) => {
        const turn = runConversationTurn(house, desk, words.join(' '), {
          name: options.conversation,
          signal: io.signal,
        })
        const answer = createAnswerWriter(io)
        for await (const event of turn) {
          if (event.type !== 'turn-end') {
            if (options.json) continue
            if (event.type === 'text-delta') answer.push(event.text)
            else drawEvent(io, event)
            continue
          }
          context.exitCode = EXIT_OF[event.status]
          if (options.json) {
            const { status, text, readAs, calls, sources, proposals, receipt } = event
            writeJson(io, { status, answer: text, read_as: readAs, calls, sources, proposals, receipt })
          } else {
            answer.end()
            drawEnd(io, event)
          }
        }
      })
    })

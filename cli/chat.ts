import { createInterface } from 'node:readline/promises'
import { PassThrough } from 'node:stream'
import pc from 'picocolors'
import { isUuid, newId } from '../domain/ids.ts'
import { common, withDesk, type CommandContext, type CommandMaker, type CommonOptions } from './command.ts'
import type { Desk, House } from './compose.ts'
import { runConversationTurn } from './conversation.ts'
import { drawEnd, drawEvent } from './draw.ts'
import { reportFailure, type Io } from './io.ts'
import { runProposalCommand } from './proposals.ts'

const HELP = `Ask in plain words. Other things you can type:
  /approve [id]   approve the last proposal, or the one named
  /reject [id]    reject it
  /undo [id]      take an executed proposal back
  /new            start a new conversation
  /help           this text
  /quit           leave (Ctrl-D does too)
`

interface ChatState {
  conversation: string
  lastProposal: string | undefined
}

const slash = async (
  line: string,
  state: ChatState,
  house: House,
  desk: Desk,
  io: Io,
): Promise<'go-on' | 'quit'> => {
  const [word, ...rest] = line.slice(1).split(/\s+/)
  const id = rest.find((one) => isUuid(one.toLowerCase())) ?? state.lastProposal
  switch (word) {
    case 'quit':
    case 'exit':
      return 'quit'
    case 'new':
      state.conversation = newId()
      io.out('A new conversation.\n')
      return 'go-on'
    case 'approve':
    case 'reject':
    case 'undo':
      if (id) {
        const confirm = rest.filter((one) => one !== id)
        await runProposalCommand(
          word,
          id,
          { house, desk, io, json: false },
          { confirm: [...confirm, confirm.join(' ')] },
        )
      } else io.out('There is no proposal to decide on yet.\n')
      return 'go-on'
    default:
      io.out(HELP)
      return 'go-on'
  }
}

const turn = async (line: string, state: ChatState, house: House, desk: Desk, io: Io): Promise<void> => {
  for await (const event of runConversationTurn(house, desk, line, {
    name: state.conversation,
    signal: io.signal,
  })) {
    if (event.type === 'turn-end') {
      state.lastProposal = event.proposals.at(-1) ?? state.lastProposal
      drawEnd(io, event)
      io.out('\n')
    } else {
      drawEvent(io, event)
    }
  }
}

/** Reads lines and answers them until the input ends. Works in a pipe, where it shows no prompt. */
export const chatLoop = async (house: House, desk: Desk, io: Io): Promise<void> => {
  const state: ChatState = { conversation: newId(), lastProposal: undefined }
  const sink = new PassThrough()
  sink.on('data', (chunk: Buffer) => io.out(chunk.toString('utf8')))
  const reader = createInterface({
    input: io.stdin,
    output: sink,
    terminal: io.fancy && io.interactive,
    prompt: io.interactive ? pc.createColors(io.fancy).bold('› ') : '',
  })
  let ended = false
  reader.once('close', () => (ended = true))
  io.signal.addEventListener('abort', () => reader.close())
  const prompt = (): void => {
    if (io.interactive && !ended) reader.prompt()
  }
  prompt()
  for await (const raw of reader) {
    const line = raw.trim()
    try {
      if (line.startsWith('/') && (await slash(line, state, house, desk, io)) === 'quit') break
      if (line && !line.startsWith('/')) await turn(line, state, house, desk, io)
    } catch (error) {
      reportFailure(io, error, { json: false })
    }
    prompt()
  }
  reader.close()
}

export const chatCommand: CommandMaker = (context: CommandContext) =>
  common('chat', 'a conversation in the terminal').action(async (options: CommonOptions) => {
    await withDesk(context, options, 'cli', async (house, desk) => chatLoop(house, desk, context.io))
  })

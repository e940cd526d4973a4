import { createInterface } from 'node:readline/promises'
import { PassThrough } from 'node:stream'
import pc from 'picocolors'
import { UNREAD } from '../agent/model/offline/plan.ts'
import type { Lesson } from '../agent/model/offline/teach.ts'
import type { OpenRun } from '../db/agent-runs.ts'
import { newId } from '../domain/ids.ts'
import { createAnswerWriter } from './answer-writer.ts'
import { slash } from './chat-slash.ts'
import { drawLesson, lessonAfter } from './chat-teach.ts'
import { common, withDesk, type CommandContext, type CommandMaker, type CommonOptions } from './command.ts'
import type { Desk, House } from './compose.ts'
import { runConversationTurn } from './conversation.ts'
import { drawEnd, drawEvent } from './draw.ts'
import { reportFailure, type Io } from './io.ts'
import { runProposalCommand } from './proposals.ts'
import { readWatch } from '../writeback/watches.ts'
import { watchInChat } from './watch.ts'
import { teach } from './words.ts'

/** What the next line may answer, where it is one key. */
type Waiting =
  | { readonly kind: 'proposal'; readonly id: string }
  | { readonly kind: 'lesson'; readonly lesson: Lesson; readonly question: string }

export interface ChatState {
  conversation: string
  lastProposal: string | undefined
  waiting: Waiting | undefined
}

interface Seat {
  readonly house: House
  readonly desk: Desk
  readonly io: Io
}

/** A proposal is shown and decided where it was made, by the person at this terminal; nobody else can answer here. */
const offer = async (id: string, state: ChatState, { house, desk, io }: Seat): Promise<void> => {
  await runProposalCommand('show', id, { house, desk, io, json: false }, {})
  io.out(`Approve it now? ${pc.createColors(io.fancy).bold('y')} or n; anything else leaves it waiting.\n`)
  state.waiting = { kind: 'proposal', id }
}

const turn = async (line: string, state: ChatState, seat: Seat, resumed?: OpenRun): Promise<void> => {
  const { house, desk, io } = seat
  const answer = createAnswerWriter(io)
  for await (const event of runConversationTurn(house, desk, line, {
    name: state.conversation,
    signal: io.signal,
    resumed,
  })) {
    if (event.type === 'text-delta') answer.push(event.text)
    else if (event.type !== 'turn-end') drawEvent(io, event)
    else {
      answer.end()
      state.lastProposal = event.proposals.at(-1) ?? state.lastProposal
      drawEnd(io, event)
      io.out('\n')
      if (!io.interactive) continue
      const [proposal] = event.proposals
      if (proposal !== undefined && event.proposals.length === 1) await offer(proposal, state, seat)
      else if (event.text.startsWith(UNREAD)) {
        const lesson = await lessonAfter(house, desk)
        if (lesson) {
          drawLesson(io, lesson)
          state.waiting = { kind: 'lesson', lesson, question: line }
        }
      }
    }
  }
}

/** Takes a one-key answer; false where the line is something else, which is then read as such. */
const answered = async (line: string, state: ChatState, seat: Seat): Promise<boolean> => {
  const { waiting } = state
  state.waiting = undefined
  if (!waiting) return false
  if (waiting.kind === 'proposal') {
    const verb = /^y(?:es)?$/iu.test(line) ? 'approve' : /^no?$/iu.test(line) ? 'reject' : undefined
    if (!verb) return false
    await runProposalCommand(verb, waiting.id, { ...seat, json: false }, {})
    return true
  }
  const chosen = /^[1-9]$/u.test(line) ? waiting.lesson.offers[Number(line) - 1] : undefined
  if (!chosen) return false
  const { word } = waiting.lesson
  await teach(seat.house, seat.desk, { word, means: chosen.means })
  seat.io.out(`“${word}” means ${chosen.means} from now on (\`tact words forget ${word}\` undoes it).\n\n`)
  await turn(waiting.question, state, seat)
  return true
}

const takeLine = async (line: string, state: ChatState, seat: Seat): Promise<'go-on' | 'quit'> => {
  if (line === '') {
    state.waiting = undefined
    return 'go-on'
  }
  if (await answered(line, state, seat)) return 'go-on'
  if (!line.startsWith('/')) {
    // A person at this terminal sets it themselves: no model reads the line, and none could set it.
    const whom = readWatch(line)
    if (whom === undefined) await turn(line, state, seat)
    else await watchInChat(seat.house, seat.desk, { io: seat.io, whom, verb: 'watch' })
    return 'go-on'
  }
  const done = await slash(line, state, seat)
  if (typeof done === 'string') return done
  state.conversation = done.resume.external_key ?? newId()
  await turn('', state, seat, done.resume)
  return 'go-on'
}

/** Reads lines and answers them until the input ends. Works in a pipe, where it shows no prompt and asks nothing. */
export const chatLoop = async (house: House, desk: Desk, io: Io): Promise<void> => {
  const state: ChatState = { conversation: newId(), lastProposal: undefined, waiting: undefined }
  // Read while the person types; what fails here fails again, and is told, at the first question.
  if (io.interactive) void house.privacy.readAhead(desk.actor).catch(() => undefined)
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
    try {
      if ((await takeLine(raw.trim(), state, { house, desk, io })) === 'quit') break
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

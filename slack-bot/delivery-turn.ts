import type { LeasedSlackEvent } from '../db/slack-events.ts'
import { unavailable } from '../domain/errors.ts'
import type { TurnEnd } from '../domain/events.ts'
import type { Bot } from './bot.ts'
import { machineClock } from './clock.ts'
import { conversationOf, mayStand, seatFor } from './delivery-seat.ts'
import type { Seat } from './delivery-seat.ts'
import type { Question } from './listen-read.ts'
import { STOPPED } from './listen-work.ts'
import { showStatus } from './status.ts'
import { AnswerStream } from './stream.ts'
import { hostsOf } from './render/text.ts'

export interface Turn {
  readonly end: TurnEnd
  /** Where it stands: another place than at first where that was no longer the right one. */
  readonly seat: Seat
  readonly stream: AnswerStream
}

export interface TurnAsked {
  readonly question: Question
  readonly text: string
  readonly seat: Seat
  readonly signal: AbortSignal
}

/** How long the end of an answer is tried for before the question is taken up anew. */
const GIVE_UP_AFTER_MS = 120_000

const openStream = (
  bot: Bot,
  event: LeasedSlackEvent,
  {
    seat,
    question,
    onStop,
  }: { readonly seat: Seat; readonly question: Question; readonly onStop: () => void },
): AnswerStream =>
  new AnswerStream({
    clients: bot.clients,
    budget: bot.budget,
    clock: machineClock,
    place: {
      channel: seat.channelId,
      threadTs: seat.threadTs,
      ...(seat.isPrivate ? {} : { recipient: { userId: question.userId, teamId: bot.teamId } }),
    },
    answerId: event.id,
    hosts: hostsOf(bot.inboxUrl()),
    onStop,
    giveUpAfterMs: GIVE_UP_AFTER_MS,
  })

/**
 * Runs the turn. In a direct message the text goes out as it comes; in a channel it is held until it is whole and the
 * gate was asked again, because a channel can be shared or joined while the model writes. Undefined where the answer may
 * stand nowhere any more.
 */
export const runTurn = async (
  bot: Bot,
  event: LeasedSlackEvent,
  { question, text, seat, signal }: TurnAsked,
): Promise<Turn | undefined> => {
  const stop = new AbortController()
  const open = (where: Seat): AnswerStream =>
    openStream(bot, event, { seat: where, question, onStop: () => stop.abort(STOPPED) })
  const turn = bot.ask(text, {
    actor: seat.actor,
    conversation: conversationOf(bot, seat),
    signal: AbortSignal.any([signal, stop.signal]),
    isAgain: event.attempts > 1,
  })
  let stream: AnswerStream | undefined
  let held = ''
  for await (const said of turn) {
    if (said.type === 'tool-call' && !stream) await showStatus(bot, seat, { tool: said.tool })
    if (said.type === 'text-delta') {
      held += said.text
      if (!seat.isPrivate || held.trim() === '') continue
      if (!stream && (await mayStand(bot, event, { question, seat }))) stream = open(seat)
      if (!stream) continue
      stream.write(held)
      held = ''
    } else if (said.type === 'turn-end') {
      if (stream) return { end: said, seat, stream }
      const where = (await mayStand(bot, event, { question, seat }))
        ? seat
        : await seatFor(bot, event, question)
      if (!where) return undefined
      const whole = open(where)
      whole.write(held)
      return { end: said, seat: where, stream: whole }
    }
  }
  throw unavailable('turn_broke_off', 'The answer broke off.')
}

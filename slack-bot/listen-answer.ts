import { messageNow, noteSlackAnswer } from '../db/slack-events.ts'
import type { LeasedSlackEvent, SlackAnswer } from '../db/slack-events.ts'
import { asTenant } from '../db/tenant.ts'
import { unavailable } from '../domain/errors.ts'
import { log } from '../log.ts'
import { endBlocks } from './answer-blocks.ts'
import type { Bot } from './bot.ts'
import { postCard } from './cards-place.ts'
import { isLinkCode, redeem } from './identity.ts'
import { conversationOf, isGone, removeHalf, removeMessages, seatFor } from './delivery-seat.ts'
import type { Seat } from './delivery-seat.ts'
import { runTurn } from './delivery-turn.ts'
import type { Question } from './listen-read.ts'
import { DELETED, STOPPED } from './listen-work.ts'
import type { Ended } from './listen-work.ts'
import { systemActor } from './parts.ts'
import { clearStatus, showStatus } from './status.ts'

export interface Asked {
  readonly question: Question
  readonly signal: AbortSignal
}

const note = (bot: Bot, event: LeasedSlackEvent, answer: SlackAnswer): Promise<void> =>
  asTenant(bot.database, systemActor(bot), (tx) => noteSlackAnswer(tx, event.id, answer))

const postCards = async (
  bot: Bot,
  seat: Seat,
  { proposals, isAgain }: { readonly proposals: readonly string[]; readonly isAgain: boolean },
): Promise<void> => {
  const { channelId, threadTs, isPrivate, actor } = seat
  const memberId = isPrivate ? actor.memberId : null
  for (const id of proposals) await postCard(bot, id, { channelId, threadTs, memberId, isAgain })
}

/** An answer that was whole before a crash: what may be missing are its cards. */
const finishCards = async (bot: Bot, { question }: Asked, answer: SlackAnswer): Promise<void> => {
  const verdict = await bot.gate.judge(question)
  if (verdict.answer === 'nowhere') return
  const { channel: channelId, threadTs, proposals } = answer
  const isPrivate = channelId !== question.channelId || question.isDirect
  await postCards(bot, { channelId, threadTs, isPrivate, actor: verdict.actor }, { proposals, isAgain: true })
}

const answerAt = async (
  bot: Bot,
  event: LeasedSlackEvent,
  { asked, text, seat }: { readonly asked: Asked; readonly text: string; readonly seat: Seat },
): Promise<Ended> => {
  const turn = await runTurn(bot, event, { ...asked, text, seat })
  if (!turn) return 'dropped'
  if (asked.signal.reason === DELETED || (await isGone(bot, event))) {
    const { messages } = await turn.stream.finish()
    await removeMessages(bot, turn.seat.channelId, messages)
    return 'dropped'
  }
  // A process that ends in the middle leaves the question to the next one, and nothing half said.
  if (asked.signal.aborted && asked.signal.reason !== STOPPED) {
    const { messages } = await turn.stream.finish()
    await removeMessages(bot, turn.seat.channelId, messages)
    throw unavailable('closing', 'The process ends.')
  }
  const { end, seat: where, stream } = turn
  const delivered = await stream.finish(endBlocks(end, event.id))
  if (delivered.outcome === 'failed')
    throw unavailable('slack_refused', 'Slack did not take the answer.', { cause: delivered.code })
  await note(bot, event, {
    channel: where.channelId,
    threadTs: where.threadTs,
    isWhole: true,
    proposals: end.proposals,
    conversation: conversationOf(bot, where),
  })
  await postCards(bot, where, { proposals: end.proposals, isAgain: event.attempts > 1 })
  log.info('slack_answered', { status: end.status, outcome: delivered.outcome })
  return 'done'
}

/**
 * Answers a question: who asks and who reads along is judged before anything is read and again before anything is shown;
 * edits and deletions since count. Safe to call again after a crash.
 */
export const answerQuestion = async (bot: Bot, event: LeasedSlackEvent, asked: Asked): Promise<Ended> => {
  const { question } = asked
  if (event.answer?.isWhole) {
    await finishCards(bot, asked, event.answer)
    return 'done'
  }
  const { isDeleted, text: edited } = await asTenant(bot.database, systemActor(bot), (tx) =>
    messageNow(tx, event.aboutMessage ?? ''),
  )
  const text = (edited ?? question.text).trim()
  if (isDeleted || text === '') return 'dropped'
  if (question.isDirect && isLinkCode(text)) {
    await redeem(bot, question, text)
    return 'done'
  }
  if (event.answer)
    await removeHalf(bot, event, { channelId: event.answer.channel, threadTs: event.answer.threadTs })
  const seat = await seatFor(bot, event, question)
  if (!seat) return 'done'
  await note(bot, event, {
    channel: seat.channelId,
    threadTs: seat.threadTs,
    isWhole: false,
    proposals: [],
    conversation: conversationOf(bot, seat),
  })
  await showStatus(bot, seat, { tool: null, initiator: question.userId })
  const ended = await answerAt(bot, event, { asked, text, seat })
  if (ended === 'done') await clearStatus(bot, seat)
  return ended
}

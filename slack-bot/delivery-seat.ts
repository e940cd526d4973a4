import { messageNow } from '../db/slack-events.ts'
import type { LeasedSlackEvent } from '../db/slack-events.ts'
import { asTenant } from '../db/tenant.ts'
import type { Actor } from '../domain/actor.ts'
import { unavailable } from '../domain/errors.ts'
import type { Bot } from './bot.ts'
import { directMessageWith, postOnce, slackRefusal, whisper } from './delivery-post.ts'
import { DETOURS, REFUSALS } from './gate.ts'
import type { Verdict } from './gate.ts'
import type { Question } from './listen-read.ts'
import { systemActor } from './parts.ts'
import { clip, escaped } from './render/text.ts'
import { findPart } from './stream-find.ts'

/** Where an answer goes, and for whose eyes it is. */
export interface Seat {
  readonly channelId: string
  readonly threadTs: string
  /** The asker's alone; else all of the channel read along. */
  readonly isPrivate: boolean
  readonly actor: Actor
}

/**
 * Of each member in each thread: what one was told in confidence must not be in the memory of a model that answers
 * another.
 */
export const conversationOf = (bot: Pick<Bot, 'teamId'>, { channelId, threadTs, actor }: Seat): string =>
  `slack:${bot.teamId}:${channelId}:${threadTs}:${actor.memberId ?? ''}`

/** Times that what Slack does not say is asked again before a person is told so. */
const UNSURE_TRIES = 2

/** Opens a thread in the asker's direct message, once for each question, and says in the channel that it is there. */
const seatApart = async (
  bot: Bot,
  event: LeasedSlackEvent,
  {
    question,
    verdict,
  }: { readonly question: Question; readonly verdict: Extract<Verdict, { readonly answer: 'to-asker' }> },
): Promise<Seat> => {
  const channelId = await directMessageWith(bot.interactive, question.userId)
  const isAgain = event.answer !== null || event.attempts > 1
  const said = clip(question.text, 500)
  const threadTs = await postOnce(
    bot,
    { channelId },
    { text: `You asked in <#${question.channelId}>: ${escaped(said)}`, key: `question:${event.id}` },
    { isAgain },
  )
  await postOnce(bot, question, { text: DETOURS[verdict.why], key: `detour:${event.id}` }, { isAgain })
  return { channelId, threadTs, isPrivate: true, actor: verdict.actor }
}

const refuse = async (bot: Bot, question: Question, why: keyof typeof REFUSALS): Promise<void> => {
  const text = REFUSALS[why]
  if (text === undefined) return
  if (question.isDirect) await postOnce(bot, question, { text, key: `refusal:${question.ts}` })
  else await whisper(bot.interactive, question, { userId: question.userId, text })
}

/** Where the answer to a question may stand now; undefined where nowhere, which the asker was told. */
export const seatFor = async (
  bot: Bot,
  event: LeasedSlackEvent,
  question: Question,
): Promise<Seat | undefined> => {
  const verdict = await bot.gate.judge(question)
  if (verdict.answer === 'nowhere') {
    if (verdict.why === 'not_sure' && event.attempts <= UNSURE_TRIES)
      throw unavailable('slack_unsure', 'Slack did not say who asks or who would read the answer.')
    await refuse(bot, question, verdict.why)
    return undefined
  }
  if (verdict.answer === 'to-asker') return await seatApart(bot, event, { question, verdict })
  const { channelId, threadTs } = question
  return { channelId, threadTs, isPrivate: verdict.isPrivate, actor: verdict.actor }
}

/** Whether the question was deleted, or edited so that it is no longer for us. */
export const isGone = async (bot: Bot, { aboutMessage }: LeasedSlackEvent): Promise<boolean> =>
  aboutMessage !== null &&
  (await asTenant(bot.database, systemActor(bot), (tx) => messageNow(tx, aboutMessage))).isDeleted

/** Whether the answer may stand there now that it is known: what was true when it was asked may be no more. */
export const mayStand = async (
  bot: Bot,
  event: LeasedSlackEvent,
  { question, seat }: { readonly question: Question; readonly seat: Seat },
): Promise<boolean> => {
  if (await isGone(bot, event)) return false
  if (seat.channelId !== question.channelId)
    return await bot.gate.mayShow(seat.channelId, seat.actor.memberId)
  const verdict = await bot.gate.judge(question)
  return verdict.answer === 'here' && verdict.actor.memberId === seat.actor.memberId
}

export const removeMessages = async (
  bot: Bot,
  channelId: string,
  messages: readonly string[],
): Promise<void> => {
  for (const ts of messages)
    await bot.client.chat.delete({ channel: channelId, ts }).catch((error: unknown) => {
      if (slackRefusal(error) !== 'message_not_found') throw error
    })
}

const MOST_PARTS = 50

/** Removes what a process that died had shown of an answer: it is said anew. */
export const removeHalf = async (
  bot: Bot,
  { id }: Pick<LeasedSlackEvent, 'id'>,
  { channelId, threadTs }: { readonly channelId: string; readonly threadTs: string },
): Promise<void> => {
  for (let part = 1; part <= MOST_PARTS; part++) {
    const ts = await findPart(bot.client, { channel: channelId, threadTs }, id, part).catch(
      (error: unknown) => {
        if (slackRefusal(error) === 'thread_not_found') return undefined
        throw error
      },
    )
    if (ts === undefined) return
    await removeMessages(bot, channelId, [ts])
  }
}

import { createSlackCode, redeemInSlack } from '../db/slack-links.ts'
import { asTenant } from '../db/tenant.ts'
import { asTactError } from '../domain/errors.ts'
import type { Bot } from './bot.ts'
import { postOnce } from './delivery-post.ts'
import { personRefusal, REFUSALS } from './gate.ts'
import type { Question } from './listen-read.ts'
import { systemActor } from './parts.ts'

const CODE = /^link_[\w-]{20,}$/

/** Whether a text is a one-time code from the inbox. */
export const isLinkCode = (text: string): boolean => CODE.test(text.trim())

/** Why somebody may not be linked at all, asked of Slack now; undefined where they may. Fails closed. */
const mayNotLink = async ({ lookups, teamId }: Bot, userId: string): Promise<string | undefined> => {
  const why = await lookups.person(userId).then(
    (person) => personRefusal(person, teamId),
    () => 'not_sure' as const,
  )
  return why && (REFUSALS[why] ?? REFUSALS.not_sure)
}

const LINKED = 'You are linked: from now on I answer you as that member of Tact.'

/** Uses a code from the inbox up for a Slack user. Answers what to tell them. */
export const linkByCode = async (bot: Bot, userId: string, code: string): Promise<string> => {
  const refusal = await mayNotLink(bot, userId)
  if (refusal !== undefined) return refusal
  try {
    const { tenantId } = await redeemInSlack(bot.database, code.trim(), {
      teamId: bot.teamId,
      slackUserId: userId,
    })
    return tenantId === bot.tenantId
      ? LINKED
      : 'That code was of another workspace of Tact than the one I answer for.'
  } catch (error) {
    const { kind, message } = asTactError(error)
    if (kind === 'bug' || kind === 'unavailable') throw error
    return message
  }
}

/** What to tell somebody who wants to be linked: where to go, signed in to the inbox. The address works once. */
export const linkByAddress = async (bot: Bot, userId: string): Promise<string> => {
  const refusal = await mayNotLink(bot, userId)
  if (refusal !== undefined) return refusal
  const { code } = await asTenant(bot.database, systemActor(bot), (tx) =>
    createSlackCode(tx, { teamId: bot.teamId, slackUserId: userId }),
  )
  return `Open <${bot.inboxUrl()}/access?code=${code}|this page of the inbox>, signed in as yourself, and say yes. It works once and for ten minutes; give it to nobody.`
}

/** A code that somebody sent to the bot in a direct message. */
export const redeem = async (bot: Bot, question: Question, code: string): Promise<void> => {
  const text = await linkByCode(bot, question.userId, code)
  await postOnce(bot, question, { text, key: `linked:${question.ts}` })
}

import { z } from 'zod'
import type { LeasedSlackEvent } from '../db/slack-events.ts'
import { handleClick } from './actions.ts'
import type { Bot } from './bot.ts'
import { redrawChannel } from './cards-place.ts'
import { openAsked } from './commands.ts'
import { postOnce } from './delivery-post.ts'
import { openHome } from './home.ts'
import { answerQuestion } from './listen-answer.ts'
import { AskCommand, AudienceChanged, Click, HomeOpened, Question } from './listen-read.ts'
import type { Ended } from './listen-work.ts'
import { clearStatus } from './status.ts'

const Body = z.discriminatedUnion('type', [Question, Click, AskCommand, HomeOpened, AudienceChanged])

/** Does what a stored event asks for, by what was stored. */
export const handleEvent = async (bot: Bot, event: LeasedSlackEvent, signal: AbortSignal): Promise<Ended> => {
  const body = Body.parse(event.body)
  switch (body.type) {
    case 'question':
      return await answerQuestion(bot, event, { question: body, signal })
    case 'click':
      return await handleClick(bot, body)
    case 'ask_command':
      return await openAsked(bot, event, body)
    case 'home_opened':
      return await openHome(bot, body)
    case 'audience_changed':
      await redrawChannel(bot, body.channelId)
      return 'done'
  }
}

const GIVEN_UP = 'I could not answer this. Ask me again in a moment.'

/** Tells who asked that there will be no answer. Throws what Slack refuses. */
export const tellGivenUp = async (bot: Bot, event: LeasedSlackEvent): Promise<void> => {
  const body = Body.parse(event.body)
  if (body.type !== 'question') return
  await postOnce(bot, body, { text: GIVEN_UP, key: `given-up:${event.id}` })
  await clearStatus(bot, body)
}

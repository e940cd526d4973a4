import { unavailable } from '../domain/errors.ts'
import type { Bot } from './bot.ts'
import { directMessageWith, postOnce } from './delivery-post.ts'
import { REFUSALS } from './gate.ts'
import { isLinkCode, linkByAddress, linkByCode } from './identity.ts'
import { commandEvent, questionEvent } from './listen-read.ts'
import type { AskCommand, Question } from './listen-read.ts'
import type { LeasedSlackEvent } from '../db/slack-events.ts'
import type { Ended } from './listen-work.ts'
import { clip, escaped } from './render/text.ts'

export const HELP = `What I do:
• \`/tact ask <question>\`: the answer comes in our direct messages
• \`/tact brief\`: what matters today, there too
• \`/tact link\`: tell me once who you are in Tact
• \`/tact privacy\`: what is hidden from models, and where they are
• \`/tact digest\`: the daily digest
Or write to me in a direct message, or mention me in a channel.`

const DIGEST = 'There is no digest in Slack yet. `/tact brief` gathers what matters today.'
const BRIEF = 'Give me my brief for today.'
const COMING = 'I answer you in our direct messages.'

/** `/tact …` as Slack signed it. */
export interface Command {
  readonly userId: string
  readonly teamId: string
  readonly channelId: string
  readonly text: string
  /** Slack's own id of it. */
  readonly trigger: string
}

const ask = async (bot: Bot, command: Command, text: string): Promise<string> => {
  if (text === '') return 'Ask something: `/tact ask how many deals are open?`'
  const { userId, teamId, channelId, trigger } = command
  const asked: AskCommand = { type: 'ask_command', userId, userTeam: teamId, channelId, text }
  await bot.events.store(commandEvent(asked, { trigger, atMs: Date.now() }))
  return COMING
}

const privacy = async (bot: Bot, { userId, teamId }: Command): Promise<string> => {
  const verdict = await bot.gate.judge({
    userId,
    userTeam: teamId,
    channelId: await directMessageWith(bot.interactive, userId),
    isSharedByEnvelope: false,
  })
  if (verdict.answer === 'nowhere') return REFUSALS[verdict.why] ?? REFUSALS.not_sure!
  return (await bot.privacyLines(verdict.actor)).map(escaped).join('\n')
}

const read = (text: string): readonly [verb: string, rest: string] => {
  const [, verb = '', rest = ''] = /^\s*(\S*)\s*([\s\S]*)$/u.exec(text) ?? []
  return [verb.toLowerCase(), rest.trim()]
}

/** Whether a command is one that is answered at length, and so kept until it is. */
export const isQuestion = ({ text }: Command): boolean => /^(?:ask|brief)$/u.test(read(text)[0])

/** Does what a command asks for, and answers what its sender alone is told. A question is written down first. */
export const runCommand = async (bot: Bot, command: Command): Promise<string> => {
  const [verb, rest] = read(command.text)
  switch (verb) {
    case 'ask':
      return await ask(bot, command, rest)
    case 'brief':
      return await ask(bot, command, BRIEF)
    case 'digest':
      return DIGEST
    case 'privacy':
      return await privacy(bot, command)
    case 'link':
      if (command.teamId !== bot.teamId) return REFUSALS.other_team!
      return isLinkCode(rest)
        ? await linkByCode(bot, command.userId, rest)
        : await linkByAddress(bot, command.userId)
    default:
      return HELP
  }
}

/** Turns a stored command into a question in the sender's direct message, where it is answered like any other. */
export const openAsked = async (bot: Bot, event: LeasedSlackEvent, command: AskCommand): Promise<Ended> => {
  const channelId = await directMessageWith(bot.interactive, command.userId)
  const asker = { ...command, channelId, isSharedByEnvelope: false }
  const verdict = await bot.gate.judge(asker)
  if (verdict.answer === 'nowhere') {
    if (verdict.why === 'not_sure') throw unavailable('slack_unsure', 'Slack did not say who asks.')
    const text = REFUSALS[verdict.why]
    if (text !== undefined) await postOnce(bot, { channelId }, { text, key: `refusal:${event.id}` })
    return 'done'
  }
  const text = `You asked: ${escaped(clip(command.text, 500))}`
  const ts = await postOnce(
    bot,
    { channelId },
    { text, key: `question:${event.id}` },
    { isAgain: event.attempts > 1 },
  )
  const question: Question = {
    type: 'question',
    userId: command.userId,
    ...(command.userTeam === undefined ? {} : { userTeam: command.userTeam }),
    channelId,
    threadTs: ts,
    ts,
    text: command.text,
    isSharedByEnvelope: false,
    isDirect: true,
  }
  await bot.events.store(questionEvent(question))
  return 'done'
}

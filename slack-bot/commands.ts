import type { Actor } from '../domain/actor.ts'
import { unavailable } from '../domain/errors.ts'
import type { Bot } from './bot.ts'
import { postDigest } from './delivery-digest.ts'
import { directMessageWith, postOnce } from './delivery-post.ts'
import { REFUSALS } from './gate.ts'
import { isLinkCode, linkByAddress, linkByCode } from './identity.ts'
import { commandEvent, questionEvent } from './listen-read.ts'
import type { AskCommand, Question } from './listen-read.ts'
import type { LeasedSlackEvent } from '../db/slack-events.ts'
import type { Ended } from './listen-work.ts'
import { clip, escaped, hostsOf, link } from './render/text.ts'

export const HELP = `What I do:
• \`/tact ask <question>\`: the answer comes in our direct messages
• \`/tact brief\`: what matters today, there too
• \`/tact link\`: tell me once who you are in Tact
• \`/tact privacy\`: what is hidden from models, and where they are
• \`/tact digest\`: what waits and what happened, there too
• \`/tact inbox\`: a link that signs you in to the inbox once
Or write to me in a direct message, or mention me in a channel.`

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

/** The sender, where they may be told of what is theirs in a direct message; else what they are told in its place. */
const senderOf = async (
  bot: Bot,
  { userId, teamId }: Command,
): Promise<{ readonly actor: Actor; readonly channelId: string } | string> => {
  const channelId = await directMessageWith(bot.interactive, userId)
  const verdict = await bot.gate.judge({ userId, userTeam: teamId, channelId, isSharedByEnvelope: false })
  if (verdict.answer === 'nowhere') return REFUSALS[verdict.why] ?? REFUSALS.not_sure!
  return { actor: verdict.actor, channelId }
}

const privacy = async (bot: Bot, command: Command): Promise<string> => {
  const sender = await senderOf(bot, command)
  if (typeof sender === 'string') return sender
  return (await bot.privacyLines(sender.actor)).map(escaped).join('\n')
}

const inbox = async (bot: Bot, command: Command): Promise<string> => {
  const sender = await senderOf(bot, command)
  if (typeof sender === 'string') return sender
  const address = await bot.signInLink(sender.actor)
  return `${link(address, 'Sign in to the inbox', hostsOf(bot.inboxUrl()))}, once and within ten minutes. It is yours alone: pass it to nobody.`
}

const digest = async (bot: Bot, command: Command): Promise<string> => {
  const sender = await senderOf(bot, command)
  if (typeof sender === 'string') return sender
  const { actor, channelId } = sender
  await postDigest(bot, { channelId, key: command.trigger, layout: await bot.digest(actor) })
  return 'I put it into our direct messages.'
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
      return await digest(bot, command)
    case 'inbox':
      return await inbox(bot, command)
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

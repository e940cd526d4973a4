import type { HomeView, KnownBlock } from '@slack/types'
import { asTenant } from '../db/tenant.ts'
import { nowOf, ownWorkspace } from '../db/workspace.ts'
import { countPending } from '../writeback/list.ts'
import type { Bot } from './bot.ts'
import { ACTIONS } from './cards.ts'
import { REFUSALS } from './gate.ts'
import type { HomeOpened } from './listen-read.ts'
import type { Ended } from './listen-work.ts'
import { PROMPTS } from './prompts.ts'
import { plain } from './render/text.ts'

const line = (text: string): KnownBlock => ({ type: 'section', text: plain(text) })

const homeView = (lines: readonly string[], inboxUrl: string): HomeView => ({
  type: 'home',
  blocks: [
    { type: 'header', text: plain('Tact') },
    ...lines.map(line),
    {
      type: 'actions',
      elements: [{ type: 'button', action_id: ACTIONS.open, text: plain('Open the inbox'), url: inboxUrl }],
    },
  ],
})

const linesFor = async (bot: Bot, { userId, channelId }: HomeOpened): Promise<readonly string[]> => {
  const verdict = await bot.gate.judge({ userId, channelId, isSharedByEnvelope: false })
  if (verdict.answer === 'nowhere') return [(REFUSALS[verdict.why] ?? REFUSALS.not_sure!).replaceAll('`', '')]
  const waiting = await asTenant(
    bot.database,
    verdict.actor,
    async (tx) => countPending(tx, nowOf(await ownWorkspace(tx))),
    { readOnly: true },
  )
  return [
    'Write to me in the Messages tab, or mention me in a channel.',
    waiting === 0
      ? 'No proposed change waits for a yes.'
      : `${waiting} proposed change${waiting === 1 ? ' waits' : 's wait'} for a yes in the inbox.`,
  ]
}

/** Somebody opened the bot's own place: what to begin with, and what waits. */
export const openHome = async (bot: Bot, opened: HomeOpened): Promise<Ended> => {
  if (opened.tab === 'messages') {
    await bot.client.assistant.threads.setSuggestedPrompts({
      channel_id: opened.channelId,
      title: 'Ask me, for example',
      prompts: [...PROMPTS],
    })
    return 'done'
  }
  const view = homeView(await linesFor(bot, opened), bot.inboxUrl())
  await bot.client.views.publish({ user_id: opened.userId, view })
  return 'done'
}

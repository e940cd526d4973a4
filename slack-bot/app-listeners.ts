import type { App, BlockAction, SlackActionMiddlewareArgs } from '@slack/bolt'
import { asTactError } from '../domain/errors.ts'
import { log } from '../log.ts'
import { refusalText, standingOfClick } from './actions.ts'
import { DIALOGS, DialogPlace, dialogFor, loadingDialog, refusedDialog, submit } from './actions-dialogs.ts'
import type { Dialog } from './actions-dialogs.ts'
import type { Bot } from './bot.ts'
import { ACTIONS } from './cards.ts'
import { isQuestion, runCommand } from './commands.ts'
import type { Command } from './commands.ts'
import { clickEvent } from './listen-read.ts'
import type { Click } from './listen-read.ts'

type Clicked = SlackActionMiddlewareArgs<BlockAction>

/** A click as Slack signed it; undefined for one that stands in no message. */
const clickOf = ({ body, action }: Pick<Clicked, 'body' | 'action'>): Click | undefined => {
  const { container, user } = body
  const channelId = container['channel_id'] as unknown
  const messageTs = container['message_ts'] as unknown
  const threadTs = (body.message as { readonly thread_ts?: string } | undefined)?.thread_ts
  if (typeof channelId !== 'string' || typeof messageTs !== 'string') return undefined
  const value = 'value' in action && typeof action.value === 'string' ? action.value : ''
  return {
    type: 'click',
    userId: user.id,
    ...(user.team_id === undefined ? {} : { userTeam: user.team_id }),
    channelId,
    messageTs,
    ...(threadTs === undefined ? {} : { threadTs }),
    isSharedByEnvelope: false,
    action: action.action_id,
    value,
  }
}

const fail = (what: string, error: unknown): void =>
  log.warn('slack_listener_failed', { what, error: asTactError(error).code })

/** Opens a dialog at once, and fills it when it is known who asks and what it is about. */
const openDialog = async (
  bot: Bot,
  dialog: Dialog,
  { click, trigger }: { readonly click: Click; readonly trigger: string },
): Promise<void> => {
  const { view } = await bot.interactive.views.open({ trigger_id: trigger, view: loadingDialog(dialog) })
  const { value, channelId, messageTs } = click
  const filled = await standingOfClick(bot, click)
    .then((standing) => dialogFor(bot, dialog, { standing, place: { value, channelId, messageTs } }))
    .catch((error: unknown) => refusedDialog(dialog, refusalText(error)))
  await bot.interactive.views.update({ view_id: view!.id!, view: filled })
}

const DIALOG_OF: Readonly<Record<string, Dialog>> = {
  [ACTIONS.edit]: 'edit',
  [ACTIONS.reject]: 'reject',
  [ACTIONS.confirm]: 'confirm',
}

/** Slack gives a dialog three seconds; what takes longer is told so, and can be sent again. */
const SUBMIT_MS = 2_500

const inTime = async <T>(work: Promise<T>, otherwise: T): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), SUBMIT_MS)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

const LATE = 'That took too long. Look at the card before you send it again.'

/** Bolt's listeners: clicks that decide are written down before Slack is told; dialogs, which cannot wait, are done at once. */
export const mountListeners = (app: App, bot: Bot): void => {
  const storeClick = async (args: Clicked): Promise<void> => {
    const click = clickOf(args)
    if (click) await bot.events.store(clickEvent(click, args.action.action_ts))
    await args.ack()
  }
  for (const action of [ACTIONS.approve, ACTIONS.undo, ACTIONS.rate])
    app.action<BlockAction>(action, (args) => storeClick(args))
  for (const action of Object.keys(DIALOG_OF))
    app.action<BlockAction>(action, async (args) => {
      await args.ack()
      const click = clickOf(args)
      if (!click) return
      await openDialog(bot, DIALOG_OF[action]!, { click, trigger: args.body.trigger_id }).catch(
        (error: unknown) => fail('dialog', error),
      )
    })
  app.action(ACTIONS.open, async ({ ack }) => ack())
  for (const dialog of Object.keys(DIALOGS) as Dialog[])
    app.view(DIALOGS[dialog], async ({ ack, body, view }) => {
      const place = DialogPlace.safeParse(JSON.parse(view.private_metadata || '{}'))
      if (!place.success) return await ack()
      const { user } = body
      const block = view.blocks.find((one) => one.type === 'input')?.block_id ?? 'note'
      const work = submit(bot, {
        dialog,
        userId: user.id,
        userTeam: user.team_id,
        place: place.data,
        state: view.state.values,
        block,
      })
      const errors = await inTime(work, { [block]: LATE })
      await (errors ? ack({ response_action: 'errors', errors: { ...errors } }) : ack())
    })
  app.command('/tact', async ({ ack, command, respond }) => {
    const asked: Command = {
      userId: command.user_id,
      teamId: command.team_id,
      channelId: command.channel_id,
      text: command.text,
      trigger: command.trigger_id,
    }
    if (isQuestion(asked)) {
      // Written down before Slack is told that it came.
      await ack({ response_type: 'ephemeral', text: await runCommand(bot, asked) })
      return
    }
    await ack()
    const text = await runCommand(bot, asked).catch((error: unknown) => {
      fail('command', error)
      return 'That did not work. Try again in a moment.'
    })
    await respond({ response_type: 'ephemeral', text })
  })
  app.error(async (error) => fail('bolt', error))
}

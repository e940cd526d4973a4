import { APP, BOT_USER, TEAM, textOf, type FakeMessage, type Fields, type World } from './world.ts'

/** Bodies as Slack sends them, made from the world. Spread over one to bend it. */
export const eventEnvelope = (world: World, event: Fields, more: Fields = {}): Fields => ({
  token: 'deprecated',
  team_id: TEAM,
  context_team_id: TEAM,
  context_enterprise_id: null,
  api_app_id: APP,
  type: 'event_callback',
  event_id: world.id('Ev'),
  event_time: Math.floor(world.clock.now() / 1000),
  authorizations: [
    { enterprise_id: null, team_id: TEAM, user_id: BOT_USER, is_bot: true, is_enterprise_install: false },
  ],
  is_ext_shared_channel: world.channels.get(String(event.channel))?.is_ext_shared === true,
  event,
  ...more,
})

const messageFields = (message: FakeMessage): Fields => ({
  user: message.user,
  text: message.text,
  ts: message.ts,
  event_ts: message.ts,
  channel: message.channel,
  team: TEAM,
  ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}),
})

/** app_mention of a message that stands in a channel. */
export const mentionOf = (message: FakeMessage): Fields => ({
  type: 'app_mention',
  ...messageFields(message),
})

/** message.im, or message.channels and so on by the channel. */
export const messageEventOf = (world: World, message: FakeMessage): Fields => {
  const channel = world.channels.get(message.channel)
  const kind = channel?.is_im ? 'im' : channel?.is_mpim ? 'mpim' : channel?.is_private ? 'group' : 'channel'
  return { type: 'message', channel_type: kind, ...messageFields(message) }
}

/** message_changed, after the text of a message was changed by its author. */
export const editOf = (world: World, message: FakeMessage, newText: string): Fields => {
  const before = messageFields(message)
  message.text = newText
  message.edits++
  return {
    type: 'message',
    subtype: 'message_changed',
    channel: message.channel,
    channel_type: world.channels.get(message.channel)?.is_im ? 'im' : 'channel',
    ts: world.ts(),
    message: { type: 'message', ...messageFields(message), edited: { user: message.user, ts: world.ts() } },
    previous_message: { type: 'message', ...before },
  }
}

/** message_deleted; the message is gone from the world. */
export const deletionOf = (world: World, message: FakeMessage): Fields => {
  message.deleted = true
  return {
    type: 'message',
    subtype: 'message_deleted',
    channel: message.channel,
    channel_type: world.channels.get(message.channel)?.is_im ? 'im' : 'channel',
    ts: world.ts(),
    deleted_ts: message.ts,
    previous_message: { type: 'message', ...messageFields(message) },
  }
}

export const homeOpened = (world: World, user: string, tab: 'home' | 'messages' = 'messages'): Fields => ({
  type: 'app_home_opened',
  user,
  channel: world.directMessage(user).id,
  tab,
  event_ts: world.ts(),
})

/** The native stop button: Slack has ended these streams already. */
export const sessionStopped = (world: World, user: string, streams: readonly FakeMessage[]): Fields => {
  for (const { streamed } of streams) if (streamed) Object.assign(streamed, { open: false, stoppedBy: user })
  return {
    type: 'agent_session_stopped',
    user,
    channel: streams[0]?.channel,
    thread_ts: streams[0]?.thread_ts,
    streaming_message_ts: streams.map(({ ts }) => ts),
    event_ts: world.ts(),
  }
}

const person = (world: World, id: string): Fields => ({
  id,
  username: id.toLowerCase(),
  name: id.toLowerCase(),
  team_id: world.users.get(id)?.team_id ?? TEAM,
})

const responseUrl = (world: World, actionsAt: string, channel: string, ts?: string): string => {
  const id = world.id('R')
  world.responseUrls.set(id, { atMs: world.clock.now(), uses: 0, channel, ...(ts ? { ts } : {}) })
  return `${actionsAt}${id}`
}

/** All elements of a message or view that can be clicked, with the block they stand in. */
export const clickable = (blocks: readonly Fields[]): { block: Fields; element: Fields }[] =>
  blocks.flatMap((block) => {
    const own = [
      ...((block.elements as Fields[] | undefined) ?? []),
      ...((block.actions as Fields[] | undefined) ?? []),
      block.accessory as Fields | undefined,
    ]
    const inner = clickable((block.child_blocks as Fields[] | undefined) ?? [])
    return [...own.flatMap((element) => (element?.action_id ? [{ block, element }] : [])), ...inner]
  })

export interface Click {
  readonly user: string
  readonly message: FakeMessage
  readonly actionId: string
  /** For a menu: the option's value; for feedback buttons: the chosen value. */
  readonly value?: string
  readonly more?: Fields
}

/** block_actions of a click on an element that stands in the message; throws when it does not stand there. */
export const clickOn = (
  world: World,
  actionsAt: string,
  { user, message, actionId, value, more }: Click,
): Fields => {
  const found = clickable(message.blocks).find(
    ({ element, block }) =>
      element.action_id === actionId &&
      (value === undefined ||
        block.type === 'context_actions' ||
        element.value === value ||
        element.type !== 'button'),
  )
  if (!found) throw new Error(`no element ${actionId} stands in the message`)
  const { element, block } = found
  const picked: Fields =
    element.type === 'button' || element.type === 'feedback_buttons'
      ? { value: value ?? element.value }
      : {
          selected_option: ((element.options as Fields[] | undefined) ?? []).find(
            (option) => option.value === value,
          ),
        }
  return {
    type: 'block_actions',
    team: { id: TEAM, domain: 'home' },
    user: person(world, user),
    api_app_id: APP,
    token: 'deprecated',
    enterprise: null,
    is_enterprise_install: false,
    trigger_id: world.trigger(),
    response_url: responseUrl(world, actionsAt, message.channel, message.ts),
    channel: { id: message.channel, name: 'directmessage' },
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: message.channel,
      is_ephemeral: message.ephemeralFor !== undefined,
      ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}),
    },
    message: {
      type: 'message',
      user: message.user,
      ts: message.ts,
      text: message.text,
      blocks: message.blocks,
      ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}),
    },
    state: { values: {} },
    actions: [
      {
        type: element.type,
        action_id: actionId,
        block_id: block.block_id ?? 'b1',
        action_ts: world.ts(),
        ...picked,
      },
    ],
    ...more,
  }
}

/** view_submission of an open modal; `values` by block_id, then action_id, as Slack nests them. */
export const submissionOf = (world: World, user: string, view: Fields, values: Fields): Fields => ({
  type: 'view_submission',
  team: { id: TEAM, domain: 'home' },
  user: person(world, user),
  api_app_id: APP,
  token: 'deprecated',
  trigger_id: world.trigger(),
  view: { ...view, state: { values } },
  response_urls: [],
  is_enterprise_install: false,
  enterprise: null,
})

/** A slash command typed in a channel. */
export const slashCommand = (
  world: World,
  actionsAt: string,
  user: string,
  channel: string,
  command: string,
  words: string,
): Fields => ({
  token: 'deprecated',
  team_id: world.users.get(user)?.team_id ?? TEAM,
  team_domain: 'home',
  channel_id: channel,
  channel_name: textOf(world.channels.get(channel)?.name) || 'directmessage',
  user_id: user,
  user_name: user.toLowerCase(),
  command,
  text: words,
  api_app_id: APP,
  is_enterprise_install: 'false',
  response_url: responseUrl(world, actionsAt, channel),
  trigger_id: world.trigger(),
})

import { checkBlocks, checkView } from '../validate.ts'
import { APP, BOT, BOT_USER, TEAM, textOf, type FakeMessage, type Fields } from '../world.ts'
import { paged, refuse, shown, type Call, type Method } from './method.ts'

const authTest: Method = () => ({
  ok: true,
  url: 'https://home.slack.com/',
  team: 'Home',
  team_id: TEAM,
  user: 'tact',
  user_id: BOT_USER,
  bot_id: BOT,
  is_enterprise_install: false,
})

const usersInfo: Method = ({ world, fields }) => {
  const user = world.users.get(textOf(fields.user))
  return user ? { ok: true, user: { ...user } } : refuse('user_not_found')
}

const lookupByEmail: Method = ({ world, fields }) => {
  const found = [...world.users.values()].find((user) => (user.profile as Fields).email === fields.email)
  return found ? { ok: true, user: { ...found } } : refuse('users_not_found')
}

const conversationsInfo: Method = ({ world, fields }) => {
  const channel = world.channels.get(textOf(fields.channel))
  if (!channel) return refuse('channel_not_found')
  const { members, ...rest } = channel
  return {
    ok: true,
    channel: {
      ...rest,
      is_member: members.includes(BOT_USER),
      ...(fields.include_num_members ? { num_members: members.length } : {}),
    },
  }
}

const conversationsMembers: Method = ({ world, fields }) => {
  const channel = world.channels.get(textOf(fields.channel))
  if (!channel) return refuse('channel_not_found')
  const { page, rest } = paged(channel.members, fields, 100)
  return { ok: true, members: page, ...rest }
}

const conversationsOpen: Method = ({ world, fields }) => {
  const users = textOf(fields.users).split(',').filter(Boolean)
  if (users.length !== 1) return refuse(users.length === 0 ? 'users_list_not_supplied' : 'not_enough_users')
  const user = world.users.get(users[0]!)
  if (!user) return refuse('user_not_found')
  if (user.deleted) return refuse('user_disabled')
  return { ok: true, channel: { id: world.directMessage(user.id).id } }
}

const inRange = (message: FakeMessage, fields: Fields): boolean => {
  const at = Number(message.ts)
  const inclusive = fields.inclusive === true || fields.inclusive === 'true'
  const after =
    fields.oldest === undefined || (inclusive ? at >= Number(fields.oldest) : at > Number(fields.oldest))
  const before =
    fields.latest === undefined || (inclusive ? at <= Number(fields.latest) : at < Number(fields.latest))
  return after && before && !message.deleted && !message.ephemeralFor
}

const listed = (call: Call, messages: readonly FakeMessage[]) => {
  const { page, rest } = paged(messages, call.fields, 100)
  return {
    ok: true,
    messages: page.map((message) => shown(message, call.fields.include_all_metadata === true)),
    has_more: textOf((rest.response_metadata as Fields).next_cursor) !== '',
    ...rest,
  }
}

const history: Method = (call) => {
  const { world, fields } = call
  if (!world.channels.get(textOf(fields.channel))?.members.includes(BOT_USER)) return refuse('not_in_channel')
  const own = world.messages.filter(
    (message) => message.channel === fields.channel && !message.thread_ts && inRange(message, fields),
  )
  return listed(call, own.toReversed())
}

const replies: Method = (call) => {
  const { world, fields } = call
  if (!world.channels.get(textOf(fields.channel))?.members.includes(BOT_USER)) return refuse('not_in_channel')
  const parent = world.message(fields.channel, fields.ts)
  if (!parent) return refuse('thread_not_found')
  const thread = world.messages.filter(
    (message) =>
      message.channel === fields.channel && message.thread_ts === parent.ts && inRange(message, fields),
  )
  return listed(call, [parent, ...thread])
}

const blocksValidate: Method = ({ fields }) => {
  const { blocks, message, view } = fields as { blocks?: unknown; message?: Fields; view?: unknown }
  const wrong = view ? checkView(view) : checkBlocks(blocks ?? message?.blocks)
  return wrong.length > 0 ? refuse('invalid_blocks', { errors: wrong }) : { ok: true }
}

export const lookupMethods: Readonly<Record<string, Method>> = {
  'auth.test': authTest,
  'bots.info': () => ({
    ok: true,
    bot: { id: BOT, app_id: APP, user_id: BOT_USER, name: 'tact', deleted: false },
  }),
  'team.info': () => ({ ok: true, team: { id: TEAM, name: 'Home', domain: 'home' } }),
  'users.info': usersInfo,
  'users.lookupByEmail': lookupByEmail,
  'conversations.info': conversationsInfo,
  'conversations.members': conversationsMembers,
  'conversations.open': conversationsOpen,
  'conversations.history': history,
  'conversations.replies': replies,
  'blocks.validate': blocksValidate,
}

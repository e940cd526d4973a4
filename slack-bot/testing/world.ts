import { randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'

export type Fields = Record<string, unknown>
/** A field as text; nothing where it is none. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
export const TEAM = 'THOME'
export const APP = 'A_TACT'
export const BOT_USER = 'U_TACT'
export const BOT = 'B_TACT'

/** A person or bot as users.info gives it; a guest is `is_restricted`, someone of another company `is_stranger`. */
export interface FakeUser extends Fields {
  readonly id: string
  team_id: string
}
/** A conversation as conversations.info gives it; `members` are user ids and come out through conversations.members. */
export interface FakeChannel extends Fields {
  readonly id: string
  members: string[]
}
/** A message as it stands: `text`, `markdown_text`, `blocks` as last sent; `streamed` while and after it streams. */
export interface FakeMessage extends Fields {
  readonly channel: string
  readonly ts: string
  user: string
  thread_ts?: string
  text: string
  blocks: readonly Fields[]
  metadata?: Fields
  /** Present when the message was begun by chat.startStream. */
  streamed?: {
    open: boolean
    readonly startedAtMs: number
    stoppedBy?: string
    readonly tasks: Map<string, Fields>
    /** Markdown and blocks in the order they came, until the message is replaced. */
    readonly parts: Fields[]
  }
  /** What a person reads, as far as it was sent as Markdown. */
  markdown: string
  edits: number
  ephemeralFor?: string
  deleted?: boolean
}

/** All that the fake knows: people, channels, messages, views, triggers, sessions, files. Tests may read and change it. */
export class World {
  readonly users = new Map<string, FakeUser>()
  readonly channels = new Map<string, FakeChannel>()
  readonly messages: FakeMessage[] = []
  readonly #byKey = new Map<string, FakeMessage>()
  readonly views = new Map<string, Fields>()
  readonly homes = new Map<string, Fields>()
  readonly triggers = new Map<string, { readonly atMs: number; used: boolean }>()
  readonly responseUrls = new Map<
    string,
    { readonly atMs: number; uses: number; channel: string; ts?: string }
  >()
  /** Statuses in order, by `channel:thread_ts`. */
  readonly statuses = new Map<string, Fields[]>()
  readonly sessions = new Map<string, Fields>()
  readonly reactions: Fields[] = []
  readonly files = new Map<
    string,
    { readonly id: string; readonly name: string; bytes?: Buffer; complete: boolean }
  >()
  readonly clock: Clock
  #last = 0

  constructor(clock: Clock) {
    this.clock = clock
    this.addUser({ id: BOT_USER, is_bot: true, profile: { bot_id: BOT } })
  }

  /** A new `1764000000.000123`: later than every earlier one. */
  ts(): string {
    this.#last = Math.max(this.#last + 1, this.clock.now() * 1000)
    const micros = String(this.#last)
    return `${micros.slice(0, -6)}.${micros.slice(-6)}`
  }

  id(prefix: string): string {
    return prefix + randomUUID().replaceAll('-', '').slice(0, 10).toUpperCase()
  }

  addUser(user: { readonly id: string } & Fields): FakeUser {
    const whole: FakeUser = {
      team_id: TEAM,
      deleted: false,
      is_bot: false,
      is_restricted: false,
      is_ultra_restricted: false,
      is_stranger: false,
      is_email_confirmed: true,
      name: user.id.toLowerCase(),
      tz: 'Europe/Berlin',
      profile: {},
      ...user,
    }
    this.users.set(whole.id, whole)
    return whole
  }

  /** An internal public channel with the bot in it, unless said otherwise. */
  addChannel(channel: { readonly id: string; readonly members?: string[] } & Fields): FakeChannel {
    const whole: FakeChannel = {
      name: channel.id.toLowerCase(),
      is_channel: true,
      is_im: false,
      is_mpim: false,
      is_private: false,
      is_archived: false,
      is_shared: false,
      is_ext_shared: false,
      is_pending_ext_shared: false,
      context_team_id: TEAM,
      ...channel,
      members: [...new Set([...(channel.members ?? []), BOT_USER])],
    }
    this.channels.set(whole.id, whole)
    return whole
  }

  /** The direct conversation of a user with the bot; made when there is none. */
  directMessage(user: string): FakeChannel {
    const found = [...this.channels.values()].find((channel) => channel.is_im && channel.user === user)
    return (
      found ?? this.addChannel({ id: this.id('D'), is_im: true, is_channel: false, user, members: [user] })
    )
  }

  /** A message that a person wrote; the event that tells of it is for the test to send. */
  say(
    channel: string,
    user: string,
    text: string,
    options: { readonly threadTs?: string } = {},
  ): FakeMessage {
    return this.put({
      channel,
      ts: this.ts(),
      user,
      text,
      blocks: [],
      markdown: '',
      edits: 0,
      ...(options.threadTs ? { thread_ts: options.threadTs } : {}),
    })
  }

  put(message: FakeMessage): FakeMessage {
    this.messages.push(message)
    this.#byKey.set(`${message.channel}:${message.ts}`, message)
    return message
  }

  /** The message, unless it was deleted or never was. Ends its stream where Slack would have. */
  message(channel: unknown, ts: unknown): FakeMessage | undefined {
    const found = this.#byKey.get(`${String(channel)}:${String(ts)}`)
    return found?.deleted ? undefined : found
  }

  trigger(): string {
    const id = `${this.clock.now()}.${randomUUID()}`
    this.triggers.set(id, { atMs: this.clock.now(), used: false })
    return id
  }
}

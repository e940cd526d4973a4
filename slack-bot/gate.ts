import { findSlackMembers } from '../db/slack-links.ts'
import type { Actor } from '../domain/actor.ts'
import type { MemberId } from '../domain/ids.ts'
import { log } from '../log.ts'
import type { Lookups, SlackPerson } from './lookups.ts'
import type { SlackParts } from './parts.ts'

/** Who wants something of the bot, and where, as Slack signed it. */
export interface Asker {
  readonly userId: string
  /** Their own team, where Slack names it. */
  readonly userTeam?: string | undefined
  readonly channelId: string
  /** The envelope says that the channel is shared with another company. */
  readonly isSharedByEnvelope: boolean
}

/** Why nothing is answered at all. */
export type Refusal =
  | 'other_team'
  | 'deactivated'
  | 'bot'
  | 'stranger'
  | 'guest'
  | 'unconfirmed'
  | 'not_linked'
  | 'not_sure'
/** Why the answer goes to the asker alone. */
export type Detour = 'shared_channel' | 'others_present' | 'too_many_present'

export type Verdict =
  | { readonly answer: 'nowhere'; readonly why: Refusal }
  | { readonly answer: 'to-asker'; readonly why: Detour; readonly actor: Actor }
  /** `actor` sees no more than everybody who reads along. */
  | { readonly answer: 'here'; readonly isPrivate: boolean; readonly actor: Actor }

export interface Gate {
  /**
   * Who the asker is and who would read the answer, asked of Slack and the database at this moment. Whatever cannot be
   * found out is a no. Never throws.
   */
  judge(asker: Asker): Promise<Verdict>
  /** Whether what a member (null: every member) may see may stand in that channel now. Never throws. */
  mayShow(channelId: string, memberId: MemberId | null): Promise<boolean>
}

export interface GateParts extends Pick<SlackParts, 'database' | 'tenantId'> {
  readonly lookups: Lookups
  /** The team that the app is installed in, and the bot's own user. */
  readonly home: { readonly teamId: string; readonly botUserId: string }
  readonly mostPresent?: number
}

/** With more people than this in a channel, the answer goes to the asker. */
const MOST_PRESENT = 200
/** How long those who merely read along are taken for what they were; the asker is looked up every time. */
const PRESENT_FOR_MS = 60_000

/** Why a person is answered nowhere, whoever they are in Tact; undefined where nothing speaks against them. */
export const personRefusal = (person: SlackPerson, teamId: string): Refusal | undefined => {
  if (person.isDeactivated) return 'deactivated'
  if (person.isBot) return 'bot'
  if (person.teamId !== teamId) return 'other_team'
  if (person.isStranger) return 'stranger'
  if (person.isGuest) return 'guest'
  return person.isEmailConfirmed ? undefined : 'unconfirmed'
}

/** Fails closed: nobody is let in, and no channel taken for closed, because something could not be asked. */
export const createGate = ({
  database,
  tenantId,
  lookups,
  home,
  mostPresent = MOST_PRESENT,
}: GateParts): Gate => {
  const seen = new Map<string, { readonly person: SlackPerson; readonly untilMs: number }>()

  const memberOf = async (slackUserId: string): Promise<Actor | undefined> => {
    const found = await findSlackMembers(database, { teamId: home.teamId, slackUserId })
    return found.find((actor) => actor.tenantId === tenantId)
  }

  const readerOf = async (userId: string): Promise<SlackPerson> => {
    const known = seen.get(userId)
    if (known && known.untilMs > Date.now()) return known.person
    const person = await lookups.person(userId)
    if (seen.size > 10_000) seen.clear()
    seen.set(userId, { person, untilMs: Date.now() + PRESENT_FOR_MS })
    return person
  }

  /** Other bots are let read along: whoever installed them let them read the channel. */
  const mayRead = async (userId: string): Promise<boolean> => {
    const person = await readerOf(userId)
    if (person.isBot && !person.isDeactivated && person.teamId === home.teamId) return true
    return personRefusal(person, home.teamId) === undefined && (await memberOf(userId)) !== undefined
  }

  const readersOf = async (channelId: string): Promise<Detour | undefined> => {
    const present = await lookups.present(channelId, mostPresent)
    if (!present) return 'too_many_present'
    for (const one of present) if (one !== home.botUserId && !(await mayRead(one))) return 'others_present'
    return undefined
  }

  const mayShow = async (channelId: string, memberId: MemberId | null): Promise<boolean> => {
    const place = await lookups.place(channelId)
    if (place.isShared) return false
    if (!place.isDirect) return memberId === null && (await readersOf(channelId)) === undefined
    if (place.withUser === undefined || memberId === null) return false
    const [person, member] = [await lookups.person(place.withUser), await memberOf(place.withUser)]
    return personRefusal(person, home.teamId) === undefined && member?.memberId === memberId
  }

  const judge = async (asker: Asker): Promise<Verdict> => {
    if (asker.userTeam !== undefined && asker.userTeam !== home.teamId)
      return { answer: 'nowhere', why: 'other_team' }
    const refusal = personRefusal(await lookups.person(asker.userId), home.teamId)
    if (refusal) return { answer: 'nowhere', why: refusal }
    const actor = await memberOf(asker.userId)
    if (!actor) return { answer: 'nowhere', why: 'not_linked' }
    if (asker.isSharedByEnvelope) return { answer: 'to-asker', why: 'shared_channel', actor }
    const place = await lookups.place(asker.channelId)
    if (place.isShared) return { answer: 'to-asker', why: 'shared_channel', actor }
    if (place.isDirect)
      return place.withUser === asker.userId
        ? { answer: 'here', isPrivate: true, actor }
        : { answer: 'nowhere', why: 'not_sure' }
    const detour = await readersOf(asker.channelId)
    return detour
      ? { answer: 'to-asker', why: detour, actor }
      : { answer: 'here', isPrivate: false, actor: { ...actor, sees: 'shared' } }
  }

  const surely = async <T>(look: Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await look
    } catch (error) {
      log.warn('slack_gate_unsure', { error: error instanceof Error ? error.name : 'unknown' })
      return otherwise
    }
  }

  return {
    judge: (asker) => surely<Verdict>(judge(asker), { answer: 'nowhere', why: 'not_sure' }),
    mayShow: (channelId, memberId) => surely(mayShow(channelId, memberId), false),
  }
}

/** What a person is told who gets no answer; undefined where nothing is said (bots, people who are gone). */
export const REFUSALS: Readonly<Record<Refusal, string | undefined>> = {
  other_team: 'I answer only people of the Slack workspace that I am installed in.',
  deactivated: undefined,
  bot: undefined,
  stranger: 'I answer only people of the Slack workspace that I am installed in.',
  guest: 'I do not answer guests. Ask a member of this Slack workspace.',
  unconfirmed: 'Confirm your e-mail address in Slack first; then ask me again.',
  not_linked: 'I do not know yet who you are in Tact. Type `/tact link` once, then ask me again.',
  not_sure: 'I could not find out who would read the answer, so I give none. Try again in a moment.',
}

/** The one line that a channel gets where the answer goes to the asker. */
export const DETOURS: Readonly<Record<Detour, string>> = {
  shared_channel: 'This channel is shared with others, so I answer you in a direct message.',
  others_present: 'Not everybody here may read the answer, so I send it to you in a direct message.',
  too_many_present:
    'Too many people are here to know that all may read the answer; I send it to you in a direct message.',
}

import type { WebClient } from '@slack/web-api'

/** A Slack user as Slack says they are now. */
export interface SlackPerson {
  readonly teamId: string | undefined
  readonly isDeactivated: boolean
  readonly isBot: boolean
  readonly isStranger: boolean
  readonly isGuest: boolean
  /** False where Slack says so; it does not always say. */
  readonly isEmailConfirmed: boolean
}

/** A conversation as Slack says it is now. */
export interface SlackPlace {
  readonly isDirect: boolean
  /** Of a direct message with the bot: the other one. */
  readonly withUser: string | undefined
  /** People of other companies are in it, or are about to be. */
  readonly isShared: boolean
}

/** What Slack is asked about people and places. Each throws when Slack does not say. */
export interface Lookups {
  person(userId: string): Promise<SlackPerson>
  place(channelId: string): Promise<SlackPlace>
  /** User ids; undefined where there are more than `most`. */
  present(channelId: string, most: number): Promise<readonly string[] | undefined>
}

const PAGE = 200

/** Asks Slack itself, every time. */
export const lookupsOf = (client: WebClient): Lookups => ({
  person: async (userId) => {
    const { user } = await client.users.info({ user: userId })
    if (!user?.id || user.id !== userId) throw new Error('no such user')
    return {
      teamId: user.team_id,
      isDeactivated: user.deleted === true,
      isBot: user.is_bot === true || user.id === 'USLACKBOT',
      isStranger: user.is_stranger === true,
      isGuest: user.is_restricted === true || user.is_ultra_restricted === true,
      isEmailConfirmed: user.is_email_confirmed !== false,
    }
  },
  place: async (channelId) => {
    const { channel } = await client.conversations.info({ channel: channelId })
    if (!channel?.id || channel.id !== channelId) throw new Error('no such channel')
    return {
      isDirect: channel.is_im === true,
      // The SDK's type leaves out what Slack says of direct messages.
      withUser: (channel as { readonly user?: string }).user,
      isShared:
        channel.is_ext_shared === true ||
        channel.is_pending_ext_shared === true ||
        channel.is_shared === true ||
        (channel.connected_team_ids ?? []).length > 1,
    }
  },
  present: async (channelId, most) => {
    const found: string[] = []
    let cursor = ''
    do {
      const page = await client.conversations.members({
        channel: channelId,
        limit: PAGE,
        ...(cursor === '' ? {} : { cursor }),
      })
      found.push(...(page.members ?? []))
      if (found.length > most) return undefined
      cursor = page.response_metadata?.next_cursor ?? ''
    } while (cursor !== '')
    return found
  },
})

import type { Config } from '../config.ts'
import type { Database } from '../db/connect.ts'
import type { ChannelOf, DigestChannel } from '../digest/channel.ts'
import { mailChannel } from '../digest/mail.ts'
import type { TenantId } from '../domain/ids.ts'
import type { House } from './compose.ts'
import { slackWorkspace } from './slack.ts'

/** Slack, where it has a token; only the workspace that it answers for has digests there. */
const slackChannel = (
  house: Pick<House, 'config' | 'database'>,
  tenantId: TenantId,
  inboxUrl: () => string,
): DigestChannel | undefined => {
  const { database, config } = house
  const { TACT_SLACK_BOT_TOKEN: botToken, TACT_SLACK_API_URL: slackApiUrl } = config
  if (botToken === undefined) return undefined
  const api = slackApiUrl === undefined ? {} : { api: { slackApiUrl } }
  return {
    send: async (digest, beforeHandover) => {
      const answeredFor = await slackWorkspace(house).catch(() => undefined)
      if (answeredFor?.id !== tenantId) return { outcome: 'refused', failure: 'no_slack' }
      const { digestChannel } = await import('../slack-bot/delivery-digest.ts')
      return digestChannel({ database, tenantId, botToken, ...api, inboxUrl }).send(digest, beforeHandover)
    },
    find: async () => ({ found: 'absent' }),
  }
}

/**
 * The ways by which digests of a workspace go: mail by the house's server or one of the workspace's own; Slack in the
 * workspace that it answers for.
 */
export const digestChannels =
  (house: { readonly config: Config; readonly database: Database }, inboxUrl: () => string): ChannelOf =>
  (tenantId, policy) => {
    const { config, database } = house
    if (policy.channel === 'slack') return slackChannel(house, tenantId, inboxUrl) ?? 'no_slack'
    if (policy.smtp === 'disabled') return 'mail_disabled'
    const sealed = policy.smtpSealed
    const own =
      policy.smtp === 'custom' && sealed !== null && policy.id !== null
        ? database.secrets.unseal({ tenantId, rowId: policy.id }, Buffer.from(sealed, 'base64'))
        : undefined
    const url = policy.smtp === 'custom' ? own : config.TACT_SMTP_URL
    const from = policy.from ?? config.TACT_MAIL_FROM
    return url === undefined || from === undefined ? 'no_mail_server' : mailChannel({ url, from })
  }

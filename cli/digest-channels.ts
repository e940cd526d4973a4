import type { Config } from '../config.ts'
import type { Database } from '../db/connect.ts'
import type { ChannelOf, DigestChannel } from '../digest/channel.ts'
import { mailChannel } from '../digest/mail.ts'

/**
 * The ways by which digests of a workspace go: mail by the house's server or one of the workspace's own; Slack where the
 * Slack app runs.
 */
export const digestChannels =
  (
    { config, database }: { readonly config: Config; readonly database: Database },
    slack?: DigestChannel,
  ): ChannelOf =>
  (tenantId, policy) => {
    if (policy.channel === 'slack') return slack ?? 'no_slack'
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

import { WebClient } from '@slack/web-api'
import type { WebClientOptions } from '@slack/web-api'
import type { HealthCheck } from '../db/health.ts'
import { clientOptions } from './clients.ts'
import { slackRefusal } from './delivery-post.ts'
import { SCOPES } from './manifest.ts'

/** What is set for Slack; `publicUrl` is the origin that others reach this server by. */
export interface SlackTokens {
  readonly botToken: string
  readonly appToken: string | undefined
  readonly signingSecret: string | undefined
  readonly publicUrl: string | undefined
  readonly api?: Pick<WebClientOptions, 'slackApiUrl' | 'fetch'>
}

const why = (error: unknown): string => slackRefusal(error) ?? 'Slack did not answer'

const checkScopes = (granted: readonly string[]): HealthCheck => {
  const missing = Object.keys(SCOPES).filter((scope) => !granted.includes(scope))
  const more = granted.filter((scope) => !Object.hasOwn(SCOPES, scope))
  if (missing.length > 0)
    return {
      check: 'slack scopes',
      state: 'wrong',
      detail: `missing: ${missing.join(', ')}; install the app again with the manifest`,
    }
  if (more.length > 0)
    return {
      check: 'slack scopes',
      state: 'advice',
      detail: `more than the manifest asks for: ${more.join(', ')}`,
    }
  return { check: 'slack scopes', state: 'ok', detail: `${granted.length}, as in the manifest` }
}

const checkRoad = async ({ appToken, signingSecret, publicUrl, api }: SlackTokens): Promise<HealthCheck> => {
  if (signingSecret !== undefined && publicUrl !== undefined)
    return {
      check: 'slack road',
      state: 'ok',
      detail: `HTTP: ${publicUrl}/slack/events has to stand in the app’s settings`,
    }
  if (appToken === undefined)
    return {
      check: 'slack road',
      state: 'wrong',
      detail: 'neither TACT_SLACK_APP_TOKEN nor TACT_SLACK_SIGNING_SECRET with TACT_PUBLIC_URL is set',
    }
  try {
    await new WebClient(appToken, clientOptions(api)).apps.connections.open()
    return { check: 'slack road', state: 'ok', detail: 'Socket Mode' }
  } catch (error) {
    return {
      check: 'slack road',
      state: 'wrong',
      detail: `Socket Mode: ${why(error)}; the token needs connections:write, and Socket Mode has to be on`,
    }
  }
}

/**
 * Compares the installed app with the manifest, as far as its own tokens let it be seen: which events it is told of is
 * not among that. Never throws.
 */
export const checkSlack = async (tokens: SlackTokens): Promise<readonly HealthCheck[]> => {
  const client = new WebClient(tokens.botToken, clientOptions(tokens.api))
  try {
    const who = await client.auth.test()
    return [
      {
        check: 'slack',
        state: 'ok',
        detail: `${who.team ?? ''} (${who.team_id ?? ''}) as ${who.user ?? ''}`,
      },
      checkScopes(who.response_metadata?.scopes ?? []),
      await checkRoad(tokens),
      {
        check: 'slack events',
        state: 'advice',
        detail: 'cannot be seen from here: compare “Event Subscriptions” with slack-bot/manifest.yaml',
      },
    ]
  } catch (error) {
    return [{ check: 'slack', state: 'wrong', detail: `bot token: ${why(error)}` }]
  }
}

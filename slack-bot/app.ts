import { App, ExpressReceiver, LogLevel, SocketModeReceiver } from '@slack/bolt'
import type { Receiver } from '@slack/bolt'
import type { WebClientOptions } from '@slack/web-api'
import { Router } from 'express'
import type { Express } from 'express'
import { asTactError, unavailable, userError } from '../domain/errors.ts'
import { log } from '../log.ts'
import { mountListeners } from './app-listeners.ts'
import type { Bot } from './bot.ts'
import { SlackBudget } from './budget.ts'
import { sweepCards } from './cards-place.ts'
import { clientOptions, quietLogger, slackClients } from './clients.ts'
import { machineClock } from './clock.ts'
import type { Clock } from './clock.ts'
import { createGate } from './gate.ts'
import { handleEvent, tellGivenUp } from './listen.ts'
import { guardClock, SIGNATURE, storing } from './listen-receiver.ts'
import { createEventStore } from './listen-store.ts'
import { startWorker } from './listen-work.ts'
import type { WorkTimes } from './listen-work.ts'
import { lookupsOf } from './lookups.ts'
import { systemActor } from './parts.ts'
import type { SlackParts } from './parts.ts'
import { failureOf } from './slack-failure.ts'

/** Over a socket that Slack opens nothing to, or over HTTP at an address of ours, mounted on `express`. */
export type Transport =
  | { readonly kind: 'socket'; readonly appToken: string }
  | { readonly kind: 'http'; readonly signingSecret: string; readonly express: Express }

export interface SlackOptions extends SlackParts {
  readonly botToken: string
  readonly transport: Transport
  /** Another Slack than the real one. */
  readonly api?: Pick<WebClientOptions, 'slackApiUrl' | 'fetch'>
  /** By which it is counted what may be sent in a minute; the machine's unless given. */
  readonly budgetClock?: Clock
  readonly times?: Partial<WorkTimes> & { readonly sweepMs?: number }
}

export interface SlackService {
  readonly teamId: string
  readonly team: string
  close(): Promise<void>
}

export const SLACK_PATH = '/slack/events'

/**
 * How long Slack's answer to a ping is waited for: after Slack closes a socket, the SDK waits as long before it opens the
 * next one, so the usual five seconds would be a gap of as much. Much less, and a busy machine takes itself for cut off.
 */
const PING_TIMEOUT_MS = 2_000
const SWEEP_MS = 5_000

const socketReceiver = (appToken: string, api: SlackOptions['api']): Receiver =>
  new SocketModeReceiver({
    appToken,
    clientPingTimeout: PING_TIMEOUT_MS,
    logger: quietLogger,
    installerOptions: { clientOptions: { ...clientOptions(api), retryConfig: { retries: 3 } } },
  })

/** Served by the house's own server: `start` and `stop` are nothing to it. */
const httpReceiver = (signingSecret: string, express: Express): Receiver => {
  const router = Router()
  router.use(SLACK_PATH, guardClock())
  const receiver = new ExpressReceiver({
    signingSecret,
    app: express,
    router,
    endpoints: SLACK_PATH,
    logger: quietLogger,
    customPropertiesExtractor: (request) => ({ [SIGNATURE]: request.headers['x-slack-signature'] }),
  })
  return { init: (app) => receiver.init(app), start: async () => {}, stop: async () => {} }
}

const refusal = (cause: unknown, message: string, fix: string): Error =>
  failureOf(cause).kind === 'refused'
    ? userError('slack_refused', message, { fix, cause })
    : unavailable('slack_unreachable', 'Slack does not answer.', { fix: 'It is tried again.', cause })

/**
 * Opens Slack: listens, works off what comes, keeps cards up to date. Throws `slack_refused` where the tokens do not
 * hold, and `slack_unreachable`.
 */
export const openSlack = async (options: SlackOptions): Promise<SlackService> => {
  const { botToken, transport, api, database, times = {} } = options
  const clients = slackClients(botToken, api)
  const who = await clients.background.auth.test().catch((error: unknown) => {
    throw refusal(
      error,
      'Slack does not take the bot token.',
      'Copy it anew from the app’s page “OAuth & Permissions”; `tact doctor slack` says what is missing.',
    )
  })
  const [teamId, botUserId] = [who.team_id!, who.user_id!]
  const lookups = lookupsOf(clients.interactive)
  const system = systemActor(options)
  let told: Parameters<typeof createEventStore>[2] = () => {}
  const events = createEventStore(database, system, (event) => told(event))
  const { tenantId, ask, inboxUrl, privacyLines, digest, signInLink } = options
  const bot: Bot = {
    database,
    tenantId,
    ask,
    inboxUrl,
    privacyLines,
    digest,
    signInLink,
    clients,
    client: clients.background,
    interactive: clients.interactive,
    budget: new SlackBudget(options.budgetClock ?? machineClock),
    lookups,
    gate: createGate({ database, tenantId, lookups, home: { teamId, botUserId } }),
    teamId,
    botUserId,
    events,
  }
  const inner =
    transport.kind === 'socket'
      ? socketReceiver(transport.appToken, api)
      : httpReceiver(transport.signingSecret, transport.express)
  const app = new App({
    token: botToken,
    receiver: storing(inner, { events, botUserId: () => botUserId }),
    clientOptions: clientOptions(api),
    logger: quietLogger,
    logLevel: LogLevel.ERROR,
    tokenVerificationEnabled: false,
    convoStore: false,
    botId: who.bot_id ?? '',
    botUserId,
  })
  mountListeners(app, bot)
  const worker = startWorker({
    database,
    actor: system,
    handle: (event, signal) => handleEvent(bot, event, signal),
    onGivenUp: (event) => tellGivenUp(bot, event),
    times,
  })
  told = worker.told
  const sweep = setInterval(() => {
    sweepCards(bot).catch((error: unknown) =>
      log.warn('slack_sweep_failed', { error: asTactError(error).code }),
    )
  }, times.sweepMs ?? SWEEP_MS)
  sweep.unref()
  try {
    await app.start()
  } catch (error) {
    clearInterval(sweep)
    await worker.close()
    throw refusal(
      error,
      'Slack does not let this app connect.',
      'Check the app-level token (scope connections:write) and that Socket Mode is on; `tact doctor slack` says more.',
    )
  }
  return {
    teamId,
    team: who.team ?? teamId,
    close: async () => {
      clearInterval(sweep)
      await app.stop()
      await worker.close()
    },
  }
}

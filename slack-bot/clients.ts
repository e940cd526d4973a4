import { WebClient, type WebClientOptions } from '@slack/web-api'
import { log } from '../log.ts'

/** Clients of one token that do not hold each other up: after a 429 the SDK's client keeps all its calls waiting. */
export interface SlackClients {
  /** For what a person waits for with a trigger of three seconds: views, ephemeral notes, lookups of the gate. */
  readonly interactive: WebClient
  readonly stream: WebClient
  /** For posts, updates and reconciling. */
  readonly background: WebClient
}

/** Where Slack is, for whom it is not the real one. */
export type SlackApi = Pick<WebClientOptions, 'slackApiUrl' | 'fetch'>

const TIMEOUT_MS = 5000

/** The SDK would write to the console, with what it was sent. */
export const quietLogger: NonNullable<WebClientOptions['logger']> = {
  debug() {},
  info() {},
  warn() {},
  error() {
    log.debug('slack client error')
  },
  setLevel() {},
  setName() {},
  getLevel: () => 'error' as ReturnType<NonNullable<WebClientOptions['logger']>['getLevel']>,
}

/**
 * None retries by itself: a post whose answer is lost has perhaps been carried out, and would be doubled. A call ends
 * after five seconds; one that comes too often throws at once, with the seconds to wait.
 */
export const clientOptions = (transport: SlackApi = {}): WebClientOptions => ({
  ...transport,
  timeout: TIMEOUT_MS,
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  logger: quietLogger,
})

/** `transport` leads to a Slack other than the real one. */
export const slackClients = (token: string, transport: SlackApi = {}): SlackClients => ({
  interactive: new WebClient(token, clientOptions(transport)),
  stream: new WebClient(token, clientOptions(transport)),
  background: new WebClient(token, clientOptions(transport)),
})

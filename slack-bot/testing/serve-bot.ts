import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { createMemberCode, redeemInSlack } from '../../db/slack-links.ts'
import type { Database } from '../../db/connect.ts'
import { asTenant } from '../../db/tenant.ts'
import type { Layout } from '../../digest/layout.ts'
import type { Actor } from '../../domain/actor.ts'
import type { TurnEvent } from '../../domain/events.ts'
import { openSlack, SLACK_PATH } from '../app.ts'
import type { SlackOptions, SlackService } from '../app.ts'
import { FakeSlack } from './fake-slack.ts'
import type { HttpSender } from './deliver.ts'
import { TEAM } from './world.ts'
import type { Fields } from './world.ts'

/** The bot before the strict fake, over HTTP; what it answers is given, for who looks at everything but answers. */
export interface ServedBot {
  readonly slack: FakeSlack
  readonly service: SlackService
  /** Slack, which sends to it. */
  readonly sender: HttpSender
  /** A Slack user who acts as that member. */
  link(slackUserId: string, member: Actor, more?: Fields): Promise<void>
  close(): Promise<void>
}

export interface ServeOptions extends Pick<
  SlackOptions,
  'database' | 'tenantId' | 'ask' | 'times' | 'budgetClock'
> {
  /** Another bot's Slack, for a second process of one. */
  readonly slack?: FakeSlack
}

export const linkInSlack = async (
  { slack, database }: { readonly slack: FakeSlack; readonly database: Database },
  slackUserId: string,
  { member, more = {} }: { readonly member: Actor; readonly more?: Fields },
): Promise<void> => {
  slack.world.addUser({ ...more, id: slackUserId })
  const { code } = await asTenant(database, member, (tx) => createMemberCode(tx, member))
  await redeemInSlack(database, code, { teamId: TEAM, slackUserId })
}

/** A busy machine is no fault of the bot's. */
const PATIENT_MS = 60_000

const QUIET_DIGEST: Layout = {
  title: 'Your day',
  subtitle: 'Fri 20 Nov to Sat 21 Nov',
  quiet: 'Nothing waits.',
  blocks: [],
  still: null,
  inboxHref: 'http://127.0.0.1/inbox',
}

export const serveBot = async (options: ServeOptions): Promise<ServedBot> => {
  const { database, tenantId, ask, times, budgetClock } = options
  const slack =
    options.slack ?? (await new FakeSlack({ ackTimeoutMs: PATIENT_MS, triggerTtlMs: PATIENT_MS }).listen())
  const app = express()
  const service = await openSlack({
    database,
    tenantId,
    ask,
    ...(times === undefined ? {} : { times }),
    ...(budgetClock === undefined ? {} : { budgetClock }),
    botToken: slack.botToken,
    transport: { kind: 'http', signingSecret: slack.signingSecret, express: app },
    api: { slackApiUrl: slack.apiUrl },
    inboxUrl: () => 'http://127.0.0.1/inbox',
    privacyLines: async () => ['Nothing leaves this machine.'],
    digest: async () => QUIET_DIGEST,
    signInLink: async ({ memberId }) => `http://127.0.0.1/inbox/sign-in?token=of-${memberId}`,
  })
  const server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    slack,
    service,
    sender: slack.http(`http://127.0.0.1:${(server.address() as AddressInfo).port}${SLACK_PATH}`),
    link: (slackUserId, member, more = {}) => linkInSlack({ slack, database }, slackUserId, { member, more }),
    close: async () => {
      await service.close()
      server.close()
      server.closeAllConnections()
      if (options.slack === undefined) await slack.close()
    },
  }
}

/** A whole turn that says this and made these proposals. */
export async function* turnOf(text: string, proposals: readonly string[] = []): AsyncGenerator<TurnEvent> {
  yield { type: 'text-delta', text }
  yield {
    type: 'turn-end',
    status: 'answered',
    text,
    textWithHandles: text,
    readAs: null,
    calls: [],
    sources: [],
    proposals,
    receipt: { model: 'given', local: true, requests: 0, handles: 0, inputTokens: 0, outputTokens: 0 },
  }
}

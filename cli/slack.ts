import type { Express } from 'express'
import { takeRun } from '../db/agent-runs.ts'
import { openConversation } from '../db/conversations.ts'
import { asTenant } from '../db/tenant.ts'
import { findWorkspace, listWorkspaces, nowOf } from '../db/workspace.ts'
import type { Workspace } from '../db/workspace.ts'
import { previewDigest } from '../digest/preview.ts'
import { asTactError, userError } from '../domain/errors.ts'
import { signInLink } from '../inbox/session.ts'
import { log } from '../log.ts'
import type { SlackService, Transport } from '../slack-bot/app.ts'
import type { Asking } from '../slack-bot/parts.ts'
import { modelSide, type House } from './compose.ts'
import { runConversationTurn } from './conversation.ts'
import { repeat, type Repeated } from './repeat.ts'

export interface SlackHouse {
  readonly express: Express
  /** What others reach this server by; Slack calls it where a signing secret is set. */
  readonly publicUrl: URL | undefined
  readonly inboxUrl: () => string
}

const HIDDEN: Readonly<Record<Workspace['policy'], string>> = {
  strict: 'people, companies, deals, addresses, numbers that lead to one, places, job titles, amounts',
  standard: 'people, companies, deals, addresses and numbers that lead to one',
  'contacts-only': 'people and what reaches them',
  off: 'nothing',
}

const privacyLines = ({ policy }: Workspace, model: string | undefined): readonly string[] => [
  `Hidden from models: ${HIDDEN[policy]} (policy ${policy}).`,
  model === undefined
    ? 'Questions are read on Tact’s own machine; nothing leaves it for a model.'
    : `Model: ${model}. Every request to one elsewhere is written down: tact audit egress.`,
  'Slack itself holds what is asked and answered here, names included.',
]

/** The workspace that is answered for: the one that is set, or the only one. Throws `which_workspace`. */
export const slackWorkspace = async (house: Pick<House, 'config' | 'database'>): Promise<Workspace> => {
  const all = await listWorkspaces(house.database)
  const wanted = house.config.TACT_SLACK_WORKSPACE ?? house.config.TACT_WORKSPACE
  const found =
    wanted === undefined ? (all.length === 1 ? all[0] : undefined) : all.find(({ slug }) => slug === wanted)
  if (found) return found
  throw userError('which_workspace', 'It is not clear which workspace is answered for in Slack.', {
    fix: 'Set TACT_SLACK_WORKSPACE to its slug.',
    validOptions: all.map(({ slug }) => slug),
  })
}

/** How Slack reaches this server. Throws `slack_settings` where a setting is missing. */
export const slackTransport = (
  { TACT_SLACK_APP_TOKEN: appToken, TACT_SLACK_SIGNING_SECRET: signingSecret }: House['config'],
  { express, publicUrl }: Pick<SlackHouse, 'express' | 'publicUrl'>,
): Transport => {
  if (signingSecret !== undefined && publicUrl !== undefined) return { kind: 'http', signingSecret, express }
  if (appToken !== undefined) return { kind: 'socket', appToken }
  throw userError('slack_settings', 'There is a bot token for Slack, and no way for Slack to reach Tact.', {
    fix: 'Set TACT_SLACK_APP_TOKEN for Socket Mode, or TACT_SLACK_SIGNING_SECRET and TACT_PUBLIC_URL.',
  })
}

/** The answer of that thread that broke off, where it is a model's and can be taken up again. */
const brokenOff = ({ database }: House, { actor, conversation, isAgain }: Asking) =>
  isAgain
    ? asTenant(database, modelSide(actor), async (tx) => {
        const side = modelSide(actor)
        const place = { channel: side.via, externalKey: conversation, memberId: side.memberId }
        return await takeRun(tx, { actor: side, conversationId: (await openConversation(tx, place)).id })
      })
    : undefined

const openFor = async (
  house: House,
  workspace: Workspace,
  {
    botToken,
    transport,
    inboxUrl,
  }: { readonly botToken: string; readonly transport: Transport; readonly inboxUrl: () => string },
): Promise<SlackService> => {
  const { config, database } = house
  const workspaceNow = async (): Promise<Workspace> =>
    (await findWorkspace(database, workspace.slug)) ?? workspace
  const { openSlack } = await import('../slack-bot/app.ts')
  const service = await openSlack({
    database,
    tenantId: workspace.id,
    botToken,
    transport,
    inboxUrl,
    ...(config.TACT_SLACK_API_URL === undefined ? {} : { api: { slackApiUrl: config.TACT_SLACK_API_URL } }),
    ask: async function* (question, asking) {
      const now = await workspaceNow()
      const desk = { workspace: now, actor: asking.actor, now: () => nowOf(now) }
      yield* runConversationTurn(house, desk, question, {
        name: asking.conversation,
        signal: asking.signal,
        resumed: await brokenOff(house, asking),
      })
    },
    privacyLines: async () => privacyLines(await workspaceNow(), config.TACT_MODEL),
    digest: async (actor) => {
      const previewing = { workspace: await workspaceNow(), actor, inboxUrl: inboxUrl() }
      return (await previewDigest(database, { ...previewing, channel: 'mail' })).layout
    },
    signInLink: (actor) => signInLink(database, new URL(inboxUrl()).origin, actor),
  })
  log.info('slack_open', { transport: transport.kind, team: service.teamId })
  return service
}

const RETRY_MS = 30_000

/**
 * Opens Slack where it has tokens; undefined where it has none. Tokens that do not hold are an error; while Slack does not
 * answer, the rest of the house is open and Slack is tried again.
 */
export const startSlack = async (house: House, options: SlackHouse): Promise<Repeated | undefined> => {
  const { config } = house
  const { TACT_SLACK_BOT_TOKEN: botToken } = config
  if (botToken === undefined) return undefined
  const transport = slackTransport(config, options)
  const workspace = await slackWorkspace(house)
  let service: SlackService | undefined
  const open = async (): Promise<void> => {
    if (service) return
    try {
      service = await openFor(house, workspace, { botToken, transport, inboxUrl: options.inboxUrl })
    } catch (error) {
      if (asTactError(error).kind !== 'unavailable') throw error
      log.error('slack_unreachable', {})
    }
  }
  await open()
  const retried = repeat(RETRY_MS, () =>
    open().catch((error: unknown) => log.error('slack_not_open', { error: asTactError(error).code })),
  )
  return {
    close: async () => {
      await retried.close()
      await service?.close()
    },
  }
}

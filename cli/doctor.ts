import { checkHealth } from '../db/health.ts'
import type { HealthCheck } from '../db/health.ts'
import { userError } from '../domain/errors.ts'
import { checkBackups, checkSavedQueries } from './backup-health.ts'
import { common, withHouse, type CommandContext, type CommandMaker, type CommonOptions } from './command.ts'
import { checkSecurity } from './doctor-security.ts'
import { publicUrlOf } from './mcp-oauth.ts'
import { drawTable } from './table.ts'
import { writeJson } from './io.ts'

const checkInstallation = (context: CommandContext): Promise<readonly HealthCheck[]> =>
  withHouse(context, async (house) => [
    { check: 'node', state: 'ok', detail: process.version },
    { check: 'home', state: 'ok', detail: context.config.TACT_HOME },
    { check: 'model', state: 'ok', detail: context.config.TACT_MODEL ?? 'offline' },
    ...(await checkHealth(house.database)),
    await checkBackups(house, new Date()),
    ...(await checkSavedQueries(house)),
  ])

const PARTS = ['slack', 'security'] as const
type Part = (typeof PARTS)[number]
const isPart = (text: string): text is Part => PARTS.some((part) => part === text)

const checkPart = (part: Part | undefined, context: CommandContext): Promise<readonly HealthCheck[]> => {
  switch (part) {
    case undefined:
      return checkInstallation(context)
    case 'slack':
      return checkSlackApp(context)
    case 'security':
      return withHouse(context, (house) => checkSecurity(house, new Date()))
  }
}

const checkSlackApp = async ({ config }: CommandContext): Promise<readonly HealthCheck[]> => {
  const { TACT_SLACK_BOT_TOKEN: botToken, TACT_SLACK_API_URL: slackApiUrl } = config
  if (botToken === undefined)
    throw userError('slack_settings', 'Slack is not set up here.', {
      fix: 'Make the app from slack-bot/manifest.yaml and set TACT_SLACK_BOT_TOKEN; docs/slack.md shows it.',
    })
  const { checkSlack } = await import('../slack-bot/app-check.ts')
  return await checkSlack({
    botToken,
    appToken: config.TACT_SLACK_APP_TOKEN,
    signingSecret: config.TACT_SLACK_SIGNING_SECRET,
    publicUrl: publicUrlOf(config)?.origin,
    ...(slackApiUrl === undefined ? {} : { api: { slackApiUrl } }),
  })
}

export const doctorCommand: CommandMaker = (context: CommandContext) =>
  common('doctor', 'check the installation and say what is wrong')
    .argument(
      '[part]',
      '`slack`: the installed Slack app against its manifest; `security`: what keeps others out',
    )
    .action(async (part: string | undefined, options: CommonOptions) => {
      const { io } = context
      if (part !== undefined && !isPart(part))
        throw userError('unknown_part', 'There is no such part to check.', { validOptions: [...PARTS] })
      const checks = await checkPart(part, context)
      const ok = checks.every(({ state }) => state !== 'wrong')
      if (options.json) writeJson(io, { ok, checks })
      else
        drawTable(
          io,
          ['Check', 'State', 'Detail'],
          checks.map(({ check, state, detail }) => [check, state, detail]),
        )
      context.exitCode = ok ? 0 : 1
    })

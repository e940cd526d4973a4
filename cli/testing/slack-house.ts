import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '../../config.ts'
import type { EngineName } from '../../db/connect.ts'
import { openTestDatabase } from '../../db/testing.ts'
import { ROLES } from '../../domain/actor.ts'
import type { Role } from '../../domain/actor.ts'
import { FakeSlack } from '../../slack-bot/testing/fake-slack.ts'
import type { FakeSlackOptions } from '../../slack-bot/testing/fake-slack.ts'
import { linkInSlack } from '../../slack-bot/testing/serve-bot.ts'
import type { Fields } from '../../slack-bot/testing/world.ts'
import { makeTeam } from '../../writeback/testing.ts'
import { furnish } from '../compose.ts'
import { serve } from '../serve.ts'

export type Road = 'socket' | 'http'

export interface SlackHouseOptions {
  readonly road?: Road
  readonly slack?: FakeSlackOptions
}

/** A busy machine is no fault of the house's. */
const PATIENT_MS = 60_000

const until = async (
  what: string,
  look: () => boolean | Promise<boolean>,
  mostMs = 40_000,
): Promise<void> => {
  const endMs = Date.now() + mostMs
  while (!(await look())) {
    if (Date.now() > endMs) throw new Error(`waited in vain for ${what}`)
    await new Promise((done) => setTimeout(done, 20))
  }
}

/**
 * The whole product before the strict fake of Slack: the small sales team of writeback/testing.ts, the owner, admin,
 * editor and viewer linked as UOWNER … UVIEWER, a channel CDEALS of owner and admin, and everybody's direct message.
 */
export const openSlackHouse = async (
  engine: EngineName,
  { road = 'socket', slack: asked }: SlackHouseOptions = {},
) => {
  const home = mkdtempSync(join(tmpdir(), 'tact-slack-'))
  const db = await openTestDatabase(engine)
  const team = await makeTeam(db)
  const slack = await new FakeSlack({ ackTimeoutMs: PATIENT_MS, triggerTtlMs: PATIENT_MS, ...asked }).listen()
  const config = loadConfig({
    TACT_HOME: home,
    TACT_PORT: '0',
    TACT_SLACK_BOT_TOKEN: slack.botToken,
    TACT_SLACK_API_URL: slack.apiUrl,
    TACT_SLACK_WORKSPACE: team.tenant.workspace.slug,
    ...(road === 'socket'
      ? { TACT_SLACK_APP_TOKEN: slack.appToken }
      : { TACT_SLACK_SIGNING_SECRET: slack.signingSecret, TACT_PUBLIC_URL: 'http://127.0.0.1' }),
  })
  const house = furnish(config, db.database)
  /** A Slack user who acts as the member with that role. */
  const link = (slackUserId: string, role: Role, more: Fields = {}): Promise<void> =>
    linkInSlack({ slack, database: db.database }, slackUserId, { member: team.tenant.actor(role), more })
  for (const role of ROLES) await link(`U${role.toUpperCase()}`, role)
  slack.world.addChannel({ id: 'CDEALS', members: ['UOWNER', 'UADMIN'] })
  const service = await serve(house, { config, run: async () => 1 })
  return {
    team,
    slack,
    link,
    service,
    /** Slack, sending by the road of this house. */
    sender: road === 'socket' ? slack.socket : slack.http(`${service.url}/slack/events`),
    until,
    close: async (): Promise<void> => {
      await service.close()
      await slack.close()
      await db.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

export type SlackHouse = Awaited<ReturnType<typeof openSlackHouse>>

import { asTenant } from '../db/tenant.ts'
import { digestHandlers } from '../digest/deliver.ts'
import { SECTIONS } from '../digest/layout.ts'
import { changePolicy, DIGEST_CHANNELS, QUIET_MODES, readPolicy } from '../digest/policy.ts'
import type { DigestChannelName, DigestPolicy, PolicyChange } from '../digest/policy.ts'
import { previewDigest } from '../digest/preview.ts'
import { renderHtml, renderMarkdown, renderText } from '../digest/render.ts'
import { digestLog, resend, sendNow } from '../digest/send.ts'
import { userError } from '../domain/errors.ts'
import { processBell } from '../jobs/bell.ts'
import { createJobBus } from '../jobs/bus.ts'
import {
  common,
  group,
  withDesk,
  type CommandContext,
  type CommandMaker,
  type CommonOptions,
} from './command.ts'
import type { Desk, House } from './compose.ts'
import { digestChannels } from './digest-channels.ts'
import { digestNarrator } from './digest-narrator.ts'
import { writeJson } from './io.ts'
import { publicUrlOf } from './mcp-oauth.ts'
import { drawTable } from './table.ts'

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const SETTLE_MS = 60_000

const oneOf = <T extends string>(known: readonly T[], given: string, what: string): T => {
  const found = known.find((one) => one === given)
  if (found !== undefined) return found
  throw userError('bad_usage', `There is no ${what} of that name.`, { validOptions: known })
}

/** `mon-fri`, `mon,wed,fri`, `daily` as numbers of ISO 8601. */
export const readDays = (text: string): readonly number[] => {
  if (text === 'daily') return [1, 2, 3, 4, 5, 6, 7]
  return text.split(',').flatMap((part) => {
    const [first, last] = part.split('-').map((day) => DAYS.indexOf(oneOf(DAYS, day.trim(), 'day')) + 1)
    return last === undefined
      ? [first!]
      : Array.from({ length: ((last - first! + 7) % 7) + 1 }, (_, step) => ((first! - 1 + step) % 7) + 1)
  })
}

const readTime = (text: string): number => {
  const match = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text)
  if (match) return Number(match[1]) * 60 + Number(match[2])
  throw userError('bad_usage', 'A time of the day is written like 08:30.')
}

interface PolicyOptions extends CommonOptions {
  readonly on?: boolean
  readonly off?: boolean
  readonly at?: string
  readonly zone?: string
  readonly days?: string
  readonly to?: string
  readonly destination?: string
  readonly sections?: string
  readonly quiet?: string
  readonly smtp?: string
  readonly from?: string
}

const changeOf = (options: PolicyOptions): PolicyChange => {
  const { on, off, at, zone, days, to, destination, sections, quiet, smtp, from } = options
  if (on && off) throw userError('bad_usage', 'It is switched on or off, not both.')
  return {
    ...(on || off ? { isEnabled: on === true } : {}),
    ...(at === undefined ? {} : { minuteOfDay: readTime(at) }),
    ...(zone === undefined ? {} : { timezone: zone }),
    ...(days === undefined ? {} : { weekdays: readDays(days) }),
    ...(to === undefined
      ? {}
      : {
          recipients:
            to === 'admins' || to === 'everyone' ? to : to.split(',').map((one) => one.trim().toLowerCase()),
        }),
    ...(destination === undefined ? {} : { destination }),
    ...(sections === undefined
      ? {}
      : { sections: sections.split(',').map((one) => oneOf(SECTIONS, one.trim(), 'section')) }),
    ...(quiet === undefined ? {} : { quiet: oneOf(QUIET_MODES, quiet, 'way of quiet days') }),
    ...(smtp === undefined ? {} : { smtp }),
    ...(from === undefined ? {} : { from }),
  }
}

const shown = ({ smtpSealed: _sealed, time, enabledAt: _at, ...policy }: DigestPolicy) => ({
  ...policy,
  at: `${String(Math.floor(time.minuteOfDay / 60)).padStart(2, '0')}:${String(time.minuteOfDay % 60).padStart(2, '0')}`,
  zone: time.timezone,
  days: time.weekdays.map((day) => DAYS[day - 1]),
})

export const inboxUrlOf = ({ config }: Pick<House, 'config'>): string =>
  `${publicUrlOf(config)?.origin ?? `http://${config.TACT_HOST}:${config.TACT_PORT}`}/inbox`

/** Delivers what was just put down here and now, and waits for it; `tact up` beside may do it as well. */
const deliverNow = async (house: House, { workspace }: Desk, jobs: readonly string[]): Promise<void> => {
  const { database } = house
  const bus = createJobBus(database, processBell())
  const inboxUrl = (): string => inboxUrlOf(house)
  const handlers = digestHandlers({
    database,
    channelOf: digestChannels(house, inboxUrl),
    narrator: digestNarrator(house.config),
    inboxUrl,
    ring: () => {},
  })
  await bus.work(handlers)
  bus.ring(workspace.id, jobs)
  await bus.settled(workspace.id, jobs, SETTLE_MS)
  await bus.close()
}

export const digestCommand: CommandMaker = (context: CommandContext) => {
  const { io } = context
  const digest = group('digest', 'what happened and what waits, once a day by mail or Slack')
  const withChannel = (name: string, description: string) =>
    common(name, description).argument('<channel>', DIGEST_CHANNELS.join(' or '))
  const channelIn = (given: string): DigestChannelName => oneOf(DIGEST_CHANNELS, given, 'channel')

  digest.addCommand(
    withChannel('preview', 'what yours would say now (of Slack: the team’s); nothing is sent or remembered')
      .option('--format <format>', 'text, markdown, html or facts', 'text')
      .action(async (given: string, options: CommonOptions & { readonly format: string }) => {
        const channel = channelIn(given)
        await withDesk(context, options, 'cli', async (house, { actor, workspace }) => {
          const made = await previewDigest(house.database, {
            workspace,
            actor,
            channel,
            inboxUrl: inboxUrlOf(house),
          })
          if (options.json || options.format === 'facts') return writeJson(io, made.facts)
          const render = { text: renderText, markdown: renderMarkdown, html: renderHtml }
          io.out(render[oneOf(['text', 'markdown', 'html'] as const, options.format, 'format')](made.layout))
        })
      }),
  )
  for (const [name, description] of [
    ['send', 'send it now to all readers'],
    ['test', 'send yours to your own address'],
    ['resend', 'send the last one again, as it was'],
  ] as const) {
    digest.addCommand(
      withChannel(name, description).action(async (given: string, options: CommonOptions) => {
        const channel = channelIn(given)
        await withDesk(context, options, 'cli', async (house, desk) => {
          const { actor, workspace } = desk
          const wanted = { channel, timezone: workspace.timezone }
          const jobs = await asTenant(house.database, actor, (tx) =>
            name === 'resend'
              ? resend(tx, actor, wanted)
              : sendNow(tx, actor, {
                  ...wanted,
                  now: new Date(),
                  ...(name === 'test' ? { isTest: true as const } : {}),
                }),
          )
          await deliverNow(house, desk, jobs)
          const runs = await asTenant(house.database, actor, (tx) => digestLog(tx, actor, wanted), {
            readOnly: true,
          })
          const mine = runs.slice(0, jobs.length)
          if (options.json) return writeJson(io, { runs: mine })
          for (const { state, failure } of mine) io.out(`${state}${failure === null ? '' : `: ${failure}`}\n`)
          if (mine.length === 0) io.out('Nobody gets it.\n')
        })
      }),
    )
  }
  digest.addCommand(
    withChannel('log', 'the latest digests, and what became of them').action(
      async (given: string, options: CommonOptions) => {
        const channel = channelIn(given)
        await withDesk(context, options, 'cli', async (house, { actor, workspace }) => {
          const runs = await asTenant(
            house.database,
            actor,
            (tx) => digestLog(tx, actor, { channel, timezone: workspace.timezone }),
            { readOnly: true },
          )
          if (options.json) return writeJson(io, { runs })
          drawTable(
            io,
            ['Window', 'Due', 'State', 'Sent', 'Failure'],
            runs.map((run) => [run.windowKey, run.dueAt, run.state, run.sentAt, run.failure]),
          )
        })
      },
    ),
  )
  digest.addCommand(
    withChannel('policy', 'what is set for the workspace; with options: sets it, from the next one on')
      .option('--on', 'send it')
      .option('--off', 'send it no more')
      .option('--at <time>', 'local time, e.g. 08:30')
      .option('--zone <zone>', 'IANA name, e.g. Europe/Berlin')
      .option('--days <days>', 'mon-fri, mon,wed,fri or daily')
      .option('--to <who>', 'of mail: admins, everyone, or addresses separated by commas')
      .option('--destination <id>', 'of Slack: the channel')
      .option('--sections <sections>', SECTIONS.join(','))
      .option('--quiet <mode>', 'of days with nothing to tell: note or skip')
      .option('--smtp <server>', 'of mail: system, disabled, or smtp://user:password@host')
      .option('--from <address>', 'of mail: who it comes from')
      .action(async (given: string, options: PolicyOptions) => {
        const channel = channelIn(given)
        const change = changeOf(options)
        await withDesk(context, options, 'cli', async ({ database }, { actor, workspace }) => {
          const policy = await asTenant(database, actor, (tx) =>
            Object.keys(change).length === 0
              ? readPolicy(tx, channel, workspace)
              : changePolicy(tx, actor, { database, workspace, channel, change, now: new Date() }),
          )
          if (options.json) return writeJson(io, shown(policy))
          drawTable(
            io,
            ['Setting', 'Value'],
            Object.entries(shown(policy)).map(([name, value]) => [
              name,
              Array.isArray(value) ? value.join(', ') : String(value ?? ''),
            ]),
          )
        })
      }),
  )
  return digest
}

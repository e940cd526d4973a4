import { asTenant } from '../db/tenant.ts'
import { listMembers } from '../db/members.ts'
import { CHANGE_KINDS } from '../domain/change-kinds.ts'
import { notFound, userError } from '../domain/errors.ts'
import { SCOPES, grantStanding, listStanding, revokeStanding } from '../writeback/standing.ts'
import {
  common,
  group,
  withDesk,
  type CommandContext,
  type CommandMaker,
  type CommonOptions,
} from './command.ts'
import { writeJson } from './io.ts'
import { drawTable } from './table.ts'

interface AllowOptions extends CommonOptions {
  readonly scope: string
  readonly perDay: string
  readonly until: string
  readonly for?: string
}

/** The end of that day, in UTC. Throws `bad_day`. */
const endOf = (day: string): Date => {
  const end = new Date(`${day}T23:59:59Z`)
  if (/^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(end.getTime())) return end
  throw userError('bad_day', 'That is not a day.', { fix: 'Write it as 2026-12-31.' })
}

/** What may pass without asking: list, allow, revoke. */
export const standingCommand: CommandMaker = (context: CommandContext) => {
  const { io } = context
  const command = group('standing', 'changes that pass without asking, on a leash: list, allow, revoke')
  command.addCommand(
    common('list', 'what passes without asking, and how often it did').action(
      async (options: CommonOptions) => {
        await withDesk(context, options, 'cli', async (house, { actor, now }) => {
          const found = await asTenant(house.database, actor, (tx) => listStanding(tx, actor), {
            readOnly: true,
          })
          if (options.json) return writeJson(io, { standing: found })
          if (found.length === 0) return io.out('Nothing passes without asking.\n')
          const stateOf = ({ revokedAt, until }: (typeof found)[number]): string =>
            revokedAt !== null ? 'revoked' : Date.parse(until) <= now().getTime() ? 'over' : 'holds'
          drawTable(
            io,
            ['Id', 'Kind', 'Scope', 'A day', 'Until', 'Used', 'State'],
            found.map((one) => [
              one.id,
              one.kind,
              one.scope,
              String(one.perDay),
              one.until.slice(0, 10),
              String(one.uses),
              stateOf(one),
            ]),
          )
        })
      },
    ),
  )
  command.addCommand(
    common('allow', 'let one kind of change pass; for owners, in person')
      .argument('<kind>', CHANGE_KINDS.join(', '))
      .requiredOption('--until <day>', 'the last day, as 2026-12-31')
      .requiredOption('--per-day <n>', 'how many a day at most')
      .option('--scope <scope>', `${SCOPES.join(' or ')}: records of the one who proposes, or any`, 'own')
      .option('--for <email>', 'only what this member’s agent proposes')
      .action(async (kind: string, options: AllowOptions) => {
        await withDesk(context, options, 'cli', async (house, { actor, now }) => {
          const whose = options.for
          const members =
            whose === undefined
              ? []
              : await asTenant(house.database, actor, (tx) => listMembers(tx), { readOnly: true })
          const member = members.find(({ email }) => email === whose?.toLowerCase())
          if (whose !== undefined && !member)
            throw notFound('no_such_member', 'No member has this address.', { fix: 'See `tact users list`.' })
          const id = await grantStanding(house.database, actor, {
            kind,
            scope: options.scope,
            memberId: member?.id ?? null,
            perDay: Number(options.perDay),
            until: endOf(options.until),
            now: now(),
          })
          if (options.json) writeJson(io, { id })
          else io.out(`${id}\n`)
        })
      }),
  )
  command.addCommand(
    common('revoke', 'end one at once')
      .argument('<id>')
      .action(async (id: string, options: CommonOptions) => {
        await withDesk(context, options, 'cli', async (house, { actor }) => {
          await revokeStanding(house.database, actor, id)
          if (options.json) writeJson(io, { revoked: id })
          else io.out('It is asked about again from now on.\n')
        })
      }),
  )
  return command
}

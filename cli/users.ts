import { invite, listInvitations, revokeInvitation } from '../db/invitations.ts'
import { changeRole, disableMember, enableMember, findMember, listMembers } from '../db/members.ts'
import type { Member } from '../db/members.ts'
import { assertStanding } from '../db/standing.ts'
import { asTenant } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { ROLES } from '../domain/actor.ts'
import type { Role } from '../domain/actor.ts'
import { notFound, userError } from '../domain/errors.ts'
import { isUuid } from '../domain/ids.ts'
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

interface InviteOptions extends CommonOptions {
  readonly role: string
  readonly days: string
}

const DAY_MS = 86_400_000

const roleOf = (text: string): Role => {
  const role = ROLES.find((one) => one === text)
  if (role) return role
  throw userError('unknown_role', 'There is no role of that name.', { validOptions: ROLES })
}

const daysOf = (text: string): number => {
  const days = Number(text)
  if (Number.isFinite(days) && days > 0 && days <= 90) return days
  throw userError('bad_days', 'An invitation lasts from one to 90 days.', { fix: 'Give --days 7, say.' })
}

const memberOf = async (tx: TenantTx, email: string): Promise<Member> => {
  const found = await findMember(tx, email)
  if (found) return found
  throw notFound('unknown_member', 'No such member.', { fix: 'See `tact users list`.' })
}

/** Members and invitations. Nobody registers on their own: an owner or admin invites. */
export const usersCommand: CommandMaker = (context: CommandContext) => {
  const { io, config } = context
  const users = group('users', 'members: list, invite, change roles, disable')
  users.addCommand(
    common('list', 'members of this workspace').action(async (options: CommonOptions) => {
      await withDesk(context, options, 'cli', async (house, { actor }) => {
        const members = await asTenant(
          house.database,
          actor,
          async (tx) => {
            await assertStanding(tx, actor, 'read')
            return await listMembers(tx)
          },
          { readOnly: true },
        )
        if (options.json) return writeJson(io, { members })
        drawTable(
          io,
          ['Name', 'Email', 'Role', ''],
          members.map((one) => [
            `${one.givenName} ${one.familyName}`,
            one.email,
            one.role,
            one.disabled ? 'disabled' : '',
          ]),
        )
      })
    }),
  )
  users.addCommand(
    common('invite', 'invite somebody; the link is shown once')
      .argument('<email>')
      .option('--role <role>', ROLES.join(', '), 'editor')
      .option('--days <n>', 'days until the link is dead', '7')
      .action(async (email: string, options: InviteOptions) => {
        const wanted = { email, role: roleOf(options.role), lifetimeMs: daysOf(options.days) * DAY_MS }
        await withDesk(context, options, 'cli', async (house, { actor }) => {
          const made = await asTenant(house.database, actor, (tx) => invite(tx, actor, wanted))
          const link = `http://${config.TACT_HOST}:${config.TACT_PORT}/inbox/join?token=${made.token}`
          if (options.json) return writeJson(io, { id: made.id, link, expires_at: made.expiresAt })
          io.out(`${link}\nGive it to that person alone. It works once, while \`tact up\` runs.\n`)
        })
      }),
  )
  users.addCommand(
    common('invitations', 'invitations, newest first').action(async (options: CommonOptions) => {
      await withDesk(context, options, 'cli', async (house, { actor }) => {
        const found = await asTenant(house.database, actor, (tx) => listInvitations(tx, actor), {
          readOnly: true,
        })
        if (options.json) return writeJson(io, { invitations: found })
        drawTable(
          io,
          ['Id', 'Email', 'Role', 'State', 'Expires'],
          found.map((one) => [one.id, one.email, one.role, one.state, one.expiresAt.slice(0, 16)]),
        )
      })
    }),
  )
  users.addCommand(
    common('revoke', 'take an open invitation back')
      .argument('<id>')
      .action(async (id: string, options: CommonOptions) => {
        if (!isUuid(id)) throw userError('bad_id', 'That is not the id of an invitation.')
        await withDesk(context, options, 'cli', async (house, { actor }) => {
          await asTenant(house.database, actor, (tx) => revokeInvitation(tx, actor, id))
          if (options.json) writeJson(io, { revoked: id })
          else io.out('Taken back.\n')
        })
      }),
  )
  users.addCommand(
    common('role', 'give a member another role')
      .argument('<email>')
      .argument('<role>', ROLES.join(', '))
      .action(async (email: string, role: string, options: CommonOptions) => {
        const wanted = roleOf(role)
        await withDesk(context, options, 'cli', async (house, { actor }) => {
          await asTenant(house.database, actor, async (tx) =>
            changeRole(tx, actor, (await memberOf(tx, email)).id, wanted),
          )
          if (options.json) writeJson(io, { email, role: wanted })
          else io.out(`They are ${wanted} now.\n`)
        })
      }),
  )
  for (const [verb, change, description] of [
    ['disable', disableMember, 'shut a member out, tokens included'],
    ['enable', enableMember, 'let a disabled member in again'],
  ] as const) {
    users.addCommand(
      common(verb, description)
        .argument('<email>')
        .action(async (email: string, options: CommonOptions) => {
          await withDesk(context, options, 'cli', async (house, { actor }) => {
            await asTenant(house.database, actor, async (tx) =>
              change(tx, actor, (await memberOf(tx, email)).id),
            )
            if (options.json) writeJson(io, { email, disabled: verb === 'disable' })
            else io.out(verb === 'disable' ? 'They are shut out.\n' : 'They are in again.\n')
          })
        }),
    )
  }
  return users
}

import { findMember, listMembers } from '../db/members.ts'
import { linkAccount, listOauthLinks, unlinkAccount } from '../db/oauth-links.ts'
import { assertStanding } from '../db/standing.ts'
import { asTenant } from '../db/tenant.ts'
import { notFound, userError } from '../domain/errors.ts'
import { isUuid } from '../domain/ids.ts'
import { may } from '../domain/permissions.ts'
import { CLIENT_POLICIES, isClientPolicy, type ClientPolicy } from '../domain/policy.ts'
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

interface LinkOptions extends CommonOptions {
  readonly issuer?: string
  readonly subject?: string
  readonly email?: string
  readonly policy?: string
}

/** Throws a user error for a policy that is none, or none for a single client. */
export const clientPolicyOf = (text: string): ClientPolicy => {
  if (isClientPolicy(text)) return text
  throw userError('unknown_policy', 'A client cannot be given this policy.', {
    validOptions: CLIENT_POLICIES,
  })
}

/** The server to link an account of: as said, or the only one that is set. */
const issuerOf = (wanted: string | undefined, known: readonly string[]): string => {
  const issuer = wanted ?? (known.length === 1 ? known[0] : undefined)
  if (issuer !== undefined && known.includes(issuer)) return issuer
  throw userError('which_issuer', 'That is no authorization server of TACT_OAUTH_ISSUERS.', {
    fix: 'Choose one with --issuer.',
    validOptions: known,
  })
}

const accountOf = ({ subject, email }: LinkOptions) => {
  if (subject !== undefined && email === undefined) return { subject }
  if (email !== undefined && subject === undefined) return { email }
  throw userError('which_account', 'Say which account it is: --subject <id>, or --email <address>.', {
    fix: '--email takes the first account that the server says has this address, verified.',
  })
}

/** Accounts of authorization servers, and whose they are here. */
export const oauthCommand: CommandMaker = (context: CommandContext) => {
  const { io, config } = context
  const oauth = group('oauth', 'accounts of an authorization server that act as members over MCP')
  oauth.addCommand(
    common('link', 'say which member an account is; for owners')
      .argument('<member>', 'e-mail address of the member')
      .option('--issuer <url>', 'authorization server; needed where several are set')
      .option('--subject <id>', 'the account, as `sub` of its tokens names it')
      .option('--email <address>', 'or its address, as the server verified it')
      .option('--policy <policy>', `hide other things from its clients: ${CLIENT_POLICIES.join(', ')}`)
      .action(async (address: string, options: LinkOptions) => {
        const issuer = issuerOf(options.issuer, config.TACT_OAUTH_ISSUERS ?? [])
        const account = accountOf(options)
        const policy = options.policy === undefined ? null : clientPolicyOf(options.policy)
        await withDesk(context, options, 'cli', async (house, { actor }) => {
          const id = await asTenant(house.database, actor, async (tx) => {
            const member = await findMember(tx, address)
            if (!member)
              throw notFound('unknown_member', 'Nobody here has this e-mail address.', {
                fix: 'See `tact users list`.',
              })
            return await linkAccount(tx, actor, { memberId: member.id, issuer, account, policy })
          })
          if (options.json) writeJson(io, { id })
          else io.out('Linked.\n')
        })
      }),
  )
  oauth.addCommand(
    common('list', "your linked accounts; for owners and admins, everybody's").action(
      async (options: CommonOptions) => {
        await withDesk(context, options, 'cli', async (house, { actor }) => {
          const { links, names } = await asTenant(
            house.database,
            actor,
            async (tx) => {
              const role = await assertStanding(tx, actor, 'read')
              const all = await listOauthLinks(tx)
              const members = await listMembers(tx)
              return {
                links: may(role, 'tokens') ? all : all.filter((one) => one.memberId === actor.memberId),
                names: new Map(members.map(({ id, email }) => [id, email])),
              }
            },
            { readOnly: true },
          )
          if (options.json) return writeJson(io, { links })
          drawTable(
            io,
            ['Id', 'Member', 'Server', 'Account', 'Policy', 'Last used'],
            links.map((link) => [
              link.id,
              names.get(link.memberId) ?? null,
              link.issuer,
              link.subject ?? link.email,
              link.policy,
              link.lastUsedAt,
            ]),
          )
        })
      },
    ),
  )
  oauth.addCommand(
    common('unlink', 'end a link at once')
      .argument('<id>')
      .action(async (id: string, options: CommonOptions) => {
        if (!isUuid(id))
          throw userError('bad_id', 'That is not the id of a link.', { fix: 'See `tact oauth list`.' })
        await withDesk(context, options, 'cli', async (house, { actor }) => {
          await asTenant(house.database, actor, (tx) => unlinkAccount(tx, actor, id))
          if (options.json) writeJson(io, { unlinked: id })
          else io.out('Unlinked.\n')
        })
      }),
  )
  return oauth
}

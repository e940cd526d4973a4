import {
  createAccessToken,
  listAccessTokens,
  revokeAccessToken,
  setTokenPolicy,
} from '../db/access-tokens.ts'
import { assertStanding } from '../db/standing.ts'
import { asTenant } from '../db/tenant.ts'
import { denied, userError } from '../domain/errors.ts'
import { may, scopesFor } from '../domain/permissions.ts'
import { CLIENT_POLICIES } from '../domain/policy.ts'
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
import { clientPolicyOf } from './oauth.ts'
import { drawTable } from './table.ts'

interface CreateOptions extends CommonOptions {
  readonly days?: string
  readonly readOnly?: boolean
  readonly policy?: string
}

const DAY_MS = 86_400_000
const MOST_DAYS = 3_650

const expiryOf = (days: string | undefined): Date => {
  const count = Number(days)
  if (Number.isInteger(count) && count >= 1 && count <= MOST_DAYS)
    return new Date(Date.now() + count * DAY_MS)
  throw userError('bad_days', 'That is no number of days.', {
    fix: `Give a whole number from 1 to ${MOST_DAYS}.`,
  })
}

const tokenId = (id: string): string => {
  if (isUuid(id)) return id
  throw userError('bad_id', 'That is not the id of a token.', { fix: 'See `tact tokens list`.' })
}

/** Tokens for programs that reach MCP over HTTP; each speaks for the member who made it. */
export const tokensCommand: CommandMaker = (context: CommandContext) => {
  const { io } = context
  const tokens = group('tokens', 'access tokens for MCP over HTTP')
  tokens.addCommand(
    common('create', 'make a token; it is shown once')
      .argument('<name>', 'what it is for')
      .option('--days <n>', 'days until it expires', '90')
      .option('--read-only', 'for tools that read; it can propose nothing')
      .option(
        '--policy <policy>',
        `hide other things from its client: ${CLIENT_POLICIES.join(', ')}; for owners`,
      )
      .action(async (name: string, options: CreateOptions) => {
        await withDesk(context, options, 'cli', async (house, { actor }) => {
          const { memberId } = actor
          if (!memberId)
            throw denied('no_member', 'A token speaks for a member.', { fix: 'Choose one with --as.' })
          const scopes = scopesFor(options.readOnly ? 'read' : 'propose')
          const policy = options.policy === undefined ? null : clientPolicyOf(options.policy)
          const expiresAt = expiryOf(options.days)
          const made = await asTenant(house.database, actor, async (tx) => {
            const token = await createAccessToken(tx, { memberId, name, scopes, expiresAt })
            if (policy !== null) await setTokenPolicy(tx, actor, { id: token.id, policy })
            return token
          })
          if (options.json) writeJson(io, made)
          else io.out(`${made.token}\n`)
        })
      }),
  )
  tokens.addCommand(
    common('list', "your tokens; for owners and admins, everybody's").action(
      async (options: CommonOptions) => {
        await withDesk(context, options, 'cli', async (house, { actor }) => {
          const found = await asTenant(
            house.database,
            actor,
            async (tx) => {
              const role = await assertStanding(tx, actor, 'read')
              const all = await listAccessTokens(tx)
              return may(role, 'tokens') ? all : all.filter((one) => one.memberId === actor.memberId)
            },
            { readOnly: true },
          )
          if (options.json) return writeJson(io, { tokens: found })
          drawTable(
            io,
            ['Id', 'Name', 'Scopes', 'Policy', 'Expires', 'Last used', 'Revoked'],
            found.map((token) => [
              token.id,
              token.name,
              token.scopes.join(' '),
              token.policy,
              token.expiresAt,
              token.lastUsedAt,
              token.revokedAt,
            ]),
          )
        })
      },
    ),
  )
  tokens.addCommand(
    common('policy', 'set what is hidden from the client of a token; for owners')
      .argument('<id>')
      .argument('<policy>', `${CLIENT_POLICIES.join(', ')}; \`workspace\` for what holds for all`)
      .action(async (id: string, wanted: string, options: CommonOptions) => {
        await withDesk(context, options, 'cli', async (house, { actor }) => {
          const policy = wanted === 'workspace' ? null : clientPolicyOf(wanted)
          await asTenant(house.database, actor, (tx) =>
            setTokenPolicy(tx, actor, { id: tokenId(id), policy }),
          )
          if (options.json) writeJson(io, { id, policy })
          else io.out(`${wanted}\n`)
        })
      }),
  )
  tokens.addCommand(
    common('revoke', 'end a token at once')
      .argument('<id>')
      .action(async (id: string, options: CommonOptions) => {
        await withDesk(context, options, 'cli', async (house, { actor }) => {
          await asTenant(house.database, actor, async (tx) => {
            const found = (await listAccessTokens(tx)).find((one) => one.id === tokenId(id))
            if (found?.memberId !== actor.memberId) await assertStanding(tx, actor, 'tokens')
            await revokeAccessToken(tx, id)
          })
          if (options.json) writeJson(io, { revoked: id })
          else io.out('Revoked.\n')
        })
      }),
  )
  return tokens
}

import { createAccessToken, listAccessTokens, revokeAccessToken } from '../db/access-tokens.ts'
import { assertStanding } from '../db/standing.ts'
import { asTenant } from '../db/tenant.ts'
import { denied, userError } from '../domain/errors.ts'
import { may, type TokenScope } from '../domain/permissions.ts'
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

interface CreateOptions extends CommonOptions {
  readonly days?: string
  readonly readOnly?: boolean
}

const DAY_MS = 86_400_000

/** Tokens for programs that reach MCP over HTTP; each speaks for the member who made it. */
export const tokensCommand: CommandMaker = (context: CommandContext) => {
  const { io } = context
  const tokens = group('tokens', 'access tokens for MCP over HTTP')
  tokens.addCommand(
    common('create', 'make a token; it is shown once')
      .argument('<name>', 'what it is for')
      .option('--days <n>', 'days until it expires', '90')
      .option('--read-only', 'for tools that read; it can propose nothing')
      .action(async (name: string, options: CreateOptions) => {
        await withDesk(context, options, 'cli', async (house, { actor }) => {
          const { memberId } = actor
          if (!memberId)
            throw denied('no_member', 'A token speaks for a member.', { fix: 'Choose one with --as.' })
          const scope: TokenScope = options.readOnly ? 'crm:read' : 'crm'
          const expiresAt = new Date(Date.now() + Number(options.days) * DAY_MS)
          const made = await asTenant(house.database, actor, (tx) =>
            createAccessToken(tx, { memberId, name, scopes: [scope], expiresAt }),
          )
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
            ['Id', 'Name', 'Expires', 'Last used', 'Revoked'],
            found.map((token) => [token.id, token.name, token.expiresAt, token.lastUsedAt, token.revokedAt]),
          )
        })
      },
    ),
  )
  tokens.addCommand(
    common('revoke', 'end a token at once')
      .argument('<id>')
      .action(async (id: string, options: CommonOptions) => {
        await withDesk(context, options, 'cli', async (house, { actor }) => {
          if (!isUuid(id))
            throw userError('bad_id', 'That is not the id of a token.', { fix: 'See `tact tokens list`.' })
          await asTenant(house.database, actor, async (tx) => {
            const found = (await listAccessTokens(tx)).find((one) => one.id === id)
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

import { listMembers } from '../db/members.ts'
import { assertStanding } from '../db/standing.ts'
import { asTenant } from '../db/tenant.ts'
import { userError } from '../domain/errors.ts'
import { removeMailbox, setVisibility } from '../mail/change-mailbox.ts'
import { giveConsent, listMailboxes, withdrawConsent } from '../mail/mailbox.ts'
import { rebuildIndex } from '../search/rebuild.ts'
import {
  common,
  group,
  withDesk,
  type CommandContext,
  type CommandMaker,
  type CommonOptions,
} from './command.ts'
import type { House } from './compose.ts'
import type { Desk } from './compose.ts'
import { visibilityOf } from './import-mail.ts'
import { writeJson } from './io.ts'
import { drawTable } from './table.ts'

interface ConsentOptions extends CommonOptions {
  readonly withdraw?: boolean
  readonly folder?: readonly string[]
  readonly exclude?: readonly string[]
}

/** What others may no longer see leaves the figures of their searches too. */
const remakeIndex = async ({ database }: House, { actor }: Desk): Promise<void> => {
  await rebuildIndex({ database, actor: { tenantId: actor.tenantId, memberId: null, via: 'system' } })
}

/** Mailboxes of members: whose, what of them is read, who sees it. */
export const mailboxCommand: CommandMaker = (context: CommandContext) => {
  const { io } = context
  const command = group('mailbox', 'mail that members let in: list, consent, visibility, remove')
  command.addCommand(
    common('list', 'mailboxes of this workspace, whose mail you see or not').action(
      async (options: CommonOptions) => {
        await withDesk(context, options, 'cli', async (house, { actor }) => {
          const { mailboxes, members } = await asTenant(
            house.database,
            actor,
            async (tx) => {
              await assertStanding(tx, actor, 'read')
              return { mailboxes: await listMailboxes(tx), members: await listMembers(tx) }
            },
            { readOnly: true },
          )
          const owner = new Map<string, string>(members.map(({ id, email }) => [id, email]))
          const shown = mailboxes.map(({ memberId, ...mailbox }) => ({
            ...mailbox,
            member: owner.get(memberId) ?? null,
          }))
          if (options.json) return writeJson(io, shown)
          drawTable(
            io,
            ['Id', 'Member', 'Kind', 'Address', 'Seen by', 'Consent', 'State', 'Last read'],
            shown.map((one) => [
              one.id,
              one.member ?? '',
              one.kind,
              one.address ?? '',
              one.visibility,
              one.consentedAt?.slice(0, 10) ?? 'withdrawn',
              one.failure === null ? one.state : `${one.state}: ${one.failure}`,
              one.syncedAt?.slice(0, 16).replace('T', ' ') ?? '',
            ]),
          )
        })
      },
    ),
  )
  command.addCommand(
    common('consent', 'let your mailbox be read, within a scope; or --withdraw')
      .argument('<id>')
      .option('--withdraw', 'read nothing more of it; what was read stays until `tact mailbox remove`')
      .option('--folder <name...>', 'only these folders')
      .option('--exclude <address...>', 'leave out mail from or to these addresses and domains')
      .action(async (id: string, options: ConsentOptions) => {
        await withDesk(context, options, 'cli', async (house, { actor }) => {
          const mailbox = await asTenant(house.database, actor, async (tx) => {
            await assertStanding(tx, actor, 'read')
            return options.withdraw === true
              ? withdrawConsent(tx, actor, id)
              : giveConsent(tx, actor, id, { folders: options.folder, excluded: options.exclude })
          })
          if (options.json) return writeJson(io, mailbox)
          io.out(mailbox.consentedAt === null ? 'Nothing more of it is read.\n' : 'It may be read.\n')
        })
      }),
  )
  command.addCommand(
    common('visibility', 'who sees the mail of your mailbox: owner, subject or team')
      .argument('<id>')
      .argument('<who>')
      .action(async (id: string, who: string, options: CommonOptions) => {
        await withDesk(context, options, 'cli', async (house, desk) => {
          const visibility = visibilityOf(who)!
          const changed = await setVisibility(house.database, desk.actor, id, visibility)
          if (changed > 0) await remakeIndex(house, desk)
          if (options.json) return writeJson(io, { id, visibility, changed })
          io.out(`${changed} messages have other readers now.\n`)
        })
      }),
  )
  command.addCommand(
    common('remove', 'forget your mailbox and the mail that was found in it alone')
      .argument('<id>')
      .option('--yes', 'the mail is gone for good')
      .action(async (id: string, options: CommonOptions & { readonly yes?: boolean }) => {
        if (options.yes !== true)
          throw userError('not_confirmed', 'The mail of this mailbox would be gone for good.', {
            fix: 'Say --yes to remove it.',
          })
        await withDesk(context, options, 'cli', async (house, desk) => {
          const removed = await removeMailbox(house.database, desk.actor, id)
          await remakeIndex(house, desk)
          if (options.json) return writeJson(io, { id, removed })
          io.out(`${removed} messages were removed.\n`)
        })
      }),
  )
  return command
}

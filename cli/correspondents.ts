import { asTenant, type TenantTx } from '../db/tenant.ts'
import { asTactError } from '../domain/errors.ts'
import { recordUri } from '../domain/records.ts'
import { findCorrespondents, type Correspondent } from '../mail/correspondents.ts'
import type { ChangeInput } from '../writeback/changes.ts'
import { splitName } from '../writeback/imports/names.ts'
import { propose } from '../writeback/propose.ts'
import {
  common,
  group,
  withDesk,
  type CommandContext,
  type CommandMaker,
  type CommonOptions,
} from './command.ts'
import type { Desk } from './compose.ts'
import { writeJson } from './io.ts'
import { drawTable } from './table.ts'

interface FindOptions extends CommonOptions {
  readonly limit: string
  readonly min: string
}

type Change = Pick<ChangeInput, 'op' | 'entity' | 'set' | 'evidence'>

/** Members of one new house in one proposal: two changes for each, and the limit of a proposal is 25. */
const MOST_OF_A_HOUSE = 10

const nameOf = ({ name, address }: Correspondent): Readonly<Record<string, string>> => {
  const written = name === null ? undefined : splitName(name)
  const local = address.slice(0, address.lastIndexOf('@'))
  return {
    given_name: written?.given ?? local,
    ...(written?.family ? { family_name: written.family } : {}),
  }
}

/** What to propose for those of one house that is no company yet, or for one person of a known house or of none. */
const changesFor = (found: readonly Correspondent[]): readonly Change[] => {
  const changes: Change[] = []
  const add = (entity: string, set: ChangeInput['set'], { emailId }: Correspondent): string => {
    const evidence = [{ record: recordUri({ entity: 'emails', id: emailId }) }]
    changes.push({ op: 'create', entity, set, evidence })
    return `change:${changes.length}`
  }
  const [first] = found
  const domain = first?.newDomain ?? null
  const [label = ''] = domain?.split('.') ?? []
  const made =
    first === undefined || domain === null
      ? null
      : add('companies', { name: label.charAt(0).toUpperCase() + label.slice(1), domain }, first)
  for (const one of found) {
    const { address, companyId, samePersonId } = one
    const company = companyId === null ? made : recordUri({ entity: 'companies', id: companyId })
    const person =
      samePersonId === null
        ? add('people', { ...nameOf(one), ...(company === null ? {} : { company }) }, one)
        : recordUri({ entity: 'people', id: samePersonId })
    add('person_emails', { person, address }, one)
  }
  return changes
}

const reasonOf = (found: readonly Correspondent[]): string => {
  const mails = found.reduce((sum, { fromThem, toThem }) => sum + fromThem + toThem, 0)
  const what = found.every(({ samePersonId }) => samePersonId !== null)
    ? 'The name is that of somebody we know'
    : found.length === 1
      ? 'Writes with us and is no record yet'
      : `${found.length} of one house write with us and are no records yet`
  return `${what}: ${mails} messages.`
}

/** Those of one new house together; everybody else alone. */
const groupsOf = (found: readonly Correspondent[]): ReadonlyMap<string, readonly Correspondent[]> => {
  const groups = new Map<string, Correspondent[]>()
  for (const one of found) {
    const key = one.samePersonId === null ? (one.newDomain ?? one.address) : one.address
    const known = groups.get(key)
    if (!known) groups.set(key, [one])
    else if (known.length < MOST_OF_A_HOUSE) known.push(one)
  }
  return groups
}

/** One proposal a group, under a key of its own: what was proposed once, whatever came of it, is not proposed again. */
const proposeAll = async (
  tx: TenantTx,
  found: readonly Correspondent[],
  { actor, workspace, now }: Desk,
): Promise<{ readonly proposals: readonly string[]; readonly before: number }> => {
  const proposals: string[] = []
  let before = 0
  for (const [key, members] of groupsOf(found)) {
    try {
      const { proposal, created } = await propose(tx, {
        input: { reason: reasonOf(members), changes: changesFor(members) },
        actor,
        workspace,
        now: now(),
        conversationId: null,
        idempotencyKey: `correspondent:${key}`,
        openLimit: 'none',
      })
      if (created) proposals.push(proposal.id)
      else before += 1
    } catch (error) {
      if (asTactError(error).code !== 'idempotency_key_reused') throw error
      before += 1
    }
  }
  return { proposals, before }
}

/** People who write with us and are in no record. */
export const correspondentsCommand: CommandMaker = (context: CommandContext) => {
  const { io } = context
  const finding = (name: string, about: string) =>
    common(name, about)
      .option('--limit <count>', 'how many', '20')
      .option('--min <count>', 'with so many messages at least', '2')
  const read = (options: FindOptions) => ({
    limit: Number(options.limit) || 20,
    minMessages: Number(options.min) || 2,
  })
  const command = group('correspondents', 'people who write with us and are no records: list, propose')
  command.addCommand(
    finding('list', 'who they are, most mail first').action(async (options: FindOptions) => {
      await withDesk(context, options, 'cli', async (house, { actor }) => {
        const found = await asTenant(house.database, actor, (tx) => findCorrespondents(tx, read(options)), {
          readOnly: true,
        })
        if (options.json) return writeJson(io, found)
        if (found.length === 0) return io.out('None.\n')
        drawTable(
          io,
          ['Address', 'Name', 'From them', 'To them', 'Looks like'],
          found.map((one) => [
            one.address,
            one.name ?? '',
            one.fromThem,
            one.toThem,
            one.samePersonId !== null
              ? 'another address of a person we know'
              : one.companyId !== null
                ? 'a new person of a company we know'
                : one.newDomain === null
                  ? 'a new person'
                  : `a new person of a new company, ${one.newDomain}`,
          ]),
        )
      })
    }),
  )
  command.addCommand(
    finding(
      'propose',
      'propose them as people, companies and addresses; nothing is written until approved',
    ).action(async (options: FindOptions) => {
      await withDesk(context, options, 'cli', async (house, desk) => {
        const made = await asTenant(house.database, desk.actor, async (tx) =>
          proposeAll(tx, await findCorrespondents(tx, read(options)), desk),
        )
        if (options.json) return writeJson(io, made)
        io.out(
          `${made.proposals.length} proposed${made.before > 0 ? `, ${made.before} were proposed before` : ''}. See: tact proposals list\n`,
        )
      })
    }),
  )
  return command
}

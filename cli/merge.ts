import { asTenant } from '../db/tenant.ts'
import { userError } from '../domain/errors.ts'
import { recordUri } from '../domain/records.ts'
import { findDuplicates, type DuplicatePair } from '../writeback/merge-duplicates.ts'
import { propose } from '../writeback/propose.ts'
import { titleOf } from '../writeback/references.ts'
import { showProposal } from '../writeback/show.ts'
import {
  common,
  group,
  withDesk,
  type CommandContext,
  type CommandMaker,
  type CommonOptions,
} from './command.ts'
import { drawProposal } from './draw-proposal.ts'
import { writeJson } from './io.ts'
import { drawTable } from './table.ts'

const ENTITIES = ['people', 'companies'] as const
const entityOf = (wanted: string): (typeof ENTITIES)[number] => {
  const found = ENTITIES.find((one) => one === wanted)
  if (found) return found
  throw userError('bad_entity', 'Duplicates are looked for among people and companies.', {
    validOptions: ENTITIES,
  })
}

/** A statement over all keys of a large workspace takes longer than a question may. */
const FINDING_TIMEOUT_MS = 300_000

interface ListOptions extends CommonOptions {
  readonly limit: string
}

/** `tact merge list people`, `tact merge propose people <stays> <goes>`. */
export const mergeCommand: CommandMaker = (context: CommandContext) => {
  const { io } = context
  const command = group('merge', 'duplicates of people and companies: list, propose')
  command.addCommand(
    common('list', 'records that look like one, likeliest first')
      .argument('<entity>', ENTITIES.join(' or '))
      .option('--limit <count>', 'how many pairs', '20')
      .action(async (wanted: string, options: ListOptions) => {
        const entity = entityOf(wanted)
        await withDesk(context, options, 'cli', async (house, { actor }) => {
          const named = await asTenant(
            house.database,
            actor,
            async (tx) => {
              const pairs = await findDuplicates(tx, { entity, limit: Number(options.limit) || 20 })
              const shown: (DuplicatePair & { readonly names: readonly [string, string] })[] = []
              for (const pair of pairs) {
                const names = [
                  (await titleOf(tx, { entity, id: pair.keep })) ?? '',
                  (await titleOf(tx, { entity, id: pair.merge })) ?? '',
                ] as const
                shown.push({ ...pair, names })
              }
              return shown
            },
            { timeoutMs: FINDING_TIMEOUT_MS },
          )
          if (options.json) return writeJson(io, { duplicates: named })
          if (named.length === 0) return io.out('None.\n')
          drawTable(
            io,
            ['Stays', 'Goes', 'Score', 'Because', 'Ids'],
            named.map(({ names: [stays, goes], score, why, keep, merge }) => [
              stays,
              goes,
              String(score),
              why.join(', '),
              `${keep} ${merge}`,
            ]),
          )
        })
      }),
  )
  command.addCommand(
    common('propose', 'propose that one record goes into another')
      .argument('<entity>', ENTITIES.join(' or '))
      .argument('<stays>', 'id of the record that stays')
      .argument('<goes>', 'id of the duplicate')
      .action(async (wanted: string, stays: string, goes: string, options: CommonOptions) => {
        const entity = entityOf(wanted)
        await withDesk(context, options, 'cli', async (house, { actor, workspace, now }) => {
          const shown = await asTenant(house.database, actor, async (tx) => {
            const change = {
              op: 'merge',
              entity,
              record: recordUri({ entity, id: stays }),
              from: recordUri({ entity, id: goes }),
            }
            const { proposal } = await propose(tx, {
              input: { reason: 'They look like one and the same.', changes: [change] },
              actor,
              workspace,
              now: now(),
              conversationId: null,
            })
            return showProposal(proposal, { tx, workspace, now: now() })
          })
          if (options.json) return writeJson(io, shown)
          drawProposal(io, shown)
          io.out(`Approve it with: tact proposals approve ${shown.id}\n`)
        })
      }),
  )
  return command
}

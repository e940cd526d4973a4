import { appendAudit } from '../db/audit.ts'
import { asTenant } from '../db/tenant.ts'
import { setPolicy } from '../db/workspace.ts'
import { denied, userError } from '../domain/errors.ts'
import { may } from '../domain/permissions.ts'
import { isPolicy, POLICIES } from '../domain/policy.ts'
import {
  common,
  group,
  withDesk,
  type CommandContext,
  type CommandMaker,
  type CommonOptions,
} from './command.ts'
import { writeJson } from './io.ts'

/** What this workspace hides from models; an owner sets it, and the audit chain keeps who did. */
export const policyCommand: CommandMaker = (context: CommandContext) => {
  const { io } = context
  const policy = group('policy', 'what this workspace hides from models')
  policy.addCommand(
    common('show', 'the policy in force').action(async (options: CommonOptions) => {
      await withDesk(context, options, 'cli', async (_house, { workspace }) => {
        if (options.json) writeJson(io, { policy: workspace.policy })
        else io.out(`${workspace.policy}\n`)
      })
    }),
  )
  policy.addCommand(
    common('set', `set it: ${POLICIES.join(', ')}`)
      .argument('<policy>')
      .action(async (wanted: string, options: CommonOptions) => {
        await withDesk(context, options, 'cli', async (house, { workspace, actor }) => {
          if (!isPolicy(wanted)) {
            throw userError('unknown_policy', 'There is no policy of that name.', { validOptions: POLICIES })
          }
          if (!may(actor.role, 'policy')) {
            throw denied('not_owner', 'Only an owner decides what leaves.', {
              fix: 'Ask an owner, or act as one with --as.',
            })
          }
          await asTenant(house.database, actor, (tx) =>
            appendAudit(tx, { kind: 'policy.set', data: { from: workspace.policy, to: wanted } }),
          )
          await setPolicy(house.database, workspace.id, wanted)
          if (options.json) writeJson(io, { policy: wanted })
          else io.out(`${wanted}\n`)
        })
      }),
  )
  return policy
}

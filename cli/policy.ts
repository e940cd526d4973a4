import { choosePolicy } from '../db/workspace.ts'
import { POLICIES } from '../domain/policy.ts'
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
        await withDesk(context, options, 'cli', async (house, { actor }) => {
          await choosePolicy(house.database, actor, wanted)
          if (options.json) writeJson(io, { policy: wanted })
          else io.out(`${wanted}\n`)
        })
      }),
  )
  return policy
}

import { assertStanding } from '../db/standing.ts'
import { asTenant } from '../db/tenant.ts'
import { userError } from '../domain/errors.ts'
import { ACTIONS } from '../writeback/automation-actions.ts'
import { listRules, listRuns, runAutomation, saveRule, switchRule } from '../writeback/automation.ts'
import { TRIGGERS } from '../writeback/automation-events.ts'
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

interface AddOptions extends CommonOptions {
  readonly when: string
  readonly do: string
  readonly days?: string
  readonly title?: string
  readonly of?: string
  readonly to?: string
  readonly text?: string
}

/** Watches have a command of their own. */
const OFFERED_TRIGGERS = TRIGGERS.filter((one) => one !== 'reply_from')
const OFFERED_ACTIONS = ACTIONS.filter((one) => one !== 'tell')

const oneOf = <T extends string>(known: readonly T[], given: string, what: string): T => {
  const found = known.find((one) => one === given)
  if (found !== undefined) return found
  throw userError('bad_usage', `There is no ${what} of that name.`, { validOptions: known })
}

/** Rules that propose by themselves while `tact up` runs. */
export const automationCommand: CommandMaker = (context: CommandContext) => {
  const { io } = context
  const automation = group('automation', 'rules that propose by themselves while `tact up` runs')
  automation.addCommand(
    common('add', 'make a rule, or replace the one of that name; it proposes in your name')
      .argument('<name>')
      .requiredOption('--when <trigger>', OFFERED_TRIGGERS.join(' or '))
      .requiredOption('--do <action>', OFFERED_ACTIONS.join(' or '))
      .option(
        '--days <n>',
        'of follow_up_due and silence: without contact; of unanswered_mail: without an answer',
      )
      .option('--of <name>', 'of entered_stage and added_to_list: which')
      .option('--title <text>', 'of a task')
      .option('--to <name>', 'of tag and move_to_list: which')
      .option('--text <text>', 'of draft_answer: the draft, with {name} for whom it is to')
      .action(async (name: string, options: AddOptions) => {
        const rule = {
          name,
          trigger: oneOf(OFFERED_TRIGGERS, options.when, 'trigger'),
          action: oneOf(OFFERED_ACTIONS, options.do, 'action'),
          ...(options.of === undefined ? {} : { of: options.of }),
          ...(options.to === undefined ? {} : { to: options.to }),
          ...(options.text === undefined ? {} : { text: options.text }),
          ...(options.days === undefined ? {} : { days: Number(options.days) }),
          ...(options.title === undefined ? {} : { title: options.title }),
        }
        await withDesk(context, options, 'cli', async (house, { actor }) => {
          await asTenant(house.database, actor, (tx) => saveRule(tx, rule, actor))
          if (options.json) writeJson(io, { saved: name })
          else io.out(`Saved as ${name}.\n`)
        })
      }),
  )
  automation.addCommand(
    common('list', 'the rules').action(async (options: CommonOptions) => {
      await withDesk(context, options, 'cli', async (house, { actor }) => {
        const all = await asTenant(house.database, actor, listRules, { readOnly: true })
        const found = all.filter(({ trigger }) => trigger !== 'reply_from')
        if (options.json) return writeJson(io, { rules: found })
        drawTable(
          io,
          ['Name', 'When', 'Does', 'On'],
          found.map((one) => [
            one.name,
            one.trigger,
            JSON.stringify(one.actions),
            one.isEnabled ? 'yes' : 'no',
          ]),
        )
      })
    }),
  )
  for (const state of ['on', 'off'] as const) {
    automation.addCommand(
      common(state, `switch a rule ${state}`)
        .argument('<name>')
        .action(async (name: string, options: CommonOptions) => {
          await withDesk(context, options, 'cli', async (house, { actor }) => {
            await asTenant(house.database, actor, (tx) => switchRule(tx, name, state, actor))
            if (options.json) writeJson(io, { [state]: name })
            else io.out(`${name} is ${state}.\n`)
          })
        }),
    )
  }
  automation.addCommand(
    common('run', 'look at once, without waiting for `tact up`').action(async (options: CommonOptions) => {
      await withDesk(context, options, 'cli', async (house, { actor, workspace }) => {
        await asTenant(house.database, actor, (tx) => assertStanding(tx, actor, 'propose'), {
          readOnly: true,
        })
        const looked = await runAutomation(house.database, workspace)
        if (options.json) writeJson(io, { events: looked })
        else io.out(`${looked} events.\n`)
      })
    }),
  )
  automation.addCommand(
    common('log', 'what the rules did, the latest first').action(async (options: CommonOptions) => {
      await withDesk(context, options, 'cli', async (house, { actor }) => {
        const found = await asTenant(house.database, actor, (tx) => listRuns(tx), { readOnly: true })
        if (options.json) return writeJson(io, { runs: found })
        drawTable(
          io,
          ['At', 'Rule', 'State', 'On', 'Proposal', 'Failure'],
          found.map((one) => [one.startedAt, one.rule, one.state, one.entity, one.proposalId, one.failure]),
        )
      })
    }),
  )
  return automation
}

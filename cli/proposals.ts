import { asTenant } from '../db/tenant.ts'
import { userError } from '../domain/errors.ts'
import { isUuid } from '../domain/ids.ts'
import { parseRecordUri } from '../domain/records.ts'
import { PROPOSAL_STATES, type ProposalState } from '../domain/proposal-states.ts'
import { reject } from '../writeback/approve.ts'
import { approveAndExecute } from '../writeback/execute.ts'
import { approveItems, rejectItems } from '../writeback/items.ts'
import { getProposal, listProposals, recordSeen } from '../writeback/list.ts'
import type { ShownProposal } from '../writeback/show.ts'
import { undo } from '../writeback/undo.ts'
import { undoRun } from '../writeback/undo-run.ts'
import {
  common,
  group,
  withDesk,
  type CommandContext,
  type CommandMaker,
  type CommonOptions,
} from './command.ts'
import type { Desk, House } from './compose.ts'
import { editProposal, type EditOptions } from './proposal-edit.ts'
import { drawLabel, drawProposal } from './draw-proposal.ts'
import { writeJson, type Io } from './io.ts'
import { drawTable } from './table.ts'

export type Verb = 'show' | 'approve' | 'edit' | 'reject' | 'undo'

interface Seat {
  readonly house: House
  readonly desk: Desk
  readonly io: Io
  readonly json: boolean
  /** Of the verb edit. */
  readonly edit?: EditOptions
}

const idOf = (text: string): string => {
  const id = parseRecordUri(text)?.id ?? text.toLowerCase()
  if (isUuid(id)) return id
  throw userError('bad_id', 'That is not the id of a proposal.', {
    fix: '`tact proposals list` shows the ids.',
  })
}

/** The proposal as it stands; that it was shown to this person goes into the audit. */
const lookAt = ({ house, desk }: Seat, id: string): Promise<ShownProposal> =>
  asTenant(house.database, desk.actor, async (tx) => {
    const shown = await getProposal({ tx, workspace: desk.workspace, now: desk.now() }, id)
    await recordSeen(tx, shown)
    return shown
  })

interface Words {
  readonly note?: string | undefined
  /** What the person typed of the addresses, links, accounts and numbers that came from outside. */
  readonly confirm?: readonly string[] | undefined
  /** Only these changes, counted from 1; all where absent. */
  readonly items?: readonly string[] | undefined
}

const placesOf = (items: readonly string[]): readonly number[] => items.map((one) => Number(one) - 1)

const decide = async (
  verb: Verb,
  seat: Seat,
  shown: ShownProposal,
  { note, confirm, items }: Words,
): Promise<void> => {
  const { house, desk } = seat
  const decision = {
    proposalId: shown.id,
    hash: shown.hash,
    decider: desk.actor,
    now: desk.now(),
    ...(note ? { note } : {}),
  }
  const chosen = { workspace: desk.workspace, places: placesOf(items ?? []) }
  switch (verb) {
    case 'approve':
      if (items) await approveItems(house.database, { ...decision, ...chosen, typed: confirm ?? [] })
      else await approveAndExecute(house.database, { ...decision, typed: confirm ?? [] })
      break
    case 'edit':
      await editProposal(seat, shown, { ...seat.edit, ...(note ? { note } : {}) })
      break
    case 'reject':
      if (items) await rejectItems(house.database, { ...decision, ...chosen })
      else await reject(house.database, decision)
      break
    case 'undo':
      await undo(house.database, {
        proposalId: shown.id,
        decider: desk.actor,
        now: desk.now(),
        ...(items ? { places: placesOf(items) } : {}),
      })
      break
    case 'show':
      break
  }
}

/** Shows or decides on one proposal, as the signed-in person. Throws what writeback/ throws. */
export const runProposalCommand = async (
  verb: Verb,
  text: string,
  seat: Seat,
  words: Words = {},
): Promise<ShownProposal> => {
  const id = idOf(text)
  const before = await lookAt(seat, id)
  if (!seat.json) {
    drawProposal(seat.io, before)
    if (before.state === 'pending') drawLabel(seat.io, before)
  }
  await decide(verb, seat, before, words)
  const after = verb === 'show' ? before : await lookAt(seat, id)
  if (seat.json) writeJson(seat.io, after)
  else if (verb === 'edit') drawProposal(seat.io, after)
  else if (verb !== 'show')
    seat.io.out(
      verb === 'approve' && after.state === 'pending'
        ? 'Your approval is kept; another person approves it too.\n'
        : `It is ${after.state} now.${after.failure ? ` ${after.failure}` : ''}\n`,
    )
  return after
}

const statesOf = (wanted: string | undefined): readonly ProposalState[] | undefined => {
  if (wanted === undefined || wanted === 'all') return undefined
  const state = PROPOSAL_STATES.find((one) => one === wanted)
  if (state) return [state]
  throw userError('bad_state', 'There is no such state of a proposal.', {
    validOptions: ['all', ...PROPOSAL_STATES],
  })
}

const about = ({ changes }: ShownProposal): string => {
  const [first] = changes
  if (!first) return ''
  const what = first.fields.map(({ field }) => field).join(', ')
  return `${first.op} ${first.one} ${first.record.title}${what ? `: ${what}` : ''}${changes.length > 1 ? ` and ${changes.length - 1} more` : ''}`
}

/** Takes back what one conversation had carried out; answers whether all of it went back. */
export const runUndoCommand = async (
  conversationId: string,
  { house, desk, io, json }: Seat,
): Promise<boolean> => {
  const outcomes = await undoRun(house.database, { conversationId, decider: desk.actor, now: desk.now() })
  const told = outcomes.map((one) => ({
    id: one.proposalId,
    state: one.state,
    why: 'refused' in one ? one.refused.message : null,
  }))
  if (json) writeJson(io, { proposals: told })
  else
    drawTable(
      io,
      ['Id', 'State', 'Why'],
      told.map(({ id, state, why }) => [id, state, why ?? '']),
    )
  return told.every(({ state }) => state === 'undone')
}

interface DecideOptions extends CommonOptions, EditOptions {
  readonly note?: string
  readonly confirm?: readonly string[]
  readonly run?: boolean
  readonly item?: readonly string[]
}

interface ListOptions extends CommonOptions {
  readonly state?: string
}

export const proposalsCommand: CommandMaker = (context: CommandContext) => {
  const { io } = context
  const proposals = group(
    'proposals',
    'changes that wait for a person: list, show, edit, approve, reject, undo',
  )
  proposals.addCommand(
    common('list', 'proposals, newest first')
      .option('--state <state>', 'pending (default), all, executed …', 'pending')
      .action(async (options: ListOptions) => {
        const states = statesOf(options.state)
        await withDesk(context, options, 'cli', async (house, { actor, workspace, now }) => {
          const found = await asTenant(
            house.database,
            actor,
            (tx) => listProposals({ tx, workspace, now: now() }, states ? { states } : {}),
            { readOnly: true },
          )
          if (options.json) return writeJson(io, { proposals: found })
          if (found.length === 0) return io.out('None.\n')
          drawTable(
            io,
            ['Id', 'State', 'Change', 'Expires'],
            found.map((one) => [one.id, one.state, about(one), one.expiresAt.slice(0, 16)]),
          )
        })
      }),
  )
  const verbs: readonly (readonly [Verb, string])[] = [
    ['show', 'one proposal with every field, old and new'],
    ['approve', 'approve it; it is carried out at once'],
    ['edit', 'leave changes or fields out, or give fields other values; then it is approved as it stands'],
    ['reject', 'reject it'],
    ['undo', 'take an executed proposal back'],
  ]
  for (const [verb, description] of verbs) {
    const command = common(verb, description).argument('<id>').option('--note <text>', 'why')
    if (verb === 'approve') {
      command.option(
        '--confirm <text...>',
        'addresses, links, accounts, numbers that came from outside, as they stand',
      )
    }
    if (verb === 'approve' || verb === 'reject' || verb === 'undo')
      command.option('--item <place...>', 'only these changes, counted from 1')
    if (verb === 'undo') {
      command.option('--run', 'the id is that of a conversation: take back all that it had carried out')
    }
    if (verb === 'edit') {
      command
        .option('--drop <place...>', 'leave out a change (2) or one field of it (1.notes)')
        .option('--set <edit...>', 'another value for a field: 1.amount=12500')
    }
    proposals.addCommand(
      command.action(async (id: string, options: DecideOptions) => {
        await withDesk(context, options, 'cli', async (house, desk) => {
          if (options.run) {
            const whole = await runUndoCommand(id, { house, desk, io, json: options.json ?? false })
            if (!whole) context.exitCode = 1
            return
          }
          const after = await runProposalCommand(
            verb,
            id,
            { house, desk, io, json: options.json ?? false, edit: options },
            { note: options.note, confirm: options.confirm, items: options.item },
          )
          const isDone = after.state === 'executed' || after.state === 'pending'
          if (verb === 'approve' && !isDone) context.exitCode = 1
        })
      }),
    )
  }
  return proposals
}

import type { InputBlock, KnownBlock, ModalView } from '@slack/types'
import { z } from 'zod'
import { asTenant } from '../db/tenant.ts'
import { nowOf, ownWorkspace } from '../db/workspace.ts'
import { asTactError } from '../domain/errors.ts'
import { amend } from '../writeback/amend.ts'
import { amendmentsOf, editableFields } from '../writeback/editable.ts'
import type { EditableField } from '../writeback/editable.ts'
import { getProposal } from '../writeback/list.ts'
import { readProposal } from '../writeback/store.ts'
import { decide, refusalText, standingOfClick } from './actions.ts'
import type { Standing } from './actions.ts'
import type { Bot } from './bot.ts'
import { redrawCards } from './cards-place.ts'
import { headlineOf, label } from './cards-lines.ts'
import { readTarget } from './cards.ts'
import { clip, plain } from './render/text.ts'

/** Dialogs by what they are for. */
export const DIALOGS = { edit: 'tact_edit', reject: 'tact_reject', confirm: 'tact_confirm' } as const
export type Dialog = keyof typeof DIALOGS

/** What a dialog carries: where its card stands, and the proposal and revision it is about. No word of the change. */
export const DialogPlace = z.object({ value: z.string(), channelId: z.string(), messageTs: z.string() })
export type DialogPlace = z.infer<typeof DialogPlace>

const MOST_FIELDS = 90
const LONGEST_FIELD = 3_000
const MOST_OPTIONS = 100

const TITLES: Readonly<Record<Dialog, string>> = {
  edit: 'Edit before approving',
  reject: 'Reject',
  confirm: 'Approve',
}
const SUBMITS: Readonly<Record<Dialog, string>> = {
  edit: 'Keep changes',
  reject: 'Reject',
  confirm: 'Approve',
}

const frame = (dialog: Dialog, place: DialogPlace, blocks: readonly KnownBlock[]): ModalView => ({
  type: 'modal',
  callback_id: DIALOGS[dialog],
  title: plain(TITLES[dialog]),
  submit: plain(SUBMITS[dialog]),
  close: plain('Cancel'),
  private_metadata: JSON.stringify(place),
  blocks: [...blocks],
})

/** Shown at once, while who clicked is looked up: a trigger of Slack's lives three seconds. */
export const loadingDialog = (dialog: Dialog): ModalView => ({
  type: 'modal',
  title: plain(TITLES[dialog]),
  close: plain('Cancel'),
  blocks: [{ type: 'section', text: plain('One moment…') }],
})

export const refusedDialog = (dialog: Dialog, text: string): ModalView => ({
  type: 'modal',
  title: plain(TITLES[dialog]),
  close: plain('Close'),
  blocks: [{ type: 'section', text: plain(text, 600) }],
})

const input = ({ name, field, text, options, isLong }: EditableField): InputBlock => {
  const heading = plain(label(field), 150)
  if (options !== null && options.length <= MOST_OPTIONS) {
    const listed = options.map((one) => ({ text: plain(one, 75), value: clip(one, 75) }))
    const chosen = listed.find(({ value }) => value === text)
    return {
      type: 'input',
      block_id: name,
      optional: true,
      label: heading,
      element: {
        type: 'static_select',
        action_id: 'value',
        options: listed,
        ...(chosen ? { initial_option: chosen } : {}),
      },
    }
  }
  return {
    type: 'input',
    block_id: name,
    optional: true,
    label: heading,
    element: {
      type: 'plain_text_input',
      action_id: 'value',
      multiline: isLong,
      max_length: LONGEST_FIELD,
      ...(text === '' ? {} : { initial_value: text }),
    },
  }
}

/** What fits into a field of Slack's; the rest is edited in the inbox. */
const fits = ({ text }: EditableField): boolean => text.length <= LONGEST_FIELD

const loadFields = (bot: Bot, { actor, proposal }: Standing) =>
  asTenant(
    bot.database,
    actor,
    async (tx) => {
      const workspace = await ownWorkspace(tx)
      const shown = await getProposal({ tx, workspace, now: nowOf(workspace) }, proposal.id)
      return { shown, fields: editableFields(await readProposal(tx, proposal.id), shown) }
    },
    { readOnly: true },
  )

const editBlocks = async (bot: Bot, standing: Standing): Promise<readonly KnownBlock[]> => {
  const { shown, fields } = await loadFields(bot, standing)
  const shownFields = fields.filter(fits).slice(0, MOST_FIELDS)
  const blocks: KnownBlock[] = []
  for (const [place, change] of shown.changes.entries()) {
    const own = shownFields.filter((one) => one.place === place)
    if (own.length === 0) continue
    if (shown.changes.length > 1 && blocks.length < MOST_FIELDS)
      blocks.push({ type: 'section', text: plain(headlineOf(change), 300) })
    blocks.push(...own.map(input))
  }
  const isAll = shownFields.length === fields.length && blocks.length <= 98
  return [
    ...blocks.slice(0, 98),
    {
      type: 'context',
      elements: [
        plain(
          isAll
            ? 'What you change becomes your own words; approvals given before no longer count.'
            : 'Not all of it fits here; the rest is edited in the inbox.',
        ),
      ],
    },
  ]
}

const rejectBlocks = (): readonly KnownBlock[] => [
  {
    type: 'input',
    block_id: 'note',
    optional: true,
    label: plain('Why not?'),
    element: { type: 'plain_text_input', action_id: 'value', multiline: true, max_length: 500 },
  },
]

const confirmBlocks = ({ proposal: { origin } }: Standing): readonly KnownBlock[] => [
  {
    type: 'section',
    text: plain(
      clip(`Nobody of yours named these. Type each, one a line:\n${origin.toType.join('\n')}`, 2_900),
    ),
  },
  {
    type: 'input',
    block_id: 'typed',
    label: plain('Type them'),
    element: { type: 'plain_text_input', action_id: 'value', multiline: true, max_length: LONGEST_FIELD },
  },
]

/** The dialog, for somebody who was let through the gate. */
export const dialogFor = async (
  bot: Bot,
  dialog: Dialog,
  { standing, place }: { readonly standing: Standing; readonly place: DialogPlace },
): Promise<ModalView> => {
  if (standing.proposal.state !== 'pending')
    return refusedDialog(dialog, `The proposal is ${standing.proposal.state}, no longer pending.`)
  if (dialog === 'edit') return frame(dialog, place, await editBlocks(bot, standing))
  return frame(dialog, place, dialog === 'reject' ? rejectBlocks() : confirmBlocks(standing))
}

const Values = z.record(
  z.string(),
  z.record(
    z.string(),
    z.object({
      value: z.string().nullish(),
      selected_option: z.object({ value: z.string() }).nullish(),
    }),
  ),
)

/** What a person wrote, by block. A field they emptied is an empty text. */
const writtenIn = (state: unknown): ReadonlyMap<string, string> => {
  const parsed = Values.safeParse(state)
  if (!parsed.success) return new Map()
  return new Map(
    Object.entries(parsed.data).map(([block, actions]) => {
      const held = Object.values(actions)[0]
      return [block, held?.value ?? held?.selected_option?.value ?? '']
    }),
  )
}

export interface Submission {
  readonly dialog: Dialog
  readonly userId: string
  readonly userTeam: string | undefined
  readonly place: DialogPlace
  readonly state: unknown
  /** Block at which a refusal is shown. */
  readonly block: string
}

/** Errors by block; undefined where it was done. */
export type SubmissionErrors = Readonly<Record<string, string>> | undefined

const carryOut = async (
  bot: Bot,
  { dialog }: Submission,
  { standing, written }: { readonly standing: Standing; readonly written: ReadonlyMap<string, string> },
): Promise<void> => {
  if (dialog === 'reject')
    return void (await decide(bot, standing, { action: 'reject', note: written.get('note') ?? '' }))
  if (dialog === 'confirm') {
    const typed = (written.get('typed') ?? '').split('\n')
    return void (await decide(bot, standing, { action: 'approve', typed }))
  }
  const { actor, workspace, proposal } = standing
  const { fields } = await loadFields(bot, standing)
  await amend(bot.database, {
    proposalId: proposal.id,
    hash: proposal.diffHash,
    decider: actor,
    now: nowOf(workspace),
    workspace,
    amendments: amendmentsOf(fields, written),
  })
}

/** Carries a dialog out: who sends it is judged anew, and the proposal has to be as it was when it opened. */
export const submit = async (bot: Bot, submission: Submission): Promise<SubmissionErrors> => {
  const { userId, userTeam, place, state, block } = submission
  const written = writtenIn(state)
  try {
    const standing = await standingOfClick(bot, { userId, userTeam, ...place, isSharedByEnvelope: false })
    await carryOut(bot, submission, { standing, written })
    return undefined
  } catch (error) {
    if (asTactError(error).kind === 'bug') throw error
    return { [block]: clip(refusalText(error), 150) }
  } finally {
    const target = readTarget(place.value)
    // The card tells what came of it; the dialog does not wait for it.
    if (target) void redrawCards(bot, target.id).catch(() => {})
  }
}

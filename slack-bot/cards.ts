import type { ActionsBlock, Button, KnownBlock, RawTextElement } from '@slack/types'
import type { ShownChange, ShownProposal } from '../writeback/show.ts'
import {
  evidenceLine,
  headlineOf,
  instant,
  label,
  OPERATIONS,
  outcomeLines,
  provenanceLines,
  secondLines,
  STATES,
  titleOf,
} from './cards-lines.ts'
import { clean, clip, plain } from './render/text.ts'

/** A message as Slack is given it: `text` is for notifications and for those who see no blocks. */
export interface CardMessage {
  readonly text: string
  readonly blocks: readonly KnownBlock[]
}

export interface CardOptions {
  readonly timezone: string
  /** Address of the inbox. */
  readonly inboxUrl: string
  /** What it would do to figures people watch. */
  readonly impact: readonly string[]
  /** Counts up with every edit; a click is about the one it stands under. */
  readonly revision: number
}

/** What a button is called; its value is `<id>:<revision>` and nothing else. */
export const ACTIONS = {
  approve: 'tact_approve',
  confirm: 'tact_confirm',
  edit: 'tact_edit',
  reject: 'tact_reject',
  undo: 'tact_undo',
  open: 'tact_open',
  rate: 'tact_rate',
} as const

export const targetOf = (id: string, revision: number): string => `${id}:${revision}`

const TARGET = /^([0-9a-f-]{36}):(\d{1,9})$/

/** The proposal and revision that a click is about; undefined for what no button of ours carries. */
export const readTarget = (value: string): { readonly id: string; readonly revision: number } | undefined => {
  const found = TARGET.exec(value)
  return found ? { id: found[1]!, revision: Number(found[2]) } : undefined
}

const MOST_ROWS = 40
const LONGEST_CELL = 300
const LONGEST_LINE = 280
/** Slack refuses a message of more than some 13,000 characters over all blocks. */
const LONGEST_CARD = 9_000
const MOST_CONTEXT = 10

/** What was cut or left out on the way: then the card is not the whole, and is not approved from. */
interface Cutter {
  cut(text: string, most: number): string
  isWhole(): boolean
  leaveOut(): void
}

const createCutter = (): Cutter => {
  let isWhole = true
  return {
    cut: (text, most) => {
      const shown = clean(text)
      if (shown.length > most) isWhole = false
      return clip(shown, most) || ' '
    },
    isWhole: () => isWhole,
    leaveOut: () => (isWhole = false),
  }
}

const context = (lines: readonly string[], cutter: Cutter): readonly KnownBlock[] => {
  if (lines.length === 0) return []
  if (lines.length > MOST_CONTEXT) cutter.leaveOut()
  const elements = lines.slice(0, MOST_CONTEXT).map((line) => plain(cutter.cut(line, LONGEST_LINE)))
  return [{ type: 'context', elements }]
}

type Row = readonly string[]

const rowsOf = (change: ShownChange, place: number, isMany: boolean): readonly Row[] => {
  const first = isMany ? [`${place + 1}. ${headlineOf(change)}`] : []
  const fields = change.fields.map(({ field, old, new: next }) => [
    ...first,
    label(field),
    change.op === 'create' ? '' : (old?.text ?? '(empty)'),
    next?.text ?? '(empty)',
  ])
  const links = change.links.map(({ relation, action, target }) => [
    ...first,
    label(relation),
    action === 'add' ? '' : target.title,
    action === 'add' ? target.title : '(removed)',
  ])
  const rows = [...fields, ...links]
  const alone: Readonly<Record<string, string>> = {
    archive: 'leaves lists, searches and counts',
    restore: 'comes back into lists, searches and counts',
  }
  return rows.length > 0 ? rows : [[...first, OPERATIONS[change.op], '', alone[change.op] ?? '']]
}

/** Before and after of every field, in one table: Slack takes one of them in a message. */
const diffTable = ({ changes, state }: ShownProposal, cutter: Cutter): KnownBlock => {
  const isMany = changes.length > 1
  const isMerge = changes.every(({ op }) => op === 'merge')
  const open = state === 'pending'
  const heads = isMerge
    ? ['Field', 'The one that goes', 'The one that stays']
    : ['Field', open ? 'Now' : 'Before', open ? 'Then' : 'After']
  const all = changes.flatMap((change, place) => rowsOf(change, place, isMany))
  if (all.length > MOST_ROWS) cutter.leaveOut()
  const rows = [isMany ? ['Change', ...heads] : heads, ...all.slice(0, MOST_ROWS)]
  let left = LONGEST_CARD
  const cell = (text: string): RawTextElement => {
    const shown = cutter.cut(text, Math.max(8, Math.min(LONGEST_CELL, left)))
    left -= shown.length
    return { type: 'raw_text', text: shown }
  }
  return {
    type: 'table',
    rows: rows.map((row) => row.map(cell)),
    column_settings: heads.map(() => ({ is_wrapped: true })),
  }
}

const button = (
  action: Exclude<keyof typeof ACTIONS, 'open' | 'rate'>,
  text: string,
  more: Pick<Button, 'value'> & Pick<Partial<Button>, 'style' | 'confirm'>,
): Button => ({ type: 'button', action_id: ACTIONS[action], text: plain(text), ...more })

const openButton = (inboxUrl: string, id: string): Button => ({
  type: 'button',
  action_id: ACTIONS.open,
  text: plain('Open in the inbox'),
  url: `${inboxUrl}/proposals/${id}`,
})

/** Whether a person should stop and think: it cannot be seen from the figures alone what it does. */
const isGrave = ({ label: { oneByOne, derived }, approval: { reasons } }: ShownProposal): boolean =>
  reasons.length > 0 || oneByOne || derived

const approveButton = (proposal: ShownProposal, value: string): Button => {
  // What has to be typed is typed in a dialog of its own.
  if (proposal.label.toType.length > 0) return button('confirm', 'Approve…', { value, style: 'danger' })
  if (!isGrave(proposal)) return button('approve', 'Approve', { value, style: 'primary' })
  return button('approve', 'Approve', {
    value,
    style: 'danger',
    confirm: {
      title: plain('Approve this?'),
      text: plain('Look at what it changes and where its words come from first.'),
      confirm: plain('Approve'),
      deny: plain('Not yet'),
    },
  })
}

const buttonsOf = (
  proposal: ShownProposal,
  { inboxUrl, revision }: CardOptions,
  isWhole: boolean,
): ActionsBlock => {
  const value = targetOf(proposal.id, revision)
  const open = openButton(inboxUrl, proposal.id)
  if (proposal.state === 'executed')
    return { type: 'actions', elements: [button('undo', 'Undo', { value }), open] }
  if (proposal.state !== 'pending') return { type: 'actions', elements: [open] }
  const decide = isWhole ? [approveButton(proposal, value)] : []
  return {
    type: 'actions',
    elements: [...decide, button('edit', 'Edit…', { value }), button('reject', 'Reject…', { value }), open],
  }
}

/**
 * The card of a proposal, drawn from the row: everything a person wrote stands in plain text, and what does not fit makes
 * a card that is approved in the inbox, where it is shown whole. Expired, decided and superseded ones carry no buttons to decide.
 */
export const proposalCard = (proposal: ShownProposal, options: CardOptions): CardMessage => {
  const { timezone } = options
  const cutter = createCutter()
  const by = proposal.proposedBy === null ? 'Tact' : proposal.proposedBy.title
  const pending = proposal.state === 'pending'
  const title = cutter.cut(titleOf(proposal), 150)
  const facts = [
    `Asked for by ${by}, ${instant(proposal.createdAt, timezone)}`,
    pending ? `Expires ${instant(proposal.expiresAt, timezone)}` : label(STATES[proposal.state]),
  ]
  const body: readonly KnownBlock[] = [
    { type: 'header', text: plain(title) },
    ...context(facts, cutter),
    ...(proposal.reason === null
      ? []
      : [{ type: 'section' as const, text: plain(cutter.cut(proposal.reason, 600)) }]),
    diffTable(proposal, cutter),
    ...context(
      proposal.changes.flatMap(({ evidence }) => evidence.map(evidenceLine)),
      cutter,
    ),
    ...context(options.impact, cutter),
    ...(pending ? context([...provenanceLines(proposal.label), ...secondLines(proposal)], cutter) : []),
    ...(pending ? [] : context(outcomeLines(proposal, timezone), cutter)),
  ]
  const isWhole = cutter.isWhole()
  const tooLong =
    isWhole || !pending ? [] : context(['Not all of it fits here: approve it in the inbox.'], cutter)
  return {
    text: `Proposed change: ${STATES[proposal.state]}`,
    blocks: [...body, ...tooLong, buttonsOf(proposal, options, isWhole)],
  }
}

/** Stands where a card was, or would be, once its readers may not see it: it says nothing of the change. */
export const closedCard = (id: string, inboxUrl: string): CardMessage => ({
  text: 'A proposed change waits in the inbox.',
  blocks: [
    { type: 'context', elements: [plain('A proposed change. It is shown in the inbox only.')] },
    { type: 'actions', elements: [openButton(inboxUrl, id)] },
  ],
})

import { entityOf } from '../db/catalog/all.ts'
import type { FieldType } from '../db/catalog/all.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { Workspace } from '../db/workspace.ts'
import type { ProposalLabel } from '../domain/approval-policy.ts'
import { kindOf } from '../domain/change-kinds.ts'
import { formatMoney } from '../domain/money.ts'
import type { Hide } from '../domain/pii.ts'
import type { ProposalState } from '../domain/proposal-states.ts'
import type { RecordRef } from '../domain/records.ts'
import { approvalOf } from './approval.ts'
import type { SecondReason } from './approval.ts'
import type { Evidence, PlannedChange, PlannedField, PlannedLink } from './plan.ts'
import { planHash } from './plan.ts'
import { titleOf } from './references.ts'
import { planOf } from './store.ts'
import type { LeftOut, StoredProposal } from './store.ts'
import { visibleLabel } from './visible-label.ts'

/** A record with its present name, for screens of our own; tools hide `title` under the label of its entity. */
export interface NamedRecord {
  readonly ref: RecordRef
  readonly title: string
}

/** A value as a person reads it. `record` is there when it names one. */
export interface ShownValue {
  readonly text: string
  readonly record?: NamedRecord
}

export interface ShownField {
  readonly field: string
  readonly type: FieldType
  /** How its text is kept from a model. */
  readonly hide: Hide
  readonly old: ShownValue | null
  readonly new: ShownValue | null
}

export interface ShownLink {
  readonly relation: string
  readonly action: PlannedLink['action']
  readonly target: NamedRecord
}

export interface ShownEvidence {
  readonly record: NamedRecord | null
  readonly quote: string | null
  readonly found: boolean | null
}

export interface ShownChange {
  readonly op: PlannedChange['op']
  /** What people call it: `log_interaction`, `stage` …, else the operation. */
  readonly kind: string
  /** `deals`, and in the singular. */
  readonly entity: string
  readonly one: string
  readonly record: NamedRecord
  readonly fields: readonly ShownField[]
  readonly links: readonly ShownLink[]
  readonly evidence: readonly ShownEvidence[]
  /** Of a merge: the record that stays; `old` of each field is the other's, `new` what stays. */
  readonly into: NamedRecord | null
}

export interface ShownProposal {
  readonly id: string
  /** `expired` as soon as it is overdue, even before that is written down. */
  readonly state: ProposalState
  /** Recomputed from the very changes that are shown; an approval names it. */
  readonly hash: string
  readonly reason: string | null
  readonly changes: readonly ShownChange[]
  readonly conversationId: string | null
  readonly proposedBy: NamedRecord | null
  readonly proposedVia: string
  readonly createdAt: string
  readonly expiresAt: string
  readonly decidedBy: NamedRecord | null
  readonly decidedVia: string | null
  readonly decidedAt: string | null
  readonly decisionNote: string | null
  readonly executedAt: string | null
  readonly undoneAt: string | null
  readonly failure: string | null
  /** Where the words of each field come from, as of when it was proposed; of mail that the reader may not see, no more than that. */
  readonly label: ProposalLabel
  readonly approval: ShownApproval
  readonly leftOut: readonly LeftOut[]
  /** Places of changes that were taken back one by one. */
  readonly undonePlaces: readonly number[]
  /** The standing approval by which it passed without asking. */
  readonly standingId: string | null
}

export interface ShownApproval {
  /** Why two people have to say yes; empty where one does. */
  readonly reasons: readonly SecondReason[]
  readonly needed: number
  /** Who said yes to what it shows now. */
  readonly given: readonly NamedRecord[]
}

export interface ShowContext {
  readonly tx: TenantTx
  readonly workspace: Pick<Workspace, 'timezone'>
  readonly now: Date
}

const instantText = (iso: string, timezone: string): string =>
  `${new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'short' }).format(new Date(iso))} ${timezone}`

/** Names of records, each looked up once; records that the proposal makes go by the name it gives them. */
const nameBook = (tx: TenantTx, changes: readonly PlannedChange[]) => {
  const known = new Map<string, Promise<string>>()
  const newName = (id: string): string | undefined => {
    const change = changes.find((one) => one.op === 'create' && one.id === id)
    if (!change) return undefined
    const parts = ['name', 'title', 'given_name', 'family_name', 'summary', 'address', 'number'].flatMap(
      (column) => {
        const field = change.fields.find((one) => one.column === column)
        return typeof field?.new === 'string' ? [field.new] : []
      },
    )
    const whole = change.entity === 'people' ? parts.join(' ') : parts[0]
    return whole ?? `new ${entityOf(change.entity).one}`
  }
  return async (ref: RecordRef): Promise<NamedRecord> => {
    const found =
      known.get(ref.id) ??
      titleOf(tx, ref).then((title) => title ?? newName(ref.id) ?? `${entityOf(ref.entity).one} (gone)`)
    known.set(ref.id, found)
    return { ref, title: await found }
  }
}

type NameOf = ReturnType<typeof nameBook>

const shownValue = async (
  change: PlannedChange,
  field: PlannedField,
  side: 'old' | 'new',
  nameOf: NameOf,
  { timezone }: ShowContext['workspace'],
): Promise<ShownValue | null> => {
  const value = field[side]
  if (value === null) return null
  const { marks } = entityOf(change.entity).columns[field.column]!
  if (marks.references !== undefined && typeof value === 'string') {
    const record = await nameOf({ entity: marks.references, id: value })
    return { text: record.title, record }
  }
  switch (field.type) {
    case 'money': {
      const beside = change.fields.find(({ column }) => column === marks.currency)
      const code = String(beside?.[side] ?? field.currency ?? 'USD')
      return { text: formatMoney({ amountMinor: Number(value), currency: code }) }
    }
    case 'timestamp':
      return { text: instantText(String(value), timezone) }
    case 'boolean':
      return { text: value === true ? 'yes' : 'no' }
    case 'text':
    case 'number':
    case 'date':
    case 'record':
    case 'json':
      return { text: String(value) }
  }
}

const shownEvidence = async (
  { entity, id, quote, found }: Evidence,
  nameOf: NameOf,
): Promise<ShownEvidence> => ({
  record: entity === null || id === null ? null : await nameOf({ entity, id }),
  quote,
  found,
})

const shownChange = async (
  change: PlannedChange,
  nameOf: NameOf,
  workspace: ShowContext['workspace'],
): Promise<ShownChange> => {
  const entity = entityOf(change.entity)
  const fields: ShownField[] = []
  for (const field of change.fields) {
    const { marks } = entity.columns[field.column]!
    fields.push({
      field: field.field,
      type: field.type,
      hide: marks.hide ?? (field.type === 'text' && marks.values === undefined ? 'text' : 'none'),
      old: await shownValue(change, field, 'old', nameOf, workspace),
      new: await shownValue(change, field, 'new', nameOf, workspace),
    })
  }
  const links: ShownLink[] = []
  for (const { relation, action, target_entity, target_id } of change.links) {
    links.push({ relation, action, target: await nameOf({ entity: target_entity, id: target_id }) })
  }
  const evidence: ShownEvidence[] = []
  for (const one of change.evidence) evidence.push(await shownEvidence(one, nameOf))
  return {
    op: change.op,
    kind: kindOf(change),
    entity: entity.name,
    one: entity.one,
    record: await nameOf({ entity: entity.name, id: change.id }),
    fields,
    links,
    evidence,
    into: change.into ? await nameOf({ entity: entity.name, id: change.into.id }) : null,
  }
}

/** Changes as a person reads them. */
export const showChanges = async (
  changes: readonly PlannedChange[],
  { tx, workspace }: Pick<ShowContext, 'tx' | 'workspace'>,
): Promise<readonly ShownChange[]> => {
  const nameOf = nameBook(tx, changes)
  const shown: ShownChange[] = []
  for (const change of changes) shown.push(await shownChange(change, nameOf, workspace))
  return shown
}

/** A proposal as a person reads it, with names and values as the rows hold them now. */
export const showProposal = async (
  proposal: StoredProposal,
  { tx, workspace, now }: ShowContext,
): Promise<ShownProposal> => {
  const nameOf = nameBook(tx, proposal.changes)
  const member = async (id: string | null): Promise<NamedRecord | null> =>
    id === null ? null : await nameOf({ entity: 'members', id })
  const changes = await showChanges(proposal.changes, { tx, workspace })
  const yes = await approvalOf(tx, proposal.id)
  const given: NamedRecord[] = []
  for (const id of yes.given) given.push(await nameOf({ entity: 'members', id }))
  const overdue = proposal.state === 'pending' && Date.parse(proposal.expiresAt) <= now.getTime()
  return {
    id: proposal.id,
    state: overdue ? 'expired' : proposal.state,
    hash: planHash(planOf(proposal)),
    reason: proposal.reason,
    changes,
    conversationId: proposal.conversationId,
    proposedBy: await member(proposal.proposedBy),
    proposedVia: proposal.proposedVia,
    createdAt: proposal.createdAt,
    expiresAt: proposal.expiresAt,
    decidedBy: await member(proposal.decidedBy),
    decidedVia: proposal.decidedVia,
    decidedAt: proposal.decidedAt,
    decisionNote: proposal.decisionNote,
    executedAt: proposal.executedAt,
    undoneAt: proposal.undoneAt,
    failure: proposal.failure,
    label: await visibleLabel(tx, proposal.origin),
    approval: { reasons: yes.reasons, needed: yes.needed, given },
    leftOut: proposal.leftOut,
    undonePlaces: proposal.undonePlaces,
    standingId: proposal.standingId,
  }
}

/** The name of a member, for who is signed in and who decided. */
export const memberName = async (tx: TenantTx, id: string | null): Promise<string> =>
  (id === null ? undefined : await titleOf(tx, { entity: 'members', id })) ?? 'Tact'

import { z } from 'zod'
import { catalog } from '../../db/catalog/all.ts'
import { PROPOSAL_STATES } from '../../domain/proposal-states.ts'
import { Secret, freeText, named } from '../../domain/pii.ts'
import type { NamedRecord, ShownField, ShownProposal, ShownValue } from '../../writeback/show.ts'
import type { WithSecrets } from '../define.ts'

const FieldDiff = z.object({
  field: z.string(),
  old: z.string().nullable(),
  new: z.string().nullable(),
})

const ChangeDiff = z.object({
  op: z.enum(['create', 'update', 'archive', 'restore', 'merge']),
  entity: z.string(),
  record: z.string().nullable().describe('Handle of the record; null while it does not exist.'),
  into: z
    .string()
    .nullable()
    .describe("Of a merge: the record that stays; each field holds the other one's value and then its own."),
  fields: z.array(FieldDiff),
  links: z.array(z.object({ relation: z.string(), action: z.enum(['add', 'remove']), target: z.string() })),
  evidence: z.array(
    z.object({
      record: z.string().nullable(),
      quote: z.string().nullable(),
      found: z.boolean().nullable().describe('Whether the quote stands in that record.'),
    }),
  ),
})

/** What the three proposing tools answer with. */
export const ProposalData = z.object({
  proposal: z.string().describe('Handle of the proposal.'),
  status: z.enum(PROPOSAL_STATES),
  written: z.boolean().describe('Whether the records hold the new values now.'),
  reason: z.string().nullable(),
  changes: z.array(ChangeDiff),
  expires_at: z.string(),
  failure: z.string().nullable(),
  inbox_path: z.string().describe('Where a person decides.'),
})
export type ProposalData = z.infer<typeof ProposalData>

export const inboxPath = (id: string): string => `/inbox/proposals/${id}`

const hiddenRecord = ({ ref, title }: NamedRecord): string | Secret => {
  const entity = catalog.get(ref.entity)
  if (entity?.handle === undefined && entity?.titleHide === 'none') return title
  return named(entity?.handle ?? 'RECORD', ref, title)
}

const hiddenValue = (value: ShownValue | null, { hide }: ShownField): string | Secret | null => {
  if (value === null) return null
  if (value.record) return hiddenRecord(value.record)
  return hide === 'none' ? value.text : new Secret(hide, value.text)
}

/** A proposal as a tool gives it out: the diff with every name and text still a Secret. */
export const proposalData = (shown: ShownProposal): WithSecrets<ProposalData> => {
  const written = shown.state === 'executed'
  return {
    proposal: named('PROPOSAL', { entity: 'proposals', id: shown.id }, 'proposal'),
    status: shown.state,
    written,
    reason: shown.reason === null ? null : freeText(shown.reason),
    changes: shown.changes.map((change) => ({
      op: change.op,
      entity: change.entity,
      record: change.op === 'create' && !written ? null : hiddenRecord(change.record),
      into: change.into === null ? null : hiddenRecord(change.into),
      fields: change.fields.map((field) => ({
        field: field.field,
        old: hiddenValue(field.old, field),
        new: hiddenValue(field.new, field),
      })),
      links: change.links.map(({ relation, action, target }) => ({
        relation,
        action,
        target: hiddenRecord(target),
      })),
      evidence: change.evidence.map(({ record, quote, found }) => ({
        record: record === null ? null : hiddenRecord(record),
        quote: quote === null ? null : freeText(quote),
        found,
      })),
    })),
    expires_at: shown.expiresAt,
    failure: shown.failure,
    inbox_path: inboxPath(shown.id),
  }
}

const STATE_NOTES: Readonly<Record<ShownProposal['state'], string>> = {
  pending: 'Nothing is written until a person approves it.',
  approved: 'A person approved it; it is about to be written.',
  executing: 'A person approved it; it is being written.',
  executed: 'It is written. A person can undo it.',
  rejected: 'A person rejected it. Nothing was written.',
  expired: 'Nobody decided in time. Nothing was written.',
  conflicted: 'A record was changed in the meantime. Nothing was written.',
  failed: 'Writing it failed. Nothing was written.',
  undone: 'It was written, and a person took it back.',
}

/** Said in place of a person's yes, where an owner had let such changes pass. */
const STANDING_NOTES: Partial<Record<ShownProposal['state'], string>> = {
  approved: 'A standing approval of an owner let it pass; it is about to be written.',
  executing: 'A standing approval of an owner let it pass; it is being written.',
  executed: 'A standing approval of an owner let it pass: it is written. A person can undo it.',
}

export const proposalNotes = (shown: ShownProposal): readonly string[] => [
  (shown.standingId === null ? undefined : STANDING_NOTES[shown.state]) ?? STATE_NOTES[shown.state],
  ...(shown.changes.some(({ evidence }) => evidence.some(({ found }) => found === false))
    ? ['A quote given as evidence does not stand in its record; the person who decides sees that.']
    : []),
]

/** A proposing tool's whole answer; `again` is said where the proposal was open already. */
export const proposalAnswer = (
  shown: ShownProposal,
  { created, again }: { readonly created: boolean; readonly again: string },
) => ({
  data: proposalData(shown),
  completeness: null,
  sources: [],
  notes: [...proposalNotes(shown), ...(created ? [] : [again])],
})

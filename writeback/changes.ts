import { z } from 'zod'
import { CHANGE_KINDS } from '../domain/change-kinds.ts'

export const OPERATIONS = ['create', 'update', 'archive', 'restore', 'link', 'unlink', 'merge'] as const
export type Operation = (typeof OPERATIONS)[number]
/** What may be asked for: an operation, or a kind of change by its name. */
export const ASKED_OPERATIONS = [...OPERATIONS, ...CHANGE_KINDS] as const

export const MAX_CHANGES = 25
const MAX_TEXT = 20_000

const text = z.string().max(MAX_TEXT)

/** What a field may be set to, as a model or a person writes it. Typed by the catalog later, in values.ts. */
export const SetValue = z.union([text, z.number(), z.boolean(), z.null(), z.array(text).max(100)])
export type SetValue = z.infer<typeof SetValue>

export const EvidenceInput = z.strictObject({
  record: z.string().max(200).optional().describe('Handle, e.g. of a message.'),
  quote: z.string().max(1000).optional().describe('Its words, verbatim.'),
})
export type EvidenceInput = z.infer<typeof EvidenceInput>

export const ChangeInput = z.strictObject({
  op: z
    .enum(ASKED_OPERATIONS)
    .describe(
      'link and unlink: records of a to-many relation. merge: a duplicate person or company into another. Without entity: log_interaction, task, draft_email make one; stage (of a deal), tag.',
    ),
  entity: z.string().max(60).optional().describe('people, deals, person_emails …'),
  record: z.string().max(200).optional().describe('Not for create. Of a merge: the one that stays.'),
  from: z.string().max(200).optional().describe('Merge only: the duplicate that goes into `record`.'),
  set: z
    .record(z.string().max(60), SetValue)
    .default({})
    .describe(
      'Field or relation to its new value: `{"stage": "Term Sheet", "amount": 250000, "owner": "MEMBER_…"}`. Money in whole units. Dates as 2026-11-30, times as 2026-11-30T15:00 of the workspace. null clears. To-many relations take lists. `change:1` is the record that the first change creates. Of a merge: `{"title": "loser"}` takes that field from the duplicate.',
    ),
  evidence: z.array(EvidenceInput).max(10).default([]).describe('Where this comes from.'),
})
export type ChangeInput = z.infer<typeof ChangeInput>

/** A change as an operation on an entity, whatever name it was asked for by. */
export type PlainChange = Omit<ChangeInput, 'op' | 'entity'> & {
  readonly op: Operation
  readonly entity: string
}

export const ProposalInput = z.strictObject({
  reason: z.string().max(1000).optional().describe('For the person who decides.'),
  changes: z.array(ChangeInput).min(1).max(MAX_CHANGES),
})
export type ProposalInput = z.infer<typeof ProposalInput>

import { z } from 'zod'
import { DIRECTIONS, INTERACTION_KINDS } from '../db/catalog/interactions.ts'
import { TactError } from '../domain/errors.ts'
import { EvidenceInput } from '../writeback/changes.ts'
import { propose } from '../writeback/propose.ts'
import { showProposal } from '../writeback/show.ts'
import { defineTool } from './define.ts'
import { ProposalData, proposalAnswer } from './support/proposal-result.ts'

const reference = z.string().max(200)

export const logInteraction = defineTool({
  name: 'log_interaction',
  title: 'Log an interaction',
  description:
    'Proposes to record a call, meeting, viewing, message or note that took place. Writes nothing: a person approves it in the inbox. Other changes: propose_writeback.',
  risk: 'propose',
  labels: { running: 'Preparing a log entry', done: 'Prepared a log entry' },
  input: z.strictObject({
    kind: z.enum(INTERACTION_KINDS),
    people: z.array(reference).max(50).default([]).describe('Handles of those outside who took part.'),
    company: reference.optional().describe('Theirs when left out.'),
    deal: reference.optional(),
    occurred_at: z
      .string()
      .max(40)
      .optional()
      .describe("2026-11-20T15:00 in the workspace's time zone, a date, `yesterday`; now when left out."),
    direction: z.enum(DIRECTIONS).optional().describe('inbound: they came to us.'),
    summary: z.string().min(1).max(1000).describe('One or two sentences.'),
    body: z.string().max(20_000).optional().describe('Notes at length.'),
    duration_minutes: z.int().min(0).max(10_080).optional(),
    reason: z.string().max(1000).optional().describe('For the person who decides.'),
    evidence: z.array(EvidenceInput).max(10).default([]).describe('Where this comes from.'),
    idempotency_key: z.string().min(1).max(200).optional(),
  }),
  data: ProposalData,
  run: async (input, { tx, actor, workspace, now, conversationId, said, onceAs }) => {
    const { reason, idempotency_key, evidence, ...asked } = input
    const set = Object.fromEntries(
      Object.entries(asked).filter(
        ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
      ),
    )
    try {
      const change = { op: 'log_interaction', set, evidence }
      const { proposal, created } = await propose(tx, {
        input: { changes: [change], ...(reason === undefined ? {} : { reason }) },
        actor,
        workspace,
        now,
        conversationId,
        said,
        onceAs,
        ...(idempotency_key === undefined ? {} : { idempotencyKey: idempotency_key }),
      })
      const shown = await showProposal(proposal, { tx, workspace, now })
      return proposalAnswer(shown, { created, again: 'The same entry was proposed already; this is it.' })
    } catch (error) {
      throw inOwnWords(error)
    }
  },
})

/** `changes[0].set.people[1]` is `people[1]` to the caller of this tool. */
const inOwnWords = (error: unknown): unknown => {
  const at = error instanceof TactError ? error.details.at : undefined
  if (!(error instanceof TactError) || at === undefined) return error
  const own = at.replace(/^changes\[0\]\.(set\.)?/, '')
  return new TactError(error.kind, error.code, error.message, { ...error.details, at: own })
}

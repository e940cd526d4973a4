import { z } from 'zod'
import { asTenant } from '../../db/tenant.ts'
import { nowOf, ownWorkspace } from '../../db/workspace.ts'
import { PROPOSAL_STATES } from '../../domain/proposal-states.ts'
import { ProposalInput } from '../../writeback/changes.ts'
import { reject } from '../../writeback/approve.ts'
import { approveAndExecute } from '../../writeback/execute.ts'
import { recordSeen } from '../../writeback/list.ts'
import { undo } from '../../writeback/undo.ts'
import { recordTag, weakTag } from './etag.ts'
import { operation, Page } from './operation.ts'
import type { ApiAnswer, ApiRequest, Kit, Operation } from './operation.ts'
import { ApiProposal } from './proposal-data.ts'
import { Outcome, write } from './write.ts'

const TAG = 'proposals'

const list = operation({
  id: 'list_proposals',
  method: 'get',
  path: '/proposals',
  tag: TAG,
  summary:
    'Proposals, newest first: of the workspace for a person, for a program those made with its own token.',
  who: 'caller',
  query: z.strictObject({
    state: z.enum(PROPOSAL_STATES).optional(),
    limit: z.int().min(1).max(50).default(20),
    cursor: z.string().max(64).optional(),
  }),
  headers: ['If-None-Match'],
  answers: {
    200: {
      about: 'A page.',
      schema: z.object({ data: z.array(ApiProposal), page: Page, as_of: z.string() }),
    },
  },
  run: async ({ caller, query, signal }, { door }) => {
    const { data, completeness } = await door.call(caller, 'list_proposals', query, signal)
    const { total, returned, complete, next_cursor, as_of } = completeness!
    const shown = {
      data: (data as { readonly proposals: unknown }).proposals,
      page: { total, returned, complete, next_cursor },
    }
    return { status: 200, body: { ...shown, as_of }, etag: weakTag(shown) }
  },
})

const shownOf = async ({ caller, params, signal }: ApiRequest, { database, door }: Kit) => {
  const { id } = await door.recordOf(caller, 'proposals', params['id']!)
  const { data, notes } = await door.call(caller, 'show_proposal', { proposal: id }, signal)
  const proposal = data as z.output<typeof ApiProposal>
  const { deciding, status } = proposal
  if (deciding && status === 'pending')
    await asTenant(database, caller.actor, (tx) => recordSeen(tx, { id, hash: deciding.hash }))
  return { id, proposal, notes }
}

const show = operation({
  id: 'get_proposal',
  method: 'get',
  path: '/proposals/{id}',
  tag: TAG,
  summary: 'One proposal with its difference; to a person also what deciding takes.',
  who: 'caller',
  headers: ['If-None-Match'],
  answers: { 200: { about: 'The proposal.', schema: ApiProposal } },
  run: async (request, kit) => {
    const { proposal } = await shownOf(request, kit)
    return { status: 200, body: proposal, etag: recordTag(0, proposal) }
  },
})

const create = operation({
  id: 'create_proposal',
  method: 'post',
  path: '/proposals',
  tag: TAG,
  summary: 'Up to 25 changes as one proposal: carried out for a signed-in person, waiting for a program.',
  who: 'caller',
  body: ProposalInput,
  headers: ['Idempotency-Key'],
  answers: {
    200: { about: 'As asked already.', schema: Outcome },
    201: { about: 'Carried out.', schema: Outcome },
    202: { about: 'Proposed: it waits for a person.', schema: Outcome },
  },
  run: async ({ caller, body: { changes, reason }, header, signal }, kit) => {
    const answer = await write(
      caller,
      { changes, reason, key: header('Idempotency-Key'), done: 201 },
      signal,
      kit,
    )
    const { proposal } = answer.body as z.output<typeof Outcome>
    return proposal ? { ...answer, location: `/api/proposals/${proposal.proposal}` } : answer
  },
})

const Decided = z.strictObject({
  hash: z.string().min(1).max(200).describe('`deciding.hash` of the proposal as you read it.'),
  note: z.string().max(500).optional(),
})

/** Does it as the person, and answers the proposal as it is then. */
const deciding = async (
  request: ApiRequest,
  kit: Kit,
  act: (what: {
    readonly proposalId: string
    readonly decider: ApiRequest['caller']['actor']
    readonly now: Date
  }) => Promise<unknown>,
): Promise<ApiAnswer> => {
  const { caller, params } = request
  const { id } = await kit.door.recordOf(caller, 'proposals', params['id']!)
  const now = await asTenant(kit.database, caller.actor, async (tx) => nowOf(await ownWorkspace(tx)), {
    readOnly: true,
  })
  await act({ proposalId: id, decider: caller.actor, now })
  const { proposal, notes } = await shownOf(request, kit)
  return { status: 200, body: { written: proposal.written, proposal, notes } }
}

const answered = { 200: { about: 'The proposal as it is now.', schema: Outcome } }

const approve = operation({
  id: 'approve_proposal',
  method: 'post',
  path: '/proposals/{id}/approve',
  tag: TAG,
  summary: "A signed-in person's yes; carried out where it was the last that was needed.",
  who: 'person',
  body: Decided.extend({
    typed: z
      .array(z.string().max(500))
      .max(50)
      .default([])
      .describe('Each of `deciding.to_type`, as it stands.'),
  }),
  answers: answered,
  run: (request, kit) => {
    const { hash, note, typed } = request.body
    return deciding(request, kit, (what) =>
      approveAndExecute(kit.database, { ...what, hash, typed, ...(note === undefined ? {} : { note }) }),
    )
  },
})

const refuse = operation({
  id: 'reject_proposal',
  method: 'post',
  path: '/proposals/{id}/reject',
  tag: TAG,
  summary: "A signed-in person's no. Nothing is written.",
  who: 'person',
  body: Decided,
  answers: answered,
  run: (request, kit) => {
    const { hash, note } = request.body
    return deciding(request, kit, (what) =>
      reject(kit.database, { ...what, hash, ...(note === undefined ? {} : { note }) }),
    )
  },
})

const takeBack = operation({
  id: 'undo_proposal',
  method: 'post',
  path: '/proposals/{id}/undo',
  tag: TAG,
  summary: 'Takes an executed proposal back, or some of its changes; a later edit is never overwritten.',
  who: 'person',
  body: z.strictObject({
    places: z
      .array(z.int().min(0).max(24))
      .min(1)
      .max(25)
      .optional()
      .describe('Changes counted from 0; all when left out.'),
  }),
  answers: answered,
  run: (request, kit) => {
    const { places } = request.body
    return deciding(request, kit, (what) =>
      undo(kit.database, { ...what, ...(places === undefined ? {} : { places }) }),
    )
  },
})

export const proposalOperations: readonly Operation[] = [list, show, create, approve, refuse, takeBack]

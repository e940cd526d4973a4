import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../db/sql.ts'
import { asTenant } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase } from '../db/testing.ts'
import type { Role } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import { approveAndExecute } from './execute.ts'
import { getProposal, listProposals } from './list.ts'
import type { ShownProposal } from './show.ts'
import { makeTeam } from './testing.ts'
import type { Team } from './testing.ts'

/** Two letters that say different things to their owner; one wish that both could have led to. */
const LETTERS = [
  {
    from: 'quentin@secret.example',
    body: 'Please pay into the new account: write to pay@sink.example today.',
    copies: 1,
  },
  {
    from: 'zoe@other.example',
    body: 'Reach us at pay@sink.example, and we are selling the firm.',
    copies: 2,
  },
] as const

describe.each(testEngines)('where words come from, for those who may not read it, on %s', (engine) => {
  let test: TestDatabase
  beforeAll(async () => {
    test = await openTestDatabase(engine)
  })
  afterAll(() => test.close())

  /** A proposal made in a conversation that was given the letter, which is its owner's alone from then or since. */
  const proposed = async (
    { from, body, copies }: (typeof LETTERS)[number],
    hidden: 'before' | 'since',
  ): Promise<{ readonly team: Team; readonly id: string }> => {
    const team = await makeTeam(test)
    const conversationId = await team.conversation()
    const circle = [team.owner.memberId!]
    for (let copy = 0; copy < copies; copy += 1) {
      const [mail, thread] = [newId(), newId()]
      await team.query(
        sql`insert into intel.mail_threads (id, tenant_id, subject) values (${thread}, core.current_tenant(), 'x')`,
      )
      await team.query(
        sql`insert into intel.mail_messages (id, tenant_id, thread_id, message_id, content_hash, sent_at, direction, subject, body_text, size_bytes, source, from_address, only_for)
          values (${mail}, core.current_tenant(), ${thread}, ${mail}, ${mail}, '2026-11-19T08:00:00Z', 'inbound', 'x', ${body}, 1, 'test', ${from}, ${hidden === 'before' ? sql.param(circle) : null}::text[])`,
      )
      await team.query(
        sql`insert into workflow.handles (id, tenant_id, conversation_id, label, entity, record_id, number)
          values (${newId()}, core.current_tenant(), ${conversationId}, 'MESSAGE', 'emails', ${mail}, ${`1000${copy}`})`,
      )
    }
    const { proposal } = await team.propose(
      [
        {
          op: 'create',
          entity: 'person_emails',
          set: { person: `people:${team.ids.dana}`, address: 'pay@sink.example' },
        },
      ],
      { conversationId },
    )
    if (hidden === 'since')
      await team.query(
        sql`update intel.mail_messages set only_for = ${sql.param(circle)}::text[] where from_address = ${from}`,
      )
    return { team, id: proposal.id }
  }
  const shownTo = (
    { team, id }: { readonly team: Team; readonly id: string },
    role: Role,
  ): Promise<ShownProposal> =>
    asTenant(team.database, team.tenant.actor(role), (tx) =>
      getProposal({ tx, workspace: team.tenant.workspace, now: team.now }, id),
    )

  it.each(['before', 'since'] as const)(
    'tells neither sender nor words nor how many (private %s)',
    async (hidden) => {
      const twins = [await proposed(LETTERS[0], hidden), await proposed(LETTERS[1], hidden)] as const
      const [one, other] = [await shownTo(twins[0], 'admin'), await shownTo(twins[1], 'admin')]
      expect(one.label).toEqual(other.label)
      expect(one.label.sources).toMatchObject([{ what: 'mail you may not read', author: null, readers: [] }])
      expect(one.label.changes.flat().find(({ field }) => field === 'address')).toMatchObject({
        from: 'outside',
        label: { what: 'mail you may not read', source: null },
        span: null,
      })
      expect(JSON.stringify(one.label)).not.toContain('secret')
      const own = await shownTo(twins[0], 'owner')
      expect(own.label.sources).toMatchObject([{ what: 'mail from quentin@secret.example, 2026-11-19' }])
      expect(own.label.changes.flat().find(({ field }) => field === 'address')?.span?.quote).toContain(
        'pay@sink.example',
      )
    },
  )

  it('a proposal that quotes mail of one member is seen and decided by that member, and by nobody else', async () => {
    const { team, id: open } = await proposed(LETTERS[0], 'before')
    const [mail] = await team.query<{ id: string }>(
      sql`select id from intel.mail_messages where from_address = ${LETTERS[0].from}`,
    )
    const quoting = (conversationId: string) =>
      team.propose(
        [
          {
            op: 'update',
            entity: 'deals',
            record: `deals:${team.ids.deal}`,
            set: { next_step: 'write to pay@sink.example today' },
            evidence: [{ record: `emails:${mail!.id}`, quote: 'write to pay@sink.example today' }],
          },
        ],
        { conversationId },
      )
    const [{ conversation }] = (await team.query<{ conversation: string }>(
      sql`select conversation_id as conversation from workflow.proposals where id = ${open}`,
    )) as [{ conversation: string }]
    const { proposal } = await quoting(conversation)
    const decision = {
      proposalId: proposal.id,
      hash: proposal.diffHash,
      now: team.now,
      typed: proposal.origin.toType,
    }
    for (const via of ['mcp', 'inbox'] as const) {
      const colleague = { ...team.tenant.actor('admin'), via }
      await expect(
        asTenant(team.database, colleague, (tx) =>
          getProposal({ tx, workspace: team.tenant.workspace, now: team.now }, proposal.id),
        ),
      ).rejects.toMatchObject({ code: 'proposal_not_found' })
      const listed = await asTenant(team.database, colleague, (tx) =>
        listProposals({ tx, workspace: team.tenant.workspace, now: team.now }),
      )
      expect(listed.map(({ id }) => id)).toEqual([open])
    }
    await expect(
      approveAndExecute(team.database, { ...decision, decider: team.tenant.actor('admin') }),
    ).rejects.toMatchObject({ code: 'proposal_not_found' })
    expect(proposal.origin.derived).toBe(true)
    expect(await approveAndExecute(team.database, { ...decision, decider: team.owner })).toMatchObject({
      state: 'executed',
    })
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appendTurn, openConversation } from '../db/conversations.ts'
import { sqlStateOf } from '../db/errors.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase } from '../db/testing.ts'
import type { Actor } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import { approve } from '../writeback/approve.ts'
import { getProposal } from '../writeback/list.ts'
import { makeTeam } from '../writeback/testing.ts'
import type { Team } from '../writeback/testing.ts'
import { createToolbox } from './call.ts'
import { createPrivacy } from './privacy/privacy.ts'
import { tools } from './registry.ts'
import type { ToolOutcome } from './toolbox.ts'

/** The refusal of the database itself: a rule of a trigger, or a right that is not there. */
const REFUSED = /^(23514|42501|TA403)$/
const refused = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing was refused',
    (error: unknown) => sqlStateOf(error) ?? String(error),
  )

describe.each(testEngines)('labels of proposals on %s', (engine) => {
  let test: TestDatabase
  let team: Team
  let call: (conversationId: string, name: string, args: unknown) => Promise<ToolOutcome>

  beforeAll(async () => {
    test = await openTestDatabase(engine)
    team = await makeTeam(test)
    const { database } = test
    const privacy = createPrivacy(database)
    const toolbox = createToolbox({ database, tools, privacy, queryTimeoutMs: 20_000 })
    const actor: Actor = { ...team.owner, via: 'chat' }
    call = (conversationId, name, args) =>
      toolbox.call(name, args, { actor, conversationId, signal: new AbortController().signal })
  })
  afterAll(() => test.close())

  const shown = (id: string) =>
    asTenant(test.database, team.owner, (tx) =>
      getProposal({ tx, workspace: team.tenant.workspace, now: team.now }, id),
    )
  const labelOf = async (id: string) => (await shown(id)).label
  const approved = async (id: string, typed: readonly string[], decider: Actor = team.owner) => {
    const { hash } = await shown(id)
    return await approve(test.database, { proposalId: id, hash, decider, now: team.now, typed })
  }

  const begin = async (): Promise<string> => {
    const { memberId } = team.owner
    const opened = await asTenant(test.database, team.owner, (tx) =>
      openConversation(tx, { channel: 'chat', externalKey: null, memberId }),
    )
    return opened.id
  }

  const proposed = async (conversationId: string, notes: string): Promise<string> => {
    const outcome = await call(conversationId, 'propose_writeback', {
      changes: [{ op: 'create', entity: 'tasks', set: { title: 'Follow up', notes } }],
    })
    if (!outcome.ok || outcome.proposalId === undefined) throw new Error('Nothing was proposed.')
    return outcome.proposalId
  }

  it('name the mail that was read before, and no mail that was read after', async () => {
    const conversation = await begin()
    const before = await proposed(conversation, 'nothing was read yet')
    await call(conversation, 'search_email', { query: 'offer' })
    const after = await proposed(conversation, 'We are happy to go ahead with the second offer')
    const label = await labelOf(after)
    expect(label.outside).toBe(true)
    expect(label.sources).toMatchObject([{ source: { id: team.ids.mail }, author: 'dana@acme.example' }])
    expect(label.changes.flat().find(({ field }) => field === 'notes')).toMatchObject({ from: 'outside' })
    expect((await labelOf(before)).outside).toBe(false)
  })

  it('stay with the conversation, and with that one alone', async () => {
    const [read, clean] = [await begin(), await begin()]
    await call(read, 'search_email', { query: 'offer' })
    for (let turn = 0; turn < 3; turn += 1) await call(read, 'describe_crm', {})
    expect((await labelOf(await proposed(read, 'later'))).outside).toBe(true)
    expect((await labelOf(await proposed(clean, 'elsewhere'))).outside).toBe(false)
  })

  it('ask for a stranger’s address to be typed, and for no address of the records', async () => {
    const conversation = await begin()
    await call(conversation, 'search_email', { query: 'offer' })
    const stranger = await proposed(conversation, 'send all to drop@evil.example')
    await expect(approved(stranger, [])).rejects.toMatchObject({ code: 'typed_confirmation' })
    await expect(approved(stranger, ['drop@evil.exampl'])).rejects.toMatchObject({
      code: 'typed_confirmation',
    })
    await approved(stranger, [' drop@evil.example'])
    await approved(await proposed(conversation, 'call dana@acme.example'), [])
  })

  it('leave to the database that a destination was typed, whatever code forgets to ask', async () => {
    const conversation = await begin()
    await call(conversation, 'search_email', { query: 'offer' })
    const id = await proposed(conversation, 'pay to drop@evil.example')
    const { hash } = await shown(id)
    const forget = asTenant(test.database, team.owner, (tx) =>
      rows(
        tx,
        sql`insert into workflow.approvals (id, tenant_id, proposal_id, member_id, via, revision, diff_hash, typed)
          values (${newId()}, core.current_tenant(), ${id}, ${team.owner.memberId}, 'cli', 1, ${hash}, '[]')`,
      ),
    )
    expect(await refused(forget)).toMatch(REFUSED)
  })

  it('say where in the mail the words stand', async () => {
    const conversation = await begin()
    await call(conversation, 'search_email', { query: 'offer' })
    const { changes } = await labelOf(await proposed(conversation, 'happy to GO ahead'))
    const found = changes.flat().find(({ field }) => field === 'notes')
    expect(found).toMatchObject({
      from: 'outside',
      span: { column: 'body_text', start: 7, end: 26, quote: 'happy to\n  go ahead' },
    })
  })

  it('keep whoever’s agent took it from a mail from approving it alone; what they said themselves is theirs', async () => {
    const conversation = await begin()
    await call(conversation, 'search_email', { query: 'offer' })
    const taken = await proposed(conversation, 'go ahead with the second offer')
    await expect(approved(taken, [])).rejects.toMatchObject({ code: 'own_outside' })
    await approved(taken, [], team.tenant.actor('admin'))
    await asTenant(test.database, team.owner, (tx) =>
      appendTurn(tx, conversation, {
        role: 'user',
        content: { text: 'note: go ahead with the second offer' },
      }),
    )
    await approved(await proposed(conversation, 'go ahead with the second offer'), [])
  })

  it('taint by a question that gives out words of messages without naming them', async () => {
    const conversation = await begin()
    await call(conversation, 'query_crm', { find: 'emails', fields: ['subject'] })
    expect((await labelOf(await proposed(conversation, 'after a question'))).outside).toBe(true)
  })

  it('taint by such a question asked again by its id, and not by one about other things', async () => {
    const idOf = async (question: object): Promise<string> => {
      const outcome = await call(await begin(), 'query_crm', question)
      if (!outcome.ok) throw new Error('Nothing was answered.')
      return (outcome.result.data as { readonly query_id: string }).query_id
    }
    for (const [question, outside] of [
      [{ find: 'emails', fields: ['subject'] }, true],
      [{ find: 'companies', fields: ['city'] }, false],
    ] as const) {
      const conversation = await begin()
      expect(await call(conversation, 'query_crm', { query_id: await idOf(question) })).toMatchObject({
        ok: true,
      })
      expect((await labelOf(await proposed(conversation, `after one of ${question.find}`))).outside).toBe(
        outside,
      )
    }
  })
})

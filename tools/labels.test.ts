import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openConversation } from '../db/conversations.ts'
import { asTenant } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase } from '../db/testing.ts'
import type { Actor } from '../domain/actor.ts'
import { makeTeam } from '../writeback/testing.ts'
import type { Team } from '../writeback/testing.ts'
import { createToolbox } from './call.ts'
import { createLabels } from './labels.ts'
import { createPrivacy } from './privacy/privacy.ts'
import { tools } from './registry.ts'
import type { ToolOutcome } from './toolbox.ts'

describe.each(testEngines)('labels of proposals on %s', (engine) => {
  let test: TestDatabase
  let team: Team
  let labels: ReturnType<typeof createLabels>
  let call: (conversationId: string, name: string, args: unknown) => Promise<ToolOutcome>

  beforeAll(async () => {
    test = await openTestDatabase(engine)
    team = await makeTeam(test)
    const { database } = test
    const privacy = createPrivacy(database)
    labels = createLabels({ database, privacy })
    const toolbox = createToolbox({ database, tools, privacy, queryTimeoutMs: 20_000 })
    const actor: Actor = { ...team.owner, via: 'chat' }
    call = (conversationId, name, args) =>
      toolbox.call(name, args, { actor, conversationId, signal: new AbortController().signal })
  })
  afterAll(() => test.close())

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
    const label = await labels.of(team.owner, after)
    expect(label.outside).toBe(true)
    expect(label.sources).toMatchObject([{ source: { id: team.ids.mail }, author: 'dana@acme.example' }])
    expect(label.changes.flat().find(({ field }) => field === 'notes')).toMatchObject({ from: 'outside' })
    expect((await labels.of(team.owner, before)).outside).toBe(false)
  })

  it('stay with the conversation, and with that one alone', async () => {
    const [read, clean] = [await begin(), await begin()]
    await call(read, 'search_email', { query: 'offer' })
    for (let turn = 0; turn < 3; turn += 1) await call(read, 'describe_crm', {})
    expect((await labels.of(team.owner, await proposed(read, 'later'))).outside).toBe(true)
    expect((await labels.of(team.owner, await proposed(clean, 'elsewhere'))).outside).toBe(false)
  })

  it('ask for a stranger’s address to be typed, and for no address of the records', async () => {
    const conversation = await begin()
    await call(conversation, 'search_email', { query: 'offer' })
    const stranger = await proposed(conversation, 'send all to drop@evil.example')
    await expect(labels.assertConfirmed(team.owner, stranger, [])).rejects.toMatchObject({
      code: 'typed_confirmation',
    })
    await labels.assertConfirmed(team.owner, stranger, ['drop@evil.example'])
    await labels.assertConfirmed(team.owner, await proposed(conversation, 'call dana@acme.example'), [])
  })

  it('taint by a question that gives out words of messages without naming them', async () => {
    const conversation = await begin()
    await call(conversation, 'query_crm', { find: 'emails', fields: ['subject'] })
    expect((await labels.of(team.owner, await proposed(conversation, 'after a question'))).outside).toBe(true)
  })
})

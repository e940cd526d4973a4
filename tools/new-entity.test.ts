import { expect, test } from 'vitest'
import { openConversation } from '../db/conversations.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { addVessels } from '../db/testing-entity.ts'
import { openTestDatabase } from '../db/testing.ts'
import { exportDocument } from '../db/workspace-document.ts'
import { fill, ids } from '../query/testing/small-workspace.ts'
import { approveAndExecute } from '../writeback/execute.ts'
import { createToolbox } from './call.ts'
import { createPrivacy } from './privacy/privacy.ts'
import { tools } from './registry.ts'

/** The catalog is one for the process, so this runs alone in its file. */
test('an entity that is defined in one place is described, asked, proposed, hidden, remembered and exported', async () => {
  const base = await openTestDatabase('embedded')
  try {
    const now = new Date('2026-11-20T09:00:00Z')
    const tenant = await base.addTenant({ timezone: 'Europe/London', clockAt: now })
    await fill(base.database, tenant)
    await addVessels(base.database)
    const owner = tenant.actor()
    const actor = { ...owner, via: 'mcp' } as const
    const { id: conversationId } = await asTenant(base.database, actor, (tx) =>
      openConversation(tx, { channel: 'mcp', externalKey: 'vessels', memberId: actor.memberId }),
    )
    const privacy = createPrivacy(base.database)
    const toolbox = createToolbox({ database: base.database, tools, privacy, queryTimeoutMs: 10_000 })
    const { signal } = new AbortController()
    const answer = async (name: string, given: unknown): Promise<string> => {
      const outcome = await toolbox.call(name, given, { actor, conversationId, signal })
      expect(outcome).toMatchObject({ ok: true })
      return JSON.stringify(outcome)
    }
    const proposed = async (changes: readonly unknown[]): Promise<void> => {
      await answer('propose_writeback', { changes })
      const [open] = await asTenant(base.database, owner, (tx) =>
        rows<{ id: string; hash: string }>(
          tx,
          sql`select id, diff_hash as hash from workflow.proposals where state = 'pending' order by created_at desc limit 1`,
        ),
      )
      const done = await approveAndExecute(base.database, {
        proposalId: open!.id,
        hash: open!.hash,
        decider: owner,
        now,
      })
      expect(done.state).toBe('executed')
    }

    expect(await answer('describe_crm', {})).toContain('vessels')
    expect(await answer('describe_crm', { entity: 'boat' })).toMatch(/berths.*captain/s)

    await proposed([
      {
        op: 'create',
        entity: 'vessels',
        set: { name: 'Sea Otter', berths: 6, captain: `people:${ids.dana}` },
      },
    ])
    const found = await answer('query_crm', { find: 'vessels', fields: ['name', 'berths', 'captain'] })
    expect(found).toMatch(/RECORD_\d+/)
    expect(found).toMatch(/PERSON_\d+/)
    expect(found).toContain('6')
    expect(found).not.toMatch(/Sea Otter|Dana/)

    await asTenant(base.database, owner, (tx) =>
      rows(
        tx,
        sql`insert into crm.tasks (id, tenant_id, title) values (gen_random_uuid(), core.current_tenant(), 'Paint the Sea Otter')`,
      ),
    )
    const tasks = await answer('query_crm', {
      find: 'tasks',
      fields: ['title'],
      where: [{ field: 'title', op: 'contains', value: 'Paint' }],
    })
    expect(tasks).toContain('Paint the')
    expect(tasks).not.toContain('Otter')

    const handle = /RECORD_\d+/.exec(found)![0]
    await proposed([{ op: 'update', entity: 'vessels', record: handle, set: { berths: 8 } }])
    const { history, exported } = await asTenant(base.database, owner, async (tx) => ({
      history: await rows<{ field: string; by_proposal: boolean }>(
        tx,
        sql`select field, old, new, proposal_id is not null as by_proposal from core.field_changes where entity = 'vessels'`,
      ),
      exported: await exportDocument(tx),
    }))
    expect(history).toEqual([{ field: 'berths', old: 6, new: 8, by_proposal: true }])
    expect(exported.records['vessels']).toEqual([
      expect.objectContaining({ name: 'Sea Otter', berths: 8, captain_id: ids.dana }),
    ])
  } finally {
    await base.close()
  }
})

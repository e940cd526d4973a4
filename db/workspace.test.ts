import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { actorFor, disableMember, findMember, listMembers } from './members.ts'
import { asTenant } from './tenant.ts'
import { openTestDatabase, testEngines } from './testing.ts'
import type { TestDatabase } from './testing.ts'
import { createWorkspace, findWorkspace, listWorkspaces, nowOf } from './workspace.ts'

describe.each(testEngines)('workspaces and members on %s', (engine) => {
  let test_: TestDatabase
  beforeAll(async () => {
    test_ = await openTestDatabase(engine)
  })
  afterAll(() => test_.close())

  test('a workspace is found by its slug, listed, and its clock is the wall unless it is fixed', async () => {
    const clockAt = new Date('2026-06-01T12:00:00.000Z')
    const demo = await createWorkspace(test_.database, { slug: 'demo', name: 'Demo', clockAt })
    const { workspace } = await test_.addTenant({ slug: 'plain' })
    expect(await findWorkspace(test_.database, 'demo')).toEqual(demo)
    expect(await findWorkspace(test_.database, 'nowhere')).toBeUndefined()
    expect((await listWorkspaces(test_.database)).map(({ slug }) => slug)).toEqual(['demo', 'plain'])
    expect(nowOf(demo)).toEqual(clockAt)
    expect(Math.abs(nowOf(workspace).getTime() - Date.now())).toBeLessThan(5000)
  })

  test('a slug is given once', async () => {
    await createWorkspace(test_.database, { slug: 'twice', name: 'One' })
    await expect(createWorkspace(test_.database, { slug: 'twice', name: 'Two' })).rejects.toMatchObject({
      kind: 'conflict',
      code: 'workspace_exists',
    })
  })

  test('members are found by address in any case, and only in their own workspace', async () => {
    const [here, there] = [await test_.addTenant(), await test_.addTenant({ members: [] })]
    const actor = here.actor()
    await asTenant(test_.database, actor, async (tx) => {
      expect((await findMember(tx, ' Owner@Team.Example '))?.id).toBe(actor.memberId)
      expect((await listMembers(tx)).map(({ role }) => role)).toEqual(['owner', 'admin', 'editor', 'viewer'])
    })
    const stranger = { tenantId: there.workspace.id, memberId: null, via: 'cli' } as const
    expect(await asTenant(test_.database, stranger, (tx) => listMembers(tx))).toEqual([])
  })

  test('an actor is a member who is enabled; without an address, the first owner', async () => {
    const { workspace, actor } = await test_.addTenant()
    expect(await actorFor(test_.database, workspace, undefined, 'cli')).toEqual(actor('owner'))
    expect(await actorFor(test_.database, workspace, 'VIEWER@team.example', 'mcp')).toEqual({
      ...actor('viewer'),
      via: 'mcp',
    })
    await expect(actorFor(test_.database, workspace, 'x@y.example', 'cli')).rejects.toMatchObject({
      kind: 'denied',
      code: 'unknown_member',
    })
    await asTenant(test_.database, actor(), (tx) => disableMember(tx, actor('editor').memberId!))
    await expect(actorFor(test_.database, workspace, 'editor@team.example', 'cli')).rejects.toMatchObject({
      kind: 'denied',
      code: 'member_disabled',
    })
  })
})

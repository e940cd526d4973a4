import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { actorFor, disableMember, findMember, listMembers } from './members.ts'
import { asTenant } from './tenant.ts'
import { openTestDatabase, testEngines } from './testing.ts'
import type { TestDatabase } from './testing.ts'
import { createWorkspace, findWorkspace, listWorkspaces, nowOf } from './workspace.ts'

describe.each(testEngines)('workspaces and members on %s', (engine) => {
  let opened: TestDatabase
  beforeAll(async () => {
    opened = await openTestDatabase(engine)
  })
  afterAll(() => opened.close())

  test('a workspace is found by its slug, listed, and its clock is the wall unless it is fixed', async () => {
    const clockAt = new Date('2026-06-01T12:00:00.000Z')
    const demo = await createWorkspace(opened.database, { slug: 'demo', name: 'Demo', clockAt })
    const { workspace } = await opened.addTenant({ slug: 'plain' })
    expect(await findWorkspace(opened.database, 'demo')).toEqual(demo)
    expect(await findWorkspace(opened.database, 'nowhere')).toBeUndefined()
    expect((await listWorkspaces(opened.database)).map(({ slug }) => slug)).toEqual(['demo', 'plain'])
    expect(nowOf(demo)).toEqual(clockAt)
    expect(Math.abs(nowOf(workspace).getTime() - Date.now())).toBeLessThan(5000)
  })

  test('a slug is given once', async () => {
    await createWorkspace(opened.database, { slug: 'twice', name: 'One' })
    await expect(createWorkspace(opened.database, { slug: 'twice', name: 'Two' })).rejects.toMatchObject({
      kind: 'conflict',
      code: 'workspace_exists',
    })
  })

  test('members are found by address in any case, and only in their own workspace', async () => {
    const [here, there] = [await opened.addTenant(), await opened.addTenant({ members: [] })]
    const actor = here.actor()
    await asTenant(opened.database, actor, async (tx) => {
      expect((await findMember(tx, ' Owner@Team.Example '))?.id).toBe(actor.memberId)
      expect((await listMembers(tx)).map(({ role }) => role)).toEqual(['owner', 'admin', 'editor', 'viewer'])
    })
    const stranger = { tenantId: there.workspace.id, memberId: null, via: 'cli' } as const
    expect(await asTenant(opened.database, stranger, (tx) => listMembers(tx))).toEqual([])
  })

  test('an actor is a member who is enabled; without an address, the first owner', async () => {
    const { workspace, actor } = await opened.addTenant()
    expect(await actorFor(opened.database, workspace, undefined, 'cli')).toEqual(actor('owner'))
    expect(await actorFor(opened.database, workspace, 'VIEWER@team.example', 'mcp')).toEqual({
      ...actor('viewer'),
      via: 'mcp',
    })
    await expect(actorFor(opened.database, workspace, 'x@y.example', 'cli')).rejects.toMatchObject({
      kind: 'denied',
      code: 'unknown_member',
    })
    await asTenant(opened.database, actor(), (tx) => disableMember(tx, actor(), actor('editor').memberId!))
    await expect(actorFor(opened.database, workspace, 'editor@team.example', 'cli')).rejects.toMatchObject({
      kind: 'denied',
      code: 'member_disabled',
    })
  })
})

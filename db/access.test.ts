import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ROLES } from '../domain/actor.ts'
import type { Actor, Role } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import type { MemberId } from '../domain/ids.ts'
import { PERMISSIONS, may, mayManage } from '../domain/permissions.ts'
import { verifyAudit } from './audit.ts'
import { acceptInvitation, findInvitation, invite, listInvitations, revokeInvitation } from './invitations.ts'
import { changeRole, createMember, disableMember, enableMember, findMember, listMembers } from './members.ts'
import {
  createMemberCode,
  createSlackCode,
  findSlackMembers,
  listSlackLinks,
  peekSlackCode,
  redeemAsMember,
  redeemInSlack,
  unlinkSlack,
} from './slack-links.ts'
import { sql } from './sql.ts'
import { asTenant, rows } from './tenant.ts'
import type { TenantTx } from './tenant.ts'
import { openTestDatabase, testEngines } from './testing.ts'
import type { TestDatabase, TestTenant } from './testing.ts'

const NAMES = { givenName: 'Noor', familyName: 'Newcomer' }
const SLACK = { teamId: 'T0AAAAAA1', slackUserId: 'U0BBBBBB2' }

describe.each(testEngines)('access held by the database on %s', (engine) => {
  let opened: TestDatabase
  let tenant: TestTenant
  let owner: Actor
  beforeAll(async () => {
    opened = await openTestDatabase(engine)
  })
  afterAll(() => opened.close())
  beforeEach(async () => {
    tenant = await opened.addTenant()
    owner = tenant.actor('owner')
  })

  const as = <T>(actor: Actor, fn: (tx: TenantTx) => Promise<T>): Promise<T> =>
    asTenant(opened.database, actor, fn)
  const codeOf = async (work: Promise<unknown>): Promise<string> => {
    try {
      await work
      return 'done'
    } catch (error) {
      return (error as { code?: string }).code ?? String(error)
    }
  }
  const kinds = async (): Promise<string[]> => {
    const found = await as(owner, (tx) =>
      rows<{ kind: string }>(tx, sql`select kind from core.audit_events order by position`),
    )
    return found.map(({ kind }) => kind)
  }

  test('the table of permissions in SQL is the one in the code', async () => {
    for (const role of ROLES) {
      for (const permission of PERMISSIONS) {
        for (const entity of [undefined, 'companies', 'people', 'deals']) {
          const [answer] = await as(owner, (tx) =>
            rows<{ ok: boolean }>(
              tx,
              sql`select core.role_may(${role}, ${permission}, ${entity ?? null}::text) as ok`,
            ),
          )
          expect([role, permission, entity, answer?.ok]).toEqual([
            role,
            permission,
            entity,
            may(role, permission, entity),
          ])
        }
      }
    }
  })

  test('statements of code that forgot to ask are stopped by role', async () => {
    const company = newId()
    const insert = (id: string) =>
      sql`insert into crm.companies (id, tenant_id, name) values (${id}, core.current_tenant(), 'X')`
    await as(owner, (tx) => rows(tx, insert(company)))
    const { viewer, editor, admin } = {
      viewer: tenant.actor('viewer'),
      editor: tenant.actor('editor'),
      admin: tenant.actor('admin'),
    }
    expect(await codeOf(as(viewer, (tx) => rows(tx, insert(newId()))))).toBe('not_permitted')
    expect(await codeOf(as(viewer, (tx) => rows(tx, sql`update crm.companies set city = 'Y'`)))).toBe(
      'not_permitted',
    )
    expect(await codeOf(as(editor, (tx) => rows(tx, sql`update crm.companies set city = 'Y'`)))).toBe('done')
    const archive = sql`update crm.companies set deleted_at = now() where id = ${company}`
    expect(await codeOf(as(editor, (tx) => rows(tx, archive)))).toBe('not_permitted')
    expect(await codeOf(as(editor, (tx) => rows(tx, sql`delete from crm.companies`)))).toBe('not_permitted')
    expect(await codeOf(as(admin, (tx) => rows(tx, archive)))).toBe('done')
    expect(
      await codeOf(as({ ...owner, memberId: newId() as MemberId }, (tx) => rows(tx, insert(newId())))),
    ).toBe('not_permitted')
    const promote = sql`update core.members set role = 'owner' where id = ${admin.memberId}`
    expect(await codeOf(as(admin, (tx) => rows(tx, promote)))).toBe('not_permitted')
    expect(await codeOf(as({ ...owner, memberId: null }, (tx) => rows(tx, promote)))).toBe('not_permitted')
    const stranger = { email: 'x@x.example', ...NAMES, role: 'owner' as const }
    expect(
      await codeOf(as({ ...owner, memberId: null, via: 'inbox' }, (tx) => createMember(tx, stranger))),
    ).toBe('not_permitted')
  })

  test('roles change by those who may, and the audit says so', async () => {
    const idOf = (role: Role): MemberId => tenant.actor(role).memberId!
    for (const acting of ROLES) {
      for (const role of ROLES) {
        const expected = mayManage(acting, role)
        const id = newId() as MemberId
        await as({ ...owner, via: 'system' }, (tx) =>
          createMember(tx, { id, email: `${id}@x.example`, ...NAMES, role: 'viewer' }),
        )
        const code = await codeOf(
          as(tenant.actor(acting), (tx) => changeRole(tx, tenant.actor(acting), id, role)),
        )
        expect([acting, role, code === 'done']).toEqual([acting, role, expected])
      }
    }
    const admin = tenant.actor('admin')
    expect(await codeOf(as(admin, (tx) => disableMember(tx, admin, idOf('owner'))))).toBe('not_owner')
    await as(admin, (tx) => disableMember(tx, admin, idOf('editor')))
    const shut = tenant.actor('editor')
    expect(await codeOf(as(shut, (tx) => changeRole(tx, shut, idOf('viewer'), 'editor')))).toBe(
      'member_disabled',
    )
    await as(admin, (tx) => enableMember(tx, admin, idOf('editor')))
    expect((await kinds()).filter((kind) => /^member\.(disabled|enabled)$/.test(kind))).toEqual([
      'member.disabled',
      'member.enabled',
    ])
    expect(await kinds()).toContain('member.role')
    expect(await as(owner, (tx) => verifyAudit(tx))).toMatchObject({ ok: true })
  })

  test('a workspace keeps an owner, also when two of them step down at once', async () => {
    const step = (actor: Actor) => as(actor, (tx) => changeRole(tx, actor, actor.memberId!, 'viewer'))
    expect(await codeOf(step(owner))).toBe('last_owner')
    expect(await codeOf(as(owner, (tx) => disableMember(tx, owner, owner.memberId!)))).toBe('last_owner')
    const raw = (actor: Actor) =>
      as(actor, (tx) =>
        rows(tx, sql`update core.members set disabled_at = now() where id = ${actor.memberId}`),
      )
    expect(await codeOf(raw(owner))).toBe('last_owner')
    const admin = tenant.actor('admin')
    await as(owner, (tx) => changeRole(tx, owner, admin.memberId!, 'owner'))
    const second: Actor = { ...admin, role: 'owner' }
    expect((await Promise.all([codeOf(raw(owner)), codeOf(raw(second))])).toSorted()).toEqual([
      'done',
      'last_owner',
    ])
    const left = await as({ ...owner, via: 'system' }, (tx) => listMembers(tx))
    expect(left.filter(({ role, disabled }) => role === 'owner' && !disabled)).toHaveLength(1)
  })

  test('an invitation is kept as a hash, works once, and makes exactly the member it was for', async () => {
    const { token, id } = await as(owner, (tx) =>
      invite(tx, owner, { email: ' Noor@Guest.Example', role: 'editor' }),
    )
    const [row] = await as(owner, (tx) =>
      rows<{ all: string }>(tx, sql`select i::text as all from core.invitations i where id = ${id}`),
    )
    expect(row?.all).not.toContain(token)
    expect(await findInvitation(opened.database, token)).toEqual({
      id,
      tenantId: owner.tenantId,
      email: 'noor@guest.example',
      role: 'editor',
    })
    expect(await codeOf(acceptInvitation(opened.database, token, { ...NAMES, givenName: ' ' }))).toBe(
      'name_missing',
    )
    const races = await Promise.all(
      [1, 2, 3].map(() => codeOf(acceptInvitation(opened.database, token, NAMES))),
    )
    expect(races.toSorted()).toEqual(['done', 'invitation_gone', 'invitation_gone'])
    expect(await as(owner, (tx) => findMember(tx, 'noor@guest.example'))).toMatchObject({
      ...NAMES,
      role: 'editor',
    })
    expect(
      await codeOf(as(owner, (tx) => invite(tx, owner, { email: 'noor@guest.example', role: 'viewer' }))),
    ).toBe('member_exists')
    expect(await kinds()).toEqual(expect.arrayContaining(['invitation.made', 'invitation.accepted']))
  })

  test('an invitation that was revoked, replaced, too old or altered lets nobody in', async () => {
    const make = (lifetimeMs?: number) =>
      as(owner, (tx) =>
        invite(tx, owner, {
          email: 'a@guest.example',
          role: 'viewer',
          ...(lifetimeMs === undefined ? {} : { lifetimeMs }),
        }),
      )
    const replaced = await make()
    const revoked = await make()
    await as(owner, (tx) => revokeInvitation(tx, owner, revoked.id))
    expect(await codeOf(as(owner, (tx) => revokeInvitation(tx, owner, revoked.id)))).toBe(
      'unknown_invitation',
    )
    const old = await make(-1)
    for (const { token } of [replaced, revoked, old])
      expect(await codeOf(acceptInvitation(opened.database, token, NAMES))).toBe('invitation_gone')
    const good = await make()
    for (const wrong of ['', 'join_', `${good.token}A`, good.token.replace('join_', 'link_')])
      expect(await findInvitation(opened.database, wrong)).toBeUndefined()
    const forge = (set: ReturnType<typeof sql>) =>
      codeOf(
        as({ ...owner, memberId: null, via: 'inbox' }, (tx) =>
          rows(tx, sql`update core.invitations set ${set} where id = ${good.id}`),
        ),
      )
    expect(await forge(sql`role = 'owner'`)).toBe('not_permitted')
    expect(await forge(sql`email = 'me@evil.example'`)).toBe('not_permitted')
    const states = (await as(owner, (tx) => listInvitations(tx, owner))).map(({ state }) => state)
    expect(states).toEqual(['open', 'revoked', 'revoked', 'revoked'])
  })

  test('only those who may invite, and nobody above themselves', async () => {
    for (const acting of ROLES) {
      for (const role of ROLES) {
        const actor = tenant.actor(acting)
        const code = await codeOf(
          as(actor, (tx) => invite(tx, actor, { email: `${acting}-${role}@g.example`, role })),
        )
        expect([acting, role, code === 'done']).toEqual([acting, role, mayManage(acting, role)])
      }
    }
    const other = (await opened.addTenant()).actor('owner')
    const { id } = await as(owner, (tx) => invite(tx, owner, { email: 'z@g.example', role: 'viewer' }))
    expect(await codeOf(as(other, (tx) => revokeInvitation(tx, other, id)))).toBe('unknown_invitation')
  })

  test('a Slack user becomes a member by a code that works once, from either side', async () => {
    const editor = tenant.actor('editor')
    const { code } = await as(editor, (tx) => createMemberCode(tx, editor))
    expect(await codeOf(redeemAsMember(opened.database, owner, code))).toBe('code_gone')
    const races = await Promise.all([1, 2].map(() => codeOf(redeemInSlack(opened.database, code, SLACK))))
    expect(races.toSorted()).toEqual(['code_gone', 'done'])
    const linked = { tenantId: owner.tenantId, memberId: editor.memberId, role: 'editor', via: 'slack' }
    expect(await findSlackMembers(opened.database, SLACK)).toContainEqual(linked)
    expect(await findSlackMembers(opened.database, { ...SLACK, teamId: 'T0OTHER' })).toEqual([])

    const begun = await as({ ...owner, memberId: null, via: 'system' }, (tx) => createSlackCode(tx, SLACK))
    expect(await codeOf(redeemInSlack(opened.database, begun.code, SLACK))).toBe('code_gone')
    const other = (await opened.addTenant()).actor('owner')
    expect(await peekSlackCode(opened.database, other, begun.code)).toBeUndefined()
    expect(await codeOf(redeemAsMember(opened.database, other, begun.code))).toBe('code_gone')
    expect(await peekSlackCode(opened.database, owner, begun.code)).toEqual(SLACK)
    await redeemAsMember(opened.database, owner, begun.code)
    const now = (await findSlackMembers(opened.database, SLACK)).filter(
      (one) => one.tenantId === owner.tenantId,
    )
    expect(now).toEqual([{ ...linked, memberId: owner.memberId, role: 'owner' }])
    const [link] = await as(owner, (tx) => listSlackLinks(tx, owner.memberId!))
    expect(await codeOf(as(editor, (tx) => unlinkSlack(tx, editor, link!.id)))).toBe('unknown_link')
    await as(owner, (tx) => unlinkSlack(tx, owner, link!.id))
    const after = await findSlackMembers(opened.database, SLACK)
    expect(after.filter((one) => one.tenantId === owner.tenantId)).toEqual([])
  })

  test('a Slack code that is too old, replaced or of a disabled member links nobody; a link ends with its member', async () => {
    const editor = tenant.actor('editor')
    const make = (lifetimeMs?: number) =>
      as(editor, (tx) => createMemberCode(tx, editor, lifetimeMs === undefined ? {} : { lifetimeMs }))
    const old = await make(-1)
    const replaced = await make()
    const good = await make()
    const mine = { ...SLACK, slackUserId: `U${newId().slice(-6).toUpperCase()}` }
    for (const { code } of [old, replaced])
      expect(await codeOf(redeemInSlack(opened.database, code, mine))).toBe('code_gone')
    const [row] = await as(editor, (tx) =>
      rows<{ all: string }>(tx, sql`select string_agg(c::text, '') as all from core.slack_link_codes c`),
    )
    expect(row?.all).not.toContain(good.code)
    await redeemInSlack(opened.database, good.code, mine)
    expect(await findSlackMembers(opened.database, mine)).toHaveLength(1)
    const another = await make()
    await as(owner, (tx) => disableMember(tx, owner, editor.memberId!))
    expect(await findSlackMembers(opened.database, mine)).toEqual([])
    expect(await codeOf(redeemInSlack(opened.database, another.code, mine))).toBe('member_disabled')
  })
})

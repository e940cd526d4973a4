import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import { createAccessToken, findAccessToken, listAccessTokens, revokeAccessToken } from './access-tokens.ts'
import type { NewAccessToken } from './access-tokens.ts'
import { disableMember } from './members.ts'
import { sql } from './sql.ts'
import { asTenant, rows } from './tenant.ts'
import type { TenantTx } from './tenant.ts'
import { openTestDatabase, testEngines } from './testing.ts'
import type { TestDatabase, TestTenant } from './testing.ts'

describe.each(testEngines)('access tokens on %s', (engine) => {
  let opened: TestDatabase
  let tenant: TestTenant
  let actor: Actor
  const as = <T>(fn: (tx: TenantTx) => Promise<T>): Promise<T> => asTenant(opened.database, actor, fn)
  const make = (options: Partial<NewAccessToken> = {}): ReturnType<typeof createAccessToken> =>
    asTenant(opened.database, { ...actor, memberId: options.memberId ?? actor.memberId }, (tx) =>
      createAccessToken(tx, {
        memberId: actor.memberId!,
        name: 'test',
        scopes: ['read'],
        expiresAt: null,
        ...options,
      }),
    )
  const find = (token: string): ReturnType<typeof findAccessToken> => findAccessToken(opened.database, token)

  beforeAll(async () => {
    opened = await openTestDatabase(engine)
    tenant = await opened.addTenant()
    actor = tenant.actor()
    await opened.addTenant()
  })
  afterAll(() => opened.close())

  test('speak for their member, with the role the member has now', async () => {
    const editor = tenant.actor('editor').memberId!
    const { token, id } = await make({ memberId: editor, scopes: ['read', 'propose'] })
    expect(token).toMatch(/^tact_[A-Za-z0-9_-]{43}$/)
    const bearer = {
      tenantId: actor.tenantId,
      memberId: editor,
      scopes: ['read', 'propose'],
      tokenId: id,
      policy: null,
    }
    expect(await find(token)).toEqual({ ...bearer, role: 'editor' })
    await as((tx) => rows(tx, sql`update core.members set role = 'viewer' where id = ${editor}`))
    expect(await find(token)).toEqual({ ...bearer, role: 'viewer' })
  })

  test('are nowhere in the database, only their hash is', async () => {
    const { token, id } = await make()
    const stored = await as((tx) =>
      rows(tx, sql`select to_jsonb(t)::text as row from core.access_tokens t where id = ${id}`),
    )
    expect(JSON.stringify(stored)).not.toContain(token.slice(5))
    expect(JSON.stringify(await as((tx) => listAccessTokens(tx)))).not.toContain('hash')
  })

  test('that are unknown, malformed, expired, revoked or of a disabled member speak for nobody', async () => {
    const { token } = await make()
    const wrong = [
      `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`,
      '',
      'tact_',
      `${token}x`,
      `tact_${"'".repeat(43)}`,
    ]
    for (const other of wrong) expect(await find(other)).toBeUndefined()

    expect(await find((await make({ expiresAt: new Date(Date.now() - 1) })).token)).toBeUndefined()
    expect(await find((await make({ expiresAt: new Date(Date.now() + 60_000) })).token)).toBeDefined()

    const revoked = await make()
    await as((tx) => revokeAccessToken(tx, revoked.id))
    await as((tx) => revokeAccessToken(tx, revoked.id))
    expect(await find(revoked.token)).toBeUndefined()

    const memberId = tenant.actor('admin').memberId!
    const shut = await make({ memberId })
    await as((tx) => disableMember(tx, tenant.actor('owner'), memberId))
    expect(await find(shut.token)).toBeUndefined()
  })

  test('remember when they were last used, without counting that as a change', async () => {
    const { token, id } = await make()
    const state = (): Promise<{ used: boolean; version: number }[]> =>
      as((tx) =>
        rows(
          tx,
          sql`select last_used_at is not null as used, version from core.access_tokens where id = ${id}`,
        ),
      )
    expect(await state()).toEqual([{ used: false, version: 1 }])
    await find(token)
    expect(await state()).toEqual([{ used: true, version: 1 }])
  })

  test('are listed newest first, and one that does not exist cannot be revoked', async () => {
    const { id } = await make({ name: 'newest' })
    expect((await as((tx) => listAccessTokens(tx)))[0]).toMatchObject({ id, name: 'newest', revokedAt: null })
    await expect(as((tx) => revokeAccessToken(tx, newId()))).rejects.toMatchObject({ kind: 'not-found' })
  })
})

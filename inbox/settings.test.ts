import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import { ownWorkspace } from '../db/workspace.ts'
import type { Role } from '../domain/actor.ts'
import { ask } from '../query/ask.ts'
import { parseQuery } from '../query/parse-json.ts'
import { createInbox } from './router.ts'
import { signInLink } from './session.ts'

describe.each(testEngines)('settings of the workspace on %s', (engine) => {
  let db: TestDatabase
  let tenant: TestTenant
  let server: Server
  let base: string

  beforeAll(async () => {
    db = await openTestDatabase(engine)
    tenant = await db.addTenant()
    server = createServer(express().use(createInbox({ database: db.database }))).listen(0, '127.0.0.1')
    await once(server, 'listening')
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(async () => {
    server.closeAllConnections()
    server.close()
    await db.close()
  })

  const post = (path: string, fields: Readonly<Record<string, string>>, cookie = '') =>
    fetch(base + path, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: base, Cookie: cookie },
      body: new URLSearchParams(fields).toString(),
    })
  const signIn = async (role: Role) => {
    const link = await signInLink(db.database, base, tenant.actor(role))
    const signedIn = await post('/inbox/sign-in', { token: new URL(link).searchParams.get('token')! })
    const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!
    const page = await (await fetch(`${base}/inbox/settings`, { headers: { Cookie: cookie } })).text()
    return { cookie, page, csrf: /name="csrf" value="([^"]+)"/.exec(page)![1]! }
  }
  const fiscalWords = () =>
    asTenant(db.database, tenant.actor(), async (tx) => {
      const query = parseQuery({ find: 'deals', where: [{ field: 'created_at', value: 'fy2026' }] })
      const context = {
        workspace: await ownWorkspace(tx),
        actor: tenant.actor(),
        now: new Date('2026-11-21'),
      }
      return String((await ask(tx, { semantic: query }, context)).completeness.filters_in_words)
    })

  test('an owner sets the month of the fiscal year; questions read it, and say the dates', async () => {
    expect(await fiscalWords()).toContain('from 1 Jan 2026 to 31 Dec 2026')
    const { cookie, csrf, page } = await signIn('owner')
    expect(page).toMatch(/<option value="1" selected>January/)
    const saved = await post('/inbox/settings/fiscal-year', { csrf, month: '4' }, cookie)
    expect(saved.status).toBe(200)
    expect(await saved.text()).toMatch(/<option value="4" selected>April/)
    expect(await fiscalWords()).toContain('Apr 2025 to 31 Mar 2026')
    const [event] = await asTenant(db.database, tenant.actor(), (tx) =>
      rows<{ data: unknown }>(tx, sql`select data from core.audit_events where kind = 'fiscal_year.set'`),
    )
    expect(event).toEqual({ data: { from: 1, to: 4 } })
  })

  test('a month that is none is refused; a viewer and an editor see the month and cannot set it', async () => {
    const { cookie, csrf } = await signIn('owner')
    for (const month of ['0', '13', 'x', ''])
      expect((await post('/inbox/settings/fiscal-year', { csrf, month }, cookie)).status).toBe(400)
    for (const role of ['viewer', 'editor'] as const) {
      const other = await signIn(role)
      expect(other.page).toContain('It starts in April.')
      expect(other.page).not.toContain('action="/inbox/settings/fiscal-year"')
      const tried = await post('/inbox/settings/fiscal-year', { csrf: other.csrf, month: '7' }, other.cookie)
      expect(tried.status).toBe(403)
    }
    expect((await post('/inbox/settings/fiscal-year', { csrf: 'x', month: '7' }, cookie)).status).toBe(403)
    expect((await post('/inbox/settings/fiscal-year', { csrf, month: '7' })).status).toBe(401)
    expect(await fiscalWords()).toContain('Apr 2025 to 31 Mar 2026')
  })

  test('an owner alone chooses what is hidden from models, and the audit keeps who did', async () => {
    const policyNow = async () =>
      asTenant(db.database, tenant.actor(), async (tx) => (await ownWorkspace(tx)).policy)
    const [owner, admin] = [await signIn('owner'), await signIn('admin')]
    expect(owner.page).toContain('<option value="standard" selected>')
    expect(admin.page).toContain('Owners can change that.')
    const choose = async ({ cookie, csrf }: typeof owner, policy: string): Promise<number> =>
      (await post('/inbox/settings/policy', { csrf, policy }, cookie)).status
    expect(await choose(admin, 'contacts-only')).toBe(403)
    expect(await choose(owner, 'nothing')).toBe(400)
    expect(await policyNow()).toBe('standard')
    expect(await choose(owner, 'strict')).toBe(200)
    expect(await policyNow()).toBe('strict')
    const kept = await asTenant(db.database, tenant.actor(), (tx) =>
      rows(tx, sql`select data, member_id from core.audit_events where kind = 'policy.set'`),
    )
    expect(kept).toEqual([
      { data: { from: 'standard', to: 'strict' }, member_id: tenant.actor('owner').memberId },
    ])
  })
})

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findMember, listMembers } from '../db/members.ts'
import { asTenant } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import type { Role } from '../domain/actor.ts'
import { createInbox } from './router.ts'
import { startSession } from './session.ts'

describe.each(testEngines)('members in the inbox on %s', (engine) => {
  let test: TestDatabase
  let tenant: TestTenant
  let server: Server
  let base: string
  beforeAll(async () => {
    test = await openTestDatabase(engine)
    tenant = await test.addTenant()
    const app = express()
    app.use(createInbox({ database: test.database }))
    server = createServer(app).listen(0, '127.0.0.1')
    await once(server, 'listening')
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(async () => {
    server.closeAllConnections()
    server.close()
    await test.close()
  })

  const cookieOf = async (role: Role): Promise<string> =>
    `tact_inbox=${await startSession(test.database, { ...tenant.actor(role), via: 'inbox' })}`
  const page = async (path: string, cookie = ''): Promise<string> =>
    (await fetch(base + path, { headers: { cookie } })).text()
  const form = (path: string, fields: Readonly<Record<string, string>>, cookie = '') =>
    fetch(base + path, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: base, cookie },
      body: new URLSearchParams(fields).toString(),
    })
  const csrfIn = (text: string): string => /name="csrf" value="([^"]+)"/.exec(text)![1]!

  it('invites; the link is shown once, looking at it uses nothing up, and it signs in once', async () => {
    const cookie = await cookieOf('admin')
    const csrf = csrfIn(await page('/inbox/members', cookie))
    const made = await form(
      '/inbox/invitations',
      { csrf, email: 'noor@guest.example', role: 'editor' },
      cookie,
    )
    const link = /http:[^<\s]+\/inbox\/join\?token=(join_[\w-]{43})/.exec(await made.text())!
    expect(await page('/inbox/members', cookie)).not.toContain(link[1])
    const path = new URL(link[0]).pathname + new URL(link[0]).search
    expect(await page(path)).toContain('noor@guest.example')
    const unnamed = await form('/inbox/join', { token: link[1]!, given: '', family: 'X' })
    expect(unnamed.status).toBe(400)
    const joined = await form('/inbox/join', { token: link[1]!, given: '<b>Noor</b>', family: 'Neu' })
    expect([joined.status, joined.headers.get('location')]).toEqual([303, '/inbox'])
    const session = joined.headers.get('set-cookie')!.split(';')[0]!
    const members = await page('/inbox/members', session)
    expect(members).toContain('&lt;b&gt;Noor&lt;/b&gt;')
    expect(members).not.toContain('Invite somebody')
    const again = await form('/inbox/join', { token: link[1]!, given: 'Eve', family: 'Two' })
    expect([again.status, again.headers.get('set-cookie')]).toEqual([410, null])
    const known = await asTenant(test.database, tenant.actor(), (tx) => findMember(tx, 'noor@guest.example'))
    expect(known).toMatchObject({ role: 'editor', disabled: false })
  })

  it('shuts a member out with the next request, and lets them in again', async () => {
    const editor = await cookieOf('editor')
    const owner = await cookieOf('owner')
    const csrf = csrfIn(await page('/inbox/members', owner))
    const path = `/inbox/members/${tenant.actor('editor').memberId}`
    expect((await form(`${path}/disable`, { csrf }, owner)).status).toBe(303)
    expect(await page('/inbox', editor)).toContain('Please sign in')
    expect((await form(`${path}/enable`, { csrf }, owner)).status).toBe(303)
    expect(await page('/inbox', editor)).toContain('Proposed changes')
  })

  it('refuses an admin who reaches for the owners, and an owner who would leave none', async () => {
    const roles = async () =>
      (await asTenant(test.database, tenant.actor(), (tx) => listMembers(tx))).map(({ role }) => role)
    const before = await roles()
    const path = `/inbox/members/${tenant.actor('owner').memberId}/role`
    for (const [role, status] of [
      ['admin', 403],
      ['owner', 409],
    ] as const) {
      const cookie = await cookieOf(role)
      const csrf = csrfIn(await page('/inbox/members', cookie))
      expect((await form(path, { csrf, role: 'viewer' }, cookie)).status).toBe(status)
      expect((await form(path, { csrf, role: 'emperor' }, cookie)).status).toBe(400)
    }
    expect(await roles()).toEqual(before)
  })
})

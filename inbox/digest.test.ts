import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../db/sql.ts'
import { listPreferences } from '../db/memory.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import { readPolicy } from '../digest/policy.ts'
import type { Role } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import { systemOf } from '../jobs/lease.ts'
import { createInbox } from './router.ts'
import { signInLink } from './session.ts'

describe.each(testEngines)('digests in the inbox on %s', (engine) => {
  let db: TestDatabase
  let tenant: TestTenant
  let server: Server
  let base: string
  const task = newId()

  beforeAll(async () => {
    db = await openTestDatabase(engine)
    tenant = await db.addTenant()
    await asTenant(db.database, systemOf(tenant.workspace.id), (tx) =>
      rows(
        tx,
        sql`insert into crm.tasks (id, tenant_id, title, due_at, assignee_id)
          values (${task}, core.current_tenant(), 'Send <b>the</b> contract', now() - interval '2 days', ${tenant.actor().memberId})`,
      ),
    )
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
    const page = await (await fetch(`${base}/inbox/digest/mail`, { headers: { Cookie: cookie } })).text()
    return { cookie, page, csrf: /name="csrf" value="([^"]+)"/.exec(page)![1]! }
  }

  test('each line has its proposal behind a button, made for the one who pressed it', async () => {
    const { cookie, page, csrf } = await signIn('owner')
    expect(page).toContain('Send &lt;b&gt;the&lt;/b&gt; contract')
    expect(page).toContain('It is off.')
    const made = await post('/inbox/digest/mail/propose', { csrf, key: `today:tasks:${task}` }, cookie)
    expect(made.status).toBe(303)
    const proposal = made.headers.get('location')!
    expect(proposal).toMatch(/^\/inbox\/proposals\//)
    const again = await post('/inbox/digest/mail/propose', { csrf, key: `today:tasks:${task}` }, cookie)
    expect(again.headers.get('location')).toBe(proposal)
    expect((await post('/inbox/digest/mail/propose', { csrf, key: 'today:tasks:x' }, cookie)).status).toBe(
      404,
    )
    const other = await signIn('editor')
    expect(other.page).not.toContain('contract')
    const stolen = { csrf: other.csrf, key: `today:tasks:${task}` }
    expect((await post('/inbox/digest/mail/propose', stolen, other.cookie)).status).toBe(404)
  })

  test('owners and admins set when it is sent; nobody else can', async () => {
    const { cookie, csrf } = await signIn('admin')
    const form = {
      csrf,
      on: 'on',
      at: '07:30',
      zone: 'Asia/Kolkata',
      day: '1',
      section: 'lanes',
      to: 'everyone',
      quiet: 'skip',
    }
    expect((await post('/inbox/digest/mail/policy', form, cookie)).status).toBe(200)
    const policy = await asTenant(db.database, tenant.actor(), (tx) =>
      readPolicy(tx, 'mail', tenant.workspace),
    )
    expect(policy).toMatchObject({
      isEnabled: true,
      time: { minuteOfDay: 450, timezone: 'Asia/Kolkata', weekdays: [1] },
      recipients: 'everyone',
      sections: ['lanes'],
      quiet: 'skip',
    })
    const wrong = await post('/inbox/digest/mail/policy', { ...form, zone: 'Nowhere' }, cookie)
    expect(wrong.status).toBe(400)
    const editor = await signIn('editor')
    expect(editor.page).not.toContain('action="/inbox/digest/mail/policy"')
    const tried = await post('/inbox/digest/mail/policy', { ...form, csrf: editor.csrf }, editor.cookie)
    expect(tried.status).toBe(403)
    const out = await post('/inbox/digest/mail/mine', { csrf: editor.csrf, send: 'off' }, editor.cookie)
    expect(await out.text()).toContain('Send me mine')
    const own = await asTenant(db.database, tenant.actor('editor'), (tx) =>
      listPreferences(tx, tenant.actor('editor').memberId),
    )
    expect(own).toEqual([{ name: 'digest', value: 'off' }])
    expect((await fetch(`${base}/inbox/digest/fax`, { headers: { Cookie: cookie } })).status).toBe(404)
  })
})

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asTenant } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import type { Role } from '../domain/actor.ts'
import { ingest } from '../mail/ingest.ts'
import { listMailboxes, openMailbox } from '../mail/mailbox.ts'
import { raws } from '../mail/testing/letters.ts'
import { PRIVATE } from '../mail/testing/private-letters.ts'
import { searchMail } from '../search/lexical.ts'
import { createInbox } from './router.ts'
import { startSession } from './session.ts'

describe.each(testEngines)('mailboxes in the inbox on %s', (engine) => {
  let harness: TestDatabase
  let tenant: TestTenant
  let server: Server
  let base: string
  let id: string

  beforeAll(async () => {
    harness = await openTestDatabase(engine)
    tenant = await harness.addTenant()
    const app = express()
    app.use(createInbox({ database: harness.database }))
    server = createServer(app).listen(0, '127.0.0.1')
    await once(server, 'listening')
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const actor = tenant.actor('editor')
    const mailbox = await asTenant(harness.database, actor, (tx) =>
      openMailbox(tx, actor, { kind: 'imap', source: 'imap:e', address: 'editor@team.example' }),
    )
    id = mailbox.id
    await ingest({
      database: harness.database,
      actor,
      messages: raws(PRIVATE.slice(0, 2)),
      source: 'e',
      mailbox,
    })
  })
  afterAll(async () => {
    server.closeAllConnections()
    server.close()
    await harness.close()
  })

  const cookieOf = async (role: Role): Promise<string> =>
    `tact_inbox=${await startSession(harness.database, { ...tenant.actor(role), via: 'inbox' })}`
  const page = async (cookie: string): Promise<string> =>
    (await fetch(`${base}/inbox/mailboxes`, { headers: { cookie } })).text()
  const post = async (action: string, cookie: string, fields: Readonly<Record<string, string>> = {}) => {
    const csrf = /name="csrf" value="([^"]+)"/.exec(await page(cookie))![1]!
    return fetch(`${base}/inbox/mailboxes/${id}/${action}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: base, cookie },
      body: new URLSearchParams({ csrf, ...fields }).toString(),
    })
  }
  const seenBy = async (role: Role): Promise<number> =>
    (
      await asTenant(harness.database, tenant.actor(role), (tx) =>
        searchMail(tx, { query: 'zebraquartz', limit: 5 }),
      )
    ).total

  test('everybody sees that it is read and by whom its mail is seen; its member alone is offered to change that', async () => {
    const [own, other] = [await page(await cookieOf('editor')), await page(await cookieOf('owner'))]
    for (const text of [own, other]) {
      expect(text).toContain('editor@team.example')
      expect(text).toContain('its owner alone')
    }
    expect(own).toContain(`/inbox/mailboxes/${id}/visibility`)
    expect(other).not.toContain(`/inbox/mailboxes/${id}/`)
    expect(own + other).not.toMatch(/zebraquartz|Quiet word/)
  })

  test('its member changes who sees it, and takes the consent back; nobody else can', async () => {
    const [member, owner] = [await cookieOf('editor'), await cookieOf('owner')]
    expect(await seenBy('owner')).toBe(0)
    const refused = await post('visibility', owner, { visibility: 'team' })
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('somebody else')])
    expect((await post('withdraw', owner)).status).toBe(403)
    expect((await post('visibility', member, { visibility: 'everybody' })).status).toBe(400)
    expect(await seenBy('owner')).toBe(0)
    expect((await post('visibility', member, { visibility: 'team' })).status).toBe(303)
    expect(await seenBy('owner')).toBe(2)
    expect((await post('visibility', member, { visibility: 'owner' })).status).toBe(303)
    expect([await seenBy('owner'), await seenBy('editor')]).toEqual([0, 2])
    const consent = async (): Promise<boolean> =>
      (await asTenant(harness.database, tenant.actor(), listMailboxes))[0]!.consentedAt !== null
    expect((await post('withdraw', member)).status).toBe(303)
    expect(await consent()).toBe(false)
    expect((await post('consent', member)).status).toBe(303)
    expect(await consent()).toBe(true)
  })
})

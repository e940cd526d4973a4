import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAccessToken, findAccessToken } from '../db/access-tokens.ts'
import { createSlackCode, findSlackMembers, redeemInSlack } from '../db/slack-links.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import type { Role } from '../domain/actor.ts'
import { createInbox } from './router.ts'
import { startSession } from './session.ts'

const ANN = { teamId: 'T0TEAM', slackUserId: 'U0ANN' }
const EVE = { teamId: 'T0TEAM', slackUserId: 'U0EVE' }

describe.each(testEngines)('access and overview in the inbox on %s', (engine) => {
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
  const page = async (path: string, cookie: string): Promise<string> =>
    (await fetch(base + path, { headers: { cookie } })).text()
  const post = async (path: string, cookie: string, fields: Readonly<Record<string, string>> = {}) => {
    const csrf = /name="csrf" value="([^"]+)"/.exec(await page('/inbox/access', cookie))![1]!
    return fetch(`${base}/inbox/access/${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: base, cookie },
      body: new URLSearchParams({ csrf, ...fields }).toString(),
    })
  }
  const codeIn = (text: string): string => /link_[\w-]{43}/.exec(text)![0]
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'done',
      (error: { code?: string }) => error.code ?? 'failed',
    )

  it('makes a code that is shown once, links who sends it to the bot, and ends the link', async () => {
    const viewer = await cookieOf('viewer')
    expect(await page('/inbox/access', viewer)).toContain('No code is open')
    const code = codeIn(await (await post('slack-codes', viewer)).text())
    const now = await page('/inbox/access', viewer)
    expect(now).toContain('A code is open until')
    expect(now).not.toContain(code)
    const linked = await redeemInSlack(test.database, code, ANN)
    expect(linked).toMatchObject({ memberId: tenant.actor('viewer').memberId, role: 'viewer' })
    const listed = await page('/inbox/access', viewer)
    expect(listed).toContain('U0ANN')
    const path = /slack-links\/[0-9a-f-]{36}\/end/.exec(listed)![0]
    const stranger = await cookieOf('editor')
    expect((await post(path, stranger)).status).toBe(404)
    expect(await findSlackMembers(test.database, ANN)).toHaveLength(1)
    expect((await post(path, viewer)).status).toBe(303)
    expect(await findSlackMembers(test.database, ANN)).toEqual([])
  })

  it('takes a code back before anybody used it', async () => {
    const editor = await cookieOf('editor')
    const code = codeIn(await (await post('slack-codes', editor)).text())
    expect((await post('slack-codes/end', editor)).status).toBe(303)
    expect(await codeOf(redeemInSlack(test.database, code, EVE))).toBe('code_gone')
    expect((await post('slack-codes/end', editor)).status).toBe(404)
  })

  it('shows whom a code from the bot would let in, and lets them in only by the form', async () => {
    const owner = await cookieOf('owner')
    const system = { ...tenant.actor('owner'), memberId: null, via: 'system' } as const
    const { code } = await asTenant(test.database, system, (tx) => createSlackCode(tx, EVE))
    const asked = await page(`/inbox/access?code=${code}`, owner)
    expect(asked).toContain('U0EVE')
    expect(await findSlackMembers(test.database, EVE)).toEqual([])
    expect((await post('slack-links', owner, { code })).status).toBe(303)
    expect(await findSlackMembers(test.database, EVE)).toMatchObject([{ role: 'owner' }])
    expect((await post('slack-links', owner, { code })).status).toBe(404)
    expect(await page(`/inbox/access?code=${code}`, owner)).toContain('was used, is too old')
  })

  it('lists one’s own tokens, to those who may everybody’s, and ends them at once', async () => {
    const make = (role: Role, name: string) =>
      asTenant(test.database, tenant.actor(role), (tx) =>
        createAccessToken(tx, {
          memberId: tenant.actor(role).memberId!,
          name,
          scopes: ['crm'],
          expiresAt: null,
        }),
      )
    const desk = await make('editor', 'Desk of the editor')
    const spare = await make('editor', 'Spare <b>token</b>')
    const [viewer, editor, admin] = [
      await cookieOf('viewer'),
      await cookieOf('editor'),
      await cookieOf('admin'),
    ]
    expect(await page('/inbox/access', viewer)).not.toContain('Desk of the editor')
    expect((await post(`tokens/${desk.id}/revoke`, viewer)).status).toBe(403)
    expect(await findAccessToken(test.database, desk.token)).toBeDefined()
    const own = await page('/inbox/access', editor)
    expect(own).toContain('Spare &lt;b&gt;token&lt;/b&gt;')
    expect(own).not.toContain(desk.token)
    expect((await post(`tokens/${spare.id}/revoke`, editor)).status).toBe(303)
    expect(await findAccessToken(test.database, spare.token)).toBeUndefined()
    expect(await page('/inbox/access', admin)).toContain('Editor Tester')
    expect((await post(`tokens/${desk.id}/revoke`, admin)).status).toBe(303)
    expect(await findAccessToken(test.database, desk.token)).toBeUndefined()
  })

  it("shows what is hidden from a token's client, and lets an owner alone choose it", async () => {
    const { memberId } = tenant.actor('editor')
    const made = await asTenant(test.database, tenant.actor('editor'), (tx) =>
      createAccessToken(tx, { memberId: memberId!, name: 'Tablet', scopes: ['crm'], expiresAt: null }),
    )
    const [owner, admin, editor] = [
      await cookieOf('owner'),
      await cookieOf('admin'),
      await cookieOf('editor'),
    ]
    const policyNow = async () => (await findAccessToken(test.database, made.token))?.policy
    const choose = async (cookie: string, policy: string): Promise<number> =>
      (await post(`tokens/${made.id}/policy`, cookie, { policy })).status
    expect(await page('/inbox/access', editor)).toContain('Hidden from its client: as the workspace has it')
    for (const cookie of [editor, admin]) expect(await choose(cookie, 'contacts-only')).toBe(403)
    expect(await policyNow()).toBeNull()
    expect(await choose(owner, 'strict')).toBe(303)
    expect(await policyNow()).toBe('strict')
    expect(await page('/inbox/access', owner)).toContain('<option value="strict" selected>')
    expect(await page('/inbox/access', editor)).toContain('Hidden from its client: strict')
    for (const wrong of ['off', 'none', '']) expect(await choose(owner, wrong)).toBe(400)
    expect(await policyNow()).toBe('strict')
    expect(await choose(owner, 'workspace')).toBe(303)
    expect(await policyNow()).toBeNull()
  })

  it('gives an overview in which a part that fails is named and the rest is there', async () => {
    const owner = await cookieOf('owner')
    const member = tenant.actor('owner').memberId
    await asTenant(test.database, tenant.actor('owner'), async (tx) => {
      await rows(
        tx,
        sql`insert into crm.companies (id, tenant_id, name, status, customer_since, churned_on, mrr_minor, revenue_currency)
          values (gen_random_uuid(), core.current_tenant(), '<i>Lost</i>', 'churned', '2020-01-01', current_date - 9, 125000, 'USD')`,
      )
      await rows(
        tx,
        sql`insert into intel.reminders (id, tenant_id, title, remind_at, member_id) values (gen_random_uuid(), core.current_tenant(), 'Call back', now() - interval '1 hour', ${member}::uuid)`,
      )
    })
    const whole = await page('/inbox/overview', owner)
    for (const text of [
      'Your work',
      'Call back',
      '$1,250',
      '100 %',
      '&lt;i&gt;Lost&lt;/i&gt;',
      'and 0 are closed',
    ])
      expect(whole).toContain(text)
    expect(whole).not.toContain('left out')
    const rename = (from: string, to: string) =>
      test.database.pool.query(`alter function intel.${from}(timestamptz, timestamptz) rename to ${to}`)
    await rename('meeting_analytics', 'away')
    const without = await page('/inbox/overview', owner)
    await rename('away', 'meeting_analytics')
    expect(without).toContain('meetings: left out, it could not be read.')
    expect(without).not.toContain('Meetings of 30 days')
    expect(without).toContain('Activity of a week')
  })
})

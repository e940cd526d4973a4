import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAccessToken } from '../db/access-tokens.ts'
import { sql } from '../db/sql.ts'
import { asTenant } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase } from '../db/testing.ts'
import type { Actor } from '../domain/actor.ts'
import { makeTeam } from '../writeback/testing.ts'
import type { Team } from '../writeback/testing.ts'
import { createInbox } from './router.ts'
import { signInLink } from './session.ts'

describe.each(testEngines)('the inbox over HTTP on %s', (engine) => {
  let test: TestDatabase
  let team: Team
  let server: Server
  let base: string

  beforeAll(async () => {
    test = await openTestDatabase(engine)
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
  beforeEach(async () => {
    team = await makeTeam(test, { now: new Date() })
  })

  const form = (
    path: string,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ) =>
    fetch(base + path, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: base, ...headers },
      body: new URLSearchParams(fields).toString(),
    })
  const tokenOf = (link: string): string => new URL(link).searchParams.get('token')!
  const signIn = async (actor: Actor = team.owner): Promise<string> => {
    const answer = await form('/inbox/sign-in', {
      token: tokenOf(await signInLink(test.database, base, actor)),
    })
    expect(answer.status).toBe(303)
    return answer.headers.get('set-cookie')!.split(';')[0]!
  }
  const csrfIn = (page: string): string => /name="csrf" value="([^"]+)"/.exec(page)![1]!
  const proposeOne = async (set: object = { stage: 'Offer out' }) =>
    (await team.propose([{ op: 'update', entity: 'deals', record: `deals:${team.ids.deal}`, set }])).proposal
  const stateOf = async (id: string): Promise<string> =>
    (await team.query<{ state: string }>(sql`select state from workflow.proposals where id = ${id}`))[0]!
      .state
  const pageOf = async (path: string, cookie: string): Promise<string> => {
    const answer = await fetch(base + path, { headers: { cookie } })
    expect(answer.status).toBe(200)
    return await answer.text()
  }

  it('shows before and after, approves, and undoes', async () => {
    const proposal = await proposeOne()
    const cookie = await signIn()
    const list = await pageOf('/inbox', cookie)
    expect(list).toContain('Rocket fuel')
    expect(list).toMatch(/<del><bdi>Lead<.*<ins><bdi>Offer out</s)
    const fields = { csrf: csrfIn(list), hash: proposal.diffHash }
    const path = `/inbox/proposals/${proposal.id}`
    const approved = await form(`${path}/approve`, fields, { cookie })
    expect([approved.status, approved.headers.get('location')]).toEqual([303, `${path}?done=executed`])
    expect(await pageOf(`${path}?done=executed`, cookie)).toContain('Written.')
    expect(
      await team.query(
        sql`select stage_id, updated_via, updated_by from crm.deals where id = ${team.ids.deal}`,
      ),
    ).toEqual([{ stage_id: team.ids.offer, updated_via: 'inbox', updated_by: team.owner.memberId }])
    const undone = await form(`${path}/undo`, fields, { cookie })
    expect(undone.headers.get('location')).toBe(`${path}?done=undone`)
    const kinds = await team.query<{ kind: string }>(
      sql`select kind from core.audit_events where record_id = ${proposal.id} order by position`,
    )
    expect(kinds.map(({ kind }) => kind)).toEqual(
      ['proposed', 'seen', 'approved', 'executed', 'undone'].map((event) => `proposal.${event}`),
    )
  })

  it('keeps the reason of a no', async () => {
    const proposal = await proposeOne()
    const cookie = await signIn()
    const csrf = csrfIn(await pageOf('/inbox', cookie))
    await form(
      `/inbox/proposals/${proposal.id}/reject`,
      { csrf, hash: proposal.diffHash, note: 'Not <b>yet</b>' },
      { cookie },
    )
    expect(await stateOf(proposal.id)).toBe('rejected')
    expect(await pageOf(`/inbox/proposals/${proposal.id}`, cookie)).toContain('Not &lt;b&gt;yet&lt;/b&gt;')
  })

  const three = async () => {
    const { deal, dana } = team.ids
    const { proposal } = await team.propose([
      { op: 'update', entity: 'deals', record: `deals:${deal}`, set: { notes: 'first', amount: 20_000 } },
      { op: 'update', entity: 'people', record: `people:${dana}`, set: { city: 'Kiel' } },
      { op: 'task', set: { title: 'third' } },
    ])
    return proposal
  }
  const sent = async (path: string, cookie: string, fields: readonly (readonly [string, string])[]) => {
    const csrf = csrfIn(await pageOf('/inbox/settings', cookie))
    return fetch(base + path, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: base, cookie },
      body: new URLSearchParams([
        ['csrf', csrf],
        ...fields.map(([name, value]): [string, string] => [name, value]),
      ]).toString(),
    })
  }

  it('takes the changes that are ticked, and takes one of them back', async () => {
    const proposal = await three()
    const cookie = await signIn()
    const path = `/inbox/proposals/${proposal.id}`
    expect((await pageOf(path, cookie)).match(/name="place"/g)).toHaveLength(3)
    const hash = ['hash', proposal.diffHash] as const
    const none = await sent(`${path}/approve`, cookie, [hash, ['items', '1']])
    expect([none.status, await stateOf(proposal.id)]).toEqual([400, 'pending'])
    const some = [hash, ['items', '1'], ['place', '1'], ['place', '2'], ['note', 'not the deal']] as const
    expect((await sent(`${path}/approve`, cookie, some)).headers.get('location')).toBe(
      `${path}?done=executed`,
    )
    const page = await pageOf(path, cookie)
    expect(page).toContain('not the deal')
    await sent(`${path}/undo`, cookie, [
      ['items', '1'],
      ['place', '0'],
    ])
    const [left] = await team.query<{ city: string; notes: string | null; tasks: number }>(
      sql`select p.city, d.notes, (select count(*)::int from crm.tasks where title = 'third' and deleted_at is null) as tasks
        from crm.people p, crm.deals d where p.id = ${team.ids.dana} and d.id = ${team.ids.deal}`,
    )
    expect(left).toEqual({ city: 'Bonn', notes: null, tasks: 1 })
    expect(await pageOf(path, cookie)).toContain('Taken back.')
  })

  it('lets a person say a field otherwise, and shows what was refused', async () => {
    const proposal = await three()
    const cookie = await signIn()
    const path = `/inbox/proposals/${proposal.id}`
    expect(await pageOf(`${path}/edit`, cookie)).toContain('value="€20,000"')
    const hash = ['hash', proposal.diffHash] as const
    const wrong = await sent(`${path}/edit`, cookie, [hash, ['f-0-1', 'a lot'], ['f-0-0', 'kept']])
    expect(wrong.status).toBe(400)
    expect(await wrong.text()).toContain('value="kept"')
    const good = [hash, ['f-0-1', '25k'], ['f-0-0', 'first'], ['out-f-1-0', '1']] as const
    expect((await sent(`${path}/edit`, cookie, good)).headers.get('location')).toBe(`${path}?done=edited`)
    const page = await pageOf(path, cookie)
    expect(page).toContain('€25,000')
    expect(page).not.toContain('Kiel')
    expect((await sent(`${path}/approve`, cookie, [hash])).status).toBe(409)
    expect((await sent(`${path}/edit`, cookie, good)).status).toBe(409)
    expect(await stateOf(proposal.id)).toBe('pending')
  })

  it('approves several at once where one person may, and no others', async () => {
    const two = [await proposeOne({ notes: 'a' }), await proposeOne({ next_step: 'b' })] as const
    const { proposal: merge } = await team.propose([
      { op: 'merge', entity: 'people', record: `people:${team.ids.dana}`, from: `people:${team.ids.erik}` },
    ])
    const cookie = await signIn()
    expect((await pageOf('/inbox', cookie)).match(/name="pick"/g)).toHaveLength(2)
    const picks = [...two, merge].map(({ id, diffHash }) => ['pick', `${id} ${diffHash}`] as const)
    const answer = await sent('/inbox/bulk', cookie, picks)
    expect(await answer.text()).toContain('2 written, 1 not.')
    expect(await Promise.all([...two, merge].map(({ id }) => stateOf(id)))).toEqual([
      'executed',
      'executed',
      'pending',
    ])
    expect(await (await sent('/inbox/bulk', cookie, [])).text()).toContain('Between 1 and 50')
  })

  it('says what it would do to the open pipeline, and does not do it by saying so', async () => {
    const { proposal } = await team.propose([
      { op: 'stage', record: `deals:${team.ids.deal}`, set: { stage: 'Won' } },
    ])
    const before = await team.snapshot()
    const page = await pageOf(`/inbox/proposals/${proposal.id}`, await signIn())
    expect(page).toContain('Open pipeline €10,000 → €0, 1 → 0 deals')
    expect(page).not.toContain('Open pipeline ¥')
    expect(await team.snapshot()).toBe(before)
    expect(await stateOf(proposal.id)).toBe('pending')
  })

  it('lets an owner grant and revoke what passes, and tell other systems; shows the key once', async () => {
    const cookie = await signIn()
    const until = '2026-12-01'
    const grant = [
      ['kind', 'task'],
      ['scope', 'all'],
      ['member', ''],
      ['per_day', '3'],
      ['until', until],
    ] as const
    expect((await sent('/inbox/standing', cookie, grant)).status).toBe(303)
    const page = await pageOf('/inbox/standing', cookie)
    expect(page).toContain('at most 3 a day')
    const [, id] = /standing\/([0-9a-f-]{36})\/revoke/.exec(page)!
    expect((await sent('/inbox/standing', cookie, [...grant.slice(0, 4), ['until', 'soon']])).status).toBe(
      400,
    )
    const admin = await signIn(team.tenant.actor('admin'))
    expect((await sent('/inbox/standing', admin, grant)).status).toBe(403)
    expect((await sent(`/inbox/standing/${id}/revoke`, admin, [])).status).toBe(303)
    expect(await pageOf('/inbox/standing', cookie)).toContain('revoked')
    const added = await sent('/inbox/webhooks', cookie, [['url', 'https://hooks.example/tact']])
    const key = /class="hash">([\w-]{43})</.exec(await added.text())![1]!
    const hooks = await pageOf('/inbox/webhooks', cookie)
    expect([hooks.includes('hooks.example'), hooks.includes(key)]).toEqual([true, false])
    expect((await sent('/inbox/webhooks', cookie, [['url', 'http://hooks.example/plain']])).status).toBe(400)
    expect((await fetch(`${base}/inbox/webhooks`, { headers: { cookie: admin } })).status).toBe(403)
    const [, hook] = /webhooks\/([0-9a-f-]{36})\/remove/.exec(hooks)!
    expect((await sent(`/inbox/webhooks/${hook}/remove`, cookie, [])).status).toBe(303)
  })

  it('answers too many failed sign-ins, and too many forms of one session, with 429', async () => {
    const app = express()
    app.use(createInbox({ database: test.database, limits: { failedSignInsAMinute: 2, formsAMinute: 3 } }))
    const other = createServer(app).listen(0, '127.0.0.1')
    await once(other, 'listening')
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}/inbox`
    const tries = async (path: string, cookie: string): Promise<number> =>
      (
        await fetch(url + path, {
          method: 'POST',
          headers: {
            Origin: new URL(url).origin,
            cookie,
            'Content-Type': 'application/x-www-form-urlencoded',
          },
          body: 'token=none',
        })
      ).status
    const signIns = [
      await tries('/sign-in', 'a=1'),
      await tries('/sign-in', 'b=1'),
      await tries('/sign-in', 'c=1'),
    ]
    const forms = [
      await tries('/bulk', 'd=1'),
      await tries('/bulk', 'd=1'),
      await tries('/bulk', 'd=1'),
      await tries('/bulk', 'd=1'),
    ]
    other.close()
    expect([signIns, forms]).toEqual([
      [410, 410, 429],
      [401, 401, 401, 429],
    ])
  })

  it('refuses forged origins, forms without token, foreign tokens, and a stale hash', async () => {
    const proposal = await proposeOne()
    const cookie = await signIn()
    const csrf = csrfIn(await pageOf('/inbox', cookie))
    const other = csrfIn(await pageOf('/inbox', await signIn()))
    const path = `/inbox/proposals/${proposal.id}/approve`
    const good = { csrf, hash: proposal.diffHash }
    const { port } = new URL(base)
    for (const origin of [
      'null',
      'http://evil.example',
      `http://localhost:${port}`,
      `http://127.0.0.1:${Number(port) + 1}`,
      `${base}.evil.example`,
      '',
    ]) {
      expect((await form(path, good, { cookie, Origin: origin })).status).toBe(403)
    }
    expect((await form(path, good, { cookie, 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403)
    expect((await form(path, { hash: proposal.diffHash }, { cookie })).status).toBe(403)
    expect((await form(path, { ...good, csrf: other }, { cookie })).status).toBe(403)
    expect((await form(path, { ...good, csrf: '' }, { cookie })).status).toBe(403)
    expect((await form(path, { ...good, hash: 'f'.repeat(64) }, { cookie })).status).toBe(409)
    expect((await form(path, good, {})).status).toBe(401)
    expect((await form(path, good, { cookie: `${cookie}; ${cookie}` })).status).toBe(401)
    expect((await fetch(base + path, { headers: { cookie } })).status).toBe(404)
    expect(await stateOf(proposal.id)).toBe('pending')
  })

  it('accepts no credential of a program, neither as header nor as cookie nor as link', async () => {
    const proposal = await proposeOne()
    const { token } = await asTenant(test.database, team.owner, (tx) =>
      createAccessToken(tx, {
        memberId: team.owner.memberId!,
        name: 'Claude',
        scopes: ['crm'],
        expiresAt: null,
      }),
    )
    const cookie = await signIn()
    const csrf = csrfIn(await pageOf('/inbox', cookie))
    const good = { csrf, hash: proposal.diffHash }
    const path = `/inbox/proposals/${proposal.id}/approve`
    expect((await form(path, good, { cookie, Authorization: `Bearer ${token}` })).status).toBe(403)
    expect((await fetch(`${base}/inbox`, { headers: { Authorization: `Bearer ${token}` } })).status).toBe(403)
    expect((await form(path, good, { cookie: `tact_inbox=${token}` })).status).toBe(401)
    expect((await form('/inbox/sign-in', { token })).status).toBe(410)
    expect(await stateOf(proposal.id)).toBe('pending')
  })

  it('signs in once by a link; looking at the link does not use it up', async () => {
    const token = tokenOf(await signInLink(test.database, base, team.owner))
    const looked = await fetch(`${base}/inbox/sign-in?token=${token}`)
    expect(looked.status).toBe(200)
    expect(looked.headers.get('set-cookie')).toBeNull()
    expect((await form('/inbox/sign-in', { token }, { Origin: 'http://evil.example' })).status).toBe(403)
    const tries = await Promise.all(Array.from({ length: 5 }, () => form('/inbox/sign-in', { token })))
    expect(tries.map(({ status }) => status).sort((a, b) => a - b)).toEqual([303, 410, 410, 410, 410])
    const cookie = tries.find(({ status }) => status === 303)!.headers.get('set-cookie')!
    expect(cookie).toMatch(/HttpOnly/i)
    expect(cookie).toMatch(/SameSite=Strict/i)
    expect(cookie).toMatch(/Path=\/inbox/i)
    await team.query(
      sql`update core.access_tokens set expires_at = now() - interval '1 second' where 'inbox:session' = any(scopes)`,
    )
    expect((await fetch(`${base}/inbox`, { headers: { cookie: cookie.split(';')[0]! } })).status).toBe(401)
    const old = tokenOf(await signInLink(test.database, base, team.owner))
    await team.query(
      sql`update core.access_tokens set expires_at = now() - interval '1 second' where 'inbox:link' = any(scopes)`,
    )
    expect((await form('/inbox/sign-in', { token: old })).status).toBe(410)
  })

  it('ends the session on sign-out', async () => {
    const cookie = await signIn()
    const csrf = csrfIn(await pageOf('/inbox', cookie))
    expect((await form('/inbox/sign-out', { csrf }, { cookie })).status).toBe(200)
    expect((await fetch(`${base}/inbox`, { headers: { cookie } })).status).toBe(401)
  })

  it('shows a viewer everything and lets a viewer decide nothing', async () => {
    const proposal = await proposeOne()
    const cookie = await signIn(team.tenant.actor('viewer'))
    const list = await pageOf('/inbox', cookie)
    expect(list).toContain('Rocket fuel')
    expect(list).not.toContain('>Approve<')
    const answer = await form(
      `/inbox/proposals/${proposal.id}/approve`,
      { csrf: csrfIn(list), hash: proposal.diffHash },
      { cookie },
    )
    expect(answer.status).toBe(403)
    expect(await stateOf(proposal.id)).toBe('pending')
  })

  it('shows nothing of another workspace', async () => {
    const foreign = await makeTeam(test)
    const { proposal } = await foreign.propose([
      { op: 'update', entity: 'deals', record: `deals:${foreign.ids.deal}`, set: { stage: 'Won' } },
    ])
    const cookie = await signIn()
    const csrf = csrfIn(await pageOf('/inbox', cookie))
    expect((await fetch(`${base}/inbox/proposals/${proposal.id}`, { headers: { cookie } })).status).toBe(404)
    expect(
      (await form(`/inbox/proposals/${proposal.id}/approve`, { csrf, hash: proposal.diffHash }, { cookie }))
        .status,
    ).toBe(404)
    expect((await fetch(`${base}/inbox/proposals/not-an-id`, { headers: { cookie } })).status).toBe(404)
  })

  it('escapes what records hold and writes out what would not be seen', async () => {
    await proposeOne({
      next_step: '<script>alert(1)</script> pay \u202Egnp.exe\u202C \u200Bnow',
      notes: '"><img src=x onerror=alert(1)>',
    })
    const answer = await fetch(`${base}/inbox`, { headers: { cookie: await signIn() } })
    const page = await answer.text()
    const rest = page.replace('<script src="/inbox/keys.js" defer></script>', '')
    expect(rest).not.toMatch(/<script|<img|\u202E|\u200B/)
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt; pay ⟦U+202E⟧gnp.exe⟦U+202C⟧ ⟦U+200B⟧now')
    expect(page).not.toMatch(/<[^>]*\s(style|on[a-z]+)=/)
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it('tells of a conflict on the card', async () => {
    const proposal = await proposeOne()
    const cookie = await signIn()
    const csrf = csrfIn(await pageOf('/inbox', cookie))
    await team.query(sql`update crm.deals set stage_id = ${team.ids.won} where id = ${team.ids.deal}`)
    const yes = `/inbox/proposals/${proposal.id}/approve`
    const answer = await form(yes, { csrf, hash: proposal.diffHash }, { cookie })
    expect(answer.status).toBe(409)
    expect(await answer.text()).toContain('deals.stage')
    expect(await stateOf(proposal.id)).toBe('conflicted')
  })

  it('answers malformed and oversized forms without a stack', async () => {
    const cookie = await signIn()
    const big = await form('/inbox/sign-in', { token: 'x'.repeat(20_000) }, { cookie })
    expect(big.status).toBe(413)
    const odd = await fetch(`${base}/inbox/proposals/%E0%A4%A`, { headers: { cookie } })
    expect([400, 404]).toContain(odd.status)
    for (const answer of [big, odd]) expect(await answer.text()).not.toMatch(/node_modules|at .*\.ts:/)
  })
})

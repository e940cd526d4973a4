import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renderLegend } from '../agent/legend.ts'
import { appendTurn, forgetConversation, openConversation } from '../db/conversations.ts'
import { sql } from '../db/sql.ts'
import { asTenant } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase } from '../db/testing.ts'
import type { Actor } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import { createPrivacy } from '../tools/privacy/privacy.ts'
import { makeTeam } from '../writeback/testing.ts'
import type { Team } from '../writeback/testing.ts'
import { createInbox } from './router.ts'
import { signInLink } from './session.ts'

describe.each(testEngines)('conversations and the decoder on %s', (engine) => {
  let test: TestDatabase
  let team: Team
  let server: Server
  let base: string
  let cookie: string
  let csrf: string

  const post = (
    path: string,
    fields: Readonly<Record<string, string>>,
    headers: Record<string, string> = {},
  ) =>
    fetch(base + path, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        Origin: base,
        Cookie: cookie,
        ...headers,
      },
      body: new URLSearchParams(fields).toString(),
    })
  const get = async (path: string) => {
    const answer = await fetch(base + path, { headers: { cookie } })
    return { status: answer.status, page: await answer.text() }
  }
  /** A conversation of the member's with a client elsewhere, and the handle that stands for Dana in it. */
  const conversationOf = async (actor: Actor) => {
    const caller: Actor = { ...actor, via: 'mcp' }
    const { id } = await asTenant(test.database, caller, (tx) =>
      openConversation(tx, { channel: 'mcp', externalKey: newId(), memberId: actor.memberId }),
    )
    const session = await createPrivacy(test.database).open(caller, id)
    const { text } = await session.scrubQuestion('What did Dana Whitfield say?')
    const handle = /PERSON_\d+/.exec(text)![0]
    return { id, handle, text }
  }
  const decode = async (conversation: string, text: string) => {
    const answer = await post('/inbox/decode', { csrf, conversation, text })
    return { status: answer.status, page: await answer.text() }
  }
  const decodedIn = (page: string): string =>
    /<h2>With names<\/h2>.*?class="said"><bdi>(.*?)<\/bdi>/s.exec(page)![1]!

  beforeAll(async () => {
    test = await openTestDatabase(engine)
    team = await makeTeam(test, { now: new Date() })
    const app = express()
    app.use(createInbox({ database: test.database }))
    server = createServer(app).listen(0, '127.0.0.1')
    await once(server, 'listening')
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const link = await signInLink(test.database, base, team.owner)
    cookie = ''
    const answer = await post('/inbox/sign-in', { token: new URL(link).searchParams.get('token')! })
    cookie = answer.headers.get('set-cookie')!.split(';')[0]!
    csrf = /name="csrf" value="([^"]+)"/.exec((await get('/inbox')).page)![1]!
  })
  afterAll(async () => {
    server.closeAllConnections()
    server.close()
    await test.close()
  })

  it('puts names into a pasted answer, however the client wrote the handle', async () => {
    const { id, handle } = await conversationOf(team.owner)
    const { page } = await decode(id, `**${handle.replace('_', '\\_')}** agreed.\r\n${handle}f will call.`)
    expect(decodedIn(page)).toBe('**Dana Whitfield** agreed.\nDana will call.')
    expect(page).toContain('2 of 2 handles put back.')
  })

  it('leaves handles of other conversations, invented ones, and those inside a link', async () => {
    const [one, other] = [await conversationOf(team.owner), await conversationOf(team.owner)]
    expect(one.handle).not.toBe(other.handle)
    const text = `${other.handle} and https://evil.example/?q=${one.handle} and ${one.handle}`
    const { page } = await decode(one.id, text)
    expect(decodedIn(page)).toBe(
      `${other.handle} and https://evil.example/?q=${one.handle} and Dana Whitfield`,
    )
    expect(page).toContain('1 of 3 handles put back.')
  })

  it('escapes what was pasted', async () => {
    const { id, handle } = await conversationOf(team.owner)
    const { page } = await decode(id, `</textarea><img src=x onerror=alert(1)> ${handle}`)
    expect(page).not.toContain('<img')
    expect(decodedIn(page)).toBe('&lt;/textarea&gt;&lt;img src=x onerror=alert(1)&gt; Dana Whitfield')
  })

  it('shows what the person reads beside what the model saw', async () => {
    const { id, handle, text } = await conversationOf(team.owner)
    await asTenant(test.database, team.owner, async (tx) => {
      await appendTurn(tx, id, { role: 'user', content: { text } })
      await appendTurn(tx, id, { role: 'assistant', content: { text: `${handle} said yes.` } })
    })
    expect((await get('/inbox/conversations')).page).toContain(`/inbox/conversations/${id}`)
    const { status, page } = await get(`/inbox/conversations/${id}`)
    expect(status).toBe(200)
    expect(page).toContain('Dana Whitfield said yes.')
    expect(page).toContain(`${handle} said yes.`)
  })

  it('shows what the person said without what the model was told beside it', async () => {
    const { id, handle } = await conversationOf(team.owner)
    const legend = renderLegend([{ handle, is: 'people', facts: { title: 'Buyer' } }])
    await asTenant(test.database, team.owner, (tx) =>
      appendTurn(tx, id, { role: 'user', content: { text: `Who is ${handle}?${legend}` } }),
    )
    const { page } = await get(`/inbox/conversations/${id}`)
    expect(page).toContain('<bdi>Who is Dana Whitfield?</bdi>')
    expect(page.match(/Buyer/g)).toHaveLength(1)
  })

  it('opens a conversation to its member alone, whatever the role of who asks, and to nobody once forgotten', async () => {
    const foreign = await makeTeam(test)
    const theirs = await conversationOf(foreign.owner)
    const colleague = await conversationOf(team.tenant.actor('editor'))
    const mine = await conversationOf(team.owner)
    expect((await decode(mine.id, mine.handle)).status).toBe(200)
    await asTenant(test.database, team.owner, (tx) => forgetConversation(tx, mine.id))
    for (const { id, handle } of [theirs, colleague, mine]) {
      expect((await get(`/inbox/conversations/${id}`)).status).toBe(404)
      const refused = await decode(id, `${handle} here`)
      expect(refused.status).toBe(404)
      expect(refused.page).not.toContain('Dana Whitfield')
    }
    expect((await decode('not-an-id', 'x')).status).toBe(404)
  })

  it('takes back all that a conversation had carried out, but for what somebody edited since', async () => {
    const { id } = await conversationOf(team.owner)
    const deal = `deals:${team.ids.deal}`
    const wishes = [
      [{ op: 'update', entity: 'deals', record: deal, set: { next_step: 'By the run' } }],
      [{ op: 'task', set: { title: 'By the run' } }],
    ]
    for (const changes of wishes)
      await team.carryOut((await team.propose(changes, { conversationId: id })).proposal)
    const path = `/inbox/conversations/${id}`
    expect((await get(path)).page).toContain('2 proposals of this conversation are written')
    await team.query(sql`update crm.deals set next_step = 'By hand' where id = ${team.ids.deal}`)
    const undone = await (await post(`${path}/undo`, { csrf })).text()
    expect(undone).toContain('1 taken back, 1 not.')
    expect(undone).toContain('1 proposal of this conversation is written')
    expect(
      await team.query(sql`select title from crm.tasks where title = 'By the run' and deleted_at is null`),
    ).toEqual([])
    expect(await team.query(sql`select next_step from crm.deals where id = ${team.ids.deal}`)).toEqual([
      { next_step: 'By hand' },
    ])
    const colleague = await conversationOf(team.tenant.actor('editor'))
    expect((await post(`/inbox/conversations/${colleague.id}/undo`, { csrf })).status).toBe(404)
  })

  it('refuses forged origins, forms without token, and credentials of programs', async () => {
    const { id, handle } = await conversationOf(team.owner)
    const fields = { csrf, conversation: id, text: handle }
    expect((await post('/inbox/decode', fields, { Origin: 'http://evil.example' })).status).toBe(403)
    expect((await post('/inbox/decode', { ...fields, csrf: '' })).status).toBe(403)
    expect((await post('/inbox/decode', fields, { Authorization: 'Bearer tact_x' })).status).toBe(403)
    for (const path of [
      '/inbox/decode',
      '/inbox/conversations',
      `/inbox/conversations/${id}`,
      '/inbox/dashboard',
    ]) {
      expect((await fetch(base + path)).status).toBe(401)
      expect((await fetch(base + path, { headers: { cookie, Authorization: 'Bearer tact_x' } })).status).toBe(
        403,
      )
    }
  })

  it('counts the pipeline, the activity and what went quiet on the dashboard', async () => {
    const { status, page } = await get('/inbox/dashboard')
    expect(status).toBe(200)
    for (const heading of [
      'Open pipeline by stage',
      'Activity of the last twelve weeks',
      'Open deals that went quiet',
    ])
      expect(page).toContain(heading)
    expect(page).not.toContain('role="alert"')
    expect(page).toMatch(/Lead/)
  })
})

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
import { newId } from '../domain/ids.ts'
import { ask as askQuestion } from '../query/ask.ts'
import { keepAnswer, saveQuery } from '../query/kept.ts'
import { parseQuery } from '../query/parse-json.ts'
import { saveView } from '../query/views.ts'
import { createInbox } from './router.ts'
import { signInLink } from './session.ts'

const GROUPED = 'select city, count(*) as people from people group by city order by people desc, city'

describe.each(testEngines)('the query page on %s', (engine) => {
  let db: TestDatabase
  let tenant: TestTenant
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
  const ask = async (question: string) => {
    const answer = await post('/inbox/query', { csrf, question })
    return { status: answer.status, page: await answer.text() }
  }

  const person = (city: string | null, family: string, of: TestTenant) =>
    asTenant(db.database, of.actor(), (tx) =>
      rows(
        tx,
        sql`insert into crm.people (id, tenant_id, given_name, family_name, city)
          values (${newId()}, ${of.workspace.id}, 'Mara', ${family}, ${city})`,
      ),
    )

  beforeAll(async () => {
    db = await openTestDatabase(engine)
    tenant = await db.addTenant()
    for (const [city, family] of [
      ['Oslo', 'Whitfield'],
      ['Oslo', '=HYPERLINK("http://evil.example")'],
      ['Bergen', '<script>alert(1)</script>'],
      [null, '+1+1'],
    ] as const)
      await person(city, family, tenant)
    await person('Oslo', 'CANARY', await db.addTenant())
    server = createServer(express().use(createInbox({ database: db.database }))).listen(0, '127.0.0.1')
    await once(server, 'listening')
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    cookie = ''
    const link = await signInLink(db.database, base, tenant.actor('viewer'))
    const signedIn = await post('/inbox/sign-in', { token: new URL(link).searchParams.get('token')! })
    cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!
    const page = await (await fetch(`${base}/inbox/query`, { headers: { Cookie: cookie } })).text()
    csrf = /name="csrf" value="([^"]+)"/.exec(page)![1]!
  })
  afterAll(async () => {
    server.closeAllConnections()
    server.close()
    await db.close()
  })

  test('a viewer asks in SQL and sees rows with names, what was counted, and the SQL that ran', async () => {
    const { status, page } = await ask("select name, city from people where city = 'Oslo' order by name")
    expect(status).toBe(200)
    expect(page).toContain('<bdi>Mara Whitfield</bdi>')
    expect(page).toContain('2 in all.')
    expect(page).toContain('The SQL that ran')
    expect(page).not.toContain('CANARY')
  })

  test('a question as JSON is answered as well, and what is left out is said', async () => {
    const { status, page } = await ask('{"find":"people","fields":["name"],"limit":3}')
    expect(status).toBe(200)
    expect(page).toContain('Not all of it:')
    expect(page).toContain('3 of 4.')
  })

  test('groups are drawn as bars without a script of their own or an inline style, in SQL and in JSON', async () => {
    for (const question of [
      GROUPED,
      '{"find":"people","group_by":["city"],"measures":[{"fn":"count","as":"people"}]}',
    ]) {
      const { page } = await ask(question)
      expect(page).toContain('<svg class="chart"')
      expect(page.match(/<rect\s/g)!.length).toBe(3)
      expect(page).toMatch(/>Oslo: 2<\/title/)
      const rest = page.replace('<script src="/inbox/keys.js" defer></script>', '')
      expect(rest).not.toMatch(/<script|style="|onload=/)
    }
    expect((await ask('select name, 5 as n from people')).page).not.toContain('<svg')
  })

  test('what records and questions hold is text on the page, never markup', async () => {
    const { page } = await ask('select family_name from people /* </textarea><script>alert(2)</script> */')
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(page).not.toContain('<script>')
    expect(page).not.toContain('</textarea><script')
  })

  test('what cannot be asked is explained, with the question kept', async () => {
    const { status, page } = await ask('select nam from people')
    expect(status).toBe(400)
    expect(page).toContain('data-code="unknown_column"')
    expect(page).toContain('select nam from people</textarea>')
    expect((await ask('{"find":')).page).toContain('data-code="bad_json"')
    expect((await ask('')).status).toBe(400)
  })

  test('the CSV holds every row, and nothing that a spreadsheet would run', async () => {
    const question = 'select family_name from people order by family_name'
    const answer = await post('/inbox/query.csv', { csrf, question })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toMatch(/^text\/csv/)
    expect(answer.headers.get('content-disposition')).toContain('attachment')
    const lines = (await answer.text()).replace('\ufeff', '').trim().split('\r\n')
    expect(lines.length).toBe(5)
    for (const line of lines) expect(line.replace(/^"/, '')).not.toMatch(/^[=+\-@]/)
  })

  const get = async (path: string) => {
    const answer = await fetch(base + path, { headers: { Cookie: cookie } })
    return { status: answer.status, type: answer.headers.get('content-type'), page: await answer.text() }
  }

  test('an answer has an address of its own, where it is asked again and says what changed', async () => {
    const { page } = await ask(GROUPED)
    const [address] = /\/inbox\/query\/[0-9a-f-]{36}/.exec(page)!
    const same = await get(address)
    expect(same.status).toBe(200)
    expect(same.page).toContain('The answer is the same today.')
    expect(same.page).toContain('<svg class="chart"')
    expect(same.page).toContain('group by city')
    await person('Narvik', 'Later', tenant)
    const changed = await get(address)
    expect(changed.page).toContain('3 rows then, 4 now.')
    expect(changed.page).toContain('<bdi>Narvik</bdi>')
    const csv = await get(`${address}/csv`)
    expect(csv.type).toMatch(/^text\/csv/)
    expect(csv.page).toContain('Narvik,1')
  })

  test('the address of another workspace’s answer, and one that is none, lead nowhere', async () => {
    const other = await db.addTenant()
    const theirs = await asTenant(db.database, other.actor(), async (tx) => {
      const context = { workspace: other.workspace, actor: other.actor(), now: new Date() }
      const question = { sql: 'select 1 as one' }
      return keepAnswer(tx, question, await askQuestion(tx, question, context), context)
    })
    for (const id of [theirs, newId(), 'x']) {
      const { status, page } = await get(`/inbox/query/${id}`)
      expect([id, status]).toEqual([id, 404])
      expect(page).toContain('data-code="unknown_query"')
    }
    expect((await fetch(`${base}/inbox/query/${theirs}`)).status).toBe(401)
  })

  test('views and saved questions are listed and opened; a personal view of somebody else is neither', async () => {
    const owner = tenant.actor()
    const shared = parseQuery({ find: 'people', where: [{ field: 'city', value: 'Bergen' }] })
    await asTenant(db.database, owner, async (tx) => {
      const context = { workspace: tenant.workspace, actor: owner, now: new Date() }
      await saveView(tx, { name: 'In <Bergen>', question: shared, isShared: true }, context)
      await saveView(tx, { name: 'Private', question: shared, isShared: false }, context)
      const question = { sql: GROUPED }
      await saveQuery(tx, { name: 'By city', wording: 'People by city', question }, context)
    })
    const { page } = await get('/inbox/query')
    expect(page).toContain('<bdi>In &lt;Bergen&gt;</bdi>')
    expect(page).toContain('<bdi>People by city</bdi>')
    const [, view] = /\/inbox\/query\?view=([0-9a-f-]{36})/.exec(page)!
    const opened = await get(`/inbox/query?view=${view}`)
    expect(opened.page).toContain('1 in all.')
    expect(opened.page).toContain('&quot;Bergen&quot;')
    expect((await get('/inbox/query?saved=By+city')).page).toContain('<svg class="chart"')
    for (const path of ['?view=Nobody', '?saved=Nobody'])
      expect((await get(`/inbox/query${path}`)).status).toBe(404)
  })

  test('nobody asks without a session, another site’s form, or a form of another session', async () => {
    expect((await fetch(`${base}/inbox/query`)).status).toBe(401)
    for (const path of ['/inbox/query', '/inbox/query.csv']) {
      expect((await post(path, { csrf, question: GROUPED }, { Cookie: '' })).status).toBe(401)
      expect((await post(path, { csrf: 'x', question: GROUPED })).status).toBe(403)
      expect((await post(path, { question: GROUPED })).status).toBe(403)
      expect((await post(path, { csrf, question: GROUPED }, { Origin: 'http://evil.example' })).status).toBe(
        403,
      )
    }
    expect(
      await fetch(`${base}/inbox/query?question=${encodeURIComponent(GROUPED)}`, {
        headers: { Cookie: cookie },
      }).then((r) => r.text()),
    ).not.toContain('<svg')
  })

  test('a question as long as SQL may be is read, a longer form is not', async () => {
    const long = `select name from people -- ${'ä'.repeat(7_000)}`
    expect((await ask(long)).status).toBe(200)
    expect((await ask('x'.repeat(200_000))).status).toBe(413)
  })
})

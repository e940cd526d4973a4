import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createAccessToken, findAccessToken } from '../../db/access-tokens.ts'
import { openConversation } from '../../db/conversations.ts'
import { sql } from '../../db/sql.ts'
import { asTenant } from '../../db/tenant.ts'
import { openTestDatabase, testEngines } from '../../db/testing.ts'
import type { TestDatabase } from '../../db/testing.ts'
import type { Role } from '../../domain/actor.ts'
import { isUuid, newId } from '../../domain/ids.ts'
import { roleOfScopes, toolScopesIn } from '../../domain/permissions.ts'
import { createPrivacy } from '../../tools/privacy/privacy.ts'
import { makeTeam } from '../../writeback/testing.ts'
import type { Team } from '../../writeback/testing.ts'
import { startSession } from '../session.ts'
import type { AuthenticateAgent } from './caller.ts'
import { createApi } from './router.ts'
import type { Body } from './testing/body.ts'

type Headers = Readonly<Record<string, string>>
interface Answer {
  readonly status: number
  readonly headers: globalThis.Headers
  readonly text: string
  readonly body: Body
}

describe.each(testEngines)('the API for programs on %s', (engine) => {
  let db: TestDatabase
  let team: Team
  let server: Server
  let base: string
  let agent: Headers
  let reader: Headers
  let person: Headers

  const authenticate: AuthenticateAgent = async (token) => {
    const found = await findAccessToken(db.database, token)
    const scopes = toolScopesIn(found?.scopes ?? [])
    if (!found || scopes.length === 0) return undefined
    const { tenantId, memberId, policy } = found
    const actor = { tenantId, memberId, role: roleOfScopes(found.role, scopes), via: 'mcp' as const }
    const { id } = await asTenant(db.database, actor, (tx) =>
      openConversation(tx, {
        channel: 'mcp',
        externalKey: `token:${found.tokenId}`,
        memberId: actor.memberId,
      }),
    )
    return { actor, conversationId: id, scopes, ...(policy === null ? {} : { policy }) }
  }
  const tokenOf = async (scope: string): Promise<Headers> => {
    const { token } = await asTenant(db.database, team.owner, (tx) =>
      createAccessToken(tx, {
        memberId: team.owner.memberId!,
        name: scope,
        scopes: [scope],
        expiresAt: null,
      }),
    )
    return { authorization: `Bearer ${token}` }
  }
  const ask = async (
    method: string,
    path: string,
    headers: Headers = {},
    body?: unknown,
  ): Promise<Answer> => {
    const response = await fetch(base + path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') ?? false
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: (isJson ? JSON.parse(text) : {}) as Body,
    }
  }
  const signIn = async (role: Role): Promise<Headers> => {
    const session = await startSession(db.database, { ...team.tenant.actor(role), via: 'inbox' })
    const cookie = { cookie: `tact_inbox=${session}` }
    const { body } = await ask('GET', '/api/session', cookie)
    return { ...cookie, origin: base, 'x-csrf-token': body.csrf }
  }
  const cityOf = async (id: string): Promise<string | undefined> => {
    const [row] = await team.query<{ city: string }>(sql`select city from crm.people where id = ${id}`)
    return row?.city
  }
  const path = (kind: string, name: keyof Team['ids']): string => `/api/crm/${kind}/${team.ids[name]}`

  beforeAll(async () => {
    db = await openTestDatabase(engine)
    const { database } = db
    const api = createApi({
      database,
      privacy: createPrivacy(database),
      queryTimeoutMs: 10_000,
      authenticate,
    })
    server = createServer(express().use(api)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  beforeEach(async () => {
    team = await makeTeam(db, { now: new Date() })
    agent = await tokenOf('crm')
    reader = await tokenOf('crm:read')
    person = await signIn('owner')
  })
  afterAll(async () => {
    server.closeAllConnections()
    server.close()
    await db.close()
  })

  test('a program reads handles, a signed-in person names and ids', async () => {
    const byAgent = await ask('GET', '/api/crm/contacts?order=name', agent)
    expect(byAgent.status).toBe(200)
    const { query_id: queryId, ...listed } = byAgent.body
    expect(JSON.stringify(listed)).not.toMatch(/Dana|Whitfield|Acme|[0-9a-f]{8}-[0-9a-f]{4}-7/)
    const again = await ask('GET', `/api/crm/queries/${queryId}`, agent)
    expect(again.body).toEqual({ ...byAgent.body, as_of: again.body.as_of })
    expect((await ask('GET', `/api/crm/queries/${newId()}`, agent)).status).toBe(404)
    expect(byAgent.body.page).toEqual({ total: 3, returned: 3, complete: true, next_cursor: null })
    const handle = byAgent.body.data[0]!.id
    expect(handle).toMatch(/^PERSON_\d{5}$/)
    const one = await ask('GET', `/api/crm/contacts/${handle}`, agent)
    expect(one.body).toMatchObject({ id: handle, entity: 'people', fields: { city: 'Bonn' } })

    const byPerson = await ask('GET', '/api/crm/contacts?order=name&fields=name,company', person)
    expect(byPerson.body.data[0]).toEqual({
      id: `people:${team.ids.dana}`,
      name: 'Dana Whitfield',
      company: 'Acme Rockets',
      company_id: `companies:${team.ids.acme}`,
    })
    const whole = await ask('GET', `/api/crm/client-360/contacts/${team.ids.dana}`, person)
    expect(whole.body).toMatchObject({ entity: 'people', fields: { name: 'Dana Whitfield' } })
    expect(whole.body.sections['interactions']?.rows[0]?.summary).toBe('First call')
  })

  test('pages follow each other by cursor and leave nothing out', async () => {
    const seen: string[] = []
    let cursor = ''
    do {
      const { status, body } = await ask('GET', `/api/crm/contacts?order=name&limit=1${cursor}`, person)
      expect(status).toBe(200)
      seen.push(...body.data.map((row) => row.name))
      cursor = body.page.next_cursor === null ? '' : `&cursor=${body.page.next_cursor}`
    } while (cursor !== '')
    expect(seen).toEqual(['Dana Whitfield', 'Erik Ørsted', 'Farah Khan'])
    const where = encodeURIComponent(JSON.stringify([{ field: 'city', value: 'Bonn' }]))
    expect((await ask('GET', `/api/crm/contacts?where=${where}`, person)).body.page.total).toBe(1)
  })

  test("a program's change waits for a person, who alone decides", async () => {
    const put = await ask('PUT', path('contacts', 'dana'), agent, { city: 'Oslo' })
    expect([put.status, put.body.written, put.body.proposal.status]).toEqual([202, false, 'pending'])
    expect(put.body.proposal.deciding).toBeNull()
    const location = put.headers.get('location')!
    expect((await ask('GET', location, agent)).body.changes[0]?.fields[0]).toMatchObject({
      field: 'city',
      new: 'Oslo',
    })
    for (const action of ['approve', 'reject', 'undo']) {
      const refused = await ask('POST', `${location}/${action}`, agent, { hash: 'x' })
      expect([action, refused.status, refused.body.code]).toEqual([action, 403, 'persons_only'])
    }
    expect(await cityOf(team.ids.dana)).toBe('Bonn')

    const { body: list } = await ask('GET', '/api/proposals?state=pending', person)
    const { proposal, deciding } = list.data[0]!
    const yes = await ask('POST', `/api/proposals/${proposal}/approve`, person, { hash: deciding.hash })
    expect([yes.status, yes.body.written]).toEqual([200, true])
    expect(await cityOf(team.ids.dana)).toBe('Oslo')
    expect((await ask('POST', `/api/proposals/${proposal}/undo`, person, {})).body.proposal.status).toBe(
      'undone',
    )
    expect(await cityOf(team.ids.dana)).toBe('Bonn')
  })

  test('a signed-in person writes at once, on the record and undoable; what takes two people waits', async () => {
    const made = await ask('POST', '/api/crm/contacts?reason=met+her', person, {
      given_name: 'Noor',
      family_name: 'Neu',
    })
    expect([made.status, made.body.proposal.status, made.body.proposal.reason]).toEqual([
      201,
      'executed',
      'met her',
    ])
    const again = await ask('GET', made.headers.get('location')!, person)
    expect(again.body.fields['name']).toBe('Noor Neu')
    const undone = await ask('POST', `/api/proposals/${made.body.proposal.proposal}/undo`, person, {})
    expect(undone.body.proposal.status).toBe('undone')
    expect((await ask('GET', made.headers.get('location')!, person)).status).toBe(404)

    const owner = `members:${team.tenant.actor('admin').memberId}`
    const two = await ask('PUT', path('accounts', 'acme'), person, { owner })
    expect([two.status, two.body.proposal.status]).toEqual([202, 'pending'])
    expect(two.body.proposal.deciding).toMatchObject({ approvals_needed: 2, approvals_given: 1 })
    const hash = two.body.proposal.deciding.hash
    const second = await ask('POST', `${two.headers.get('location')!}/approve`, await signIn('admin'), {
      hash,
    })
    expect(second.body.written).toBe(true)

    const linked = await ask('PUT', path('contacts', 'dana'), person, {
      city: 'Rome',
      tags: [`tags:${team.ids.vip}`],
    })
    expect([linked.status, linked.body.proposal.changes.length]).toEqual([200, 1])
    const same = await ask('PUT', path('contacts', 'dana'), person, { city: 'Rome' })
    expect([same.status, same.body.proposal]).toEqual([200, null])
  })

  test('an ETag spares a reader what it has, and a writer what it has not seen', async () => {
    for (const headers of [agent, person]) {
      const first = await ask('GET', path('contacts', 'dana'), headers)
      const etag = first.headers.get('etag')!
      const known = await ask('GET', path('contacts', 'dana'), { ...headers, 'if-none-match': etag })
      expect([known.status, known.text]).toEqual([304, ''])
      const page = await ask('GET', '/api/crm/contacts', headers)
      const same = await ask('GET', '/api/crm/contacts', {
        ...headers,
        'if-none-match': page.headers.get('etag')!,
      })
      expect(same.status).toBe(304)
    }
    const etag = (await ask('GET', path('contacts', 'dana'), person)).headers.get('etag')!
    const written = await ask(
      'PUT',
      path('contacts', 'dana'),
      { ...person, 'if-match': etag },
      { city: 'Oslo' },
    )
    expect(written.status).toBe(200)
    const late = await ask('PUT', path('contacts', 'dana'), { ...person, 'if-match': etag }, { city: 'Kyiv' })
    expect([late.status, late.body.code]).toEqual([412, 'version_conflict'])
    const lateAgent = await ask(
      'PUT',
      path('contacts', 'dana'),
      { ...agent, 'if-match': etag },
      { city: 'Kyiv' },
    )
    expect(lateAgent.status).toBe(412)
    expect(await cityOf(team.ids.dana)).toBe('Oslo')
  })

  test('a retry with its key makes no second record', async () => {
    const keyedOnce = { ...person, 'idempotency-key': 'k1' }
    const first = await ask('POST', '/api/crm/tasks', keyedOnce, { title: 'Call them' })
    const second = await ask('POST', '/api/crm/tasks', keyedOnce, { title: 'Call them' })
    expect(second.body.proposal.proposal).toBe(first.body.proposal.proposal)
    const other = await ask('POST', '/api/crm/tasks', keyedOnce, { title: 'Call others' })
    expect([other.status, other.body.code]).toEqual([409, 'idempotency_key_reused'])
    const keyed = { ...agent, 'idempotency-key': 'k1' }
    const [one, two] = [
      await ask('POST', '/api/crm/tasks', keyed, { title: 'Mail them' }),
      await ask('POST', '/api/crm/tasks', keyed, { title: 'Mail them' }),
    ]
    expect([one.status, two.body.proposal.proposal]).toEqual([202, one.body.proposal.proposal])
  })

  test("a table is read for a program and brought for a person; the program's waits", async () => {
    const file = { kind: 'csv', name: 'people.csv', text: 'Name,Email\nZed Zedson,zed@zed.example\n' }
    const staged = await ask('POST', '/api/crm/imports', agent, file)
    expect([staged.status, staged.body.import.state]).toEqual([202, 'proposed'])
    const people = () =>
      team.query<{ n: number }>(sql`select count(*)::int as n from crm.people where deleted_at is null`)
    expect(await people()).toEqual([{ n: 3 }])
    const { id } = staged.body.import
    expect((await ask('POST', `/api/crm/imports/${id}/approve`, agent)).status).toBe(403)
    expect((await ask('POST', `/api/crm/imports/${id}/approve`, person)).body.import.state).toBe('committed')
    expect(await people()).toEqual([{ n: 4 }])
    expect((await ask('POST', `/api/crm/imports/${id}/undo`, person)).body.import.state).toBe('undone')
    expect(await people()).toEqual([{ n: 3 }])
    const brought = await ask('POST', '/api/crm/imports', person, { ...file, name: 'again.csv' })
    expect([brought.status, brought.body.written]).toEqual([201, true])
    expect((await ask('GET', '/api/crm/imports', agent)).body.data).toHaveLength(2)
    const waits = await ask('POST', '/api/crm/imports', agent, { ...file, text: 'Name\nYan Yanson\n' })
    expect((await ask('POST', `/api/crm/imports/${waits.body.import.id}/reject`, person)).status).toBe(200)
    expect((await ask('GET', `/api/crm/imports/${waits.body.import.id}`, person)).status).toBe(404)
  })

  test('a session writes only from our own pages; a read-only token and a viewer write nothing', async () => {
    const body = { city: 'Oslo' }
    const { 'x-csrf-token': csrf, ...withoutCsrf } = person
    for (const headers of [
      withoutCsrf,
      { ...person, 'x-csrf-token': `${csrf}x` },
      { ...person, origin: 'http://127.0.0.1:1' },
    ]) {
      const refused = await ask('PUT', path('contacts', 'dana'), headers, body)
      expect([refused.status, refused.body.code]).toEqual([403, 'not_your_page'])
    }
    expect((await ask('PUT', path('contacts', 'dana'), reader, body)).status).toBe(403)
    expect((await ask('PUT', path('contacts', 'dana'), await signIn('viewer'), body)).status).toBe(403)
    expect((await ask('GET', path('contacts', 'dana'), reader)).status).toBe(200)
    const narrow = await ask('GET', path('contacts', 'dana'), await tokenOf('crm.propose'))
    expect([narrow.status, narrow.body.code]).toEqual([403, 'insufficient_scope'])
    for (const headers of [
      {},
      { authorization: 'Bearer tact_x' },
      { authorization: 'Basic eDp5' },
      { cookie: 'tact_inbox=x' },
    ])
      expect((await ask('GET', '/api/crm/contacts', headers)).status).toBe(401)
    // Who sends a token is a program, whatever cookie comes along.
    expect((await ask('PUT', path('contacts', 'dana'), { ...person, ...agent }, body)).status).toBe(202)
    expect(await cityOf(team.ids.dana)).toBe('Bonn')
  })

  test('what is wrong with a request is said as a problem, with what to do', async () => {
    const tries: readonly (readonly [number, string, Promise<Answer>])[] = [
      [404, 'no_record', ask('GET', '/api/crm/contacts/PERSON_00000', agent)],
      [404, 'no_record', ask('GET', path('accounts', 'dana'), agent)],
      [404, 'no_such_path', ask('GET', '/api/crm/nothing', agent)],
      [405, 'wrong_method', ask('DELETE', path('contacts', 'dana'), agent)],
      [400, 'bad_request', ask('GET', '/api/crm/contacts?limit=0', agent)],
      [400, 'bad_request', ask('GET', '/api/crm/contacts?where=x', agent)],
      [400, 'bad_cursor', ask('GET', '/api/crm/contacts?cursor=x', agent)],
      [400, 'bad_request', ask('POST', '/api/crm/tasks', agent, { nope: 1 })],
      [400, 'bad_request', ask('POST', '/api/crm/tasks', agent, '{"title"')],
      [413, 'too_large', ask('POST', '/api/crm/tasks', agent, { title: 'x'.repeat(1_100_000) })],
      [415, 'not_json', ask('POST', '/api/crm/tasks', { ...agent, 'content-type': 'text/plain' }, 'title=x')],
    ]
    for (const [status, code, made] of tries) {
      const answer = await made
      expect([answer.status, answer.body.code]).toEqual([status, code])
      expect(answer.headers.get('content-type')).toContain('application/problem+json')
      expect(answer.body.fix).toMatch(/\.$/)
    }
    const stage = await ask('PUT', path('opportunities', 'deal'), agent, { stage: 'Nowhere' })
    expect([stage.status, stage.body.at]).toEqual([400, 'body.stage'])
    expect((await ask('DELETE', path('contacts', 'dana'), agent)).headers.get('allow')).toBe('GET, PUT, HEAD')
    const described = await ask('GET', '/api/openapi.json')
    expect([described.status, described.body.openapi]).toEqual([200, '3.1.0'])
  })

  test("another workspace's records are not there", async () => {
    const other = await makeTeam(db)
    for (const headers of [agent, person]) {
      for (const id of [other.ids.dana, `people:${other.ids.dana}`])
        expect((await ask('GET', `/api/crm/contacts/${id}`, headers)).status).toBe(404)
      expect(
        (await ask('PUT', `/api/crm/contacts/${other.ids.dana}`, headers, { city: 'Oslo' })).status,
      ).toBe(404)
    }
    const { proposal } = await other.propose([
      { op: 'update', entity: 'people', record: `people:${other.ids.dana}`, set: { city: 'Oslo' } },
    ])
    expect((await ask('GET', `/api/proposals/${proposal.id}`, person)).status).toBe(404)
    const yes = await ask('POST', `/api/proposals/${proposal.id}/approve`, person, {
      hash: proposal.diffHash,
    })
    expect(yes.status).toBe(404)
    expect(isUuid(proposal.id)).toBe(true)
  })

  test('too many changes in a minute are put off', async () => {
    const { database } = db
    const api = createApi({
      database,
      privacy: createPrivacy(database),
      queryTimeoutMs: 10_000,
      authenticate,
      limits: { changes: 2 },
    })
    const small = createServer(express().use(api)).listen(0, '127.0.0.1')
    await once(small, 'listening')
    const url = `http://127.0.0.1:${(small.address() as AddressInfo).port}/api/crm/tasks`
    const statuses: number[] = []
    for (const title of ['a', 'b', 'c']) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...agent, 'content-type': 'application/json' },
        body: JSON.stringify({ title }),
      })
      statuses.push(response.status)
    }
    small.closeAllConnections()
    small.close()
    expect(statuses).toEqual([202, 202, 429])
  })
})

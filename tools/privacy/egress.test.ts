import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { verifyAudit } from '../../db/audit.ts'
import { forgetConversation, openConversation } from '../../db/conversations.ts'
import { readEgress } from '../../db/egress.ts'
import { sql } from '../../db/sql.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import { openTestDatabase, testEngines, type TestDatabase } from '../../db/testing.ts'
import { setPolicy } from '../../db/workspace.ts'
import type { Actor } from '../../domain/actor.ts'
import { newId } from '../../domain/ids.ts'
import { unsealBody } from '../../redaction/seal-body.ts'
import { createPrivacy } from './privacy.ts'

describe.each(testEngines)('what leaves this machine, on %s', (engine) => {
  let opened: TestDatabase
  let actor: Actor
  let conversationId = ''
  const model = 'anthropic:test'

  beforeAll(async () => {
    opened = await openTestDatabase(engine)
  })
  beforeEach(async () => {
    await opened.truncate()
    const tenant = await opened.addTenant()
    actor = { ...tenant.actor(), via: 'chat' }
    conversationId = await asTenant(opened.database, actor, async (tx) => {
      const person = newId()
      await rows(
        tx,
        sql`insert into crm.people (id, tenant_id, given_name, family_name) values (${person}, core.current_tenant(), 'Dana', 'Whitfield')`,
      )
      await rows(
        tx,
        sql`insert into crm.person_emails (id, tenant_id, person_id, address) values (${newId()}, core.current_tenant(), ${person}, 'dana@nimbus.example')`,
      )
      return (await openConversation(tx, { channel: 'chat', externalKey: null, memberId: actor.memberId })).id
    })
  })
  afterAll(() => opened.close())

  const session = () => createPrivacy(opened.database).open(actor, conversationId)
  const ledger = (id: string) =>
    asTenant(opened.database, actor, (tx) => readEgress(tx, id), { readOnly: true })

  test('every request leaves a row with the digest of its exact bytes, on the chain, and its body under the key', async () => {
    const open = await session()
    const { text } = await open.scrubQuestion('When did I talk to Dana Whitfield?')
    const answer = newId()
    const body = JSON.stringify({ messages: [{ role: 'user', content: text }] })
    await open.beforeSend(answer)({ model, body })
    const [row] = await ledger(answer)
    expect(row).toMatchObject({
      model,
      sent: true,
      leaks: 0,
      policy: 'standard',
      bodySha256: createHash('sha256').update(body).digest('hex'),
      handles: { PERSON: 1 },
    })
    expect(row!.scannedValues).toBeGreaterThan(0)
    expect(Buffer.from(row!.body).toString('latin1')).not.toContain('messages')
    expect(unsealBody(row!.conversationKey!, row!.id, row!.body)).toBe(body)
    const verdict = await asTenant(opened.database, actor, (tx) => verifyAudit(tx), { readOnly: true })
    expect(verdict).toMatchObject({ ok: true, events: row!.auditPosition })
    expect(await ledger(conversationId)).toHaveLength(1)
  })

  test('a request that holds a known value is not sent, whatever its encoding, and that is on record', async () => {
    const open = await session()
    await open.scrubQuestion('When did I talk to Dana Whitfield?')
    for (const hidden of [
      'Dana Whitfield',
      'DANA%20WHITFIELD',
      Buffer.from('Dana Whitfield').toString('base64'),
    ]) {
      const answer = newId()
      const sending = open.beforeSend(answer)({ model, body: JSON.stringify({ text: hidden }) })
      await expect(sending).rejects.toMatchObject({ kind: 'denied', code: 'unsafe_text' })
      expect(await ledger(answer)).toMatchObject([{ sent: false, leaks: 1 }])
    }
  })

  test('a name that begins as a handle does is found beside handles, and not within them', async () => {
    await asTenant(opened.database, actor, (tx) =>
      rows(
        tx,
        sql`insert into crm.companies (id, tenant_id, name) select gen_random_uuid(), core.current_tenant(), 'Company ' || n from generate_series(0, 99) n`,
      ),
    )
    const open = await session()
    const names = Array.from({ length: 100 }, (_, n) => `Company ${n}`).join(', ')
    const { text } = await open.scrubQuestion(`Compare ${names}.`)
    // Of a hundred handles some begin with the digits of another company's name.
    expect(text.match(/COMPANY_[1-9]\d{4}/gu)?.length).toBeGreaterThan(50)
    await open.beforeSend(newId())({ model, body: JSON.stringify({ text }) })
    const own = /COMPANY_\d{5}/u.exec(text)![0]
    for (const hidden of [`${own} is Company 10`, `${own}Company 10`, 'COMPANY_10', 'COMPANY_10999999'])
      await expect(
        open.beforeSend(newId())({ model, body: JSON.stringify({ text: hidden }) }),
      ).rejects.toMatchObject({ code: 'unsafe_text' })
  })

  test('a forgotten conversation keeps its digests and loses its bodies', async () => {
    const open = await session()
    const answer = newId()
    await open.beforeSend(answer)({ model, body: '{}' })
    await asTenant(opened.database, actor, (tx) => forgetConversation(tx, conversationId))
    expect(await ledger(answer)).toMatchObject([{ conversationKey: null, bodyBytes: 2 }])
  })

  test('the ledger is not rewritten by a request', async () => {
    const open = await session()
    const answer = newId()
    await open.beforeSend(answer)({ model, body: '{}' })
    const change = asTenant(opened.database, actor, (tx) =>
      rows(tx, sql`update workflow.egress set leaks = 0 where answer_id = ${answer}`),
    )
    await expect(change).rejects.toThrow(Error)
  })

  test('an address knows its owner', async () => {
    const open = await session()
    const { legend } = await open.scrubQuestion('Did dana@nimbus.example write?')
    const address = legend.find(({ handle }) => handle.startsWith('EMAIL_'))
    expect(address?.facts?.['of']).toMatch(/^PERSON_\d{5}$/u)
  })

  test('a name is hidden within a second of being written', async () => {
    const open = await session()
    expect((await open.scrubContent('from Torvald Eikeland today')).length).toBeGreaterThan(0)
    await asTenant(opened.database, actor, (tx) =>
      rows(
        tx,
        sql`insert into crm.companies (id, tenant_id, name) values (${newId()}, core.current_tenant(), 'Quellbrook Xyzzt')`,
      ),
    )
    const from = performance.now()
    expect(await open.scrubContent('a note on Quellbrook Xyzzt today')).toMatch(/COMPANY_\d{5}/u)
    expect(performance.now() - from).toBeLessThan(1_000)
  })

  test('the policy decides what is hidden, from the next session on', async () => {
    const text = 'Dana Whitfield of Nimbus Robotics'
    await asTenant(opened.database, actor, (tx) =>
      rows(
        tx,
        sql`insert into crm.companies (id, tenant_id, name) values (${newId()}, core.current_tenant(), 'Nimbus Robotics')`,
      ),
    )
    const privacy = createPrivacy(opened.database)
    const under = async (policy: 'strict' | 'standard' | 'contacts-only' | 'off'): Promise<string> => {
      await setPolicy(opened.database, actor.tenantId, policy)
      return (await privacy.open(actor, conversationId)).scrubContent(text)
    }
    expect(await under('standard')).toMatch(/^PERSON_\d{5} of COMPANY_\d{5}$/u)
    expect(await under('contacts-only')).toMatch(/^PERSON_\d{5} of Nimbus Robotics$/u)
    expect(await under('off')).toBe(text)
    const byMcp = await privacy.open({ ...actor, via: 'mcp' }, conversationId)
    expect(await byMcp.scrubContent(text)).toMatch(/^PERSON_\d{5} of COMPANY_\d{5}$/u)
  })

  test('strict also hides titles, places and amounts of results', async () => {
    await setPolicy(opened.database, actor.tenantId, 'strict')
    const open = await session()
    expect(
      await open.hideResult({
        title: 'Chief Financial Officer',
        city: 'Leiden',
        amount: 54_000,
        stage: 'Won',
      }),
    ).toEqual({
      title: expect.stringMatching(/^TITLE_\d{5}$/u),
      city: expect.stringMatching(/^PLACE_\d{5}$/u),
      amount: expect.stringMatching(/^AMOUNT_\d{5}$/u),
      stage: 'Won',
    })
  })
})

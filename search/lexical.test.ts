import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import { newId } from '../domain/ids.ts'
import { searchMail } from './lexical.ts'
import type { SearchOptions } from './lexical.ts'

interface Mail {
  readonly subject: string
  readonly body: string
  readonly day: number
  readonly from?: string
  readonly to?: string
  readonly thread?: string
  readonly direction?: string
  readonly attachment?: boolean
  readonly personId?: string
  readonly toPersonId?: string
  readonly companyId?: string
}

describe.each(testEngines)('searching mail on %s', (engine) => {
  let harness: TestDatabase
  let tenant: TestTenant
  const ids = new Map<string, string>()
  const dana = newId()
  const nimbus = newId()

  const within = <T>(fn: (tx: TenantTx) => Promise<T>, who = tenant): Promise<T> =>
    asTenant(harness.database, who.actor(), fn)

  const add = (mails: readonly Mail[], who = tenant): Promise<void> =>
    within(async (tx) => {
      const tenantId = who.workspace.id
      for (const mail of mails) {
        const [id, threadId] = [newId(), mail.thread ?? newId()]
        ids.set(mail.subject, id)
        await rows(
          tx,
          sql`insert into intel.mail_threads (id, tenant_id, subject) values (${threadId}, ${tenantId}, ${mail.subject}) on conflict do nothing`,
        )
        await rows(
          tx,
          sql`insert into intel.mail_messages (id, tenant_id, thread_id, message_id, content_hash, sent_at, direction, from_address,
              from_name, from_person_id, company_id, subject, body_text, has_attachment, size_bytes, source)
            values (${id}, ${tenantId}, ${threadId}, ${id}, ${id}, ${new Date(Date.UTC(2026, 9, mail.day)).toISOString()},
              ${mail.direction ?? 'inbound'}, ${mail.from ?? 'x@other.example'}, 'Xavier Ünlü', ${mail.personId ?? null},
              ${mail.companyId ?? null}, ${mail.subject}, ${mail.body}, ${mail.attachment ?? false}, 100, 'test')`,
        )
        await rows(
          tx,
          sql`insert into intel.mail_recipients (id, tenant_id, email_id, kind, address, person_id)
            values (${newId()}, ${tenantId}, ${id}, 'to', ${mail.to ?? 'us@team.example'}, ${mail.toPersonId ?? null})`,
        )
      }
    }, who)

  const search = (options: Partial<SearchOptions>, who = tenant) =>
    within((tx) => searchMail(tx, { query: '', limit: 20, ...options }), who)
  const subjects = async (options: Partial<SearchOptions>): Promise<readonly string[]> =>
    (await search(options)).hits.map(({ subject }) => subject)

  beforeAll(async () => {
    harness = await openTestDatabase(engine)
    tenant = await harness.addTenant()
    await within(async (tx) => {
      await rows(
        tx,
        sql`insert into crm.companies (id, tenant_id, name, domain) values (${nimbus}, ${tenant.workspace.id}, 'Nimbus', 'nimbus.example')`,
      )
      await rows(
        tx,
        sql`insert into crm.people (id, tenant_id, given_name, company_id) values (${dana}, ${tenant.workspace.id}, 'Dana', ${nimbus})`,
      )
    })
    const talk = newId()
    await add([
      {
        subject: 'Pricing of the pilot',
        body: 'The price is forty. Prices may rise.',
        day: 1,
        thread: talk,
        personId: dana,
        companyId: nimbus,
        from: 'dana@nimbus.example',
      },
      {
        subject: 'Lunch',
        body: `We never spoke of the price. ${'Other words here. '.repeat(40)}`,
        day: 2,
        thread: talk,
      },
      {
        subject: 'Board meeting',
        body: 'The board will meet in our café on Monday.\nTerm sheet\nattached.',
        day: 3,
        attachment: true,
      },
      {
        subject: 'Newsletter',
        body: 'Price list of the month: the meeting of the board was postponed.',
        day: 4,
        direction: 'internal',
      },
      {
        subject: 'Sent',
        body: 'Our answer.',
        day: 5,
        direction: 'outbound',
        to: 'dana@nimbus.example',
        toPersonId: dana,
        companyId: nimbus,
      },
      { subject: 'Gone', body: 'The price of what is deleted.', day: 6 },
    ])
    await within((tx) =>
      rows(tx, sql`update intel.mail_messages set deleted_at = now() where id = ${ids.get('Gone')}`),
    )
  })
  afterAll(() => harness.close())

  test('the best hit comes first, by stems, and one of the words is enough', async () => {
    expect(await subjects({ query: 'price' })).toEqual(['Pricing of the pilot', 'Newsletter', 'Lunch'])
    expect(await subjects({ query: 'pilots unheardof' })).toEqual(['Pricing of the pilot'])
    expect(await subjects({ query: 'CAFE' })).toEqual(['Board meeting'])
    expect(await subjects({ query: 'unheardof' })).toEqual([])
  })

  test('a phrase must stand word for word, also over a line break; excluded words must not', async () => {
    expect(await subjects({ query: '"term sheet attached"' })).toEqual(['Board meeting'])
    expect(await subjects({ query: '"meeting of the board"' })).toEqual(['Newsletter'])
    expect(await subjects({ query: '"board meetings"' })).toEqual([])
    expect(await subjects({ query: 'price -newsletter' })).toEqual(['Pricing of the pilot', 'Lunch'])
    expect(await subjects({ query: 'price -"price list"' })).toEqual(['Pricing of the pilot', 'Lunch'])
    expect(await subjects({ query: '"of the"' })).toEqual(['Newsletter', 'Lunch', 'Pricing of the pilot'])
  })

  test('a beginning finds the whole word, a sender is found by name', async () => {
    expect(await subjects({ query: 'postpon*' })).toEqual(['Newsletter'])
    expect((await search({ query: 'unlu' })).total).toBe(5)
  })

  test('without words the newest come first, deleted ones never', async () => {
    const all = ['Sent', 'Newsletter', 'Board meeting', 'Lunch', 'Pricing of the pilot']
    expect(await subjects({})).toEqual(all)
    expect(await subjects({ sort: 'oldest' })).toEqual(all.toReversed())
    expect(await subjects({ query: 'price', sort: 'oldest' })).toEqual([
      'Pricing of the pilot',
      'Lunch',
      'Newsletter',
    ])
  })

  test('words too common to search by are named, and alone leave everything', async () => {
    const result = await search({ query: 'the' })
    expect(result).toMatchObject({ ignored: ['the'], total: 5 })
    expect((await search({ query: 'the price' })).ignored).toEqual(['the'])
  })

  test.each([
    ['from a person', { from: { entity: 'people', id: dana } }, ['Pricing of the pilot']],
    ['from an address', { from: 'Dana@Nimbus.example' }, ['Pricing of the pilot']],
    [
      'from a name',
      { from: 'ünlü' },
      ['Sent', 'Newsletter', 'Board meeting', 'Lunch', 'Pricing of the pilot'],
    ],
    ['from a company', { from: { entity: 'companies', id: nimbus } }, ['Pricing of the pilot']],
    ['to a person', { to: { entity: 'people', id: dana } }, ['Sent']],
    ['to an address', { to: 'dana@nimbus.example' }, ['Sent']],
    ['with a person', { with: { entity: 'people', id: dana } }, ['Sent', 'Pricing of the pilot']],
    ['with a company', { with: { entity: 'companies', id: nimbus } }, ['Sent', 'Pricing of the pilot']],
    ['of a company', { company: { entity: 'companies', id: nimbus } }, ['Sent', 'Pricing of the pilot']],
    ['of a company by name', { company: 'nimb' }, ['Sent', 'Pricing of the pilot']],
    ['after an instant', { after: new Date('2026-10-04') }, ['Sent', 'Newsletter']],
    ['before an instant', { before: new Date('2026-10-02') }, ['Pricing of the pilot']],
    ['of a direction', { direction: 'outbound' }, ['Sent']],
    ['with an attachment', { hasAttachment: true }, ['Board meeting']],
    [
      'of words and filters at once',
      { query: 'price', direction: 'inbound', before: new Date('2026-10-02') },
      ['Pricing of the pilot'],
    ],
  ] as const)('filters mail %s', async (_what, options, expected) => {
    expect(await subjects(options)).toEqual(expected)
  })

  test('pages follow each other without gap or repeat, and totals hold', async () => {
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page = await search({ query: 'price board', limit: 2, cursor })
      expect(page).toMatchObject({ total: 4, exact: true })
      seen.push(...page.hits.map(({ id }) => id))
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(new Set(seen).size).toBe(4)
    expect(seen).toEqual((await search({ query: 'price board' })).hits.map(({ id }) => id))
    const { nextCursor } = await search({ query: 'price', limit: 1 })
    await expect(search({ query: 'board', limit: 1, cursor: nextCursor })).rejects.toMatchObject({
      code: 'bad_cursor',
    })
  })

  test('one hit a thread, when asked for', async () => {
    const result = await search({ query: 'price', onePerThread: true })
    expect(result.hits.map(({ subject }) => subject)).toEqual(['Pricing of the pilot', 'Newsletter'])
    expect(result.total).toBe(2)
  })

  test('a record that is no party to mail is refused', async () => {
    await expect(search({ from: { entity: 'deals', id: newId() } })).rejects.toMatchObject({
      code: 'wrong_record',
    })
  })

  test("another workspace's mail changes neither hits nor scores", async () => {
    const before = await search({ query: 'price board' })
    const other = await harness.addTenant()
    await add(
      Array.from({ length: 30 }, (_one, at) => ({
        subject: `Other ${at}`,
        body: 'price price board',
        day: 7,
      })),
      other,
    )
    expect(await search({ query: 'price board' })).toEqual(before)
    expect((await search({ query: 'price' }, other)).total).toBe(30)
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import { newId } from '../domain/ids.ts'
import type { Counts } from './counts.ts'
import { resumeImport } from './import-run.ts'
import { ingest } from './ingest.ts'
import type { RawMessage } from './read/message.ts'
import { parseMessage } from './parse.ts'
import { readCorpus, spamAssassinFiles } from './testing/corpus.ts'
import { letter, raws } from './testing/letters.ts'

const NOW = new Date('2026-11-21T09:00:00Z')

describe.each(testEngines)('mail on %s', (engine) => {
  let harness: TestDatabase
  let tenant: TestTenant

  beforeAll(async () => {
    harness = await openTestDatabase(engine)
  })
  afterAll(() => harness.close())

  const within = <T>(fn: (tx: TenantTx) => Promise<T>): Promise<T> =>
    asTenant(harness.database, tenant.actor(), fn)
  const bring = (letters: readonly string[], source = 'letters'): Promise<Counts> =>
    ingest({ database: harness.database, actor: tenant.actor(), messages: raws(letters), source, now: NOW })
  const fresh = async (): Promise<void> => {
    tenant = await harness.addTenant()
  }

  const addPerson = (address: string, domain?: string): Promise<{ personId: string; companyId: string }> =>
    within(async (tx) => {
      const [personId, companyId] = [newId(), newId()]
      const tenantId = tenant.workspace.id
      await rows(
        tx,
        sql`insert into crm.companies (id, tenant_id, name, domain) values (${companyId}, ${tenantId}, 'Nimbus', ${domain ?? null})`,
      )
      await rows(
        tx,
        sql`insert into crm.people (id, tenant_id, given_name, family_name, company_id)
          values (${personId}, ${tenantId}, 'Dana', 'Whitfield', ${companyId})`,
      )
      await rows(
        tx,
        sql`insert into crm.person_emails (id, tenant_id, person_id, address) values (${newId()}, ${tenantId}, ${personId}, ${address})`,
      )
      return { personId, companyId }
    })

  test('every message of a real corpus comes in, none twice on a second run, and threads agree with References', async () => {
    await fresh()
    const files = spamAssassinFiles(/easy-ham-2/).slice(0, 700)
    const actor = tenant.actor()
    const run = () =>
      ingest({ database: harness.database, actor, messages: readCorpus(files), source: 'corpus', now: NOW })
    expect(await run()).toMatchObject({ seen: files.length, imported: files.length, duplicates: 0 })
    expect(await run()).toMatchObject({ seen: files.length, imported: 0, duplicates: files.length })
    const stored = await within((tx) =>
      rows<{
        message_id: string
        thread_id: string
        reference_ids: string[] | null
        in_reply_to: string | null
      }>(
        tx,
        sql`select message_id, thread_id, reference_ids, in_reply_to from intel.mail_messages where deleted_at is null`,
      ),
    )
    expect(stored.length).toBe(files.length)
    const threadOf = new Map(stored.map((row) => [row.message_id, row.thread_id]))
    const links = stored.flatMap((row) =>
      [row.in_reply_to, ...(row.reference_ids ?? [])]
        .filter((id) => id !== null && threadOf.has(id))
        .map((id) => threadOf.get(id!) === row.thread_id),
    )
    expect(links.length).toBeGreaterThan(200)
    expect(links.filter(Boolean).length / links.length).toBeGreaterThanOrEqual(0.99)
    const [counted] = await within((tx) =>
      rows<{ sum: number; wrong: number }>(
        tx,
        sql`select sum(message_count)::int as sum, count(*) filter (where message_count <> (
            select count(*) from intel.mail_messages m where m.thread_id = t.id))::int as wrong
          from intel.mail_threads t where deleted_at is null`,
      ),
    )
    expect(counted).toEqual({ sum: files.length, wrong: 0 })
  }, 240_000)

  test('the division into threads is the same in any order of arrival', async () => {
    const files = spamAssassinFiles(/easy-ham-2/).slice(0, 200)
    const division = async (order: typeof files): Promise<readonly string[]> => {
      await fresh()
      await ingest({
        database: harness.database,
        actor: tenant.actor(),
        messages: readCorpus(order),
        source: 'x',
        now: NOW,
      })
      const found = await within((tx) =>
        rows<{ ids: string }>(
          tx,
          sql`select string_agg(content_hash, ' ' order by content_hash) as ids from intel.mail_messages group by thread_id order by 1`,
        ),
      )
      return found.map(({ ids }) => ids)
    }
    const forward = await division(files)
    expect(await division(files.toReversed())).toEqual(forward)
    const shuffled = files.toSorted((a, b) => a.name.slice(-8).localeCompare(b.name.slice(-8)))
    expect(await division(shuffled)).toEqual(forward)
  }, 120_000)

  test('the same Message-ID with the same content is a duplicate, with other content it is kept with a note', async () => {
    await fresh()
    const one = letter({ id: 'a@b', from: 'x@y.example', to: 'z@w.example', at: '2026-11-05T10:00:00Z' })
    const delivered = `Received: by mx; Thu, 05 Nov 2026 10:00:09 +0000\n${one.replaceAll('\n', '\r\n')}`
    expect(await bring([one, delivered])).toMatchObject({ imported: 1, duplicates: 1, faulty: 0 })
    expect(await bring([one.replace('Hello.', 'Other.')])).toMatchObject({
      imported: 1,
      duplicates: 0,
      faulty: 1,
    })
    const found = await within((tx) =>
      rows<{ fault: string | null }>(tx, sql`select fault from intel.mail_messages order by id`),
    )
    expect(found.map(({ fault }) => fault)).toEqual([null, 'same_message_id'])
  })

  test('a malformed message is kept with a note', async () => {
    await fresh()
    expect(await bring(['not a mail at all', '\0\0', 'Subject: only'])).toMatchObject({
      imported: 3,
      faulty: 3,
    })
    const found = await within((tx) =>
      rows<{ fault: string }>(tx, sql`select fault from intel.mail_messages order by id`),
    )
    expect(found.every(({ fault }) => fault.includes('no_sender') && fault.includes('no_date'))).toBe(true)
  })

  test('messages are linked to people, members and companies, and become interactions', async () => {
    await fresh()
    const { personId, companyId } = await addPerson('dana@nimbus.example', 'nimbus.example')
    const member = tenant.actor('owner').memberId
    const counts = await bring([
      letter({
        id: '1@x',
        from: 'Owner@Team.example',
        to: 'Dana <dana+work@nimbus.example>',
        at: '2026-11-01T10:00:00Z',
      }),
      letter({
        id: '2@x',
        from: 'dana@nimbus.example',
        to: 'owner@team.example',
        at: '2026-11-02T10:00:00Z',
        replyTo: '1@x',
      }),
      letter({
        id: '3@x',
        from: 'owner@team.example',
        to: 'admin@team.example',
        at: '2026-11-03T10:00:00Z',
        subject: 'Internal',
      }),
      letter({
        id: '4@x',
        from: 'new@mail.nimbus.example',
        to: 'owner@team.example',
        at: '2026-11-04T10:00:00Z',
        subject: 'New',
      }),
      letter({
        id: '5@x',
        from: 'someone@gmail.com',
        to: 'owner@team.example',
        at: '2026-11-05T10:00:00Z',
        subject: 'Free',
      }),
    ])
    expect(counts).toMatchObject({ imported: 5, linked: 2 })
    const found = await within((tx) =>
      rows(
        tx,
        sql`select direction, from_person_id, from_member_id, company_id from intel.mail_messages order by message_id`,
      ),
    )
    expect(found).toEqual([
      { direction: 'outbound', from_person_id: null, from_member_id: member, company_id: companyId },
      { direction: 'inbound', from_person_id: personId, from_member_id: null, company_id: companyId },
      { direction: 'internal', from_person_id: null, from_member_id: member, company_id: null },
      { direction: 'inbound', from_person_id: null, from_member_id: null, company_id: companyId },
      { direction: 'inbound', from_person_id: null, from_member_id: null, company_id: null },
    ])
    const interactions = await within((tx) =>
      rows(
        tx,
        sql`select i.kind, i.direction, i.member_id, i.company_id, i.summary, i.source, p.person_id, i.email_id is not null as has_email
          from intel.interactions i join intel.interaction_people p on p.interaction_id = i.id order by i.occurred_at`,
      ),
    )
    const common = {
      kind: 'email',
      member_id: member,
      company_id: companyId,
      summary: 'Price',
      source: 'mail',
      person_id: personId,
      has_email: true,
    }
    expect(interactions).toEqual([
      { ...common, direction: 'outbound' },
      { ...common, direction: 'inbound' },
    ])
    const [person] = await within((tx) =>
      rows<{ last_inbound_at: string }>(
        tx,
        sql`select last_inbound_at from crm.people where id = ${personId}`,
      ),
    )
    expect(person?.last_inbound_at).toBe('2026-11-02T10:00:00.000Z')
  })

  test('a thread knows who wrote last, whose it is, and whether it waits for an answer', async () => {
    await fresh()
    const { personId, companyId } = await addPerson('dana@nimbus.example')
    const read = async () => {
      const [thread] = await within((tx) =>
        rows(
          tx,
          sql`select subject, message_count, last_direction, needs_reply, owner_id, person_id, company_id, first_at, last_at
            from intel.mail_threads where deleted_at is null`,
        ),
      )
      return thread
    }
    const question = letter({
      id: '1@x',
      from: 'dana@nimbus.example',
      to: 'editor@team.example',
      at: '2026-11-01T10:00:00Z',
    })
    await bring([question])
    expect(await read()).toEqual({
      subject: 'Price',
      message_count: 1,
      last_direction: 'inbound',
      needs_reply: true,
      owner_id: tenant.actor('editor').memberId,
      person_id: personId,
      company_id: companyId,
      first_at: '2026-11-01T10:00:00.000Z',
      last_at: '2026-11-01T10:00:00.000Z',
    })
    const answer = letter({
      id: '2@x',
      from: 'admin@team.example',
      to: 'dana@nimbus.example',
      at: '2026-11-02T10:00:00Z',
      subject: 'Re: Price',
      replyTo: '1@x',
    })
    await bring([answer])
    expect(await read()).toMatchObject({
      message_count: 2,
      last_direction: 'outbound',
      needs_reply: false,
      owner_id: tenant.actor('admin').memberId,
      last_at: '2026-11-02T10:00:00.000Z',
    })
    const automatic = letter({
      id: '3@x',
      from: 'dana@nimbus.example',
      to: 'admin@team.example',
      at: '2026-11-03T10:00:00Z',
      replyTo: '2@x',
      head: 'Auto-Submitted: auto-replied',
    })
    await bring([automatic])
    expect(await read()).toMatchObject({ message_count: 3, last_direction: 'inbound', needs_reply: false })
  })

  test('a parent that comes late makes one thread of two', async () => {
    await fresh()
    const reply = (id: string, to: string) =>
      letter({
        id,
        from: `${id.slice(0, 1)}@p.example`,
        to: 'owner@team.example',
        at: '2026-11-03T10:00:00Z',
        subject: `Branch ${id}`,
        replyTo: to,
      })
    await bring([reply('b@x', 'root@x')])
    await bring([reply('d@x', 'c@x')])
    await bring([reply('c@x', 'root@x')])
    const found = await within((tx) =>
      rows<{ id: string; messages: number }>(
        tx,
        sql`select id, message_count as messages from intel.mail_threads where deleted_at is null`,
      ),
    )
    expect(found.map(({ messages }) => messages)).toEqual([3])
    const [first] = await within((tx) =>
      rows<{ id: string }>(tx, sql`select min(id::text) as id from intel.mail_threads`),
    )
    expect(found[0]?.id).toBe(first?.id)
  })

  test('an import that fails or is aborted goes on where it stood', async () => {
    await fresh()
    const letters = Array.from({ length: 350 }, (_one, at) =>
      letter({
        id: `${at}@x`,
        from: `p${at}@p.example`,
        to: 'owner@team.example',
        at: '2026-11-03T10:00:00Z',
        subject: `n ${at}`,
      }),
    )
    const places = async function* (after?: string): AsyncGenerator<RawMessage> {
      for await (const message of raws(letters)) {
        if (after !== undefined && message.place <= after) continue
        if (after === undefined && message.place === '00320') throw new Error('the disk is gone')
        yield message
      }
    }
    const actor = tenant.actor()
    const options = { database: harness.database, actor, source: 'disk', now: NOW }
    await expect(ingest({ ...options, messages: places() })).rejects.toThrow('the disk is gone')
    const run = await resumeImport(harness.database, actor, 'disk')
    expect(run).toMatchObject({ after: '00249', counts: { seen: 250, imported: 250 } })
    const counts = await ingest({ ...options, messages: places(run?.after), importId: run?.importId })
    expect(counts).toMatchObject({ seen: 350, imported: 350, duplicates: 0 })
    expect(await resumeImport(harness.database, actor, 'disk')).toBeUndefined()
    const stop = new AbortController()
    await expect(
      ingest({
        ...options,
        source: 'again',
        messages: raws(letters),
        signal: stop.signal,
        onProgress: () => stop.abort(),
      }),
    ).rejects.toMatchObject({ name: 'AbortError' })
    expect(await resumeImport(harness.database, actor, 'again')).toMatchObject({
      counts: { duplicates: 250 },
    })
  })

  test('two imports of the same mail at once bring each message in once', async () => {
    await fresh()
    const letters = Array.from({ length: 150 }, (_one, at) =>
      letter({
        id: `${at}@x`,
        from: 'p@p.example',
        to: 'owner@team.example',
        at: '2026-11-03T10:00:00Z',
        subject: `n ${at}`,
      }),
    )
    const [a, b] = await Promise.all([bring(letters, 'one'), bring(letters, 'two')])
    expect(a.imported + b.imported).toBe(150)
    expect(a.duplicates + b.duplicates).toBe(150)
  })

  test("another workspace's mail is neither seen nor a duplicate", async () => {
    await fresh()
    const one = letter({ id: 'a@b', from: 'x@y.example', to: 'z@w.example', at: '2026-11-05T10:00:00Z' })
    await bring([one])
    await fresh()
    expect(await bring([one])).toMatchObject({ imported: 1, duplicates: 0 })
    const [counted] = await within((tx) =>
      rows<{ n: number }>(tx, sql`select count(*)::int as n from intel.mail_threads`),
    )
    expect(counted?.n).toBe(1)
  })

  test('what is stored is what was parsed', async () => {
    await fresh()
    const file = spamAssassinFiles(/easy-ham-1/)[0]!
    await ingest({
      database: harness.database,
      actor: tenant.actor(),
      messages: readCorpus([file]),
      source: 'one',
      now: NOW,
    })
    const [stored] = await within((tx) =>
      rows(
        tx,
        sql`select message_id, content_hash, sent_at, from_address, subject, size_bytes from intel.mail_messages`,
      ),
    )
    for await (const { raw } of readCorpus([file])) {
      const parsed = await parseMessage(raw, NOW)
      expect(stored).toEqual({
        message_id: parsed.messageId,
        content_hash: parsed.contentHash,
        sent_at: parsed.sentAt.toISOString(),
        from_address: parsed.from?.address,
        subject: parsed.subject,
        size_bytes: raw.byteLength,
      })
    }
  })
})

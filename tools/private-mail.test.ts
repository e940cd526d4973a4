import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { catalog } from '../db/catalog/all.ts'
import type { Visibility } from '../db/catalog/mailboxes.ts'
import { openConversation } from '../db/conversations.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows, runText } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import { documentText } from '../db/workspace-document.ts'
import { nowOf } from '../db/workspace.ts'
import type { Actor, Role } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import { named } from '../domain/pii.ts'
import { recordUri } from '../domain/records.ts'
import { removeMailbox, setVisibility } from '../mail/change-mailbox.ts'
import { ingest } from '../mail/ingest.ts'
import { openMailbox, withdrawConsent } from '../mail/mailbox.ts'
import { raws } from '../mail/testing/letters.ts'
import { PRIVATE, SECRET, SUBJECT, TEAM } from '../mail/testing/private-letters.ts'
import { indexMail } from '../search/index-write.ts'
import { searchMail } from '../search/lexical.ts'
import { rebuildIndex } from '../search/rebuild.ts'
import { propose } from '../writeback/propose.ts'
import { createToolbox } from './call.ts'
import { createPrivacy } from './privacy/privacy.ts'
import { tools } from './registry.ts'
import type { ToolOutcome } from './toolbox.ts'

/** Texts in which handles, ids of questions and versions may differ between two workspaces. */
const withoutHandles = (value: unknown): string =>
  JSON.stringify(value)
    .replaceAll(/[A-Z]+_\d+/g, 'X')
    .replaceAll(/"(created|updated)_at":"[^"]*"/g, '')
    .replaceAll(/"query_id":"[^"]*"/g, '')

type Counted = { result: { data: { rows: { mails: number }[]; query_id: string; excluded: string[] } } }

/** What two workspaces may differ in by their nature: ids, logs of what was done in them. */
const LOGS = new Set([
  'audit_events',
  'mailboxes',
  'mailbox_messages',
  'members',
  'imports',
  'tool_calls',
  'asked_queries',
])

describe.each(testEngines)('mail that its owner alone may see, on %s', (engine) => {
  let harness: TestDatabase
  let here: TestTenant
  /** The same workspace without the private mail: what colleagues see must be the same. */
  let twin: TestTenant
  let mailbox: string
  const people = new Map<TestTenant, string>()

  const seed = async (tenant: TestTenant): Promise<void> => {
    const [dana, nimbus, tenantId] = [newId(), newId(), tenant.workspace.id]
    people.set(tenant, dana)
    await asTenant(harness.database, tenant.actor(), async (tx) => {
      await rows(
        tx,
        sql`insert into crm.companies (id, tenant_id, name, domain) values (${nimbus}, ${tenantId}, 'Nimbus', 'nimbus.example')`,
      )
      await rows(
        tx,
        sql`insert into crm.people (id, tenant_id, given_name, family_name, company_id) values (${dana}, ${tenantId}, 'Dana', 'Whitfield', ${nimbus})`,
      )
      await rows(
        tx,
        sql`insert into crm.person_emails (id, tenant_id, person_id, address) values (${newId()}, ${tenantId}, ${dana}, 'dana@nimbus.example')`,
      )
    })
    await ingest({
      database: harness.database,
      actor: tenant.actor(),
      messages: raws(TEAM),
      source: 'team',
      now: new Date('2026-11-01T00:00:00Z'),
    })
  }

  const bring = async (
    actor: Actor,
    letters: readonly string[],
    { source, visibility }: { readonly source: string; readonly visibility: Visibility },
  ): Promise<string> => {
    const opened = await asTenant(harness.database, actor, (tx) =>
      openMailbox(tx, actor, { kind: 'imap', source, visibility }),
    )
    await ingest({
      database: harness.database,
      actor,
      messages: raws(letters),
      source,
      mailbox: opened,
      now: new Date('2026-11-01T00:00:00Z'),
    })
    return opened.id
  }

  const systemOf = (tenant: TestTenant): Actor => ({
    tenantId: tenant.workspace.id,
    memberId: null,
    role: 'owner',
    via: 'system',
  })

  beforeAll(async () => {
    harness = await openTestDatabase(engine)
    const clock = { clockAt: new Date('2026-11-01T00:00:00Z') }
    here = await harness.addTenant(clock)
    twin = await harness.addTenant(clock)
    await seed(here)
    await seed(twin)
    mailbox = await bring(here.actor(), PRIVATE, { source: 'imap:owner', visibility: 'owner' })
  })
  afterAll(() => harness.close())

  const search = (tenant: TestTenant, query: string, role: Role = 'editor') =>
    asTenant(harness.database, tenant.actor(role), (tx) => searchMail(tx, { query, limit: 50, mode: 'auto' }))
  /** What a search tells: all but the ids. */
  const told = async (tenant: TestTenant, query: string) => {
    const { hits, nextCursor: _cursor, ...rest } = await search(tenant, query)
    return {
      ...rest,
      hits: hits
        .map(({ subject, score, snippet, matched }) => ({ subject, score, snippet, matched }))
        .sort((a, b) => b.score - a.score || (a.subject < b.subject ? -1 : 1)),
    }
  }

  const everythingSeen = (actor: Actor) =>
    asTenant(harness.database, actor, async (tx) => {
      const seen = new Map<string, string[]>()
      for (const { name, sqlName, internal, viewName } of catalog.values()) {
        for (const source of internal ? [sqlName] : [sqlName, viewName]) {
          const { rows: found } = await runText(tx, `select to_jsonb(t)::text from ${source} t`, [])
          seen.set(
            source === sqlName ? name : viewName,
            found.map(([text]) => String(text)),
          )
        }
      }
      return seen
    })

  const callAs = async (actor: Actor) => {
    const conversationId = await asTenant(
      harness.database,
      actor,
      async (tx) =>
        (await openConversation(tx, { channel: 'mcp', externalKey: newId(), memberId: actor.memberId })).id,
    )
    const privacy = createPrivacy(harness.database)
    const toolbox = createToolbox({ database: harness.database, tools, privacy, queryTimeoutMs: 20_000 })
    const { signal } = new AbortController()
    return {
      call: (name: string, given: unknown): Promise<ToolOutcome> =>
        toolbox.call(name, given, { actor: { ...actor, via: 'mcp' }, conversationId, signal }),
      handle: async (label: 'PERSON' | 'MESSAGE', entity: string, id: string): Promise<string> =>
        (await (
          await privacy.open(actor, conversationId)
        ).hideResult(named(label, { entity, id }, 'Name'))) as string,
    }
  }

  const seenEqual = async (): Promise<void> => {
    const [seen, expected] = [
      await everythingSeen(here.actor('editor')),
      await everythingSeen(twin.actor('editor')),
    ]
    for (const [name, texts] of seen) {
      expect([name, texts.filter((text) => SECRET.test(text) || SUBJECT.test(text))]).toEqual([name, []])
      if (!LOGS.has(name)) expect([name, texts.length]).toEqual([name, expected.get(name)!.length])
    }
  }

  test('no table and no view shows a colleague a row more than without it', async () => {
    await seenEqual()
    expect((await search(here, 'zebraquartz', 'owner')).total).toBe(5)
  })

  test('a colleague is told the same totals and scores, before it is indexed, after it, and after a rebuild', async () => {
    const same = async (): Promise<void> => {
      for (const query of ['pilot contract', 'zebraquartz', 'costs', 'harbour open', 'quiet word', ''])
        expect(await told(here, query)).toEqual(await told(twin, query))
    }
    await same()
    for (const tenant of [here, twin])
      await indexMail({ database: harness.database, actor: systemOf(tenant) })
    await same()
    expect((await search(here, 'zebraquartz', 'owner')).total).toBe(5)
    for (const tenant of [here, twin])
      await rebuildIndex({ database: harness.database, actor: systemOf(tenant) })
    await same()
    expect((await search(here, 'zebraquartz', 'owner')).total).toBe(5)
  })

  test('people show a colleague the roll-ups of what everybody sees, whoever writes next', async () => {
    const lastSeen = (tenant: TestTenant, role: Role) =>
      asTenant(harness.database, tenant.actor(role), (tx) =>
        rows<{ at: string; inbound: string }>(
          tx,
          sql`select last_interaction_at as at, last_inbound_at as inbound from crm.people`,
        ),
      )
    const [before] = await lastSeen(twin, 'editor')
    expect(await lastSeen(here, 'editor')).toEqual([before])
    for (const tenant of [here, twin])
      await asTenant(harness.database, tenant.actor(), (tx) =>
        rows(tx, sql`update intel.interactions set summary = summary || '!', occurred_at = occurred_at`),
      )
    await asTenant(harness.database, here.actor(), (tx) =>
      rows(
        tx,
        sql`update intel.interactions set occurred_at = occurred_at + interval '1 second' where only_for is not null`,
      ),
    )
    expect(await lastSeen(here, 'editor')).toEqual([before])
    await asTenant(harness.database, here.actor(), (tx) =>
      rows(
        tx,
        sql`update intel.interactions set occurred_at = occurred_at - interval '1 second' where only_for is not null`,
      ),
    )
    await seenEqual()
  })

  test('every tool answers a colleague as it does without it', async () => {
    const [one, other] = [await callAs(here.actor('editor')), await callAs(twin.actor('editor'))]
    const [person, double] = [
      await one.handle('PERSON', 'people', people.get(here)!),
      await other.handle('PERSON', 'people', people.get(twin)!),
    ]
    const calls: readonly (readonly [string, (handle: string) => unknown])[] = [
      ['search_email', () => ({ query: 'pilot' })],
      ['search_email', (handle) => ({ query: '', with: handle, limit: 50 })],
      ['activity', (handle) => ({ record: handle, since: '2026-01-01' })],
      ['get_record', (handle) => ({ id: handle })],
      ['brief', (handle) => ({ subject: handle })],
      ['query_crm', () => ({ find: 'emails', measures: [{ fn: 'count' }] })],
      [
        'query_crm',
        () => ({
          find: 'threads',
          fields: ['subject', 'message_count', 'last_at'],
          order: ['subject', 'last_at'],
        }),
      ],
      ['query_crm', () => ({ find: 'email_attachments', measures: [{ fn: 'count' }] })],
      ['query_crm', () => ({ find: 'interactions', measures: [{ fn: 'count' }] })],
      ['search_people', () => ({ query: 'dana' })],
    ]
    for (const [name, given] of calls) {
      const [answer, expected] = [await one.call(name, given(person)), await other.call(name, given(double))]
      expect([name, answer.ok]).toEqual([name, expected.ok])
      expect([name, withoutHandles(answer)]).toEqual([name, withoutHandles(expected)])
      expect(JSON.stringify(answer)).not.toMatch(SECRET)
    }
  })

  test('a question is asked again with the rights of who asks again, and says what those leave out', async () => {
    const question = { find: 'emails', measures: [{ fn: 'count', as: 'mails' }] }
    const asked = async (actor: Actor, given: object) =>
      ((await (await callAs(actor)).call('query_crm', given)) as Counted).result.data
    const first = await asked(here.actor(), question)
    expect(first.excluded.join()).toMatch(/^Private mail of other members.* not among: emails\.$/)
    const again = await asked(here.actor('editor'), { query_id: first.query_id })
    expect(again.rows).toEqual((await asked(twin.actor('editor'), question)).rows)
    expect(again.rows[0]!.mails).toBe(first.rows[0]!.mails - PRIVATE.length)
  })

  test('a private message is to a colleague as one that never was', async () => {
    const [{ id }] = (await asTenant(harness.database, here.actor(), (tx) =>
      rows<{ id: string }>(tx, sql`select id from intel.mail_messages where message_id = 'private-0@x'`),
    )) as [{ id: string }]
    const { call, handle } = await callAs(here.actor('editor'))
    const answers = [
      await call('read_email', { id: await handle('MESSAGE', 'emails', id) }),
      await call('read_email', { id: await handle('MESSAGE', 'emails', newId()) }),
    ]
    expect(withoutHandles(answers[0])).toBe(withoutHandles(answers[1]))
    expect(answers[0]).toMatchObject({ ok: false })
    const owner = await callAs(here.actor())
    const whole = await owner.call('read_email', { id: await owner.handle('MESSAGE', 'emails', id) })
    expect(JSON.stringify(whole)).toMatch(/zebraquartz/)
  })

  test('a workspace taken out by somebody else is without it; a backup holds it', async () => {
    const documentOf = async (actor: Actor): Promise<string> => {
      const parts: string[] = []
      await asTenant(harness.database, actor, async (tx) => {
        for await (const part of documentText(tx)) parts.push(part)
      })
      return parts.join('')
    }
    expect(await documentOf(here.actor('admin'))).not.toMatch(SECRET)
    expect(await documentOf(here.actor())).toMatch(/zebraquartz/)
    expect(await documentOf(systemOf(here))).toMatch(/zebraquartz/)
  })

  test('a proposal that rests on it is shown to its owner alone', async () => {
    const [{ id }] = (await asTenant(harness.database, here.actor(), (tx) =>
      rows<{ id: string }>(tx, sql`select id from intel.mail_messages where message_id = 'private-1@x'`),
    )) as [{ id: string }]
    await asTenant(harness.database, here.actor(), (tx) =>
      propose(tx, {
        input: {
          changes: [
            {
              op: 'update',
              entity: 'people',
              record: recordUri({ entity: 'people', id: people.get(here)! }),
              set: { title: 'Buyer' },
              evidence: [{ record: recordUri({ entity: 'emails', id }), quote: 'strictly between us' }],
            },
          ],
        },
        actor: here.actor(),
        workspace: here.workspace,
        now: nowOf(here.workspace),
        conversationId: null,
      }),
    )
    const seenBy = (actor: Actor) =>
      asTenant(harness.database, actor, (tx) => rows(tx, sql`select id from workflow.proposals`))
    expect(await seenBy(here.actor())).toHaveLength(1)
    expect(await seenBy(here.actor('admin'))).toHaveLength(0)
  })

  test('`subject` shows a colleague who wrote, when and the subject, and finds nothing by the text', async () => {
    expect(await setVisibility(harness.database, here.actor(), mailbox, 'subject')).toBe(PRIVATE.length)
    await rebuildIndex({ database: harness.database, actor: systemOf(here) })
    const seen = await everythingSeen(here.actor('editor'))
    for (const [name, texts] of seen)
      expect([name, texts.filter((text) => SECRET.test(text))]).toEqual([name, []])
    expect((await search(here, 'zebraquartz')).total).toBe(0)
    const found = await search(here, 'quiet')
    expect(
      found.hits.map(({ subject, snippet, hasAttachment }) => [subject.slice(0, 10), snippet, hasAttachment]),
    ).toEqual(PRIVATE.map(() => ['Quiet word', '', false]))
    expect(seen.get('email_attachments')).toEqual([])
    // The owner sees each message once, and whole.
    expect((await search(here, 'zebraquartz', 'owner')).total).toBe(5)
    expect((await search(here, 'quiet', 'owner')).total).toBe(PRIVATE.length)
    const { call, handle } = await callAs(here.actor('editor'))
    const answer = await call('read_email', { id: await handle('MESSAGE', 'emails', found.hits[0]!.id) })
    expect(answer).toMatchObject({
      ok: true,
      result: { data: { messages: [{ body: '', attachments: [] }] } },
    })
    expect(JSON.stringify(answer)).toMatch(/subject alone/)
  })

  test('`team` shows it to everybody, and `owner` takes it back with all its traces', async () => {
    await setVisibility(harness.database, here.actor(), mailbox, 'team')
    await rebuildIndex({ database: harness.database, actor: systemOf(here) })
    expect((await search(here, 'zebraquartz')).total).toBe(5)
    const threads = await asTenant(harness.database, here.actor('editor'), (tx) =>
      rows<{ messages: number }>(
        tx,
        sql`select message_count as messages from intel.mail_threads where deleted_at is null order by 1 desc limit 1`,
      ),
    )
    // Four of the team and five private ones are one conversation, and now one thread.
    expect(threads).toEqual([{ messages: 9 }])
    await setVisibility(harness.database, here.actor(), mailbox, 'owner')
    await rebuildIndex({ database: harness.database, actor: systemOf(here) })
    expect(await told(here, 'pilot contract')).toEqual(await told(twin, 'pilot contract'))
    const live = await asTenant(harness.database, here.actor('editor'), (tx) =>
      rows<{ threads: number; most: number }>(
        tx,
        sql`select count(*)::int as threads, max(message_count) as most from intel.mail_threads where deleted_at is null`,
      ),
    )
    expect(live).toEqual(
      await asTenant(harness.database, twin.actor('editor'), (tx) =>
        rows(
          tx,
          sql`select count(*)::int as threads, max(message_count) as most from intel.mail_threads where deleted_at is null`,
        ),
      ),
    )
  })

  test('who has a copy in a mailbox of their own sees it too, and that alone', async () => {
    const own = await bring(here.actor('editor'), PRIVATE.slice(1, 2), {
      source: 'imap:editor',
      visibility: 'owner',
    })
    expect((await search(here, 'zebraquartz')).total).toBe(1)
    expect((await search(here, 'zebraquartz', 'owner')).total).toBe(5)
    expect((await search(here, 'zebraquartz', 'admin')).total).toBe(0)
    expect(await removeMailbox(harness.database, here.actor('editor'), own)).toBe(0)
    expect((await search(here, 'zebraquartz')).total).toBe(0)
  })

  test('nobody but its member decides about a mailbox, and what is withdrawn is not read', async () => {
    await expect(setVisibility(harness.database, here.actor('admin'), mailbox, 'team')).rejects.toMatchObject(
      {
        code: 'not_your_mailbox',
      },
    )
    await expect(
      asTenant(harness.database, here.actor('admin'), (tx) =>
        rows(tx, sql`update intel.mailboxes set visibility = 'team'`),
      ),
    ).rejects.toMatchObject({ kind: 'denied' })
    await asTenant(harness.database, here.actor(), (tx) => withdrawConsent(tx, here.actor(), mailbox))
    await expect(
      bring(here.actor(), TEAM, { source: 'imap:owner', visibility: 'owner' }),
    ).rejects.toMatchObject({ code: 'consent_withdrawn' })
  })

  test('a mailbox that is removed takes along what was in it alone', async () => {
    expect(await removeMailbox(harness.database, here.actor(), mailbox)).toBe(PRIVATE.length)
    await rebuildIndex({ database: harness.database, actor: systemOf(here) })
    expect((await search(here, 'zebraquartz', 'owner')).total).toBe(0)
    const left = await asTenant(harness.database, systemOf(here), (tx) =>
      rows<{ text: string }>(
        tx,
        sql`select to_jsonb(m)::text as text from intel.mail_messages m
          union all select to_jsonb(i)::text from intel.interactions i union all select to_jsonb(a)::text from intel.mail_attachments a`,
      ),
    )
    expect(left.filter(({ text }) => SECRET.test(text) || SUBJECT.test(text))).toEqual([])
    expect((await told(here, 'pilot contract')).hits).toEqual((await told(twin, 'pilot contract')).hits)
  })
})

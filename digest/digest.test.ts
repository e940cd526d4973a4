import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setPreference } from '../db/memory.ts'
import { listMembers } from '../db/members.ts'
import { sql } from '../db/sql.ts'
import { asTenant } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import type { Actor, Role } from '../domain/actor.ts'
import type { TactError } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import { processBell } from '../jobs/bell.ts'
import { createJobBus } from '../jobs/bus.ts'
import { systemOf } from '../jobs/lease.ts'
import { queueDueWindows } from '../jobs/schedule.ts'
import { runAutomation } from '../writeback/automation.ts'
import { propose } from '../writeback/propose.ts'
import { watch } from '../writeback/watches.ts'
import { digestHandlers } from './deliver.ts'
import type { Item, Lane } from './facts.ts'
import { mailChannel } from './mail.ts'
import { DAY_MS } from '../domain/zone.ts'
import { makeDigest, windowOf } from './make.ts'
import type { MadeDigest } from './make.ts'
import { readPatterns } from './patterns.ts'
import { changePolicy, digestSchedules, readPolicy } from './policy.ts'
import type { PolicyChange } from './policy.ts'
import { resend, sendNow } from './send.ts'
import { openOffice } from './testing/office.ts'
import type { Office } from './testing/office.ts'
import { startSmtp } from './testing/smtp.ts'
import type { SmtpFault, TestSmtp } from './testing/smtp.ts'

/** A Wednesday. */
const NOW = new Date('2026-11-18T08:00:00Z')
const ago = (days: number): Date => new Date(NOW.getTime() - days * DAY_MS)

const codeOf = (thrown: Promise<unknown>): Promise<string> =>
  thrown.then(
    () => 'none',
    (error: unknown) => (error as TactError).code,
  )

describe.each(testEngines)('digests on %s', (engine) => {
  let opened: TestDatabase
  let tenant: TestTenant
  let office: Office
  let smtp: TestSmtp
  let ids: Record<'owner' | 'admin' | 'editor' | 'acme' | 'dana' | 'birch' | 'farah' | 'calm', string>
  const actor = (role: Role = 'owner'): Actor => tenant.actor(role)
  const asOwner = <T>(run: (tx: TenantTx) => Promise<T>): Promise<T> =>
    asTenant(opened.database, actor(), run)

  beforeAll(async () => {
    opened = await openTestDatabase(engine)
    smtp = await startSmtp()
    tenant = await opened.addTenant()
    office = openOffice(opened.database, tenant)
    const [owner, admin, editor] = ['owner', 'admin', 'editor'].map((role) => actor(role as Role).memberId!)
    const acme = await office.company('Acme Rockets', owner)
    const birch = await office.company('Birch & Sons', owner)
    const calm = await office.company('Calm Waters', owner)
    const dana = await office.person('Dana Whitfield', acme)
    const farah = await office.person('Farah Khan', birch)
    ids = { owner: owner!, admin: admin!, editor: editor!, acme, birch, calm, dana, farah }
    const mail = { person: dana, member: ids.owner }
    await office.mail({ ...mail, thread: 'Pilot', way: 'inbound', at: ago(2.5), body: 'When do we start?' })
    await office.mail({ ...mail, thread: 'Pilot', way: 'inbound', at: ago(0.4), body: 'Hello?' })
    await office.mail({ ...mail, thread: 'Closed', way: 'inbound', at: ago(1), body: 'Thanks, got it!' })
    await office.mail({ ...mail, thread: 'News', way: 'inbound', at: ago(1), isBulk: true })
    await office.mail({ ...mail, thread: 'Answered', way: 'inbound', at: ago(3) })
    await office.mail({ ...mail, thread: 'Answered', way: 'outbound', at: ago(2.9), body: 'It is done.' })
    await office.mail({ ...mail, thread: 'Just now', way: 'inbound', at: ago(0.05) })
    await office.mail({ person: farah, member: ids.owner, thread: 'Called', way: 'inbound', at: ago(4) })
    await office.contact('call', ago(3.5), { company: birch, person: farah })
    await office.mail({ ...mail, thread: 'Price', way: 'outbound', at: ago(4.5), body: 'Is this fine?' })
    await office.mail({ ...mail, thread: 'Fresh', way: 'outbound', at: ago(1), body: 'Is this fine?' })
    await office.mail({
      ...mail,
      member: ids.admin,
      thread: 'Private affair',
      way: 'inbound',
      at: ago(2),
      onlyFor: [ids.admin],
    })
    for (const days of [40, 47, 54, 61, 68]) await office.contact('call', ago(days), { company: calm })
    const stage = newId()
    await office.query(
      sql`insert into crm.stages (id, tenant_id, name, position, kind, probability) values (${stage}, core.current_tenant(), 'Offer', 1, 'open', 0.5)`,
    )
    await office.query(sql`insert into crm.deals (id, tenant_id, name, company_id, stage_id, owner_id, amount_minor, currency, close_date)
      values (${newId()}, core.current_tenant(), 'Rocket fuel', ${acme}, ${stage}, ${ids.owner}, 1000000, 'EUR', '2026-11-10')`)
    await office.query(sql`insert into crm.tasks (id, tenant_id, title, due_at, assignee_id)
      values (${newId()}, core.current_tenant(), 'Send the contract', ${NOW.toISOString()}, ${ids.owner})`)
    await office.query(sql`insert into crm.tasks (id, tenant_id, title, due_at, assignee_id, deleted_at)
      values (${newId()}, core.current_tenant(), 'Deleted task', ${NOW.toISOString()}, ${ids.owner}, now())`)
    await office.query(sql`insert into intel.meetings (id, tenant_id, title, starts_at, company_id, member_id)
      values (${newId()}, core.current_tenant(), 'Kick-off', '2026-11-18T13:30:00Z', ${acme}, ${ids.owner})`)
  })
  afterAll(async () => {
    await smtp.close()
    await opened.close()
  })

  const memberIn = async (role: Role) =>
    (await asOwner(listMembers)).find(({ id }) => id === actor(role).memberId)!
  const make = async (role: Role | null, until = NOW): Promise<MadeDigest> => {
    const policy = await asOwner((tx) => readPolicy(tx, 'mail', tenant.workspace))
    return makeDigest(opened.database, {
      tenantId: tenant.workspace.id,
      policy,
      member: role === null ? null : await memberIn(role),
      window: windowOf(policy, { until, last: null }),
      inboxUrl: 'http://here/inbox',
    })
  }
  const titles = ({ facts }: MadeDigest, lane: Lane): readonly string[] =>
    facts.lanes[lane].map(({ title }) => title)
  const set = (change: PolicyChange, role: Role = 'owner') =>
    asTenant(opened.database, actor(role), (tx) =>
      changePolicy(tx, actor(role), {
        database: opened.database,
        workspace: tenant.workspace,
        channel: 'mail',
        change,
        now: ago(20),
      }),
    )

  test('each lane holds what is so and nothing that was handled, with its source', async () => {
    const made = await make('owner')
    expect(titles(made, 'they_wait')).toEqual(['Dana Whitfield (Acme Rockets): Pilot'])
    expect(made.facts.lanes.they_wait[0]).toMatchObject({ why: 'waits for an answer for 2 days' })
    expect(titles(made, 'we_wait')).toEqual(['Dana Whitfield (Acme Rockets): Price'])
    expect(titles(made, 'quiet')).toEqual(['Calm Waters'])
    expect(made.facts.lanes.quiet[0]?.why).toBe('no contact for 40 days; usually every 7 days')
    expect(titles(made, 'decide')).toEqual(['Rocket fuel'])
    expect(titles(made, 'today')).toEqual(['13:30 Kick-off', 'Send the contract'])
    expect(made.facts.lanes.they_wait[0]?.sources.map(({ name }) => name)).toEqual([
      'Pilot',
      'Dana Whitfield',
      'Acme Rockets',
    ])
    expect(made.facts.members).toMatchObject([{ member: 'Owner Tester', sent: 0, received: 2 }])
  })

  test('nobody reads in a digest what they may not see', async () => {
    expect(titles(await make('admin'), 'they_wait')).toEqual([
      'Dana Whitfield (Acme Rockets): Private affair',
    ])
    for (const role of ['owner', 'editor', null] as const) {
      const made = await make(role)
      expect(JSON.stringify([made.facts, made.layout])).not.toContain('Private affair')
    }
    expect(titles(await make('editor'), 'they_wait')).toEqual([])
    expect(titles(await make(null), 'they_wait')).toContain('Dana Whitfield (Acme Rockets): Pilot')
  })

  test('a policy is off at first, for owners and admins to change, and refuses what does not exist', async () => {
    expect(await asOwner((tx) => readPolicy(tx, 'mail', tenant.workspace))).toMatchObject({
      isEnabled: false,
      recipients: 'admins',
    })
    expect(await codeOf(set({ isEnabled: true }, 'editor'))).toBe('role_too_low')
    expect(await codeOf(set({ timezone: 'Mars/Olympus' }))).toBe('bad_digest_policy')
    expect(await codeOf(set({ minuteOfDay: 1440 }))).toBe('bad_digest_policy')
    expect(await codeOf(set({ smtp: 'http://mail.example' }))).toBe('bad_digest_policy')
    const changed = await set({
      isEnabled: true,
      timezone: 'Europe/Berlin',
      smtp: 'smtp://me:secret@mail.example',
    })
    expect(changed).toMatchObject({ smtp: 'custom', time: { timezone: 'Europe/Berlin' }, enabledAt: ago(20) })
    const [kept] = await office.query<{ text: string }>(
      sql`select options::text as text from workflow.digest_policies`,
    )
    expect(kept?.text).not.toContain('secret')
    await set({ smtp: 'system', timezone: 'UTC' })
  })

  /** Opens windows as so many schedulers would, and delivers with so many workers. */
  const deliver = async (
    now: Date | null,
    {
      schedulers = 1,
      faults = [],
    }: { readonly schedulers?: number; readonly faults?: readonly SmtpFault[] } = {},
  ): Promise<readonly string[]> => {
    const before = smtp.mails.length
    smtp.plan(faults)
    const { database } = opened
    const buses = Array.from({ length: schedulers }, () =>
      createJobBus(database, processBell({ lookMs: 100 })),
    )
    if (now !== null)
      await Promise.all(
        buses.map(() =>
          asTenant(database, systemOf(tenant.workspace.id), async (tx) =>
            queueDueWindows(tx, await digestSchedules(tx), { now }),
          ),
        ),
      )
    for (const bus of buses)
      await bus.work(
        digestHandlers({
          database,
          channelOf: () => mailChannel({ url: smtp.url, from: 'tact@team.example' }),
          inboxUrl: () => 'http://here/inbox',
          ring: bus.ring,
        }),
      )
    for (let looks = 0; looks < 400; looks += 1) {
      const [open] = await office.query<{ count: number }>(
        sql`select count(*)::int as count from workflow.jobs where state in ('waiting', 'running') and due_at < clock_timestamp() + interval '10 seconds'`,
      )
      if (open!.count === 0) break
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
    for (const bus of buses) await bus.close()
    return smtp.mails
      .slice(before)
      .map(({ to }) => to)
      .sort()
  }

  test('each reader gets one for a window, whoever looks and whatever the mail server does', async () => {
    const monday = new Date('2026-11-16T08:00:20Z')
    const faults: readonly SmtpFault[] = [
      'is busy',
      'breaks off before the content',
      'breaks off after it took the mail',
    ]
    expect(await deliver(monday, { schedulers: 3, faults })).toEqual([
      'admin@team.example',
      'owner@team.example',
    ])
    expect(await deliver(monday)).toEqual([])
    const runs = await office.query<{ state: string; failure: string | null }>(
      sql`select state, failure from workflow.digest_runs order by state`,
    )
    // What the server took before it broke off cannot be asked for: it is not sent again, and said so.
    expect(runs).toEqual([
      { state: 'failed', failure: 'not_read_back' },
      { state: 'sent', failure: null },
    ])
  })

  test('what was told is not told again before it changes; the same window always says the same', async () => {
    await asTenant(opened.database, actor('admin'), (tx) =>
      setPreference(tx, actor('admin').memberId, { name: 'digest', value: 'off' }),
    )
    expect(await deliver(new Date('2026-11-17T08:00:20Z'))).toEqual(['owner@team.example'])
    const first = smtp.mails.at(-1)!
    expect(first.text).toContain('Price')
    expect(await deliver(new Date('2026-11-18T08:00:20Z'))).toEqual(['owner@team.example'])
    const second = smtp.mails.at(-1)!
    expect(second.text).not.toContain('Price')
    expect(second.text).toContain('told before and still open')
    expect(second.text).toContain('Pilot')
    expect(second.messageId).not.toBe(first.messageId)
    await asOwner((tx) => resend(tx, actor(), { channel: 'mail', timezone: 'UTC' }))
    expect(await deliver(null)).toEqual(['owner@team.example'])
    expect(smtp.mails.at(-1)!.text).toBe(second.text)
  })

  test('a receiver that is refused is given up with the code, and a test goes to the one who asks', async () => {
    const now = { channel: 'mail', timezone: 'UTC', now: new Date() } as const
    expect(
      await codeOf(asTenant(opened.database, actor('editor'), (tx) => sendNow(tx, actor('editor'), now))),
    ).toBe('role_too_low')
    await asTenant(opened.database, actor('admin'), (tx) =>
      sendNow(tx, actor('admin'), { ...now, isTest: true }),
    )
    expect(await deliver(null)).toEqual(['admin@team.example'])
    await asOwner((tx) => sendNow(tx, actor(), now))
    expect(await deliver(null, { faults: ['refuses the receiver'] })).toEqual([])
    const [last] = await office.query<{ state: string; failure: string }>(
      sql`select state, failure from workflow.digest_runs order by created_at desc, id desc limit 1`,
    )
    expect(last).toEqual({ state: 'failed', failure: 'smtp_550' })
  })

  test('a quiet day is one line, or nothing where that is set', async () => {
    await set({ recipients: ['editor@team.example'] })
    expect(await deliver(new Date('2026-11-19T08:00:20Z'))).toEqual(['editor@team.example'])
    expect(smtp.mails.at(-1)!.text).toContain('A quiet day: nothing new.')
    await set({ quiet: 'skip', sections: ['lanes'] })
    expect(await deliver(new Date('2026-11-20T08:00:20Z'))).toEqual([])
    const [last] = await office.query<{ state: string }>(
      sql`select state from workflow.digest_runs order by created_at desc, id desc limit 1`,
    )
    expect(last?.state).toBe('empty')
    await set({ isEnabled: false })
    expect(await deliver(new Date('2026-11-20T18:00:20Z'))).toEqual([])
  })

  test('the reader is told of mail they waited for, and how mail goes with somebody is read from it', async () => {
    const before = await make('owner')
    expect(before.facts.lanes.watched).toEqual([])
    await asOwner((tx) => watch(tx, actor(), 'Birch & Sons'))
    const at = new Date()
    await office.mail({ person: ids.farah, member: ids.owner, thread: 'At last', way: 'inbound', at })
    await runAutomation(opened.database, tenant.workspace)
    const soon = new Date(at.getTime() + 3_600_000)
    expect(titles(await make('owner', soon), 'watched')).toEqual(['Farah Khan (Birch & Sons): At last'])
    for (const role of ['admin', null] as const)
      expect((await make(role, soon)).facts.lanes.watched).toEqual([])
    const asked = { entity: 'people', id: ids.dana } as const
    const patterns = await asTenant(opened.database, { ...actor(), via: 'chat' }, (tx) =>
      readPatterns(tx, asked, { until: NOW }),
    )
    expect(patterns).toMatchObject({ sent: 3, ourReplyHours: 2.4, theirReplyHours: null, introducedBy: null })
    expect(patterns.warmth).toBeGreaterThan(50)
  })

  test('what is behind each button holds: it can be proposed as it stands', async () => {
    const { facts } = await make('owner')
    const items: readonly Item[] = Object.values(facts.lanes).flat()
    expect(items.length).toBeGreaterThanOrEqual(6)
    for (const { ready, key } of items) {
      if (ready.kind === 'open') continue
      const { reason, changes } = ready
      const made = await asOwner((tx) =>
        propose(tx, {
          input: { reason, changes },
          actor: actor(),
          workspace: tenant.workspace,
          now: NOW,
          conversationId: null,
          idempotencyKey: key,
        }),
      )
      expect(made.created).toBe(true)
    }
    const after = await make('owner')
    expect(after.facts.lanes.decide.filter(({ ready }) => ready.kind === 'open').length).toBe(
      items.filter(({ ready }) => ready.kind === 'propose').length,
    )
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asTenant } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import type { DigestChannel, OutgoingDigest } from '../digest/channel.ts'
import { digestHandlers } from '../digest/deliver.ts'
import type { Layout } from '../digest/layout.ts'
import { changePolicy, readPolicy } from '../digest/policy.ts'
import { digestLog, sendNow } from '../digest/send.ts'
import { newId } from '../domain/ids.ts'
import { processBell } from '../jobs/bell.ts'
import { createJobBus } from '../jobs/bus.ts'
import { digestChannel } from './delivery-digest.ts'
import { FakeSlack } from './testing/fake-slack.ts'
import type { Fault } from './testing/faults.ts'
import { linkInSlack } from './testing/serve-bot.ts'

const inboxUrl = (): string => 'https://crm.example/inbox'
const HREF = 'https://crm.example/inbox/digest/slack'
const people = ['Dana Whitfield', '<!channel>', 'Farah *Birch*']
const LAYOUT: Layout = {
  title: 'Team: Wednesday',
  subtitle: 'for the team',
  quiet: null,
  blocks: [
    {
      section: 'lanes',
      title: 'Needs a decision',
      narrative: 'One deal waits.',
      lines: [
        { text: 'Rocket fuel', detail: 'since Monday', sources: '', action: { label: 'Open', href: HREF } },
      ],
    },
    ...people.map((name) => ({
      section: 'companies' as const,
      of: name,
      title: 'Mail by company',
      lines: [{ text: name, detail: '3 received', sources: '' }],
    })),
  ],
  still: '2 told before and still open',
  inboxHref: HREF,
}
const MOST_TRIES = 12
/** A second passes in a millisecond: what is looked at here is not how fast posts may follow each other. */
const budgetClock = {
  now: () => Date.now() * 1_000,
  sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms / 1_000)),
}

describe.each(testEngines)('a digest of the team in Slack, on %s', (engine) => {
  let opened: TestDatabase
  let tenant: TestTenant
  let slack: FakeSlack
  let channel: DigestChannel

  const digestFor = async (destination: string | null): Promise<OutgoingDigest> => ({
    runId: newId(),
    policy: {
      ...(await asTenant(opened.database, tenant.actor(), (tx) =>
        readPolicy(tx, 'slack', { timezone: 'Europe/Berlin' }),
      )),
      destination,
    },
    layout: LAYOUT,
    address: null,
  })
  const send = (digest: OutgoingDigest) => channel.send(digest, async () => {})
  /** As jobs do: again, until Slack took it or never will. */
  const sendUntilDone = async (digest: OutgoingDigest): Promise<string> => {
    for (let tries = 1; tries <= MOST_TRIES; tries++) {
      const { outcome } = await send(digest)
      if (outcome !== 'later') return outcome
    }
    return 'given up'
  }

  beforeAll(async () => {
    opened = await openTestDatabase(engine)
    tenant = await opened.addTenant()
    slack = new FakeSlack()
    const { database } = opened
    for (const role of ['owner', 'admin'] as const)
      await linkInSlack({ slack, database }, `U${role.toUpperCase()}`, { member: tenant.actor(role) })
    slack.world.addUser({ id: 'UGUEST', is_restricted: true })
    const { botToken } = slack
    const api = slack.clientOptions()
    channel = digestChannel({
      database,
      tenantId: tenant.workspace.id,
      botToken,
      api,
      budgetClock,
      inboxUrl,
    })
  })
  afterAll(() => opened.close())

  test('stands once, a reply for each company, whichever call fails in whatever way', async () => {
    const faults: readonly Fault[] = [
      { kind: 'accept-then-reset' },
      { kind: 'reset' },
      { kind: 'status', status: 500 },
      { kind: 'rate-limit', seconds: 1 },
      { kind: 'error', error: 'internal_error' },
    ]
    for (const fault of faults)
      for (let nth = 1; nth <= 8; nth += 1) {
        const id = `C${fault.kind}${nth}`
        slack.world.addChannel({ id, members: ['UOWNER', 'UADMIN'] })
        let calls = 0
        // The call and the one after it: what looks for the message fails, too.
        slack.faults.decide = (method) =>
          method.startsWith('chat.') || /history|replies/u.test(method)
            ? [nth, nth + 1].includes(++calls)
              ? fault
              : undefined
            : undefined
        expect([id, await sendUntilDone(await digestFor(id))]).toEqual([id, 'done'])
        slack.faults.decide = () => undefined
        const [root, ...replies] = slack.inChannel(id)
        expect(root!.thread_ts).toBeUndefined()
        expect(replies.map(({ thread_ts: thread }) => thread)).toEqual(people.map(() => root!.ts))
        expect(JSON.stringify(root!.blocks)).toMatch(/One deal waits.*Rocket fuel/u)
        expect(JSON.stringify(replies[0]!.blocks)).toContain('Dana Whitfield')
        expect(JSON.stringify(replies.map(({ blocks }) => blocks))).not.toContain('<!channel>')
      }
    expect(slack.violations).toEqual([])
  })

  test('is not posted where somebody else reads along, and none of its words leaves', async () => {
    slack.world.addChannel({ id: 'CGUEST', members: ['UOWNER', 'UGUEST'] })
    slack.world.addChannel({ id: 'CSHARED', members: ['UOWNER'], is_ext_shared: true })
    slack.world.addChannel({ id: 'CGONE', members: ['UOWNER'] })
    const before = slack.sent('Rocket fuel').length
    for (const id of ['CGUEST', 'CSHARED', 'CUNKNOWN'])
      expect(await send(await digestFor(id))).toEqual({ outcome: 'later', failure: 'slack_others_may_read' })
    expect(await send(await digestFor(null))).toMatchObject({ outcome: 'refused' })
    slack.faults.plan('chat.postMessage', { kind: 'error', error: 'is_archived' })
    expect(await send(await digestFor('CGONE'))).toEqual({ outcome: 'refused', failure: 'slack_is_archived' })
    slack.faults.plan('auth.test', { kind: 'error', error: 'token_revoked' })
    expect(await send(await digestFor('CGONE'))).toMatchObject({ failure: 'slack_token_revoked' })
    expect(slack.sent('Rocket fuel').length).toBe(before + 1)
  })

  test('is handed over by the jobs of the house, and its run says so', async () => {
    slack.world.addChannel({ id: 'CTEAM', members: ['UOWNER', 'UADMIN'] })
    const { database } = opened
    const { workspace } = tenant
    const actor = tenant.actor()
    const wanted = { channel: 'slack', timezone: workspace.timezone } as const
    const jobs = await asTenant(database, actor, async (tx) => {
      await changePolicy(tx, actor, {
        database,
        channel: 'slack',
        workspace,
        change: { isEnabled: true, destination: 'CTEAM' },
        now: new Date(),
      })
      return await sendNow(tx, actor, { ...wanted, now: new Date() })
    })
    slack.faults.plan('chat.postMessage', { kind: 'accept-then-reset' })
    const bus = createJobBus(database, processBell())
    const channelOf = (): DigestChannel => channel
    await bus.work(digestHandlers({ database, channelOf, inboxUrl, ring: bus.ring }))
    bus.ring(workspace.id, jobs)
    await bus.settled(workspace.id, jobs, 60_000)
    await bus.close()
    const [run] = await asTenant(database, actor, (tx) => digestLog(tx, actor, wanted))
    expect(run).toMatchObject({ state: 'sent', failure: null })
    expect(slack.inChannel('CTEAM')).toHaveLength(1)
  })
})

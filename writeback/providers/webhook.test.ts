import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { catalog } from '../../db/catalog/all.ts'
import { openSecrets } from '../../db/secrets.ts'
import { sql } from '../../db/sql.ts'
import { asTenant } from '../../db/tenant.ts'
import { openTestDatabase, testEngines } from '../../db/testing.ts'
import type { TestDatabase } from '../../db/testing.ts'
import type { Actor } from '../../domain/actor.ts'
import type { TactError } from '../../domain/errors.ts'
import { makeTeam } from '../testing.ts'
import type { Team } from '../testing.ts'
import { undo } from '../undo.ts'
import { deliverWebhooks } from './deliver.ts'
import { FAULTS, startReceiver } from './testing-receiver.ts'
import type { Fault, Receiver } from './testing-receiver.ts'
import { addWebhook, listWebhooks, removeWebhook } from './webhooks.ts'

const failed = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no failure',
    (error: unknown) => (error as TactError).code,
  )

describe.each(testEngines)('a webhook on %s', (engine) => {
  let test: TestDatabase
  let team: Team
  let system: Actor
  let receiver: Receiver
  let hook: { readonly id: string; readonly secret: string }
  beforeAll(async () => {
    test = await openTestDatabase(engine)
  })
  beforeEach(async () => {
    team = await makeTeam(test)
    system = { ...team.owner, memberId: null, via: 'system' }
    receiver = await startReceiver(() => hook.secret)
    hook = await addWebhook(team.database, team.owner, receiver.url)
  })
  afterEach(() => receiver.close())
  afterAll(() => test.close())

  const change = async (notes: string): Promise<string> => {
    const record = `deals:${team.ids.deal}`
    const { proposal } = await team.propose([{ op: 'update', entity: 'deals', record, set: { notes } }])
    expect(await team.carryOut(proposal)).toMatchObject({ state: 'executed' })
    return proposal.id
  }
  const deliver = (timeoutMs = 20_000) =>
    deliverWebhooks(team.database, { actor: system, timeoutMs, waitMs: 1, leaseMs: 60_000 })
  /** Until nothing waits, or so many rounds; answers the states. Only a silence that was planned is cut short. */
  const settle = async (rounds = 20): Promise<string[]> => {
    for (let round = 0; ; round += 1) {
      const found = await team.query<{ state: string }>(sql`select state from workflow.outbox order by id`)
      const states = found.map(({ state }) => state)
      if (round === rounds || states.every((state) => state === 'sent' || state === 'failed')) return states
      await team.query(sql`update workflow.outbox set due_at = now() - interval '1 second',
        leased_until = case when state = 'sending' then now() - interval '1 second' end where state in ('waiting', 'sending')`)
      await deliver(receiver.isSilent() ? 1_000 : 20_000)
    }
  }

  it('is told of what was carried out and of what was taken back, signed, once each', async () => {
    const id = await change('told')
    expect(await deliver()).toEqual([{ key: `${id}:apply`, state: 'sent', failure: null }])
    expect(await deliver()).toEqual([])
    await undo(team.database, { proposalId: id, decider: team.owner, now: team.now })
    expect(await deliver()).toMatchObject([{ key: `${id}:undo`, state: 'sent' }])
    expect([...receiver.done]).toEqual([
      [`${id}:apply`, 1],
      [`${id}:undo`, 1],
    ])
    expect(receiver.badSignatures).toBe(0)
    const [row] = await team.query<{ payload: { body: string } }>(
      sql`select payload from workflow.outbox order by id limit 1`,
    )
    expect(JSON.parse(row!.payload.body)).toMatchObject({
      direction: 'apply',
      proposal: { id, approved_by: team.owner.memberId },
      changes: [{ op: 'update', entity: 'deals', fields: [{ field: 'notes', old: null, new: 'told' }] }],
    })
  })

  it('is told exactly once, whatever the first answer is', async () => {
    for (const fault of FAULTS) {
      const id = await change(fault)
      const before = receiver.posts.length
      receiver.plan([fault])
      const states = await settle()
      expect([fault, states.every((state) => state === 'sent')]).toEqual([fault, true])
      expect([fault, receiver.done.get(`${id}:apply`)]).toEqual([fault, 1])
      const arrived = fault.startsWith('accepted') || fault === 'none'
      expect([fault, receiver.posts.length - before]).toEqual([fault, arrived ? 1 : 2])
    }
  })

  it('is not sent again while nobody can say whether it arrived', async () => {
    await change('blind')
    receiver.plan(['accepted, then silence'], ['500', '500', 'silence', 'reset'])
    await settle(3)
    expect(receiver.posts).toHaveLength(1)
    expect(await settle()).toEqual(['sent'])
    expect(receiver.posts).toHaveLength(1)
  })

  it('is told once through changes with faults in a row on either way', async () => {
    let seed = 20_261_121
    const pick = <T>(list: readonly T[]): T => {
      seed = (seed * 1_664_525 + 1_013_904_223) >>> 0
      return list[Math.floor((seed / 2 ** 32) * list.length)]!
    }
    const some = (count: number): Fault[] => Array.from({ length: count }, () => pick(FAULTS))
    for (let turn = 0; turn < 8; turn += 1) {
      receiver.plan(
        some(3),
        some(3).filter((fault) => !fault.includes('silence')),
      )
      await change(`turn ${turn}`)
      expect((await settle()).every((state) => state === 'sent')).toBe(true)
    }
    expect([...receiver.done.values()]).toEqual(Array.from({ length: 8 }, () => 1))
  })

  it('is told by one of many processes, and read back first where one died while sending', async () => {
    await change('many')
    await Promise.all([deliver(), deliver(), deliver()])
    expect(receiver.posts).toHaveLength(1)
    await team.query(
      sql`update workflow.outbox set state = 'sending', sent_at = null, leased_until = now() - interval '1 second'`,
    )
    await deliver()
    expect(receiver.posts).toHaveLength(1)
    expect(await settle(1)).toEqual(['sent'])
  })

  it('refuses for good where the other side says no, is elsewhere, or was removed', async () => {
    await change('no')
    receiver.plan(['400'])
    expect(await settle(2)).toEqual(['failed'])
    await change('elsewhere')
    receiver.plan(['redirect'])
    expect(await settle(2)).toEqual(['failed', 'failed'])
    await change('removed')
    await removeWebhook(team.database, team.owner, hook.id)
    expect(await settle(1)).toEqual(['failed', 'failed', 'failed'])
    await change('nobody to tell')
    expect(await settle(1)).toHaveLength(3)
  })

  it('has its key in no row, and is told nothing under a key that cannot be read', async () => {
    await change('sealed')
    await deliver()
    const forms = ['utf8', 'hex', 'base64'] as const
    const written = forms.flatMap((form) => [
      Buffer.from(hook.secret).toString(form),
      Buffer.from(hook.secret, 'base64url').toString(form === 'utf8' ? 'hex' : form),
    ])
    for (const { name, sqlName } of catalog.values()) {
      const [row] = await team.query<{ all: string | null }>(
        sql`select string_agg(t::text, '|') as all from ${sql.raw(sqlName)} t`,
      )
      const found = written.filter((text) => row?.all?.includes(text))
      expect([name, found]).toEqual([name, []])
    }
    await change('unreadable')
    const elsewhere = { ...team.database, secrets: openSecrets({}) }
    expect(await deliverWebhooks(elsewhere, { actor: system })).toMatchObject([
      { state: 'failed', failure: 'key_unreadable' },
    ])
  })

  it('waits where nobody listens', async () => {
    await change('later')
    await receiver.close()
    expect(await deliver()).toMatchObject([{ state: 'waiting', failure: 'ECONNREFUSED' }])
    const [listed] = await asTenant(team.database, team.owner, (tx) => listWebhooks(tx))
    expect(listed).toMatchObject({ waiting: 1, sent: 0, failure: 'ECONNREFUSED' })
  })

  it('is set by an owner in person, to an address that nobody reads on the way', async () => {
    for (const role of ['admin', 'editor', 'viewer'] as const)
      expect(['may_not_policy', 'viewer']).toContain(
        await failed(addWebhook(team.database, team.tenant.actor(role), 'https://x.example')),
      )
    expect(await failed(addWebhook(team.database, { ...team.owner, via: 'mcp' }, 'https://x.example'))).toBe(
      'wrong_channel',
    )
    for (const url of ['http://x.example', 'ftp://127.0.0.1', 'https://user:pass@x.example', 'nowhere'])
      expect(await failed(addWebhook(team.database, team.owner, url))).toBe('bad_url')
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openConversation } from '../db/conversations.ts'
import { sql } from '../db/sql.ts'
import { asTenant } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase } from '../db/testing.ts'
import { named } from '../domain/pii.ts'
import { approveAndExecute } from '../writeback/execute.ts'
import { makeTeam } from '../writeback/testing.ts'
import type { Team } from '../writeback/testing.ts'
import { createToolbox } from './call.ts'
import { createPrivacy } from './privacy/privacy.ts'
import type { Privacy } from './privacy/privacy.ts'
import { tools } from './registry.ts'
import type { ToolOutcome } from './toolbox.ts'

interface Diff {
  readonly proposal: string
  readonly status: string
  readonly written: boolean
  readonly changes: readonly {
    readonly record: string | null
    readonly fields: readonly {
      readonly field: string
      readonly old: string | null
      readonly new: string | null
    }[]
    readonly links: readonly { readonly relation: string; readonly action: string; readonly target: string }[]
    readonly evidence: readonly { readonly found: boolean | null }[]
  }[]
}

const NAMES = /Dana|Whitfield|Acme|Rocket|Birch|Farah|Khan|Ørsted|acme\.example|Owner Tester/

describe.each(testEngines)('the tools that propose, through the one door, on %s', (engine) => {
  let test: TestDatabase
  let team: Team
  let privacy: Privacy
  let conversationId: string
  let call: (name: string, given: unknown) => Promise<ToolOutcome>
  let handle: (entity: string, id: string, name: string) => Promise<string>

  beforeAll(async () => {
    test = await openTestDatabase(engine)
    team = await makeTeam(test)
    const actor = { ...team.owner, via: 'mcp' } as const
    conversationId = (
      await asTenant(test.database, actor, (tx) =>
        openConversation(tx, { channel: 'mcp', externalKey: 'test', memberId: actor.memberId }),
      )
    ).id
    privacy = createPrivacy(test.database)
    const toolbox = createToolbox({ database: test.database, tools, privacy, queryTimeoutMs: 10_000 })
    const { signal } = new AbortController()
    call = (name, given) => toolbox.call(name, given, { actor, conversationId, signal })
    handle = async (entity, id, name) => {
      const session = await privacy.open(actor, conversationId)
      const label = { people: 'PERSON', companies: 'COMPANY', deals: 'DEAL', emails: 'MESSAGE' }[
        entity
      ] as 'DEAL'
      return (await session.hideResult(named(label, { entity, id }, name))) as string
    }
  })
  afterAll(() => test.close())

  const answered = (outcome: ToolOutcome): Diff => {
    expect(outcome).toMatchObject({ ok: true })
    const text = JSON.stringify(outcome)
    expect(text).not.toMatch(NAMES)
    return (outcome as unknown as { result: { data: Diff } }).result.data
  }

  it('proposes by handles, names nobody, and tells what became of it', async () => {
    const before = await team.snapshot()
    const deal = await handle('deals', team.ids.deal, 'Rocket fuel')
    const person = await handle('people', team.ids.dana, 'Dana Whitfield')
    const mail = await handle('emails', team.ids.mail, 'Offer')
    const outcome = await call('propose_writeback', {
      reason: `${person} agreed.`,
      changes: [
        {
          op: 'update',
          entity: 'deals',
          record: deal,
          set: { stage: 'Offer out', amount: 250_000, next_step: `Call ${person} back` },
          evidence: [{ record: mail, quote: 'go ahead with the second offer' }],
        },
        { op: 'link', entity: 'deals', record: deal, set: { people: [person] } },
      ],
    })
    const diff = answered(outcome)
    expect(diff).toMatchObject({
      status: 'pending',
      written: false,
      changes: [
        {
          record: deal,
          fields: [
            { field: 'stage', old: 'Lead', new: 'Offer out' },
            { field: 'amount', old: '€10,000', new: '€250,000' },
            { field: 'next_step', old: null, new: `Call ${person} back` },
          ],
          links: [{ relation: 'people', action: 'add', target: person }],
          evidence: [{ found: true }],
        },
      ],
    })
    expect(diff.proposal).toMatch(/^PROPOSAL_\d{5}$/)
    expect(JSON.stringify(outcome)).toContain('Nothing is written until a person approves it.')
    expect(await team.snapshot()).toBe(before)
    expect(answered(await call('get_proposal', { proposal: diff.proposal }))).toMatchObject({
      proposal: diff.proposal,
      status: 'pending',
    })
    const [stored] = await team.query<{ id: string; diff_hash: string; next_step: string }>(
      sql`select id, diff_hash, (select f->>'new' from jsonb_array_elements(changes->0->'fields') f where f->>'column' = 'next_step') as next_step from workflow.proposals`,
    )
    expect(stored!.next_step).toBe('Call Dana Whitfield back')
    // It cites a mail from outside: whoever's agent proposed it does not approve it.
    const decision = { proposalId: stored!.id, hash: stored!.diff_hash, now: team.now }
    await expect(
      approveAndExecute(test.database, { ...decision, decider: team.owner }),
    ).rejects.toMatchObject({
      code: 'own_outside',
    })
    await approveAndExecute(test.database, { ...decision, decider: team.tenant.actor('admin') })
    expect(answered(await call('get_proposal', { proposal: diff.proposal }))).toMatchObject({
      status: 'executed',
      written: true,
    })
  })

  it('logs an interaction with the company its people share', async () => {
    const person = await handle('people', team.ids.dana, 'Dana Whitfield')
    const company = await handle('companies', team.ids.acme, 'Acme Rockets')
    const diff = answered(
      await call('log_interaction', {
        kind: 'call',
        people: [person],
        summary: `Spoke with ${person}`,
        occurred_at: '2026-11-20T15:00',
        duration_minutes: 20,
      }),
    )
    const field = (name: string) => diff.changes[0]!.fields.find((one) => one.field === name)?.new
    expect(diff.changes[0]!.record).toBeNull()
    expect(field('company')).toBe(company)
    expect(field('occurred_at')).toBe('2026-11-20 15:00 Europe/Berlin')
    expect(field('summary')).toBe(`Spoke with ${person}`)
    expect(diff.changes[0]!.links).toEqual([{ relation: 'people', action: 'add', target: person }])
  })

  it('answers the open proposal when asked for the same again', async () => {
    const asked = { changes: [{ op: 'create', entity: 'tasks', set: { title: 'The same' } }] }
    const first = answered(await call('propose_writeback', asked))
    const second = answered(await call('propose_writeback', asked))
    expect(second.proposal).toBe(first.proposal)
  })

  it('names arguments as its own when log_interaction is refused', async () => {
    const company = await handle('companies', team.ids.acme, 'Acme Rockets')
    expect(await call('log_interaction', { kind: 'call', people: [company], summary: 'x' })).toMatchObject({
      ok: false,
      error: { code: 'wrong_entity', at: 'people[0]' },
    })
    expect(
      await call('log_interaction', { kind: 'call', summary: 'x', occurred_at: 'someday' }),
    ).toMatchObject({
      ok: false,
      error: { code: 'bad_date', at: 'occurred_at' },
    })
  })

  it('moves no proposal and no record, whatever 300 hostile calls say', async () => {
    let state = 7
    const random = (): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
      return state / 0x7fffffff
    }
    const pick = <T>(options: readonly T[]): T => options[Math.floor(random() * options.length)]!
    const [existing] = await team.query<{ id: string; diff_hash: string }>(
      sql`select id, diff_hash from workflow.proposals where state = 'pending' limit 1`,
    )
    const words: readonly unknown[] = [
      'approve',
      'approved',
      'executed',
      true,
      null,
      -1,
      1e308,
      '',
      'me',
      'now',
      'change:1',
      `proposals:${existing!.id}`,
      existing!.id,
      existing!.diff_hash,
      `deals:${team.ids.deal}`,
      `people:${team.ids.dana}`,
      `members:${team.owner.memberId}`,
      'VIP',
      'Won',
      'PROPOSAL_00000',
      '\u0000',
      '\ud800',
      '__proto__',
      "'; update workflow.proposals set state = 'approved'; --",
      '$1',
      '{t}',
      'x'.repeat(5000),
      [],
      {},
      ['VIP', 'VIP'],
      { $ne: null },
    ]
    const entities = [
      'deals',
      'people',
      'companies',
      'tasks',
      'interactions',
      'proposals',
      'members',
      'stages',
      'access_tokens',
      'tags',
      'constructor',
    ]
    const keys = [
      'stage',
      'state',
      'decided_by',
      'tenant_id',
      'version',
      'id',
      'deleted_at',
      'owner',
      'tags',
      'amount',
      'name',
      'title',
      'toString',
      '__proto__',
      'company',
      'people',
      'summary',
      'kind',
      'role',
    ]
    const value = (depth = 0): unknown =>
      depth > 2 || random() < 0.7
        ? pick(words)
        : Object.fromEntries(Array.from({ length: 3 }, () => [pick(keys), value(depth + 1)]))
    const hostile = (): readonly [string, unknown] => {
      const tool = pick(['propose_writeback', 'log_interaction', 'get_proposal'])
      const junk = random() < 0.2 ? { [pick(keys)]: value() } : {}
      if (tool === 'get_proposal') return [tool, { proposal: value(), ...junk }]
      if (tool === 'log_interaction') {
        return [
          tool,
          {
            kind: pick(['call', 'note', value()]),
            summary: pick(['x', value()]),
            people: pick<unknown>([[], [value()]]),
            ...junk,
          },
        ]
      }
      const change = () => ({
        op: pick(['create', 'update', 'archive', 'restore', 'link', 'unlink', 'merge', value()]),
        entity: pick(entities),
        ...(random() < 0.7
          ? {
              record: pick([
                `deals:${team.ids.deal}`,
                `people:${team.ids.dana}`,
                `proposals:${existing!.id}`,
                value(),
              ]),
            }
          : {}),
        set: Object.fromEntries(
          Array.from({ length: Math.floor(random() * 4) }, () => [pick(keys), value()]),
        ),
        ...(random() < 0.2 ? { evidence: [{ record: value(), quote: value() }] } : {}),
      })
      return [tool, { changes: Array.from({ length: 1 + Math.floor(random() * 2) }, change), ...junk }]
    }
    const proposals = () =>
      team.query(
        sql`select to_jsonb(p) as row from workflow.proposals p where id in (select id from workflow.proposals order by id limit ${count}) order by id`,
      )
    const [{ count } = { count: 0 }] = await team.query<{ count: number }>(
      sql`select count(*)::int as count from workflow.proposals`,
    )
    const [crm, queue] = [await team.snapshot(), JSON.stringify(await proposals())]
    const codes = new Map<string, number>()
    for (let round = 0; round < 300; round += 1) {
      const [name, given] = hostile()
      const outcome = await call(name, given)
      const code = outcome.ok ? 'ok' : outcome.error.code
      codes.set(code, (codes.get(code) ?? 0) + 1)
    }
    expect(await team.snapshot()).toBe(crm)
    expect(JSON.stringify(await proposals())).toBe(queue)
    expect(codes.get('internal')).toBeUndefined()
    expect(codes.get('ok')).toBeGreaterThan(5)
    const moved = await team.query(
      sql`select id from workflow.proposals where state <> 'pending' and decided_by is distinct from ${team.tenant.actor('admin').memberId}`,
    )
    expect(moved).toEqual([])
    const [open] = await team.query<{ open: number }>(
      sql`select count(*)::int as open from workflow.proposals where state = 'pending' and conversation_id = ${conversationId}`,
    )
    expect(open!.open).toBeLessThanOrEqual(30)
  }, 240_000)
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../db/sql.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase } from '../db/testing.ts'
import { newId } from '../domain/ids.ts'
import { makeTeam } from './testing.ts'
import type { Team } from './testing.ts'

describe.each(testEngines)('a diff against the rows as they are, on %s', (engine) => {
  let test: TestDatabase
  let team: Team
  beforeAll(async () => {
    test = await openTestDatabase(engine)
    team = await makeTeam(test)
  })
  afterAll(() => test.close())

  const deal = () => `deals:${team.ids.deal}`
  const changeDeal = (set: object) => ({ op: 'update', entity: 'deals', record: deal(), set })
  const fieldsOf = async (...changes: readonly object[]) =>
    Object.fromEntries(
      (await team.propose(changes)).proposal.changes[0]!.fields.map((field) => [field.field, field.new]),
    )
  const refusal = async (...changes: readonly object[]) => {
    const error: unknown = await team.propose(changes).catch((thrown: unknown) => thrown)
    return (error as { toPublic(): object }).toPublic()
  }

  it('takes titles, addresses, handles and `me` for records', async () => {
    const { acme, offer, farah } = team.ids
    expect(await fieldsOf(changeDeal({ stage: 'offer OUT', owner: 'me' }))).toEqual({
      stage: offer,
      owner: team.owner.memberId,
    })
    expect(await fieldsOf(changeDeal({ owner: 'editor@team.example' }))).toEqual({
      owner: team.tenant.actor('editor').memberId,
    })
    expect(
      await fieldsOf({
        op: 'update',
        entity: 'person',
        record: `people:${farah}`,
        set: { employer: 'acme rockets' },
      }),
    ).toEqual({ company: acme })
    const { proposal } = await team.propose([
      { op: 'link', entity: 'deals', record: deal(), set: { people: 'dana@acme.example' } },
    ])
    expect(proposal.changes[0]!.links).toMatchObject([{ action: 'add', target_id: team.ids.dana }])
  })

  it('counts an amount in the currency it will have', async () => {
    expect(
      await fieldsOf({
        op: 'update',
        entity: 'deals',
        record: `deals:${team.ids.other}`,
        set: { amount: 7000 },
      }),
    ).toEqual({ amount: 7000 })
    expect(
      await fieldsOf({
        op: 'update',
        entity: 'deals',
        record: `deals:${team.ids.other}`,
        set: { amount: 7000, currency: 'usd' },
      }),
    ).toEqual({
      amount: 700_000,
      currency: 'USD',
    })
  })

  it('fills in what a new record needs, and shows it', async () => {
    expect(
      await fieldsOf({
        op: 'create',
        entity: 'deals',
        set: { name: 'New one', company: `companies:${team.ids.acme}` },
      }),
    ).toEqual({
      name: 'New one',
      company: team.ids.acme,
      stage: team.ids.lead,
      owner: team.owner.memberId,
      currency: 'EUR',
    })
    expect(await fieldsOf({ op: 'create', entity: 'companies', set: { name: 'Cedar' } })).toEqual({
      name: 'Cedar',
      kind: 'prospect',
      owner: team.owner.memberId,
    })
  })

  it('lets one change point to a record an earlier one makes', async () => {
    const { proposal } = await team.propose([
      { op: 'create', entity: 'companies', set: { name: 'Dogwood' } },
      { op: 'create', entity: 'people', set: { given_name: 'Gus', company: 'change:1' } },
    ])
    const [company, person] = proposal.changes
    expect(person!.fields.find(({ field }) => field === 'company')!.new).toBe(company!.id)
    expect(
      await refusal({ op: 'create', entity: 'people', set: { given_name: 'Gus', company: 'change:1' } }),
    ).toMatchObject({ code: 'record_not_found' })
  })

  it('takes addresses, phone numbers and tags, in one form each and never twice', async () => {
    const person = `people:${team.ids.erik}`
    expect(
      await fieldsOf({ op: 'create', entity: 'person_emails', set: { person, email: 'Erik@ACME.example' } }),
    ).toMatchObject({ address: 'erik@acme.example' })
    expect(
      await fieldsOf({ op: 'create', entity: 'person_phones', set: { person, phone: '+49 (0)30 901820' } }),
    ).toMatchObject({ number: '+4930901820' })
    expect(
      await refusal({ op: 'create', entity: 'person_phones', set: { person, phone: '12' } }),
    ).toMatchObject({ code: 'bad_value' })
    expect(
      await refusal({ op: 'create', entity: 'person_emails', set: { person, email: 'dana@acme.example' } }),
    ).toMatchObject({ code: 'duplicate_record' })
    expect(await refusal({ op: 'create', entity: 'tags', set: { name: 'VIP' } })).toMatchObject({
      code: 'duplicate_record',
    })
    const { proposal } = await team.propose([
      { op: 'create', entity: 'tags', set: { name: 'Spring event' } },
      { op: 'link', entity: 'people', record: person, set: { tags: ['change:1'] } },
    ])
    expect(proposal.changes[1]!.links[0]!.target_id).toBe(proposal.changes[0]!.id)
  })

  it('drops what is so already, and refuses a proposal with nothing left', async () => {
    expect(await fieldsOf(changeDeal({ stage: 'Lead', bedrooms: 2 }))).toEqual({ bedrooms: 2 })
    expect(
      await refusal(changeDeal({ stage: 'Lead', amount: '10,000', close_date: '2026-12-31' })),
    ).toMatchObject({ code: 'no_change' })
    expect(
      await refusal({
        op: 'link',
        entity: 'people',
        record: `people:${team.ids.farah}`,
        set: { tags: ['VIP'] },
      }),
    ).toMatchObject({ code: 'no_change' })
    expect(await refusal({ op: 'restore', entity: 'deals', record: deal() })).toMatchObject({
      code: 'no_change',
    })
  })

  it('teaches: fields, entities, options, stages, required fields', async () => {
    expect(await refusal(changeDeal({ stge: 'Won' }))).toMatchObject({
      code: 'unknown_field',
      at: 'changes[0].set.stge',
      did_you_mean: ['stage'],
      valid_options: expect.arrayContaining(['amount', 'people']),
    })
    expect(await refusal(changeDeal({ closed_at: '2026-01-01' }))).toMatchObject({
      code: 'field_not_writable',
    })
    expect(await refusal(changeDeal({ amount_minor: 5 }))).toMatchObject({
      code: 'field_not_writable',
      did_you_mean: ['amount'],
    })
    expect(await refusal(changeDeal({ stage: 'Ofer out' }))).toMatchObject({
      code: 'record_not_found',
      valid_options: ['Lead', 'Offer out', 'Won'],
      did_you_mean: ['Offer out'],
    })
    expect(await refusal(changeDeal({ side: 'bye' }))).toMatchObject({
      code: 'bad_option',
      valid_options: ['buy', 'sell'],
    })
    expect(await refusal(changeDeal({ name: null }))).toMatchObject({ code: 'required_field' })
    expect(await refusal(changeDeal({ people: [`people:${team.ids.dana}`] }))).toMatchObject({
      code: 'wrong_operation',
    })
    expect(await refusal(changeDeal({}))).toMatchObject({ code: 'wrong_operation' })
    expect(await refusal({ op: 'create', entity: 'peple', set: {} })).toMatchObject({
      code: 'unknown_entity',
      did_you_mean: ['people'],
    })
    expect(await refusal({ op: 'create', entity: 'emails', set: {} })).toMatchObject({
      code: 'entity_not_writable',
    })
    expect(await refusal({ op: 'create', entity: 'proposals', set: {} })).toMatchObject({
      code: 'unknown_entity',
    })
    expect(await refusal({ op: 'create', entity: 'tasks', set: {} })).toMatchObject({
      code: 'missing_field',
      valid_options: ['title'],
    })
    expect(await refusal({ op: 'create', entity: 'people', set: { city: 'Bonn' } })).toMatchObject({
      code: 'missing_field',
    })
    expect(
      await refusal({ op: 'update', entity: 'deals', record: `people:${team.ids.dana}`, set: { name: 'x' } }),
    ).toMatchObject({ code: 'wrong_entity' })
    expect(
      await refusal({ op: 'update', entity: 'deals', record: `deals:${newId()}`, set: { name: 'x' } }),
    ).toMatchObject({ code: 'record_not_found' })
    expect(await refusal(changeDeal({ next_step: 'a' }), changeDeal({ next_step: 'b' }))).toMatchObject({
      code: 'set_twice',
    })
    expect(
      await refusal(changeDeal({ next_step: 'a' }), { op: 'archive', entity: 'deals', record: deal() }),
    ).toMatchObject({ code: 'set_twice' })
  })

  it('names nobody in an error', async () => {
    const told = await Promise.all([
      refusal(changeDeal({ company: 'Acme Rocket' })),
      refusal(changeDeal({ owner: 'Ownr Tester' })),
      refusal({ op: 'link', entity: 'deals', record: deal(), set: { people: ['Dana Whitfild'] } }),
    ])
    expect(JSON.stringify(told)).not.toMatch(/Acme|Owner|Dana|Birch|Farah/)
    for (const one of told) expect(one).toMatchObject({ code: 'record_not_found' })
  })

  it('refuses references into another workspace', async () => {
    const foreign = await makeTeam(test)
    expect(await refusal(changeDeal({ company: `companies:${foreign.ids.acme}` }))).toMatchObject({
      code: 'record_not_found',
    })
    expect(
      await refusal({ op: 'archive', entity: 'deals', record: `deals:${foreign.ids.deal}` }),
    ).toMatchObject({ code: 'record_not_found' })
  })

  it('checks quotes against their record, however they are spaced or quoted', async () => {
    const record = `emails:${team.ids.mail}`
    const { proposal } = await team.propose([
      {
        ...changeDeal({ notes: 'x' }),
        evidence: [
          { record, quote: 'Happy to go  ahead' },
          { record, quote: 'we decline' },
          { record },
          { quote: 'said on the phone' },
          {},
        ],
      },
    ])
    expect(proposal.changes[0]!.evidence.map(({ found }) => found)).toEqual([true, false, null, null])
    expect(
      await refusal({ ...changeDeal({ notes: 'y' }), evidence: [{ record: `emails:${newId()}` }] }),
    ).toMatchObject({ code: 'record_not_found' })
  })

  it('puts names where a text carries record URIs', async () => {
    expect(
      await fieldsOf(
        changeDeal({
          next_step: `Ask people:${team.ids.dana} about deals:${team.ids.other}; people:${newId()} too`,
        }),
      ),
    ).toMatchObject({
      next_step: expect.stringMatching(
        /^Ask Dana Whitfield about Tokyo pilot; people:[0-9a-f-]{36} too$/,
      ) as string,
    })
  })

  /** As if some of the conversation's proposals had been opened so long before, which no statement of ours can say. */
  const later = async (conversationId: string, age: string, count: number): Promise<void> => {
    const { pool } = test.database
    await pool.query('alter table workflow.proposals disable trigger keep_opened_at')
    await pool.query('alter table workflow.proposals no force row level security')
    await pool.query(
      `update workflow.proposals set opened_at = clock_timestamp() - $2::interval where id in (select id from workflow.proposals
        where conversation_id = $1 order by opened_at limit $3)`,
      [conversationId, age, count],
    )
    await pool.query('alter table workflow.proposals force row level security')
    await pool.query('alter table workflow.proposals enable trigger keep_opened_at')
  }

  it('keeps one proposal for one wish: same changes, same key, at most thirty an hour that wait', async () => {
    const conversationId = await team.conversation()
    const wish = (n: number) => [changeDeal({ notes: `wish ${n}` })]
    const first = await team.propose(wish(1), { conversationId })
    expect(await team.propose(wish(1), { conversationId })).toMatchObject({
      created: false,
      proposal: { id: first.proposal.id },
    })
    const racing = await Promise.all(
      Array.from({ length: 5 }, () => team.propose(wish(50), { conversationId })),
    )
    expect(new Set(racing.map(({ proposal }) => proposal.id)).size).toBe(1)
    const keyed = await team.propose(wish(2), { conversationId, idempotencyKey: 'k' })
    expect(await team.propose(wish(2), { conversationId, idempotencyKey: 'k' })).toMatchObject({
      created: false,
      proposal: { id: keyed.proposal.id },
    })
    await expect(team.propose(wish(3), { conversationId, idempotencyKey: 'k' })).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    })
    for (let n = 4; n < 31; n += 1) await team.propose(wish(n), { conversationId })
    await expect(team.propose(wish(99), { conversationId })).rejects.toMatchObject({
      code: 'too_many_open',
      details: { fix: expect.stringMatching(/again in (60|59) minutes\.$/) as string },
    })
    await later(conversationId, '59 minutes 30 seconds', 29)
    await expect(team.propose(wish(99), { conversationId })).rejects.toMatchObject({
      code: 'too_many_open',
      details: { fix: expect.stringContaining('again in 1 minute.') as string },
    })
    await later(conversationId, '1 hour', 1)
    expect((await team.propose(wish(98), { conversationId })).created).toBe(true)
    await expect(team.propose(wish(97), { conversationId })).rejects.toMatchObject({ code: 'too_many_open' })
    await expect(
      team.query(sql`update workflow.proposals set opened_at = opened_at - interval '2 hours'`),
    ).resolves.toEqual([])
    await expect(team.propose(wish(97), { conversationId })).rejects.toMatchObject({ code: 'too_many_open' })
    const elsewhere = await team.conversation()
    expect((await team.propose(wish(99), { conversationId: elsewhere })).created).toBe(true)
    expect(await team.propose(wish(1), { conversationId: elsewhere })).toMatchObject({
      created: false,
      proposal: { id: first.proposal.id },
    })
    const admin = { ...team.tenant.actor('admin'), via: 'chat' } as const
    const theirs = await team.propose(wish(1), { conversationId: null, actor: admin })
    expect(theirs.created).toBe(true)
    const task = [{ op: 'task', set: { title: 'Twice' } }]
    const made = await team.propose(task, { conversationId: elsewhere })
    expect(await team.propose(task)).toMatchObject({ created: false, proposal: { id: made.proposal.id } })
  })
})

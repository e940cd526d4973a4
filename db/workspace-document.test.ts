import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '../domain/ids.ts'
import { asTenant, runText } from './tenant.ts'
import { openTestDatabase, testEngines } from './testing.ts'
import type { TestDatabase } from './testing.ts'
import { checkDocument, exportDocument, importDocument } from './workspace-document.ts'
import type { DocumentRow, WorkspaceDocument } from './workspace-document.ts'
import { findWorkspace } from './workspace.ts'

const made = '2025-03-04T10:00:00.000Z'
const id = Object.fromEntries(
  'member company person open won lost deal call meeting tag thread email attachment'
    .split(' ')
    .map((key) => [key, newId()]),
) as Record<string, string>

type Records = Record<string, (DocumentRow & Record<string, unknown>)[]>
const pool = Array.from({ length: 40 }, () => newId())
let drawn = 0
/** Records without an id of their own get the same ones in each document. */
const row = (fields: Record<string, unknown>): DocumentRow & Record<string, unknown> => ({
  id: pool[drawn++]!,
  created_at: made,
  ...fields,
})

const makeDocument = (): WorkspaceDocument & { records: Records } => {
  drawn = 0
  return {
    format: 'tact-workspace/1',
    workspace: {
      slug: 'harbor',
      name: 'Harbor',
      vertical: 'sales',
      timezone: 'America/Chicago',
      currency: 'USD',
      country: 'US',
      clock_at: '2026-11-20T15:00:00.000Z',
    },
    records: {
      members: [
        row({
          id: id['member'],
          email: 'jo@harbor.example',
          given_name: 'Jo',
          family_name: 'Ode',
          role: 'owner',
        }),
      ],
      companies: [
        row({ id: id['company'], name: 'Acre', domain: 'acre.example', owner_id: id['member'], version: 4 }),
      ],
      people: [
        row({
          id: id['person'],
          given_name: 'Zoë',
          family_name: "O'Neal",
          company_id: id['company'],
          created_by: id['member'],
        }),
        row({ given_name: 'Gone', family_name: 'Away', deleted_at: '2025-05-05T05:05:05.123456Z' }),
      ],
      person_emails: [row({ person_id: id['person'], address: 'zoe@acre.example', is_primary: true })],
      stages: [
        row({ id: id['open'], name: 'Open', position: 0, kind: 'open', probability: 0.25 }),
        row({ id: id['won'], name: 'Won', position: 1, kind: 'won', probability: 1 }),
      ],
      deals: [
        row({
          id: id['deal'],
          name: 'Acre rollout',
          company_id: id['company'],
          stage_id: id['won'],
          owner_id: id['member'],
          amount_minor: 4_200_050,
          currency: 'USD',
          close_date: '2025-06-01',
          closed_at: '2025-06-01T12:00:00.000Z',
          stage_since: '2025-06-01T12:00:00.000Z',
        }),
      ],
      deal_stage_events: [
        row({ deal_id: id['deal'], to_stage_id: id['open'], at: made }),
        row({
          deal_id: id['deal'],
          from_stage_id: id['open'],
          to_stage_id: id['won'],
          at: '2025-06-01T12:00:00.000Z',
        }),
      ],
      interactions: [
        row({
          id: id['call'],
          kind: 'call',
          direction: 'inbound',
          occurred_at: '2025-04-01T09:00:00.000Z',
          company_id: id['company'],
          deal_id: id['deal'],
        }),
        row({
          id: id['meeting'],
          kind: 'meeting',
          occurred_at: '2025-03-20T09:00:00.000Z',
          summary: 'Line one\nline two',
          email_id: id['email'],
        }),
      ],
      interaction_people: [
        row({ interaction_id: id['call'], person_id: id['person'] }),
        row({ interaction_id: id['meeting'], person_id: id['person'] }),
      ],
      threads: [
        row({
          id: id['thread'],
          subject: 'Hello',
          message_count: 1,
          needs_reply: true,
          last_direction: 'inbound',
          owner_id: id['member'],
        }),
      ],
      emails: [
        row({
          id: id['email'],
          thread_id: id['thread'],
          message_id: 'a@acre.example',
          reference_ids: ['b@acre.example', 'c "d", {e}@acre.example'],
          content_hash: 'aa',
          sent_at: made,
          direction: 'inbound',
          subject: 'Hello',
          body_text: 'Hi — “quotes”',
          size_bytes: 12,
          source: 'test',
        }),
      ],
      tags: [row({ id: id['tag'], name: 'client' })],
      person_tags: [row({ person_id: id['person'], tag_id: id['tag'] })],
    },
  }
}

const refusal = (change: (document: WorkspaceDocument & { records: Records }) => void): unknown => {
  const document = makeDocument()
  change(document)
  try {
    checkDocument(document)
  } catch (error) {
    return error
  }
  return undefined
}

describe('checking a workspace document', () => {
  test.each([
    [
      'an entity the catalog lacks',
      'unknown_entity',
      'records.dragons',
      (d: { records: Records }) => void (d.records['dragons'] = []),
    ],
    [
      'an entity that stays inside',
      'unknown_entity',
      'records.proposals',
      (d: { records: Records }) => void (d.records['proposals'] = []),
    ],
    [
      'a field the entity lacks',
      'unknown_field',
      'records.deals[0].colour',
      (d: { records: Records }) => void (d.records['deals']![0]!['colour'] = 'red'),
    ],
    [
      'a roll-up',
      'unknown_field',
      'records.people[0].last_interaction_at',
      (d: { records: Records }) => void (d.records['people']![0]!['last_interaction_at'] = made),
    ],
    [
      'text where a number belongs',
      'bad_type',
      'records.deals[0].amount_minor',
      (d: { records: Records }) => void (d.records['deals']![0]!['amount_minor'] = '42'),
    ],
    [
      'half a cent',
      'bad_type',
      'records.deals[0].amount_minor',
      (d: { records: Records }) => void (d.records['deals']![0]!['amount_minor'] = 0.5),
    ],
    [
      'a day that does not exist',
      'bad_type',
      'records.deals[0].close_date',
      (d: { records: Records }) => void (d.records['deals']![0]!['close_date'] = '2025-02-30'),
    ],
    [
      'a time without offset',
      'bad_type',
      'records.interactions[1].occurred_at',
      (d: { records: Records }) => void (d.records['interactions']![1]!['occurred_at'] = '2025-02-03T10:00'),
    ],
    [
      'a value outside its set',
      'bad_value',
      'records.stages[1].kind',
      (d: { records: Records }) => void (d.records['stages']![1]!['kind'] = 'lucky'),
    ],
    [
      'a missing name',
      'missing_field',
      'records.companies[0].name',
      (d: { records: Records }) => void delete d.records['companies']![0]!['name'],
    ],
    [
      'the same id twice',
      'duplicate_id',
      'records.people[1].id',
      (d: { records: Records }) => void ((d.records['people']![1] as { id: string }).id = id['person']!),
    ],
  ])('%s is refused with its place', (_what, code, at, change) => {
    expect(refusal(change)).toMatchObject({ kind: 'user', code, details: { at } })
  })

  test('something else altogether is refused too', () => {
    for (const input of [null, 3, [], {}, { format: 'tact-workspace/2' }]) {
      expect(() => checkDocument(input)).toThrow(/not a tact-workspace\/1 document/)
    }
  })

  test('what does not hold is named without a word of the record', () => {
    const error = refusal((document) => void (document.records['deals']![0]!['amount_minor'] = 'secret sum'))
    expect(JSON.stringify((error as { toPublic(): unknown }).toPublic())).not.toContain('secret')
  })
})

describe.each(testEngines)('workspace documents on %s', (engine) => {
  let opened: TestDatabase
  beforeAll(async () => {
    opened = await openTestDatabase(engine)
  })
  beforeEach(() => opened.truncate())
  afterAll(() => opened.close())

  const inside = async <T>(fn: Parameters<typeof asTenant<T>>[2]): Promise<T> => {
    const workspace = await findWorkspace(opened.database, 'harbor')
    return asTenant(opened.database, { tenantId: workspace!.id, memberId: null, via: 'system' }, fn)
  }
  const take = (): Promise<WorkspaceDocument> => inside((tx) => exportDocument(tx))

  test('an export goes into an empty database and comes out again the same, and holds all that went in', async () => {
    const counts = await importDocument(opened.database, makeDocument())
    expect(counts).toEqual({ created: 18, updated: 0, unchanged: 0 })
    const first = await take()
    await opened.truncate()
    await importDocument(opened.database, structuredClone(first))
    expect(JSON.stringify(await take())).toBe(JSON.stringify(first))
    for (const [entity, rows] of Object.entries(makeDocument().records)) {
      for (const given of rows) {
        expect(first.records[entity]?.find((one) => one.id === given.id)).toMatchObject(given)
      }
    }
  })

  test('roll-ups are worked out again, and a history that came along is not begun twice', async () => {
    await importDocument(opened.database, makeDocument())
    const seen = await inside((tx) =>
      runText(
        tx,
        `select p.last_interaction_at, p.last_meeting_at, p.last_inbound_at, d.last_interaction_at, d.version,
           (select count(*) from crm.deal_stage_events) from crm.people p, crm.deals d where p.id = $1`,
        [id['person']],
      ),
    )
    const [called, met] = ['2025-04-01T09:00:00.000Z', '2025-03-20T09:00:00.000Z']
    expect(seen.rows).toEqual([[called, met, called, called, 1, 2]])
  })

  test('progress ends at the number of records', async () => {
    const steps: number[] = []
    await importDocument(opened.database, makeDocument(), { onProgress: (_entity, done) => steps.push(done) })
    expect(steps.at(-1)).toBe(18)
    expect(steps).toEqual([...steps].sort((a, b) => a - b))
  })

  test('a second import is refused; asked to replace, it changes only what differs', async () => {
    await importDocument(opened.database, makeDocument())
    await expect(importDocument(opened.database, makeDocument())).rejects.toMatchObject({
      code: 'workspace_exists',
    })
    const before = await take()
    expect(await importDocument(opened.database, makeDocument(), { existing: 'replace' })).toEqual({
      created: 0,
      updated: 0,
      unchanged: 18,
    })
    expect(await take()).toEqual(before)
    const changed = makeDocument()
    changed.records['deals']![0]!['name'] = 'Acre, all sites'
    changed.records['tags']!.push(row({ name: 'new' }))
    expect(await importDocument(opened.database, changed, { existing: 'replace' })).toEqual({
      created: 1,
      updated: 1,
      unchanged: 17,
    })
    expect((await take()).records['deals']![0]).toMatchObject({ name: 'Acre, all sites', version: 2 })
  })

  test('a reference that leads nowhere stops the import, with its place and nothing written', async () => {
    const document = makeDocument()
    document.records['deals']![0]!['stage_id'] = newId()
    const place = { code: 'dangling_reference', details: { at: 'records.deals[0].stage_id' } }
    await expect(importDocument(opened.database, document)).rejects.toMatchObject(place)
    expect(await findWorkspace(opened.database, 'harbor')).toBeUndefined()
    await importDocument(opened.database, makeDocument())
    await expect(importDocument(opened.database, document, { existing: 'replace' })).rejects.toMatchObject(
      place,
    )
  })

  test('a part of a document may lean on what the workspace holds', async () => {
    await importDocument(opened.database, makeDocument())
    const { records, ...rest } = makeDocument()
    const part = {
      ...rest,
      records: { person_tags: records['person_tags']!, tasks: [row({ title: 'Call', deal_id: id['deal'] })] },
    }
    expect(await importDocument(opened.database, part, { existing: 'replace' })).toEqual({
      created: 1,
      updated: 0,
      unchanged: 1,
    })
  })

  test('records of another workspace are not taken over by their ids', async () => {
    await importDocument(opened.database, makeDocument())
    const theirs = makeDocument()
    const other = { ...theirs, workspace: { ...theirs.workspace, slug: 'other' } }
    for (const existing of ['refuse', 'replace'] as const) {
      await expect(importDocument(opened.database, other, { existing })).rejects.toMatchObject({
        code: 'records_taken',
      })
    }
    expect((await take()).records['people']).toHaveLength(2)
  })
})

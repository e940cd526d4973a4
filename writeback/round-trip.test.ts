import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { entityOf } from '../db/catalog/all.ts'
import type { Entity } from '../db/catalog/all.ts'
import { documentEntities, documentFields } from '../db/document-shape.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase } from '../db/testing.ts'
import type { TactError } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import { settablesOf, writableEntities } from './fields.ts'
import type { Settable } from './fields.ts'
import { getProposal } from './list.ts'
import { planHash } from './plan.ts'
import { canonicalField, readRow } from './rows.ts'
import { planOf } from './store.ts'
import { randomFrom } from './testing-shown.ts'
import { WISHES, runRoundTrips } from './testing-round-trips.ts'
import { makeTeam } from './testing.ts'
import type { Team, TeamRecord } from './testing.ts'
import { undo } from './undo.ts'

const TEXTS = [
  'plain',
  'Zoë Müller–Ørsted',
  'مرحبا \u202Eevil\u202C בעולם',
  '👩‍👩‍👧‍👦 🏳️‍🌈 family',
  `"quoted" 'single' \\back\\slash $1 %s {t}`,
  '<script>alert(1)</script>',
  "Robert'); DROP TABLE crm.deals;--",
  'line one\nline two\ttabbed',
  'null',
  '0',
  'x'.repeat(400),
]
const LONG = 'Lorem ipsum dolor sit amet — '.repeat(170)

const RECORDS: Readonly<Record<string, readonly TeamRecord[]>> = {
  people: ['dana', 'erik', 'farah'],
  companies: ['acme', 'birch'],
  deals: ['deal', 'other'],
  tasks: ['task'],
  interactions: ['call'],
  property_interests: ['interest'],
  stages: ['lead', 'offer', 'won'],
  tags: ['vip', 'cold'],
  person_emails: ['address'],
  person_phones: ['phone'],
  members: [],
}

/** Written by nobody, and pointed to by what people write. */
const REFERENCED: ReadonlySet<string> = new Set(['threads', 'emails'])

describe.each(testEngines)('propose, approve, execute, undo on %s', (engine) => {
  let test: TestDatabase
  let team: Team
  /** A record of each writable entity that the team has none of. */
  const others = new Map<string, string>()
  const plainRecord = async (tx: TenantTx, entity: Entity): Promise<string> => {
    const id = newId()
    const given = documentFields(entity).flatMap((field): [string, unknown][] => {
      const { name, sqlType, required, references, values } = field
      if (name === 'id') return [[name, id]]
      if (name === 'status' && values?.includes('declined')) return [[name, 'declined']]
      if (!required) return []
      if (references)
        return [[name, team.ids[RECORDS[references]?.at(-1) ?? 'dana'] ?? others.get(references)]]
      if (sqlType.startsWith('timestamp')) return [[name, '2026-11-20T09:00:00Z']]
      return [[name, values?.[0] ?? (sqlType === 'text' ? (name === 'currency' ? 'USD' : 'x') : 1)]]
    })
    for (const [at, [name, value]] of given.entries()) {
      const references = entity.columns[name]?.marks.references
      if (references && others.has(references)) given[at] = [name, others.get(references)]
      else if (value === undefined) throw new Error(`No record for ${entity.name}.${name}.`)
    }
    const names = sql.join(
      given.map(([name]) => sql.identifier(name)),
      sql`, `,
    )
    const held = sql.join(
      given.map(([, value]) => sql`${value}`),
      sql`, `,
    )
    await rows(
      tx,
      sql`insert into ${sql.raw(entity.sqlName)} (tenant_id, ${names}) values (core.current_tenant(), ${held})`,
    )
    return id
  }
  beforeAll(async () => {
    test = await openTestDatabase(engine)
    team = await makeTeam(test)
    await asTenant(team.database, team.owner, async (tx) => {
      for (const entity of documentEntities()) {
        if (entity.name in RECORDS) continue
        if (!writableEntities().includes(entity.name) && !REFERENCED.has(entity.name)) continue
        others.set(entity.name, await plainRecord(tx, entity))
      }
    })
  })
  afterAll(() => test.close())

  /** `touched` steers towards fields that had no turn yet. */
  const make = (random: () => number, touched: ReadonlySet<string>) => {
    const pick = <T>(options: readonly T[]): T => options[Math.floor(random() * options.length)]!
    const int = (max: number): number => Math.floor(random() * max)
    const uri = (entity: string): string =>
      entity === 'members'
        ? pick(team.tenant.members.map(({ id }) => `members:${id}`))
        : `${entity}:${others.get(entity) ?? team.ids[pick(RECORDS[entity]!)]}`
    const value = (entity: string, settable: Settable): unknown => {
      if (settable.kind === 'link') return [uri(settable.target)]
      const { marks, type, column, required } = settable
      if (!required && random() < 0.15) return null
      if (marks.references) return uri(marks.references)
      if (marks.values) return pick(marks.values)
      if (marks.range) return marks.range[0] + int(marks.range[1] - marks.range[0] + 1)
      if (column.endsWith('currency')) return pick(['EUR', 'USD', 'JPY', 'KWD'])
      if (column === 'domain') return pick(['https://www.Example.com/x', 'münchen.example', 'a-b.example'])
      if (column === 'linkedin_url') return pick(['linkedin.com/in/zoe', 'http://www.linkedin.com/in/x?y=1'])
      if (column === 'address') return `P${int(1e9)}@Example.com`
      if (column === 'number') return `+4930${901_000 + int(900)}`
      if (entity === 'tags') return `tag ${int(1e9)}`
      switch (type) {
        case 'number':
          return pick<unknown>([0, int(1000), String(int(1000))])
        case 'money':
          return pick<unknown>([0, int(1_000_000), '1,234,000', '2k', '1.5m'])
        case 'boolean':
          return pick<unknown>([true, 'no'])
        case 'date':
          return pick(['2027-02-28', '2024-02-29', 'tomorrow', '+6mo'])
        case 'timestamp':
          return pick([
            '2026-10-25T02:30',
            '2026-03-29T02:30',
            '2026-11-20T15:00:00.123456+05:30',
            'now',
            '2026-12-24',
          ])
        case 'text':
          return ['notes', 'body', 'next_step', 'summary'].includes(column) && random() < 0.2
            ? LONG
            : pick(TEXTS)
        case 'record':
        case 'json':
          throw new Error(`No generator for ${column}.`)
      }
    }
    const change = (): object => {
      const left = writableEntities().filter((name) =>
        settablesOf(entityOf(name), 'update').some(
          (one) => !touched.has(`${name}.${one.kind === 'link' ? one.name : one.column}`),
        ),
      )
      const entity = pick(left.length > 0 && random() < 0.5 ? left : writableEntities())
      const all = settablesOf(entityOf(entity), 'update')
      const some = (kind: Settable['kind'], count: number): Readonly<Record<string, unknown>> =>
        Object.fromEntries(
          all
            .filter((one) => one.kind === kind)
            .map((one) => ({
              one,
              order:
                random() - Number(!touched.has(`${entity}.${one.kind === 'link' ? one.name : one.column}`)),
            }))
            .sort((a, b) => a.order - b.order)
            .slice(0, count)
            .map(({ one }) => [one.name, value(entity, one)]),
        )
      const record = uri(entity)
      const roll = random()
      const links = all.some(({ kind }) => kind === 'link')
      if (roll < 0.5) return { op: 'update', entity, record, set: some('field', 1 + int(6)) }
      if (roll < 0.65 && links) return { op: 'link', entity, record, set: some('link', 1) }
      if (roll < 0.75 && links) return { op: 'unlink', entity, record, set: some('link', 1) }
      if (roll < 0.82) return { op: 'archive', entity, record }
      const required = Object.fromEntries(
        settablesOf(entityOf(entity), 'create')
          .filter((one) => one.kind === 'field' && (one.required || one.column === 'given_name'))
          .map((one) => [one.name, value(entity, one) ?? 'x']),
      )
      return {
        op: 'create',
        entity,
        set: { ...some('field', 4), ...required, ...(random() < 0.5 ? some('link', 1) : {}) },
      }
    }
    return { change, int }
  }

  it('gives back every row exactly, for random changes of every writable field', async () => {
    const touched = new Set<string>()
    const { change, int } = make(randomFrom(20_261_121), touched)
    const outcomes = { executed: 0, refused: 0 }
    const refusals = new Set<string>()
    for (let round = 0; round < 160; round += 1) {
      const before = await team.rowsById()
      const changes = Array.from({ length: 1 + int(4) }, change)
      const proposed = await team.propose(changes).catch((error: unknown) => error as TactError)
      if (proposed instanceof Error) {
        // Random changes may contradict each other or change nothing; anything else is a fault.
        refusals.add(proposed.code)
        outcomes.refused += 1
        continue
      }
      const { proposal } = proposed
      for (const one of proposal.changes) {
        for (const { column } of one.fields) touched.add(`${one.entity}.${column}`)
        for (const { relation } of one.links) touched.add(`${one.entity}.${relation}`)
      }
      const context = { workspace: team.tenant.workspace, now: team.now }
      const shown = await asTenant(team.database, team.owner, (tx) =>
        getProposal({ ...context, tx }, proposal.id),
      )
      expect(shown.hash).toBe(proposal.diffHash)
      const done = await team.carryOut(proposal)
      expect(done).toMatchObject({ state: 'executed' })
      outcomes.executed += 1
      for (const one of proposal.changes) {
        const entity = entityOf(one.entity)
        const row = await asTenant(team.database, team.owner, (tx) => readRow(tx, entity, one.id))
        for (const field of one.fields) expect(canonicalField(entity, field.column, row!)).toBe(field.new)
      }
      await undo(team.database, { proposalId: proposal.id, decider: team.owner, now: team.now })
      const after = await team.rowsById()
      for (const [id, row] of before) expect(after.get(id)).toBe(row)
      const left = [...after].filter(([id, row]) => !before.has(id) && !/\["deleted_at","2/.test(row))
      expect(left).toEqual([])
    }
    expect(outcomes.executed).toBeGreaterThan(100)
    expect(
      [...refusals].filter(
        (code) => !['set_twice', 'no_change', 'required_field', 'duplicate_record'].includes(code),
      ),
    ).toEqual([])
    const all = writableEntities().flatMap((name) =>
      settablesOf(entityOf(name), 'update').map(
        (one) => `${name}.${one.kind === 'link' ? one.name : one.column}`,
      ),
    )
    expect(all.filter((name) => !touched.has(name))).toEqual([])
  }, 180_000)

  // `npm run eval -- round-trips --count 2000` runs the same many times.
  it('takes back every operation and kind, at once, by item, and what was edited since not at all', async () => {
    const { ends, faults } = await runRoundTrips(() => makeTeam(test), { count: 36, seed: 20_261_121 })
    expect(faults).toEqual([])
    expect(Object.keys(ends).sort()).toEqual([...WISHES].sort())
  }, 120_000)

  it('hashes the same before and after the database, whatever the texts', async () => {
    for (const text of [...TEXTS, LONG, '\u0001 \u0008 control', 'é é', '￿𝄞']) {
      const { proposal } = await team.propose([
        { op: 'create', entity: 'tasks', set: { title: 'T', notes: text } },
      ])
      expect(planHash(planOf(proposal))).toBe(proposal.diffHash)
      const stored = await team.query<{ notes: string }>(
        sql`select f->>'new' as notes from workflow.proposals p, jsonb_array_elements(p.changes->0->'fields') f where p.id = ${proposal.id} and f->>'column' = 'notes'`,
      )
      expect(stored[0]!.notes).toBe(text.trim())
    }
  })
})

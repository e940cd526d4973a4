import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asTenant } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase } from '../db/testing.ts'
import { documentEntities, documentFields } from '../db/document-shape.ts'
import { documentOfValue, exportDocument, importDocument } from '../db/workspace-document.ts'
import { findWorkspace } from '../db/workspace.ts'
import { makeDemo } from './make.ts'
import type { DemoWorkspace } from './make.ts'
import { FAMILY_NAMES, GIVEN_NAMES } from './names.ts'
import { openDemo } from './testing.ts'
import { DEMO_NAMES } from './world.ts'

/** Calls of the day on which somebody was entered may have come before that. */
const HALF_DAY_MS = 43_200_000

const PREFIXES = /^((re|automatic reply): )+/i

const digest = (demo: DemoWorkspace): string => {
  const hash = createHash('sha256').update(JSON.stringify(demo.document))
  for (const { raw, place } of demo.mail()) hash.update(place).update(raw)
  return hash.digest('hex')
}

test('all three demos with their mail take less than two seconds of processor time', () => {
  const before = process.cpuUsage()
  for (const name of DEMO_NAMES) digest(makeDemo(name))
  const { user, system } = process.cpuUsage(before)
  expect((user + system) / 1000).toBeLessThan(2000)
})

test('there are names enough, with accents, hyphens, apostrophes and particles', () => {
  expect(GIVEN_NAMES.length).toBeGreaterThanOrEqual(150)
  expect(FAMILY_NAMES.length).toBeGreaterThanOrEqual(150)
  for (const shape of [/é/, /-/, /'/, /^van /, /ñ/]) {
    expect([...GIVEN_NAMES, ...FAMILY_NAMES].some((name) => shape.test(name))).toBe(true)
  }
})

describe.each(DEMO_NAMES)('%s', (name) => {
  const demo = openDemo(name)

  test('is the same bytes twice, and others from another seed', () => {
    const first = makeDemo(name)
    const bytes = digest(first)
    expect(digest(first)).toBe(bytes)
    expect(digest(makeDemo(name))).toBe(bytes)
    expect(digest(makeDemo(name, { seed: 'other' }))).not.toBe(bytes)
  })

  test('is as large as it was asked to be', () => {
    const { document } = makeDemo(name)
    const count = (entity: string): number => document.records[entity]!.length
    expect(count('people')).toBe(340)
    expect(makeDemo(name, { people: 420 }).document.records['people']).toHaveLength(420)
    expect(count('companies')).toBeGreaterThanOrEqual(120)
    expect(count('companies')).toBeLessThanOrEqual(150)
    expect(count('deals')).toBeGreaterThanOrEqual(80)
    expect(count('deals')).toBeLessThanOrEqual(120)
    expect(demo.mails.length).toBeGreaterThanOrEqual(700)
    expect(demo.mails.length).toBeLessThanOrEqual(1000)
    expect(demo.threads.length).toBeGreaterThanOrEqual(250)
    expect(demo.threads.length).toBeLessThanOrEqual(350)
  })

  test('holds: every field, type and reference, for this seed and others', async () => {
    for (const seed of ['tact', 'a', 'b', 'c']) {
      const { document } = makeDemo(name, { seed })
      const ids = new Set<string>()
      for await (const records of documentOfValue(document).records())
        for (const { entity, row } of records) ids.add(`${entity}:${row.id}`)
      const open = documentEntities().flatMap((entity) =>
        documentFields(entity).flatMap(({ name: field, references }) =>
          (document.records[entity.name] ?? []).filter((row) => {
            const target = row[field]
            return (
              references !== undefined && typeof target === 'string' && !ids.has(`${references}:${target}`)
            )
          }),
        ),
      )
      expect(open).toEqual([])
    }
  })

  test('nothing happens after its now, and a deal goes through its stages in order', () => {
    const { nowMs } = demo
    const fields = ['created_at', 'occurred_at', 'closed_at', 'stage_since', 'done_at', 'at'] as const
    const late = Object.keys(makeDemo(name).document.records).flatMap((entity) =>
      demo
        .all(entity)
        .filter((row) => fields.some((field) => Date.parse(row[field] ?? '1970-01-01') > nowMs)),
    )
    expect(late).toEqual([])
    for (const one of demo.mails) expect(one.atMs).toBeLessThanOrEqual(nowMs)
    const open = new Set(demo.openDeals.map(({ id }) => id))
    for (const deal of demo.all('deals')) {
      const steps = demo.all('deal_stage_events').filter((row) => row.deal_id === deal.id)
      expect(steps[0]!.from_stage_id).toBeUndefined()
      for (const [index, step] of steps.slice(1).entries()) {
        expect(step.from_stage_id).toBe(steps[index]!.to_stage_id)
        expect(step.at! >= steps[index]!.at!).toBe(true)
      }
      expect(steps.at(-1)).toMatchObject({ to_stage_id: deal.stage_id, at: deal.stage_since })
      expect(deal.created_at).toBe(steps[0]!.at)
      expect(deal.closed_at === undefined).toBe(open.has(deal.id))
    }
    for (const task of demo.all('tasks')) expect(task.due_at! >= task.created_at!).toBe(true)
  })

  test('nobody is met, written to or heard from before they are in the book', () => {
    for (const row of demo.all('interaction_people')) {
      const person = demo.people.get(row.person_id!)!
      const interaction = demo.all('interactions').find(({ id }) => id === row.interaction_id)!
      expect(Date.parse(interaction.occurred_at!)).toBeGreaterThan(
        Date.parse(person.created_at!) - HALF_DAY_MS,
      )
    }
    const early = demo.mails.filter((one) =>
      [one.from, ...one.readers].some(
        (address) => (demo.personAt.get(address)?.created_at ?? '') > new Date(one.atMs).toISOString(),
      ),
    )
    expect(early.map(({ id }) => id)).toEqual([])
  })

  test('addresses, domains and numbers are ones kept for fiction', () => {
    const addresses = [
      ...demo.all('person_emails').map((row) => row.address!),
      ...demo.all('members').map((row) => row.email!),
    ]
    expect(new Set(addresses).size).toBe(addresses.length)
    for (const address of addresses) expect(address).toMatch(/^[a-z0-9.]+@[a-z0-9-]+\.example$/)
    const numbers = demo.all('person_phones').map((row) => row.number!)
    expect(new Set(numbers).size).toBe(numbers.length)
    for (const number of numbers) {
      expect(number).toMatch(
        /^\+(1\d{3}55501\d\d|447700900\d{3}|442079460\d{3}|49(3023125|8999998|4066969)\d{3}|33(63998|19900)\d{4}|468465004\d\d|353209\d{6})$/,
      )
    }
    for (const one of demo.mails) {
      for (const address of [one.from, ...one.readers]) expect(address).toMatch(/\.example$/)
    }
  })

  test('every message is well-formed, known by its own id, and later than the one it answers', () => {
    const byId = new Map(demo.mails.map((one) => [one.id, one]))
    expect(byId.size).toBe(demo.mails.length)
    for (const one of demo.mails) {
      expect(one.id).toMatch(/^[a-z0-9.]+@[a-z0-9-]+\.example$/)
      expect(one.headers.get('references') !== undefined).toBe(one.answers !== undefined)
      if (one.answers === undefined) continue
      const above = byId.get(one.answers)!
      expect(above.atMs).toBeLessThan(one.atMs)
      expect(one.subject.replace(PREFIXES, '')).toBe(above.subject.replace(PREFIXES, ''))
      expect(one.headers.get('references')).toContain(`<${one.answers}>`)
    }
    expect(demo.mails.map(({ atMs }) => atMs)).toEqual(
      demo.mails.map(({ atMs }) => atMs).sort((a, b) => a - b),
    )
  })

  test('no text shows the seams of its template', () => {
    const texts = [
      ...demo.mails.flatMap((one) => [one.subject, one.text]),
      ...Object.values(makeDemo(name).document.records)
        .flat()
        .flatMap((row) => Object.values(row).filter((value) => typeof value === 'string')),
    ]
    for (const text of texts) expect(text).not.toMatch(/\$[a-zA-Z]|[[\]|]{2}|\]|undefined|NaN|^@(pdf|csv) /m)
  })

  test('the mail is of many kinds, and two threads rarely read alike', () => {
    const header = (key: string, value: RegExp): number =>
      demo.mails.filter((one) => value.test(one.headers.get(key) ?? '')).length
    expect(header('content-type', /multipart\/alternative/)).toBeGreaterThan(50)
    expect(header('content-type', /multipart\/mixed/)).toBeGreaterThan(50)
    expect(header('list-id', /./)).toBeGreaterThan(10)
    expect(header('auto-submitted', /./)).toBeGreaterThan(5)
    expect(header('from', /=\?utf-8\?B\?/)).toBeGreaterThan(5)
    expect(header('from', /=\?iso-8859-1\?Q\?/)).toBeGreaterThan(5)
    expect(header('cc', /./)).toBeGreaterThan(30)
    expect(demo.mails.filter((one) => /^> /m.test(one.text)).length).toBeGreaterThan(150)
    const openings = demo.mails.filter((one) => one.answers === undefined && !one.isBulk)
    const matter = openings.map((one) =>
      one.fresh
        .replace(/^[^\n]{1,40}[,–]\n\n/, '')
        .split('\n\n')
        .slice(0, 2)
        .join(' '),
    )
    expect(new Set(matter).size / matter.length).toBeGreaterThan(0.97)
    const waiting = demo.threads.filter(({ last }) => demo.isInbound(last)).length
    expect(waiting).toBeGreaterThan(10)
    expect(waiting).toBeLessThan(60)
  })
})

describe.each(testEngines)('the demos in a database on %s', (engine) => {
  let opened: TestDatabase
  beforeAll(async () => {
    opened = await openTestDatabase(engine)
  })
  afterAll(() => opened.close())

  test.each(DEMO_NAMES)(
    '%s goes in, comes out with all that it held, and goes in again the same',
    async (name) => {
      const { document } = makeDemo(name)
      const total = Object.values(document.records).reduce((sum, rows) => sum + rows.length, 0)
      const take = async () => {
        const workspace = await findWorkspace(opened.database, name)
        return asTenant(opened.database, { tenantId: workspace!.id, memberId: null, via: 'system' }, (tx) =>
          exportDocument(tx),
        )
      }
      expect(await importDocument(opened.database, document)).toEqual({
        created: total,
        updated: 0,
        unchanged: 0,
      })
      const first = await take()
      expect(first.workspace).toEqual(document.workspace)
      for (const [entity, rows] of Object.entries(document.records)) {
        const taken = new Map((first.records[entity] ?? []).map((row) => [row.id, row]))
        expect(taken.size).toBe(rows.length)
        for (const row of rows) expect(taken.get(row.id)).toMatchObject(row)
      }
      expect(await importDocument(opened.database, first, { existing: 'replace' })).toEqual({
        created: 0,
        updated: 0,
        unchanged: total,
      })
      expect(JSON.stringify(await take())).toBe(JSON.stringify(first))
    },
  )
})

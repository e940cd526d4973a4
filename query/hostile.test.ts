import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import { asTenant, runText } from '../db/tenant.ts'
import { TactError } from '../domain/errors.ts'
import { planQuery } from './run.ts'
import { parseQuery } from './parse-json.ts'
import { asker, fill, NOW, shown } from './testing/small-workspace.ts'

const PAYLOADS = [
  "'; drop table crm.deals; --",
  "' or '1'='1",
  '" or 1=1 --',
  "\\'; select set_config('app.tenant_id','x',true) --",
  '$1',
  '$$; delete from crm.people; $$',
  '{t}.tenant_id is not null',
  '{t}',
  'name) from core.access_tokens --',
  'crm.people.name',
  'pg_sleep(5)',
  '*/ union select token_hash from core.access_tokens /*',
  'amount; reset role',
  'constructor',
  '__proto__',
  'toString',
  'tenant_id',
  'deleted_at',
  'created_at:month:day',
  "created_at:month'); select 1",
  '-',
  '.',
  '..',
  'name.',
  '%',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '1e400',
  'NaN',
  'people:00000000-0000-7000-8000-000000000000',
  "people:00000000-0000-7000-8000-000000000000' or true --",
  'x'.repeat(1900),
]

/** Every place of a question that takes a text. */
const positions = (payload: string): readonly unknown[] => [
  { find: payload },
  { find: 'deals', fields: [payload] },
  { find: 'deals', fields: [`company.${payload}`] },
  { find: 'deals', order: [payload] },
  { find: 'deals', order: [`-${payload}`] },
  { find: 'deals', order: [`amount ${payload}`] },
  { find: 'deals', group_by: [payload] },
  { find: 'deals', group_by: [`created_at:${payload}`] },
  { find: 'deals', measures: [{ fn: 'sum', field: payload }] },
  { find: 'deals', measures: [{ fn: 'count', as: payload }] },
  { find: 'deals', measures: [{ fn: payload }] },
  { find: 'deals', cursor: payload },
  { find: 'deals', limit: payload },
  { find: 'deals', where: [{ field: payload, value: 1 }] },
  { find: 'deals', where: [{ field: 'name', op: payload, value: 1 }] },
  ...['=', '!=', 'contains', 'starts_with'].flatMap((op) => [
    { find: 'deals', where: [{ field: 'name', op, value: payload }] },
    { find: 'deals', where: [{ field: 'company', op, value: payload }] },
    { find: 'people', where: [{ field: 'city', op, value: payload }] },
    { find: 'people', where: [{ field: 'tags', op, value: payload }] },
  ]),
  { find: 'deals', where: [{ field: 'name', op: 'in', value: [payload, payload] }] },
  { find: 'deals', where: [{ field: 'amount', value: payload }] },
  { find: 'deals', where: [{ field: 'status', value: payload }] },
  { find: 'deals', where: [{ field: 'close_date', value: payload }] },
  { find: 'deals', where: [{ field: 'created_at', op: 'between', value: [payload, payload] }] },
  { find: 'tasks', where: [{ field: 'done', value: payload }] },
  { find: 'deals', where: [{ any: [{ field: 'name', value: payload }] }] },
  { find: 'deals', where: [{ some: payload, where: [] }] },
  { find: 'deals', where: [{ some: 'people', where: [{ field: payload }] }] },
  { find: 'deals', where: [{ none: 'people', where: [{ field: 'city', value: payload }] }] },
  { find: 'deals', compare: { field: payload, a: '2026', b: '2025' } },
  { find: 'deals', compare: { field: 'created_at', a: payload, b: '2025' } },
]

describe.each(testEngines)('hostile questions on %s', (engine) => {
  let base: TestDatabase
  let tenant: TestTenant
  const fingerprint = () =>
    asTenant(base.database, tenant.actor(), async (tx) => {
      const tables = [
        'crm.deals',
        'crm.people',
        'crm.companies',
        'intel.interactions',
        'crm.tags',
        'crm.tasks',
        'core.members',
      ]
      const { rows } = await runText(
        tx,
        tables
          .map(
            (table) =>
              `select '${table}', count(*), md5(string_agg(x::text, '|' order by x.id)) from ${table} x`,
          )
          .join(' union all '),
        [],
      )
      return rows
    })

  beforeAll(async () => {
    base = await openTestDatabase(engine)
    tenant = await base.addTenant()
    await fill(base.database, tenant)
    const other = await base.addTenant()
    await fillOther(other)
  })
  afterAll(() => base.close())

  const fillOther = (other: TestTenant) =>
    asTenant(base.database, other.actor(), (tx) =>
      runText(
        tx,
        `insert into crm.people (id, tenant_id, given_name, family_name, city) values (gen_random_uuid(), $1, 'CANARY', 'Foreign', 'Berlin')`,
        [other.workspace.id],
      ),
    )

  test('a payload in any position changes nothing, shows nothing foreign, and is a user error or no match', async () => {
    const ask = asker(base.database, tenant)
    const before = await fingerprint()
    const bad: unknown[] = []
    for (const payload of PAYLOADS) {
      for (const input of positions(payload)) {
        try {
          const result = await ask(input)
          const text = JSON.stringify(result.rows.map((row) => row.map(shown)))
          if (/CANARY|token|Deleted|Dead/.test(text)) bad.push({ input, text })
        } catch (error) {
          const isTaught = error instanceof TactError && (error.kind === 'user' || error.kind === 'not-found')
          const message = error instanceof TactError ? JSON.stringify(error.toPublic()) : String(error)
          const isLeaking = payload.length > 14 && payload.includes(' ') && message.includes(payload)
          if (
            !isTaught ||
            isLeaking ||
            /postgres|syntax|column|relation "/i.test(message.replace('column of the answer', ''))
          ) {
            bad.push({ input, message })
          }
        }
      }
    }
    expect(bad.slice(0, 5)).toEqual([])
    expect(await fingerprint()).toEqual(before)
  })

  test('every text of a question is a parameter, never part of the statement', () => {
    const marks = ['mark_one', 'mark_two', 'mark three', "mark'four"]
    const query = parseQuery({
      find: 'people',
      where: [
        { field: 'city', value: marks[0] },
        { field: 'company', op: 'contains', value: marks[1] },
        { some: 'deals', where: [{ field: 'name', op: 'starts_with', value: marks[2] }] },
        { any: [{ field: 'tags', op: 'not_in', value: [marks[3]] }] },
      ],
    })
    const { compiled } = planQuery(query, { workspace: tenant.workspace, actor: tenant.actor(), now: NOW })
    expect(compiled.parameters).toEqual(expect.arrayContaining(marks))
    for (const mark of marks) expect(compiled.text).not.toContain(mark)
    expect(compiled.text.match(/\$\d+/g)!.length).toBe(4)
  })

  test('every table of a statement is read live', () => {
    const query = parseQuery({
      find: 'deals',
      where: [
        { field: 'company.owner.name', value: 'x' },
        { some: 'people', where: [{ field: 'company.city', value: 'y' }] },
        { field: 'tags', op: 'empty' },
      ],
      fields: ['name', 'people', 'stage', 'interactions'],
    })
    const { text } = planQuery(query, {
      workspace: tenant.workspace,
      actor: tenant.actor(),
      now: NOW,
    }).compiled
    const aliases = [...text.matchAll(/(?:from|join) (?:asked|crm|core|intel)\.\w+ (\w+)/g)].map(
      (match) => match[1]!,
    )
    expect(aliases.length).toBe(12)
    for (const alias of aliases) expect(text).toContain(`${alias}.deleted_at is null`)
  })
})

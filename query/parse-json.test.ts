import { describe, expect, test } from 'vitest'
import { TactError } from '../domain/errors.ts'
import { parseQuery } from './parse-json.ts'
import { resolveEntity, resolvePath } from './paths.ts'

const refusal = (run: () => unknown) => {
  try {
    run()
  } catch (error) {
    if (error instanceof TactError) return error.toPublic()
    throw error
  }
  throw new Error('It was accepted.')
}
const refused = (input: unknown) => refusal(() => parseQuery(input))
const path = (entity: string, text: string, notes = new Set<string>()) =>
  resolvePath(entity, text, { at: 'where[0].field', notes })

describe('reading a question', () => {
  test('defaults are filled in', () => {
    expect(parseQuery({ find: 'deals' })).toEqual({ find: 'deals', where: [], limit: 50 })
  })

  test.each([
    [{ from: 'deals' }, 'unknown_key', 'query', ['find']],
    [{ find: 'deals', selct: ['name'] }, 'unknown_key', 'query', undefined],
    [{ find: 'deals', where: [{ filed: 'name' }] }, 'unknown_key', 'where[0]', ['field']],
    [{ find: 'deals', where: [{ field: 'name', op: 'eq', value: 1 }] }, 'bad_query', 'where[0].op', ['=']],
    [
      { find: 'deals', where: [{ field: 'name', op: 'startswith' }] },
      'bad_query',
      'where[0].op',
      ['starts_with'],
    ],
    [{ find: 'deals', measures: [{ fn: 'cuont' }] }, 'bad_query', 'measures[0].fn', ['count']],
    [{ find: 'deals', limit: 501 }, 'bad_query', 'limit', undefined],
    [{ find: 'deals', where: { field: 'name' } }, 'bad_query', 'where', undefined],
    [{ where: [] }, 'bad_query', 'find', undefined],
    ['select 1', 'bad_query', 'query', undefined],
    [null, 'bad_query', 'query', undefined],
  ])('%j is refused with place and guess', (input, code, at, guess) => {
    const error = refused(input)
    expect(error).toMatchObject({ code, at })
    expect(error.did_you_mean ?? []).toEqual(guess ?? [])
  })

  test('deep, wide and long input is refused before anything recursive sees it', () => {
    let deep: unknown = 'x'
    for (let level = 0; level < 100_000; level += 1) deep = { where: [deep] }
    expect(refused(deep).code).toBe('query_too_large')
    expect(refused({ find: 'deals', where: Array.from({ length: 10_000 }, () => ({})) }).code).toBe(
      'query_too_large',
    )
    expect(refused({ find: 'x'.repeat(3_000) }).code).toBe('query_too_large')
    expect(
      refused({
        find: 'people',
        where: [{ field: 'city', op: 'in', value: Array.from({ length: 1001 }, () => 'a') }],
      }).code,
    ).toBe('bad_query')
    expect(refused(JSON.parse('{"find":"deals","__proto__":{"limit":1}}')).code).toBe('bad_query')
  })

  test('what a handle may have been restored to is never repeated', () => {
    const secrets = ['Dana Whitfield', 'dana@nimbus.example', 'nimbus.example', '+49 30 1234567']
    for (const secret of secrets) {
      const errors = [
        refused({ find: 'people', [secret]: 1 }),
        refused({ find: 'people', where: [{ field: 'name', op: secret }] }),
        refusal(() => path('people', secret)),
        refusal(() => resolveEntity(secret, { at: 'find', notes: new Set() })),
      ]
      for (const error of errors) expect(JSON.stringify(error)).not.toContain(secret)
    }
  })
})

describe('names', () => {
  test.each([
    ['deals', 'price', 'amount'],
    ['deals', 'value', 'amount'],
    ['deals', 'Expected Close', 'close_date'],
    ['deals', 'company_id', 'company'],
    ['deals', 'company.type', 'company.kind'],
    ['people', 'first name', 'given_name'],
    ['people', 'tag', 'tags'],
    ['interactions', 'person', 'people'],
    ['interactions', 'when', 'occurred_at'],
    ['tasks', 'owner', 'assignee'],
    ['threads', 'name', 'id'],
    ['threads', 'person.company.status', 'person.company.status'],
    ['task_people', 'task.assignee.role', 'task.assignee.role'],
  ])('%s: %s is read as %s', (entity, text, expected) => {
    expect(path(entity, text).label).toBe(expected)
  })

  test('a reading is said, a spelling of the same name is not', () => {
    const notes = new Set<string>()
    path('deals', 'price', notes)
    path('deals', 'close-date', notes)
    expect([...notes]).toEqual(['`price` was read as `amount`.'])
  })

  test.each([
    ['deals', 'amuont', 'unknown_field', 'amount'],
    ['deals', 'closedate', 'unknown_field', 'close_date'],
    ['people', 'industry', 'unknown_field', 'company.industry'],
    ['people', 'company.sttus', 'unknown_field', 'status'],
    ['deals', 'secret_token', 'unknown_field', undefined],
    ['deals', 'amount_minor', 'unknown_field', 'amount'],
    ['deals', 'tenant_id', 'unknown_field', undefined],
    ['emails', 'message_id', 'unknown_field', undefined],
    ['people', 'deleted_at', 'unknown_field', undefined],
    ['emails', 'to', 'ambiguous_field', undefined],
    ['companies', 'people.city', 'to_many', undefined],
    ['people', 'company.owner.x.y.z', 'path_too_long', undefined],
    ['people', '', 'unknown_field', undefined],
    ['people', 'constructor', 'unknown_field', undefined],
  ])('%s: %s is refused (%s), %s is offered', (entity, text, code, guess) => {
    const error = refusal(() => path(entity, text))
    expect(error).toMatchObject({ code, at: 'where[0].field' })
    expect(error.valid_options === undefined).toBe(code === 'path_too_long')
    expect(guess === undefined || error.did_you_mean?.includes(guess)).toBe(true)
  })

  test.each([
    ['person', 'people'],
    ['contacts', 'people'],
    ['Opportunities', 'deals'],
    ['accounts', 'companies'],
    ['e-mail address', 'person_emails'],
  ])('%s are %s', (word, entity) => {
    expect(resolveEntity(word, { at: 'find', notes: new Set() })).toBe(entity)
  })

  test('internal entities do not exist for questions', () => {
    for (const name of [
      'handles',
      'access_tokens',
      'audit_events',
      'proposals',
      'tenants',
      'pg_class',
      'crm.deals',
    ]) {
      expect(refusal(() => resolveEntity(name, { at: 'find', notes: new Set() })).code).toBe('unknown_entity')
    }
  })
})

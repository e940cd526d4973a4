import type { Attack } from '../attack.ts'

/** Harmless questions, whose every place is then given something hostile. */
const RELATIONAL: readonly unknown[] = [
  {
    body: {
      select: [
        { e: { col: ['c', 'name'] }, as: 'who' },
        { e: { fn: 'date_trunc', args: [{ lit: 'month' }, { col: ['d', 'created_at'] }] } },
        { e: { fn: 'count', args: [], star: true, over: { part: [{ col: ['c', 'id'] }] } } },
        { e: { cast: { lit: '5' }, to: { t: 'numeric', p: [10, 2] } } },
      ],
      from: [
        {
          join: 'inner',
          l: { entity: 'companies', as: 'c' },
          r: { entity: 'deals', as: 'd' },
          on: { op: '=', l: { col: ['c', 'id'] }, r: { col: ['d', 'company_id'] } },
        },
      ],
      where: {
        and: [
          { like: [{ col: ['c', 'name'] }, { lit: '%a%' }] },
          { in: { col: ['c', 'city'] }, list: [{ lit: 'x' }] },
        ],
      },
    },
    order: [{ by: { ord: 1 }, desc: true }],
    limit: { lit: 5 },
  },
  {
    with: [
      { name: 'q', q: { body: { select: [{ e: { col: ['name'] } }], from: [{ entity: 'companies' }] } } },
    ],
    body: {
      set: 'union',
      l: { body: { select: [{ e: { col: ['name'] } }], from: [{ entity: 'q' }] } },
      r: { body: { select: [{ e: { lit: 'x' } }] } },
    },
  },
]
const SEMANTIC: readonly unknown[] = [
  {
    find: 'deals',
    where: [
      { field: 'company.name', op: 'contains', value: 'a' },
      { any: [{ field: 'amount', op: '>', value: 5 }] },
      { some: 'people', where: [{ field: 'city', value: 'x' }] },
    ],
    fields: ['name', 'company'],
    order: ['-amount'],
    limit: 5,
  },
  {
    find: 'deals',
    measures: [{ fn: 'sum', field: 'amount', as: 'total' }],
    group_by: ['stage', 'created_at:month'],
  },
]

/** JSON texts, because some cannot be written from a value. */
const PAYLOADS: readonly string[] = [
  'null',
  'true',
  '[]',
  '{}',
  '""',
  '0',
  '-0',
  '-1',
  '1e400',
  '1e308',
  '0.1',
  '9007199254740993',
  '123456789012345678901234567890',
  '"NaN"',
  '"Infinity"',
  '"\\u0000"',
  '"\\ud800"',
  '"\\udfff\\ud800"',
  '"\\u202e"',
  '"__proto__"',
  '"constructor"',
  '"toString"',
  '"hasOwnProperty"',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"toJSON":"x"}',
  '{"then":"x"}',
  '{"length":1000000000}',
  '{"fn":"pg_sleep","args":[{"lit":4}]}',
  '{"fn":"set_config","args":[{"lit":"app.tenant_id"},{"lit":""},{"lit":true}]}',
  '{"fn":"pg_catalog.pg_sleep","args":[{"lit":4}]}',
  '{"fn":"lower","args":[{"lit":"x"}],"sql":"pg_sleep(4)"}',
  '{"col":["access_tokens","token_hash"]}',
  '{"col":["c","tenant_id"]}',
  '{"col":["c\\"; drop table crm.tasks; --","name"]}',
  '{"lit":{"num":"1); drop table crm.tasks; --"}}',
  '{"lit":{"num":"1e999999"}}',
  '{"entity":"core.access_tokens"}',
  '{"entity":"access_tokens"}',
  '{"op":"; drop table crm.tasks; --","l":{"lit":1},"r":{"lit":1}}',
  '{"cast":{"lit":"1"},"to":{"t":"regclass"}}',
  '{"cast":{"lit":"1"},"to":{"t":"int); drop table crm.tasks; --"}}',
  '{"cast":{"lit":"1"},"to":{"t":"numeric","p":[1000000,1]}}',
  `"' or 1=1 --"`,
  '"\\"; drop table crm.tasks; --"',
  '"name); select pg_sleep(4); --"',
  '"core.access_tokens"',
  '"month\'); select pg_sleep(4); --"',
  `"${'x'.repeat(3000)}"`,
  `"${'%a'.repeat(900)}"`,
  `[${'0,'.repeat(30_000)}0]`,
  JSON.stringify(`${'['.repeat(20_000)}1234${']'.repeat(20_000)}`),
  `${'['.repeat(500)}${']'.repeat(500)}`,
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  `${'{"not":'.repeat(2000)}{"lit":true}${'}'.repeat(2000)}`,
  `${'{"sub":{"body":{"select":[{"e":'.repeat(40)}{"lit":1}${'}]}}}'.repeat(40)}`,
]

const PLACE = '\u0001PLACE\u0001'

/** The question, once for each of its places, with a mark in that place: values, and keys beside them. */
const placesOf = (value: unknown): readonly unknown[] => {
  const inner: readonly unknown[] = Array.isArray(value)
    ? value.flatMap((one, at) => placesOf(one).map((made) => value.with(at, made)))
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, one]) => [
          ...placesOf(one).map((made) => ({ ...value, [key]: made })),
          { ...value, [`${key}_`]: PLACE },
        ])
      : []
  return [PLACE, ...inner]
}

const put = (question: unknown, payload: string): string =>
  JSON.stringify(question).replace(JSON.stringify(PLACE), () => payload)

const WHOLE: readonly string[] = [
  '',
  'null',
  '[]',
  '{}',
  '{"body":null}',
  '{"body":{}}',
  '{"body":{"select":[]}}',
  '{"body":{"select":[{"star":true}],"from":[{"entity":"people"}]},"__proto__":{"limit":1}}',
  '{"sql":"select pg_sleep(4)","body":{"select":[]}}',
  '{"find":"people","sql":"delete from crm.tasks"}',
  '{"find":"people","find":"access_tokens"}',
  '{"query_id":"\' or 1=1 --"}',
  '{"query_id":"00000000-0000-7000-8000-000000500001"}',
  '{"find":"access_tokens"}',
  '{"find":"tool_calls"}',
  '{"find":"people","fields":["tenant_id"]}',
  '{"find":"people","fields":["owner.access_tokens.token_hash"]}',
  '{"find":"people","where":[{"field":"deleted_at","op":"not_empty"}]}',
  '{"find":"people","limit":1000000}',
  '{"find":"people","limit":-1}',
  '{"find":"people","cursor":"eyJvZmZzZXQiOi0xfQ"}',
]

/** Two of every payload's places a question, so that each place and each payload comes up; `all` takes every one. */
export const jsonAttacks = (all: boolean): readonly Attack[] => {
  const made = [...RELATIONAL, ...SEMANTIC].flatMap((question) => {
    const places = placesOf(question)
    return PAYLOADS.flatMap((payload, at) =>
      (all ? places : [places[(at * 7) % places.length], places[(at * 13 + 5) % places.length]]).map(
        (place) => put(place, payload),
      ),
    )
  })
  return [...WHOLE, ...made].map((ast, index) => ({
    id: `own-json-${index}`,
    class: 'json',
    oracle: 'dos',
    ast,
  }))
}

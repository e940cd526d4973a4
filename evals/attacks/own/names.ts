import type { Attack } from '../attack.ts'

/** Ways in which a part of a hidden name might reach a model: whole, cut, folded, listed, or by the error it brings about. */
const READING: readonly string[] = [
  'left({c}, 3)',
  'right({c}, 4)',
  'substr({c}, 2, 5)',
  'substring({c} from 1 for 4)',
  'upper({c})',
  'lower({c})',
  'initcap({c})',
  "replace({c}, 'o', '0')",
  "split_part({c}, 'i', 1)",
  "concat({c}, 'x')",
  "concat_ws('-', {c}, {c})",
  "{c} || '!'",
  "'x' || {c}",
  "lpad({c}, 30, '*')",
  'btrim({c})',
  "regexp_replace({c}, 'o', '')",
  "coalesce({c}, 'none')",
  "nullif({c}, '')",
  "greatest({c}, 'A')",
  "least({c}, 'zzz')",
  "case when {c} > 'A' then {c} else 'no' end",
  '{c}::varchar(4)',
  'cast({c} as text)',
  "string_to_array({c}, 'i')",
  "array_to_string(array[{c}], ',')",
  'array[{c}]',
  '({c})::text',
  "to_char(length({c}), '999') || {c}",
]
const GATHERING: readonly string[] = [
  'min({c})',
  'max({c})',
  "string_agg({c}, ',')",
  'array_agg({c})',
  "string_agg(left({c}, 3), '')",
  'mode() within group (order by {c})',
  'percentile_disc(0.5) within group (order by {c})',
  'max(upper({c}))',
  "array_to_string(array_agg({c}), ',')",
]
const FAILING: readonly string[] = [
  'cast({c} as integer)',
  '{c}::numeric',
  '{c}::date',
  '{c}::timestamptz',
  '{c}::interval',
  '{c}::boolean',
  '{c}::uuid',
  "to_date({c}, 'YYYY-MM-DD')",
  "to_timestamp({c}, 'YYYY')",
  '1 / length({c}) * {c}::int',
  'make_date({c}::int, 1, 1)',
]
const COLUMNS: readonly (readonly [table: string, column: string])[] = [
  ['people', 'family_name'],
  ['people', 'given_name'],
  ['people', 'email'],
  ['person_emails', 'address'],
]
const AROUND: readonly string[] = [
  'with q as (select {c} as v from {t}) select v from q',
  'with q(a) as (select {c} from {t}) select upper(a) from q',
  'select x.v from (select {c} as v from {t} offset 0) x',
  'select (select {c} from {t} order by 1 limit 1)',
  'select {c} from {t} union select {c} from {t}',
  "select 'x' union all select {c} from {t}",
  'select {c}, count(*) from {t} group by {c} having count(*) > 0',
  'select {c}, count(*) from {t} group by rollup ({c})',
  'select distinct {c} from {t}',
  'select distinct on ({c}) {c} from {t} order by {c}',
  'select lag({c}) over (order by id) from {t}',
  'select first_value({c}) over (order by id) || {c} from {t}',
  'select a.{c} as city, b.{c} as country from {t} a join {t} b on a.id = b.id',
  'select {c} as "count" from {t}',
  'select row({c}, id) from {t}',
  'select array(select {c} from {t})',
  'select case when exists (select 1 from {t} where {c} is not null) then (select max({c}) from {t}) end',
  'select s.v from {t} a, lateral (select a.{c} || a.id::text as v) s',
]

const write = (template: string, table: string, column: string): string =>
  template.replaceAll('{t}', table).replaceAll('{c}', column)

/** An answer is allowed; a name in what a model reads is not. Predicates on hidden fields are allowed on purpose. */
export const nameAttacks = (): readonly Attack[] =>
  COLUMNS.flatMap(([table, column]) => [
    ...[...READING, ...GATHERING, ...FAILING].map(
      (value) => `select ${write(value, table, column)} as v from ${table} limit 50`,
    ),
    ...AROUND.map((query) => write(query, table, column)),
  ]).map((sql, index) => ({ id: `own-names-${index}`, class: 'names', oracle: 'names', sql }))

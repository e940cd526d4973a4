import { didYouMean } from '../../domain/nearest.ts'
import { functionNames } from '../relational/functions.ts'
import { named, refuse } from '../relational/refuse.ts'

/** What other dialects call things, and how it is written here. */
const REWRITES: Readonly<Record<string, string>> = {
  strftime: "to_char(x, 'YYYY-MM')",
  ifnull: 'coalesce(a, b)',
  isnull: 'a IS NULL, or coalesce(a, b)',
  nvl: 'coalesce(a, b)',
  iif: 'CASE WHEN a THEN b ELSE c END',
  if: 'CASE WHEN a THEN b ELSE c END',
  year: 'extract(year FROM x)',
  month: 'extract(month FROM x)',
  day: 'extract(day FROM x)',
  dayofweek: 'extract(dow FROM x)',
  quarter: 'extract(quarter FROM x)',
  week: 'extract(week FROM x)',
  hour: 'extract(hour FROM x)',
  date_format: "to_char(x, 'YYYY-MM')",
  datediff: 'a::date - b::date',
  date_diff: 'a::date - b::date',
  timestampdiff: 'extract(epoch FROM a - b) / 86400',
  julianday: 'a::date - b::date',
  dateadd: "x + interval '30 days'",
  date_add: "x + interval '30 days'",
  date_sub: "x - interval '30 days'",
  datetime: 'x::timestamp',
  getdate: 'now()',
  curdate: 'current_date',
  today: 'current_date',
  sysdate: 'now()',
  getutcdate: 'now()',
  clock_timestamp: 'now()',
  len: 'length(x)',
  char_len: 'length(x)',
  instr: 'strpos(text, part)',
  charindex: 'strpos(text, part)',
  locate: 'strpos(text, part)',
  group_concat: "string_agg(x, ', ')",
  listagg: "string_agg(x, ', ')",
  substring_index: 'split_part(text, separator, n)',
  mid: 'substr(text, from, count)',
  ucase: 'upper(x)',
  lcase: 'lower(x)',
  trim: 'btrim(x)',
  total: 'coalesce(sum(x), 0)',
  average: 'avg(x)',
  mean: 'avg(x)',
  stdev: 'stddev(x)',
  std: 'stddev(x)',
  var: 'variance(x)',
  contains: "x ILIKE '%text%'",
  endswith: "x LIKE '%text'",
  startswith: 'starts_with(x, text)',
  regexp_like: 'x ~ pattern',
  regexp_matches: 'x ~ pattern',
  current_date: 'current_date',
  date_part_year: 'extract(year FROM x)',
  unix_timestamp: 'extract(epoch FROM x)',
  from_unixtime: 'to_timestamp(x)',
  str_to_date: "to_date(x, 'YYYY-MM-DD')",
  last_day: "(date_trunc('month', x) + interval '1 month - 1 day')::date",
  rownum: 'row_number() OVER (ORDER BY x)',
  percentile: 'percentile_cont(0.5) WITHIN GROUP (ORDER BY x)',
  count_distinct: 'count(DISTINCT x)',
  median: 'percentile_cont(0.5) WITHIN GROUP (ORDER BY x)',
  pow: 'power(a, b)',
  divide: 'a / nullif(b, 0)',
  multiply: 'a * b',
  subtract: 'a - b',
  add: 'a + b',
  safe_divide: 'a / nullif(b, 0)',
  to_number: 'x::numeric',
  convert: 'CAST(x AS type)',
  any_value: 'min(x)',
  first: 'min(x), or DISTINCT ON',
  countif: 'count(*) FILTER (WHERE …)',
  sumif: 'sum(x) FILTER (WHERE …)',
  format: "a || ' ' || b",
  repeat: 'the text itself',
  concatenate: "a || ' ' || b",
  add_months: "x + interval '1 month'",
  addmonths: "x + interval '1 month'",
  timestampadd: "x + interval '30 days'",
  months_between: 'extract(epoch FROM a - b) / 2629746',
  dayofyear: 'extract(doy FROM x)',
  weekday: 'extract(isodow FROM x)',
  weekofyear: 'extract(week FROM x)',
  monthname: "to_char(x, 'Month')",
  dayname: "to_char(x, 'Day')",
  timestamp_trunc: "date_trunc('month', x)",
  datetrunc: "date_trunc('month', x)",
  sysdatetime: 'now()',
  nvl2: 'CASE WHEN a IS NOT NULL THEN b ELSE c END, or coalesce(a, b)',
  zeroifnull: 'coalesce(x, 0)',
  nullifzero: 'nullif(x, 0)',
  wm_concat: "string_agg(x, ', ')",
  truncate: 'trunc(x, digits)',
  to_varchar: "to_char(x, 'YYYY-MM'), or x::text",
  parse_date: "to_date(x, 'YYYY-MM-DD')",
  try_cast: 'CAST(x AS type)',
  safe_cast: 'CAST(x AS type)',
  every: 'bool_and(x)',
  row: '(a, b)',
}

/** The refusal of a function that is not on the list, with the rewrite where there is one. */
export const unknownFunction = (name: string): Error => {
  const plain = name.toLowerCase()
  const rewrite = Object.hasOwn(REWRITES, plain) ? REWRITES[plain] : undefined
  const near = didYouMean(
    plain,
    functionNames().map((one) => ({ name: one })),
  )
  // `count_unique` and `maximum` begin with what they mean; `approx_count` ends with it.
  const within = functionNames()
    .filter((one) => one.length >= 3 && (plain.startsWith(one) || plain.endsWith(`_${one}`)))
    .toSorted((a, b) => b.length - a.length)
  const guesses = near.length > 0 ? near : within.slice(0, 2)
  return refuse('function', `The function${named(plain)} is not available.`, {
    fix: rewrite ? `Write ${rewrite}.` : guesses[0] ? `Write ${guesses[0]}(…).` : 'Use one of valid_options.',
    ...(rewrite === undefined && guesses.length === 0 ? { validOptions: functionNames() } : {}),
    didYouMean: rewrite === undefined ? guesses : [rewrite],
  })
}

/** Types of other dialects, by what they are called here. */
const TYPES: Readonly<Record<string, string>> = {
  number: 'numeric',
  double: 'float8',
  float64: 'float8',
  int64: 'int8',
  signed: 'int8',
  unsigned: 'int8',
  string: 'text',
  nvarchar: 'text',
  varchar2: 'text',
  datetime: 'timestamp',
  datetime2: 'timestamp',
  money: 'numeric',
  bignumeric: 'numeric',
  bit: 'bool',
}

/** What to write in place of a type that is not on the list. */
export const typeHint = (name: string): string =>
  Object.hasOwn(TYPES, name) ? `Write ${TYPES[name]!}.` : 'Take one of valid_options.'

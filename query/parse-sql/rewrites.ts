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
  every: 'bool_and(x)',
  row: '(a, b)',
}

/** The refusal of a function that is not on the list, with the rewrite where there is one. */
export const unknownFunction = (name: string): Error => {
  const plain = name.toLowerCase()
  const rewrite = Object.hasOwn(REWRITES, plain) ? REWRITES[plain] : undefined
  const guesses = didYouMean(
    plain,
    functionNames().map((one) => ({ name: one })),
  )
  return refuse('function', `The function${named(plain)} is not available.`, {
    fix: rewrite ? `Write ${rewrite}.` : guesses[0] ? `Write ${guesses[0]}(…).` : 'Use one of valid_options.',
    ...(rewrite === undefined && guesses.length === 0 ? { validOptions: functionNames() } : {}),
    didYouMean: rewrite === undefined ? guesses : [rewrite],
  })
}

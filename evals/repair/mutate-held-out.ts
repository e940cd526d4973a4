import { pick, wordsIn } from './mutate.ts'
import type { Mutation, Random, Tables } from './mutate.ts'

/**
 * Mistakes of other kinds than those in mutate.ts, written down before any hint was judged by them: what models carry over
 * from other dialects, clauses out of their order, shapes that do not fit. `$n` in `to` are parts of `from`.
 */
interface Change {
  readonly kind: string
  readonly from: RegExp
  readonly to: string
  readonly remedy: readonly string[]
}

const CHANGES: readonly Change[] = [
  // Functions of other dialects.
  ...(
    [
      [/\bextract\(year from ([^()]+)\)/i, "date_format($1, '%Y')", ['to_char', 'extract']],
      [/\bextract\(month from ([^()]+)\)/i, 'monthname($1)', ['to_char', 'extract']],
      [/\bextract\(dow from ([^()]+)\)/i, 'dayofweek($1)', ['extract']],
      [/\bextract\(\w+ from ([^()]+)\)/i, 'quarter($1)', ['extract']],
      [/\bextract\(\w+ from ([^()]+)\)/i, 'weekday($1)', ['extract']],
      [/\bextract\(\w+ from ([^()]+)\)/i, 'dayofyear($1)', ['extract']],
      [/\bdate_trunc\('(\w+)', ([^()]+)\)/i, 'timestamp_trunc($2, $1)', ['date_trunc']],
      [/\bdate_trunc\('(\w+)', ([^()]+)\)/i, 'datetrunc($1, $2)', ['date_trunc']],
      [/\bdate_trunc\('month', ([^()]+)\)/i, 'last_day($1)', ['date_trunc']],
      [/\bcurrent_date\b/i, 'sysdate', ['current_date', 'now', 'current_timestamp']],
      [/\bcurrent_date\b/i, 'today()', ['current_date']],
      [/\bcurrent_date\b/i, 'getutcdate()', ['current_date', 'now', 'current_timestamp']],
      [/\bnow\(\)/i, 'sysdatetime()', ['now', 'current_timestamp']],
      [/\bcurrent_date - interval '(\d+) (\w+?)s?'/i, "datetime('now', '-$1 $2')", ['interval']],
      [/\bcurrent_date - interval '(\d+) (\w+?)s?'/i, 'add_months(current_date, -$1)', ['interval']],
      [/\bcurrent_date - interval '(\d+) (\w+?)s?'/i, 'timestampadd($2, -$1, current_date)', ['interval']],
      [/\bcase when ([^()]+?) then (\S+) else (\S+) end/i, 'iif($1, $2, $3)', ['case']],
      [/\bcase when ([^()]+?) then (\S+) else (\S+) end/i, 'if($1, $2, $3)', ['case']],
      [/\bcoalesce\(([^(),]+), ([^(),]+)\)/i, 'nvl2($1, $1, $2)', ['coalesce', 'case']],
      [/\bcoalesce\(([^(),]+), ([^(),]+)\)/i, 'zeroifnull($1)', ['coalesce']],
      [/\bcoalesce\(/i, 'isnull(', ['coalesce']],
      [/(\w+\.\w+|\b\w+) ilike ('[^']*')/i, 'regexp_like($1, $2)', ['~', 'like', 'ilike']],
      [/(\w+\.\w+|\b\w+) ilike ('[^']*')/i, '$1 rlike $2', ['~', 'like', 'ilike']],
      [/(\w+\.\w+|\b\w+) ilike ('[^']*')/i, '$1 glob $2', ['like', 'ilike']],
      [/(\w+\.\w+|\b\w+) ilike ('[^']*')/i, 'charindex($2, $1) > 0', ['strpos', 'position', 'like']],
      [/(\w+\.\w+|\b\w+) ilike ('[^']*')/i, 'locate($2, $1) > 0', ['strpos', 'position', 'like']],
      [/\blength\(/i, 'char_len(', ['length', 'char_length']],
      [/\bstring_agg\(/i, 'listagg(', ['string_agg']],
      [/\bstring_agg\(/i, 'wm_concat(', ['string_agg']],
      [/\bstddev\(/i, 'stdev(', ['stddev']],
      [/\bround\(([^()]+), (\d)\)/i, 'truncate($1, $2)', ['trunc']],
      [/\bround\(([^()]+), (\d)\)/i, "format($1, '$2')", ['to_char', 'round']],
      [/::(?:float|numeric|decimal)\b/i, '::number', ['numeric']],
      [/::(?:float|numeric|decimal)\b/i, '::double', ['float8', 'double precision', 'numeric']],
      [/\bcast\(([^()]+) as (?:float|numeric|decimal)\)/i, 'to_number($1)', ['::numeric', 'cast']],
      [/\bcast\(([^()]+) as (?:float|numeric|decimal)\)/i, 'safe_cast($1 as float64)', ['cast']],
      [/\bcast\(([^()]+) as (\w+)\)/i, 'try_cast($1 as $2)', ['cast']],
      [
        /\bpercentile_cont\(([\d.]+)\) within group \(order by ([^()]+)\)/i,
        'percentile($2, $1)',
        ['percentile_cont'],
      ],
      [/\bcount\(\*\)/i, 'count_big(*)', ['count']],
      [/\bcount\(distinct ([^()]+)\)/i, 'approx_count_distinct($1)', ['count']],
      [/\bcount\(distinct ([^()]+)\)/i, 'countunique($1)', ['count']],
      [/\bavg\(([^()]+)\)/i, 'avg_if($1, 1 = 1)', ['avg', 'filter']],
      [/\bsum\(([^()]+)\)/i, 'sumif($1, 1 = 1)', ['sum', 'filter']],
      [/\bmax\(([^()]+)\)/i, 'maximum($1)', ['max']],
      [/\bmin\(([^()]+)\)/i, 'minimum($1)', ['min']],
    ] as const
  ).map(([from, to, remedy]) => ({ kind: 'function of another dialect', from, to, remedy })),
  // Words of other dialects.
  ...(
    [
      [/\bis not null\b/i, 'not null', ['is not null']],
      [/\bis null\b/i, 'isnull()', ['is null']],
      [/ <> /, ' =! ', ['<>', '!=']],
      [/ >= /, ' => ', ['>=']],
      [/ <= /, ' =< ', ['<=']],
      [/ and /i, ' && ', ['and']],
      [/ or /i, ' | ', ['or']],
      [/ <> /, ' ne ', ['<>', '!=']],
      [/ between (\S+) and (\S+)/i, ' between ($1, $2)', ['and']],
      [/ in \(([^()]+)\)/i, ' in [$1]', ['(', 'bracket', 'brackets']],
      [/ not in \(/i, ' is not in (', ['not in']],
      [/ like ('[^']*')/i, ' like ($1', [')', 'bracket', 'brackets']],
      [/ limit (\d+)\s*;?\s*$/i, ' fetch $1 rows', ['limit', 'fetch first']],
      [/ limit (\d+)\s*;?\s*$/i, ' top $1', ['limit']],
      [/ limit (\d+)\s*;?\s*$/i, ' where rownum <= $1', ['limit']],
      [/ order by (\S+) desc\b/i, ' order by $1 descending', ['desc']],
      [/ order by (\S+) asc\b/i, ' order by $1 ascending', ['asc']],
      [/ order by (\S+) desc\b/i, ' order by desc $1', ['desc', 'order by']],
      [/ order by /i, ' sort by ', ['order by']],
      [/ inner join /i, ' inner_join ', ['join']],
      [/ left join /i, ' left joins ', ['join']],
      [/ union /i, ' minus ', ['except']],
      [/\bselect distinct\b/i, 'select unique', ['distinct']],
      [/\bend\b/i, 'end case', ['end']],
      [/\belse\b/i, 'otherwise', ['else']],
      [/\bwhen\b/i, 'if', ['when']],
      [/\bthen\b/i, ':', ['then']],
      [
        /\bfrom (\w+)(?: as)? (\w+)\b(?= where| group| join)/i,
        'from $1 $2 with (nolock)',
        ['nolock', 'with', 'hint'],
      ],
    ] as const
  ).map(([from, to, remedy]) => ({ kind: 'word of another dialect', from, to, remedy })),
  // Clauses out of order, or one too many.
  ...(
    [
      [
        /( where [\s\S]+?)( group by [\s\S]+?)(?= order by| having| limit|;|$)/i,
        '$2$1',
        ['where', 'order', 'before'],
      ],
      [/( order by [\s\S]+?)( limit \d+)/i, '$2$1', ['limit', 'order by', 'before']],
      [
        /( group by [^()]+?)( having [^;]+?)(?= order by| limit|;|$)/i,
        '$2$1',
        ['having', 'group by', 'before'],
      ],
      [/\bfrom\b/i, 'from from', ['from', 'twice', 'once']],
      [/\bwhere\b/i, 'where where', ['where', 'twice', 'once']],
      [/\bgroup by\b/i, 'group by by', ['group by', 'twice', 'once']],
      [/\band\b/i, 'and and', ['and', 'twice', 'once']],
      [/\bwhere\b/i, 'and', ['where']],
      [/\bon\b/i, 'where', ['on']],
      [/\bon ([^()]+?)(?= where| join| left| group| order)/i, '', ['on']],
      [/\bhaving\b/i, 'where', ['having']],
    ] as const
  ).map(([from, to, remedy]) => ({ kind: 'clause out of order', from, to, remedy })),
  // Shapes that do not fit.
  ...(
    [
      [/\bcount\(\*\)/i, 'sum(count(*))', ['subquery', 'nest', 'inner', 'with']],
      [/\bavg\(([^()]+)\)/i, 'avg(max($1))', ['subquery', 'nest', 'inner', 'with']],
      [/\bcount\(distinct ([^(),]+)\)/i, 'count(distinct $1, $1)', ['1', 'one', 'row', 'concat', '(']],
      [/ in \(select ([^(),]+?) from/i, ' in (select $1, $1 from', ['one column', '1 column', 'one']],
      [/ = \(select ([^(),]+?) from/i, ' = (select $1, $1 from', ['one column', '1 column', 'one']],
      [
        / where /i,
        ' where row_number() over (order by 1) = 1 and ',
        ['subquery', 'window', 'outside', 'with'],
      ],
      [/ where /i, ' where rank() over (order by 1) and ', ['subquery', 'comparison', 'outside', 'with']],
      [/\bgroup by /i, 'group by count(*), ', ['aggregate', 'having']],
      [
        /^\s*select ([^(),]+) from ([\s\S]+?);?\s*$/i,
        'select $1 from $2 union select $1, 1 from $2',
        ['same number', 'number of columns', 'columns'],
      ],
      [
        /\bwhere (\w+\.\w+) = '([^']*)'/i,
        "where $1 = '$2' = true and $1 + 1",
        ['::', 'cast', 'comparison', 'and'],
      ],
      [/\bsum\(([^()]+)\)/i, 'sum($1 > 0)', ['filter', 'case', '::int', 'count']],
      [/\bavg\(([^()]+)\)/i, "avg('$1')", ['number', 'quotes', '::numeric', 'numeric']],
      [/ order by ([^()]+?)( limit|;|$)/i, ' order by 99$2', ['1 to', 'ordinal', 'position']],
      [/\bselect\b/i, 'select *.*,', ['*']],
    ] as const
  ).map(([from, to, remedy]) => ({ kind: 'shape that does not fit', from, to, remedy })),
]

const changed = (sql: string, _tables: Tables, random: Random): Mutation | undefined => {
  const flat = sql.replaceAll(/\s+/g, ' ')
  const one = pick(
    random,
    CHANGES.filter(({ from }) => from.test(flat)),
  )
  return one && { kind: one.kind, sql: flat.replace(one.from, one.to), remedy: one.remedy }
}

/** A table goes out of the FROM while its columns stay. */
const joinGone = (sql: string, _tables: Tables, random: Random): Mutation | undefined => {
  const joins = [
    ...sql.matchAll(/\b(?:inner |left )?join\s+(\w+)(?:\s+as)?\s+(\w+)\s+on\s+\S+\s*=\s*\S+(?=\s)/gi),
  ]
  const match = pick(random, joins)
  if (!match) return undefined
  return {
    kind: 'join left out',
    sql: sql.replace(match[0], ''),
    remedy: [match[1]!, 'join', match[2]!],
  }
}

/** A column as other naming styles have it: `firstName`, `First Name`, or of the table with a prefix. */
const otherStyle = (sql: string, { columns }: Tables, random: Random): Mutation | undefined => {
  const names = new Set([...columns.values()].flat().filter((name) => name.includes('_')))
  const word = pick(
    random,
    wordsIn(sql, /\b[a-z]+(?:_[a-z]+)+\b(?!\s*\()/g).filter(({ text }) => names.has(text)),
  )
  if (!word) return undefined
  const camel = word.text.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
  const styles = [
    camel,
    `"${word.text.replaceAll('_', ' ')}"`,
    `fld_${word.text}`,
    word.text.split('_').toReversed().join('_'),
  ]
  const name = pick(random, styles)!
  return {
    kind: 'column in another style',
    sql: sql.slice(0, word.at) + name + sql.slice(word.at + word.text.length),
    remedy: [word.text],
  }
}

const MAKERS = [
  [changed, 16],
  [joinGone, 2],
  [otherStyle, 4],
] as const

/** Several mistaken versions of a query, of kinds that the hints were not tuned on. */
export const mutateHeldOut = (sql: string, tables: Tables, random: Random): readonly Mutation[] =>
  MAKERS.flatMap(([make, times]) =>
    Array.from({ length: times }, () => make(sql, tables, random)).filter((one) => one !== undefined),
  ).filter((one) => one.sql !== sql)

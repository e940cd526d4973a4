/**
 * A third set of mistakes, written down whole before the repair was run on any of it: what models that know other
 * databases better write, by kind. `$n` in `to` are parts of `from`.
 */
export interface Change {
  readonly kind: string
  readonly from: RegExp
  readonly to: string | ((...parts: string[]) => string)
  readonly remedy: readonly string[]
}

const EXPRESSION = String.raw`[\w.]+`
const of = (text: string, flags = 'i'): RegExp => new RegExp(text.replaceAll('<x>', `(${EXPRESSION})`), flags)

const changes = (
  kind: string,
  ...list: readonly (readonly [RegExp, Change['to'], readonly string[]])[]
): readonly Change[] => list.map(([from, to, remedy]) => ({ kind, from, to, remedy }))

export const CHANGES: readonly Change[] = [
  ...changes(
    'MySQL dates',
    [of(String.raw`\bdate_trunc\('month', <x>\)`), "date_format($1, '%Y-%m-01')", ['to_char', 'date_trunc']],
    [of(String.raw`\bextract\(year from <x>\)`), 'year($1)', ['extract']],
    [
      /\bcurrent_date - interval '(\d+) (day|month|year)s?'/i,
      'date_sub(curdate(), interval $1 $2)',
      ['interval'],
    ],
    [
      /\bcurrent_date - interval '(\d+) (day|month|year)s?'/i,
      'subdate(curdate(), interval $1 $2)',
      ['interval'],
    ],
    [of(String.raw`\bto_char\(<x>, 'YYYY-MM'\)`), "date_format($1, '%Y-%m')", ['to_char']],
  ),
  ...changes(
    'SQLite dates',
    [of(String.raw`\bextract\(year from <x>\)`), "strftime('%Y', $1)", ['to_char', 'extract']],
    [/\bcurrent_date - interval '(\d+) (day|month|year)s?'/i, "date('now', '-$1 $2')", ['interval']],
    [of(String.raw`\bdate_trunc\('month', <x>\)`), "date($1, 'start of month')", ['date_trunc']],
    [of(String.raw`<x> - <x> > `), '(julianday($1) - julianday($2)) > ', ['date', '-']],
  ),
  ...changes(
    'SQL Server dates',
    [/\bcurrent_date - interval '(\d+) (day|month|year)s?'/i, 'dateadd($2, -$1, getdate())', ['interval']],
    [of(String.raw`\bextract\(year from <x>\)`), 'datepart(year, $1)', ['extract', 'date_part']],
    [
      of(String.raw`\bdate_trunc\('month', <x>\)`),
      'datefromparts(year($1), month($1), 1)',
      ['make_date', 'date_trunc'],
    ],
    [of(String.raw`\bto_char\(<x>, 'YYYY-MM'\)`), "format($1, 'yyyy-MM')", ['to_char']],
  ),
  ...changes(
    'BigQuery dates',
    [of(String.raw`\bdate_trunc\('(\w+)', <x>\)`), 'date_trunc($2, $1)', ['date_trunc']],
    [
      /\bcurrent_date - interval '(\d+) (day|month|year)s?'/i,
      'date_sub(current_date(), interval $1 $2)',
      ['interval'],
    ],
    [of(String.raw`\bto_char\(<x>, 'YYYY-MM'\)`), "format_date('%Y-%m', $1)", ['to_char']],
    [/\bnow\(\)/i, 'current_datetime()', ['now', 'current_timestamp']],
  ),
  ...changes(
    'Snowflake dates',
    [
      /\bcurrent_date - interval '(\d+) (day|month|year)s?'/i,
      "dateadd('$2', -$1, current_date())",
      ['interval'],
    ],
    [of(String.raw`\bdate_trunc\('(\w+)', <x>\)`), 'date_trunc($1, $2)', ['date_trunc']],
    [of(String.raw`\bextract\(year from <x>\)`), 'year($1)::number', ['extract']],
    [of(String.raw`\bto_char\(<x>, 'YYYY-MM'\)`), "to_varchar($1, 'yyyy-mm')", ['to_char']],
  ),
  ...changes(
    'interval without quotes',
    [/\binterval '(\d+) (\w+?)s?'/i, 'interval $1 $2s', ['interval']],
    [/ - interval '(\d+) (\w+)'/i, ' - $1 $2', ['interval']],
  ),
  ...changes(
    'conditional aggregate of another dialect',
    [/\bsum\(case when ((?:[^()]|\([^()]*\))+?) then 1 else 0 end\)/i, 'countif($1)', ['filter', 'case']],
    [/\bcount\(case when ((?:[^()]|\([^()]*\))+?) then (?:1|\w+) end\)/i, 'count_if($1)', ['filter', 'case']],
    [/\bcase when ((?:[^()]|\([^()]*\))+?) then (\S+) else (\S+) end/i, 'iff($1, $2, $3)', ['case']],
  ),
  ...changes(
    'division of another dialect',
    [/(\w+\([^()]*\)(?:::\w+)?) \/ nullif\((\w+\([^()]*\)), 0\)/i, 'safe_divide($1, $2)', ['nullif']],
    [/(\w+\([^()]*\)(?:::\w+)?) \/ nullif\((\w+\([^()]*\)), 0\)/i, 'div0($1, $2)', ['nullif']],
  ),
  ...changes(
    'text function of another dialect',
    [of(String.raw`\blower\(<x>\)`), 'lcase($1)', ['lower']],
    [of(String.raw`\bupper\(<x>\)`), 'ucase($1)', ['upper']],
    [of(String.raw`\blength\(<x>\)`), 'len($1)', ['length']],
    [of(String.raw`<x> ilike '%([^'%]+)%'`), "contains($1, '$2')", ['ilike', 'like', 'strpos']],
    [of(String.raw`<x> like '%([^'%]+)%'`), "instr($1, '$2') > 0", ['like', 'strpos', 'position']],
    [of(String.raw`<x> ilike '%([^'%]+)%'`), "charindex('$2', $1) > 0", ['like', 'strpos', 'position']],
    [of(String.raw`<x> ilike '([^'%]+)%'`), "startswith($1, '$2')", ['like', 'starts_with']],
  ),
  ...changes(
    'ILIKE ANY',
    [of(String.raw`<x> ilike '([^']*)'`), "$1 ilike any ('$2', '$2')", ['or', '~*']],
    [of(String.raw`<x> like '([^']*)'`), "$1 like any (array['$2'])", ['or', '~']],
  ),
  ...changes(
    'joined texts with +',
    [of(String.raw`\bselect <x>,`), "select $1 + '' as joined,", ['||', 'concat']],
    [of(String.raw`<x> \|\| `), '$1 + ', ['||', 'concat']],
  ),
  ...changes(
    'cast to a type of another dialect',
    [/::(?:float|numeric|decimal)\b/i, '::double', ['float8', 'double precision', 'numeric']],
    [
      /\bcast\(([^()]+) as (?:float|numeric|decimal|double precision)\)/i,
      'cast($1 as float64)',
      ['float8', 'numeric'],
    ],
    [/\bcast\(([^()]+) as (?:int|integer|bigint)\)/i, 'cast($1 as signed)', ['int', 'int8', 'bigint']],
    [/::(?:text|varchar)\b/i, '::string', ['text']],
    [/::timestamp\b/i, '::datetime', ['timestamp']],
    [/(\b\w+\([^()]*\))::(?:float|numeric|decimal)\b/i, 'to_decimal($1)', ['::numeric', 'numeric']],
  ),
  ...changes(
    'LIMIT of another dialect',
    [/ limit (\d+)\s*;?\s*$/i, ' limit 0, $1', ['limit', 'offset']],
    [/ limit (\d+)\s*;?\s*$/i, ' limit $1 rows', ['limit']],
    [/^select (?!distinct)([\s\S]+?) limit (\d+)\s*;?\s*$/i, 'select top ($2) $1', ['limit']],
    [/ limit (\d+)\s*;?\s*$/i, ' fetch first $1', ['limit', 'fetch first']],
    [/ limit (\d+)\s*;?\s*$/i, ' offset 0 limit $1 rows only', ['limit', 'fetch']],
  ),
  ...changes(
    'texts in double quotes',
    [/ = '([^'"]+)'/, ' = "$1"', ['single quotes']],
    [/ in \('([^'"]+)'/i, ' in ("$1"', ['single quotes']],
    [/ (i?)like '([^'"]+)'/i, ' $1like "$2"', ['single quotes']],
  ),
  ...changes('label in single quotes', [
    / as (\w+)(?=,| from)/i,
    " as '$1'",
    ['double quotes', 'without quotes', '"'],
  ]),
  ...changes(
    'names in foreign quotes',
    [/\bfrom (\w+)/i, 'from `$1`', ['backtick', 'backticks']],
    [/\b(\w+)\.(\w+)\b/, '[$1].[$2]', ['brackets', 'bracket']],
    [/\bas (\w+)(?=,| from)/i, 'as [$1]', ['brackets', 'bracket']],
  ),
  ...changes(
    'schema before the table',
    [/\bfrom (\w+)/i, 'from dbo.$1', ['without']],
    [/\bjoin (\w+)/i, 'join main.$1', ['without']],
  ),
  ...changes(
    'table in CamelCase or singular',
    [/\bfrom (\w+?)s\b/i, 'from $1', ['s']],
    [
      /\bfrom (\w+_\w+)\b/i,
      (_whole, name = '') => `from ${name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())}`,
      ['_'],
    ],
    [/\bjoin (\w+?)\b(?!s)/i, 'join $1_table', ['join']],
  ),
  ...changes('no GROUP BY', [/ group by [\s\S]+?(?= having| order by| limit|;|\)|$)/i, '', ['group by']]),
  ...changes('HAVING on a label', [
    /\b(count\([^()]*\)|sum\([^()]*\)|avg\([^()]*\)) as (\w+)([\s\S]*? group by [\s\S]+?)(?= order by| limit|;|$)/i,
    '$1 as $2$3 having $2 > 0',
    ['count(', 'sum(', 'avg('],
  ]),
  ...changes('label of an aggregate in WHERE', [
    /\b(count\([^()]*\)|sum\([^()]*\)) as (\w+)([\s\S]*?) where /i,
    '$1 as $2$3 where $2 > 0 and ',
    ['having', 'count(', 'sum('],
  ]),
  ...changes('aggregate in a join condition', [
    / on (\S+) = (\S+)(?= where| group)/i,
    ' on $1 = $2 and count(*) > 0',
    ['having'],
  ]),
  ...changes(
    'window in a condition',
    [/ where /i, ' where row_number() over (order by 1) > 0 and ', ['subquery', 'outside', 'with']],
    [
      /(?<= group by [^()]+?)(?= order by| limit|;|$)/i,
      ' having rank() over (order by count(*)) > 0',
      ['subquery', 'outside', 'with'],
    ],
  ),
  ...changes('QUALIFY', [
    /^select (?!distinct)((?:(?!\bgroup by\b|\bunion\b|\bover\b)[\s\S])+?)(?= order by| limit|;|\s*$)(?![\s\S]*\bgroup by\b)/i,
    'select $1 qualify row_number() over (order by 1) > 0',
    ['subquery', 'outside', 'with'],
  ]),
  ...changes(
    'nested aggregates',
    [/\bsum\((\w+\.\w+)\)/i, 'sum(sum($1))', ['subquery', 'with']],
    [/\bcount\(distinct (\w+\.\w+)\)/i, 'max(count(distinct $1))', ['subquery', 'with']],
  ),
  ...changes(
    'COUNT DISTINCT of several',
    [/\bcount\(distinct (\w+\.\w+)\)/i, 'count(distinct $1, $1)', ['(', '1']],
    [/\bcount\(distinct (\w+\.\w+)\)/i, 'count(unique $1)', ['distinct']],
    [/\bcount\(distinct (\w+\.\w+)\)/i, 'count(distinct($1)) distinct', ['distinct']],
  ),
  ...changes(
    'boolean as 0 or 1',
    [/(\w+\.\w+|\b\w+) = true\b/i, '$1 = 1', ['true', 'boolean']],
    [/(\w+\.\w+|\b\w+) = false\b/i, '$1 = 0', ['false', 'boolean']],
    [/\bwhere (\w+\.\w+) is true\b/i, 'where $1 = 1', ['true']],
    [/(\w+\.is_\w+|\bis_\w+)(?= and|;| group|$)/i, '$1 = 1', ['true']],
  ),
  ...changes(
    'wrong comparison',
    [/ = ('[^']*')/, ' is $1', ['=']],
    [/ = ('[^']*')/, ' equals $1', ['=']],
    [/ <> ('[^']*')/, ' not = $1', ['<>']],
    [/ in \(('[^']*')\)/i, ' in $1', ['(']],
    [/ in \(('[^']*'), ('[^']*')\)/i, ' = ($1, $2)', ['in']],
    [/ like ('[^']*')/i, " like $1 or 'other%'", ['like', 'comparison']],
    [/ is null\b/i, ' is empty', ['is null']],
    [/ is not null\b/i, ' is not empty', ['is not null']],
  ),
  ...changes(
    'wrong BETWEEN',
    [/ between ('[^']*'|\d+) and ('[^']*'|\d+)/i, ' between $1, $2', ['and']],
    [/ between ('[^']*'|\d+) and ('[^']*'|\d+)/i, ' between $1 to $2', ['and']],
    [/ between ('[^']*'|\d+) and ('[^']*'|\d+)/i, ' from $1 to $2', ['between', 'and']],
  ),
  ...changes(
    'CASE not as it is written',
    [/\bend\b(?= as|\))/i, '', ['end']],
    [/\bwhen ((?:[^()]|\([^()]*\))+?) then\b/i, 'when $1', ['then']],
    [/\belse\b/i, 'else if', ['else', 'when']],
    [/\bcase when\b/i, 'when', ['case']],
    [/ end\b/i, ' endcase', ['end']],
  ),
  ...changes(
    'join not as it is written',
    [/\bjoin (\w+ \w+) on ([\w.]+ = [\w.]+)/i, 'join $1 where $2', ['on']],
    [/\bjoin (\w+ \w+) on ([\w.]+ = [\w.]+)/i, 'join $1 $2', ['on']],
    [/\bjoin (\w+ \w+) on ([\w.]+ = [\w.]+)/i, 'join on $1 $2', ['on']],
    [/\bleft join\b/i, 'left outer_join', ['join']],
    [/\bleft join\b/i, 'outer left join', ['left', 'join']],
    [/\bjoin (\w+ \w+) on ([\w.]+) = \w+\.(\w+)/i, 'join $1 using ($2 = $3)', ['on']],
  ),
  ...changes('join condition left out', [/\bjoin (\w+ \w+) on [\w.]+ = [\w.]+/i, 'join $1', ['on']]),
  ...changes(
    'comma left out',
    [/^select (\w+\.\w+), (\w+\.\w+),/i, 'select $1 $2.x,', [',', 'comma']],
    [/^select (\w+\.\w+), (\w+\()/i, 'select $1 $2', [',', 'comma']],
  ),
  ...changes(
    'DISTINCT out of place',
    [/^select distinct ([^,]+), /i, 'select $1, distinct ', ['distinct']],
    [/^select distinct /i, 'select distinct distinct ', ['distinct']],
    [/^select distinct ([\s\S]+?) from /i, 'select $1 distinct from ', ['distinct']],
  ),
  ...changes(
    'order not as it is written',
    [/ order by (\S+) desc nulls last/i, ' order by $1 nulls last desc', ['desc', 'nulls last']],
    [/ order by (\S+) desc\b/i, ' order by $1 in descending order', ['desc']],
    [/ order by (\S+) desc\b/i, ' order desc by $1', ['order by', 'desc']],
    [/ order by (\S+)(?= limit|;|$)/i, ' order by $1 increasing', ['asc']],
    [/ order by /i, ' order on ', ['order by']],
  ),
  ...changes(
    'wrapped by the model',
    [/^([\s\S]+?);?\s*$/, '```sql\n$1\n```', ['```', 'backtick', 'backticks', 'alone']],
    [/^([\s\S]+?);?\s*$/, 'SQL: $1', ['select', 'alone']],
    [/^([\s\S]+?);?\s*$/, '$1;\n-- done\nend', ['select', 'alone', 'end']],
  ),
  ...changes(
    'WITH not as it is written',
    [/^with (\w+) as \(/i, 'with $1 (', ['as']],
    [/\)\s*select /i, '), select ', ['comma', ',']],
    [/^with (\w+) as \(/i, 'with ($1) as (', ['with', 'as', '(']],
    [/^with /i, '', ['with']],
  ),
  ...changes(
    'order statistics of another dialect',
    [
      /\bpercentile_cont\(([\d.]+)\) within group \(order by ([^()]+)\)/i,
      'percentile_cont($2, $1)',
      ['within group'],
    ],
    [/\bavg\((\w+\.\w+)\)/i, 'median($1)', ['percentile_cont']],
    [/\bstring_agg\(([^(),]+), ('[^']*')\)/i, 'group_concat($1 separator $2)', ['string_agg']],
    [/\bstring_agg\(([^(),]+), ('[^']*')\)/i, 'listagg($1, $2) within group (order by $1)', ['string_agg']],
  ),
  ...changes(
    'number of digits of a float',
    [/\bround\(([^()]*(?:\([^()]*\))?[^()]*)::numeric, (\d)\)/i, 'round($1::float8, $2)', ['::numeric']],
    [/\bavg\((\w+\.\w+)\)/i, 'round(avg($1)::double precision, 10)', ['::numeric']],
  ),
  ...changes(
    'bracket too few or too many',
    [/\((?=[^()]*\))/, '((', ['bracket', ')']],
    [/\)(?=[^()]*$)/, '))', ['bracket', ')', '(']],
  ),
  ...changes(
    'wrong extract',
    [/\bextract\((\w+) from /i, 'extract($1, ', ['from', 'extract']],
    [of(String.raw`\bextract\((\w+) from <x>\)`), 'date_part($1, $2)', ["'", 'date_part']],
    [of(String.raw`\bextract\((\w+) from <x>\)`), '$2.$1', ['extract']],
  ),
]

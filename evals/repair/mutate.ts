/** Numbers from 0 up to 1. */
export type Random = () => number

/** A mistake put into a query that was right, and how to tell that a hint names its remedy. */
export interface Mutation {
  readonly kind: string
  readonly sql: string
  /** The remedy: the hint must hold one of these (whole words, letter case aside). */
  readonly remedy: readonly string[]
}

export interface Tables {
  /** Columns by table. */
  readonly columns: ReadonlyMap<string, readonly string[]>
}

export interface Word {
  readonly text: string
  readonly at: number
}

type Make = (sql: string, tables: Tables, random: Random) => Mutation | undefined

/** Words outside of quotes. */
export const wordsIn = (sql: string, wanted: RegExp): readonly Word[] => {
  const blank = sql.replace(/'(?:[^']|'')*'|"[^"]*"/g, (quoted) => ' '.repeat(quoted.length))
  return [...blank.matchAll(wanted)].map((match) => ({ text: match[0], at: match.index }))
}

export const pick = <T>(random: Random, items: readonly T[]): T | undefined =>
  items[Math.floor(random() * items.length)]

const replaceAt = (sql: string, { text, at }: Word, by: string): string =>
  `${sql.slice(0, at)}${by}${sql.slice(at + text.length)}`

const columnNames = ({ columns }: Tables): ReadonlySet<string> => new Set([...columns.values()].flat())

const columnsUsed = (sql: string, tables: Tables): readonly Word[] => {
  const names = columnNames(tables)
  return wordsIn(sql, /\b[a-z_][a-z0-9_]{3,}\b(?!\s*\()/gi).filter(({ text }) =>
    names.has(text.toLowerCase()),
  )
}

const tablesUsed = (sql: string, tables: Tables): readonly Word[] =>
  wordsIn(sql, /\b(?:from|join)\s+[a-z_][a-z0-9_]*\b/gi).flatMap(({ text, at }) => {
    const name = /\S+$/.exec(text)![0]
    return tables.columns.has(name.toLowerCase()) ? [{ text: name, at: at + text.length - name.length }] : []
  })

const misspelt = (word: string, random: Random): string => {
  const at = 1 + Math.floor(random() * (word.length - 2))
  const kind = random()
  if (kind < 0.34) return word.slice(0, at) + word.slice(at + 1)
  if (kind < 0.67) return word.slice(0, at) + word[at]! + word.slice(at)
  return word.slice(0, at) + (word[at + 1] ?? '') + word[at]! + word.slice(at + 2)
}

/** The name of a column that it has not: another word form, or with its table before it. */
const invented = (column: string, random: Random): string =>
  pick(random, [`${column}_value`, `${column}s`, column.replaceAll('_', ''), `the_${column}`])!

const column: Make = (sql, tables, random) => {
  const word = pick(random, columnsUsed(sql, tables))
  if (!word) return undefined
  const name = random() < 0.5 ? misspelt(word.text, random) : invented(word.text, random)
  return name === word.text
    ? undefined
    : { kind: 'wrong column', sql: replaceAt(sql, word, name), remedy: [word.text] }
}

const table: Make = (sql, tables, random) => {
  const word = pick(random, tablesUsed(sql, tables))
  if (!word) return undefined
  const name =
    random() < 0.5 ? misspelt(word.text, random) : pick(random, [`${word.text}s`, `tbl_${word.text}`])!
  return { kind: 'wrong table', sql: replaceAt(sql, word, name), remedy: [word.text] }
}

/** A column of a table that is not in the FROM. */
const elsewhere: Make = (sql, tables, random) => {
  const word = pick(random, columnsUsed(sql, tables))
  const used = new Set(tablesUsed(sql, tables).map(({ text }) => text.toLowerCase()))
  if (!word || used.size === 0) return undefined
  const others = [...tables.columns].filter(([name]) => !used.has(name))
  const known = new Set([...used].flatMap((name) => tables.columns.get(name) ?? []))
  const foreign = others.flatMap(([name, columns]) =>
    columns.filter((one) => !known.has(one)).map((one) => ({ name, one })),
  )
  const choice = pick(random, foreign)
  if (!choice) return undefined
  const holders = others.filter(([, columns]) => columns.includes(choice.one)).map(([name]) => name)
  return {
    kind: 'column of a table that is not joined',
    sql: replaceAt(sql, word, choice.one),
    remedy: holders,
  }
}

/** The table's own name although it has an alias, or an alias misspelt. */
const alias: Make = (sql, _tables, random) => {
  const declared = wordsIn(
    sql,
    /\b(?:from|join)\s+[a-z_][\w.]*\s+(?:as\s+)?[a-z_]\w*(?=\s+(?:on|join|where|left|group)\b)/gi,
  )
  const names = declared.map(({ text }) => /([a-z_]\w*)\s+(?:as\s+)?([a-z_]\w*)$/i.exec(text)!)
  const word = pick(random, wordsIn(sql, /\b[a-z_][a-z0-9_]*(?=\.[a-z_])/gi))
  if (!word) return undefined
  const own = names.find((match) => match[2] === word.text)?.[1]
  if (own !== undefined && random() < 0.7)
    return { kind: 'unknown alias', sql: replaceAt(sql, word, own), remedy: [word.text] }
  if (word.text.length < 3) return undefined
  return {
    kind: 'unknown alias',
    sql: replaceAt(sql, word, misspelt(word.text, random)),
    remedy: [word.text],
  }
}

const ambiguous: Make = (sql, tables, random) => {
  const used = tablesUsed(sql, tables).map(({ text }) => text.toLowerCase())
  const shared = wordsIn(sql, /\b[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*\b/gi).filter(({ text }) => {
    const name = text.split('.')[1]!.toLowerCase()
    return used.filter((one) => tables.columns.get(one)?.includes(name)).length > 1
  })
  const word = pick(random, shared)
  if (!word) return undefined
  return {
    kind: 'ambiguous column',
    sql: replaceAt(sql, word, word.text.split('.')[1]!),
    remedy: [word.text],
  }
}

const ungrouped: Make = (sql) => {
  const [word] = wordsIn(sql, /\bgroup\s+by\b[^()]*?(?=\border\b|\bhaving\b|\blimit\b|;|\)|$)/gi)
  if (!word || !/\bcount|sum|avg|max|min\b/i.test(sql)) return undefined
  const parts = word.text
    .replace(/^group\s+by/i, '')
    .split(',')
    .map((part) => part.trim())
  const rest = parts.slice(0, -1)
  const by = rest.length > 0 ? `GROUP BY ${rest.join(', ')} ` : ''
  return {
    kind: 'missing group by',
    sql: replaceAt(sql, word, by),
    remedy: ['group by'],
  }
}

interface Dialect {
  readonly from: RegExp
  readonly to: string
  readonly remedy: readonly string[]
}

const DIALECTS: readonly Dialect[] = [
  { from: /\bcoalesce\(/i, to: 'ifnull(', remedy: ['coalesce'] },
  { from: /\bcoalesce\(/i, to: 'nvl(', remedy: ['coalesce'] },
  { from: /\bextract\(year from ([^()]+)\)/i, to: 'year($1)', remedy: ['extract'] },
  { from: /\bextract\(month from ([^()]+)\)/i, to: 'month($1)', remedy: ['extract'] },
  {
    from: /\bdate_trunc\('month', ([^()]+)\)/i,
    to: "strftime('%Y-%m', $1)",
    remedy: ['to_char', 'date_trunc'],
  },
  { from: /\bto_char\(([^(),]+),/i, to: 'date_format($1,', remedy: ['to_char'] },
  { from: /\bcurrent_date\b/i, to: 'getdate()', remedy: ['now', 'current_date'] },
  { from: /\bcurrent_date\b/i, to: 'curdate()', remedy: ['current_date'] },
  {
    from: /\bcurrent_date\s*-\s*interval '(\d+) (days?|months?|years?)'/i,
    to: 'date_sub(current_date, interval $1 $2)',
    remedy: ['interval'],
  },
  {
    from: /\bcurrent_date\s*-\s*interval '(\d+) (days?|months?|years?)'/i,
    to: "dateadd('day', -$1, current_date)",
    remedy: ['interval'],
  },
  {
    from: /\bcurrent_date\s*-\s*interval '(\d+) (days?|months?|years?)'/i,
    to: 'current_date - interval $1 $2',
    remedy: ['interval'],
  },
  { from: /\bcount\(\*\)/i, to: 'countif(1 = 1)', remedy: ['filter'] },
  { from: /\bstring_agg\(([^(),]+),[^()]*\)/i, to: 'group_concat($1)', remedy: ['string_agg'] },
  { from: /\blength\(/i, to: 'len(', remedy: ['length'] },
  { from: /\bilike\s+('[^']*')/i, to: 'contains $1', remedy: ['like', 'ilike'] },
  {
    from: /(\w+\.\w+|\b\w+)\s+ilike\s+('[^']*')/i,
    to: 'contains($1, $2)',
    remedy: ['ilike', 'strpos', 'like'],
  },
  { from: /(\w+\.\w+|\b\w+)\s+is null/i, to: 'isnull($1)', remedy: ['is null'] },
  { from: /(\w+\.\w+)\s+=\s+('[^']*')/i, to: '$1 == $2', remedy: ['= for equality'] },
  { from: /(\w+\.\w+)\s+=\s+'([^']*)'/i, to: '$1 = "$2"', remedy: ['single quotes'] },
  { from: /\blimit (\d+)/i, to: 'limit 0, $1', remedy: ['offset'] },
  {
    from: /^\s*select (?!distinct)([\s\S]*?)\blimit (\d+)\s*;?\s*$/i,
    to: 'select top $2 $1',
    remedy: ['limit'],
  },
  { from: /\b(\w+)\.(\w+)\b/, to: '`$1`.`$2`', remedy: ['backtick', 'back-tick', 'backticks'] },
  { from: /\b(\w+)\.(\w+)\b/, to: '[$1].[$2]', remedy: ['brackets', 'bracket'] },
  { from: /\bcast\(([^()]+) as (float|numeric|decimal)\)/i, to: 'convert($1, float)', remedy: ['cast'] },
  { from: /\bround\(/i, to: 'roundoff(', remedy: ['round'] },
  { from: /\bsubstring\(/i, to: 'mid(', remedy: ['substr'] },
  { from: /\bfilter\s*\(where/i, to: 'filter (', remedy: ['where', 'filter'] },
  { from: /(\w+)\s*\/\s*nullif\(([^()]+), 0\)/i, to: 'safe_divide($1, $2)', remedy: ['nullif'] },
  { from: /\bupper\(/i, to: 'ucase(', remedy: ['upper'] },
  { from: /\blower\(/i, to: 'lcase(', remedy: ['lower'] },
  { from: /\bavg\(/i, to: 'average(', remedy: ['avg'] },
  { from: /\bavg\(/i, to: 'mean(', remedy: ['avg'] },
  { from: /\bavg\(([^()]+)\)/i, to: 'median($1)', remedy: ['percentile_cont'] },
]

const dialect: Make = (sql, _tables, random) => {
  const usable = DIALECTS.filter(({ from }) => from.test(sql))
  const one = pick(random, usable)
  if (!one) return undefined
  return { kind: 'dialect', sql: sql.replace(one.from, one.to), remedy: one.remedy }
}

const arity: Make = (sql, _tables, random) => {
  const calls: readonly (readonly [RegExp, string, readonly string[]])[] = [
    [/\b(count|sum|avg|min|max)\(([^()*]+)\)/i, '$1($2, 1)', ['1', 'one']],
    [/\bdate_trunc\('(\w+)', [^()]+\)/i, "date_trunc('$1')", ['2']],
    [/\bcount\(\*\)/i, 'sum(*)', ['count', 'column']],
    [/\b(lower|upper|length)\(([^()]+)\)/i, '$1($2, 1)', ['1']],
    [/\bcount\(\*\)/i, 'rank()', ['over']],
    [/\bextract\((\w+) from ([^()]+)\)/i, 'date_part($2)', ['2']],
  ]
  const one = pick(
    random,
    calls.filter(([from]) => from.test(sql)),
  )
  return one && { kind: 'wrong arity', sql: sql.replace(one[0], one[1]), remedy: one[2] }
}

const types: Make = (sql, _tables, random) => {
  const changes: readonly (readonly [RegExp, string, readonly string[]])[] = [
    [/(\w+\.\w+|\b[a-z_]+)\s*(>=|<=|>|<)\s*(\d+)\b/i, "$1 $2 'many'", ['number', 'quotes']],
    [/(\w+\.\w+)\s*=\s*'[^']*'/i, '$1 = 7', ['::', 'cast']],
    [/\b(?:sum|avg)\(([^()]+)\)/i, 'sum(($1)::text)', ['::numeric', 'numeric']],
    [/\bcurrent_date\s*-\s*interval '(\d+) \w+'/i, 'now() - $1', ['interval']],
    [/(\w+\.\w+)\s+ilike\s+('[^']*')/i, '$1::date ilike $2', ['::text', 'cast']],
    [/\bwhere\s+(\w+\.\w+)\s*=\s*'[^']*'/i, 'where $1', ['=', 'comparison']],
    [/\bavg\(([^()]+)\)/i, 'round(avg($1)::float8, 2)', ['::numeric']],
    [/\bextract\((\w+) from ([^()]+)\)/i, 'extract($1 from ($2)::text)', ['::date', '::timestamp']],
    [/\bcount\(\*\)/i, "coalesce(count(*), 'none')", ['number', '::text']],
  ]
  const one = pick(
    random,
    changes.filter(([from]) => from.test(sql)),
  )
  return one && { kind: 'type mismatch', sql: sql.replace(one[0], one[1]), remedy: one[2] }
}

const aliasInWhere: Make = (sql) => {
  const label = /\b(count|sum|avg|max|min)\(([^()]*)\)\s+as\s+(\w+)/i.exec(sql)
  const where = /\bwhere\b/i.exec(sql)
  if (!label || !where) return undefined
  const at = where.index + where[0].length
  return {
    kind: 'alias in where',
    sql: `${sql.slice(0, at)} ${label[3]!} > 0 and ${sql.slice(at)}`,
    remedy: ['having', 'subquery', `${label[1]!}(`],
  }
}

const aggregateInWhere: Make = (sql) => {
  const where = /\bwhere\b/i.exec(sql)
  if (!where || !/\bgroup\s+by\b/i.test(sql)) return undefined
  const at = where.index + where[0].length
  return {
    kind: 'aggregate in where',
    sql: `${sql.slice(0, at)} count(*) > 1 and ${sql.slice(at)}`,
    remedy: ['having'],
  }
}

const order: Make = (sql, tables, random) => {
  const word = pick(random, columnsUsed(sql, tables))
  const isDistinct = /^\s*select\s+distinct\b/i.test(sql)
  if (!word || !isDistinct || /\border\s+by\b/i.test(sql)) return undefined
  return {
    kind: 'order by with distinct',
    sql: `${sql.replace(/;?\s*$/, '')} order by ${word.text}`,
    remedy: [word.text, 'select'],
  }
}

const syntax: Make = (sql, _tables, random) => {
  const changes: readonly (readonly [RegExp, string, readonly string[]])[] = [
    [/,\s*([a-z_.]+)\s+from\b/i, ', $1, from', ['comma', ',']],
    [/\border\s+by\b/i, 'orderby', ['order by']],
    [/\bgroup\s+by\b/i, 'groupby', ['group by']],
    [/\)/, '', ['bracket', ')']],
    [/\bselect\b/i, 'selct', ['select']],
    [/\bwhere\b/i, 'were', ['where']],
    [/\bnot in\b/i, 'not_in', ['not in']],
    [/'([^']*)'/, "'$1", ['quote', 'quotes']],
  ]
  const one = pick(
    random,
    changes.filter(([from]) => from.test(sql)),
  )
  return one && { kind: 'syntax', sql: sql.replace(one[0], one[1]), remedy: one[2] }
}

/** Ways to go wrong, in about the shares measured on model-written SQL: unknown columns first. */
const MAKERS: readonly (readonly [Make, number])[] = [
  [column, 5],
  [elsewhere, 3],
  [table, 2],
  [dialect, 5],
  [ungrouped, 3],
  [types, 4],
  [ambiguous, 2],
  [alias, 2],
  [arity, 2],
  [aliasInWhere, 2],
  [aggregateInWhere, 1],
  [order, 1],
  [syntax, 3],
]

/** Several mistaken versions of a query. */
export const mutate = (sql: string, tables: Tables, random: Random): readonly Mutation[] =>
  MAKERS.flatMap(([make, times]) =>
    Array.from({ length: times }, () => make(sql, tables, random)).filter((one) => one !== undefined),
  ).filter((one) => one.sql !== sql)

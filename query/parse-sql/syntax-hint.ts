import { editDistance } from '../../domain/nearest.ts'
import { clauseHint } from './clause-hint.ts'
import { KEYWORDS } from './keywords.ts'

interface Rule {
  readonly test: RegExp
  readonly hint: string
}

/** Ways of other dialects, and slips, that can be told from the text alone; strings are blanked before. */
const RULES: readonly Rule[] = [
  { test: /`/, hint: 'Write names without backticks, or in double quotes.' },
  { test: /\bselect\s+(distinct\s+)?top\s*\(?\s*\d/i, hint: 'Write LIMIT n at the end in place of TOP n.' },
  { test: /(?<![\w\])])\[[a-z_][\w ]*\]/i, hint: 'Write names without square brackets.' },
  { test: /\blimit\s+\d+\s*,\s*\d+/i, hint: 'Write LIMIT count OFFSET start.' },
  { test: /\binterval\s+-?\d/i, hint: "Write interval '90 days', in quotes." },
  { test: /\bfetch\s+first\b|\brownum\b/i, hint: 'Write LIMIT n at the end.' },
  { test: /==/, hint: 'Write = for equality.' },
  { test: /&&/, hint: 'Write AND.' },
  { test: /(?<!\|)\|\|(?=\s*(not\b|\w+\s*[=<>]))/i, hint: 'Write OR between conditions; || joins texts.' },
  { test: /[“”‘’]/, hint: "Write texts in straight quotes: 'text'." },
  {
    test: /,\s*(from|where|group\s+by|order\s+by|having|limit|\))/i,
    hint: 'Take out the comma before that word: nothing follows it.',
  },
  { test: /\bnot\s+is\s+null\b|\bis\s+not\s*=/i, hint: 'Write x IS NOT NULL, or x <> y.' },
  { test: /\b(not_in|notin)\b/i, hint: 'Write NOT IN.' },
  { test: /\b(regexp|rlike)\b/i, hint: 'Write ~ for a pattern, or LIKE.' },
  { test: /\bglob\b/i, hint: "Write LIKE 'a%'." },
  { test: /\bcontains\s+(?!\()/i, hint: "Write ILIKE '%text%'." },
  { test: /\bfilter\s*\(\s*(?!where\b)/i, hint: 'Write FILTER (WHERE condition).' },
  { test: /\belse\s+if\b|\belsif\b|\belseif\b/i, hint: 'Write WHEN … THEN … for each case.' },
  { test: /!\s*(?!=|~)/, hint: 'Write NOT.' },
  { test: /\bqualify\b/i, hint: 'Compute the window in a WITH item, and filter outside of it.' },
  { test: /\bstraight_join\b/i, hint: 'Write JOIN.' },
  { test: /=>|\bge\s+[\w']/i, hint: 'Write >= for at least.' },
  { test: /=<|\ble\s+[\w']/i, hint: 'Write <= for at most.' },
  { test: /=!|\bne\s+[\w']/i, hint: 'Write <> for unequal.' },
  { test: /\w\s+(?:eq|gt|lt)\s+[\w']/i, hint: 'Write =, > or < between the two sides.' },
  { test: /[^|]\|[^|]/, hint: 'Write OR between conditions; || joins texts.' },
  { test: /\bselect\s+unique\b/i, hint: 'Write SELECT DISTINCT.' },
  { test: /\b(?:sort|cluster|distribute)\s+by\b/i, hint: 'Write ORDER BY.' },
  { test: /\bdescending\b|\border\s+by\s+desc\s+\w/i, hint: 'Write ORDER BY x DESC.' },
  { test: /\bascending\b|\border\s+by\s+asc\s+\w/i, hint: 'Write ORDER BY x ASC.' },
  { test: /\bminus\b/i, hint: 'Write EXCEPT.' },
  { test: /\b(?:fetch|top|take|first)\s+\d+(?:\s+rows?)?\b/i, hint: 'Write LIMIT n at the end.' },
  { test: /\bend\s+(?:case|if)\b/i, hint: 'Write END alone behind a CASE.' },
  { test: /\bcase\s+if\b|\bthen\s+\S+\s+if\b/i, hint: 'Write CASE WHEN condition THEN value.' },
  { test: /\botherwise\b/i, hint: 'Write ELSE.' },
  { test: /\bwhen\b[^:]*[^:]:[^:]/i, hint: 'Write THEN between condition and value.' },
  {
    test: /\bwith\s*\(\s*nolock|\buse\s+index\b|\boption\s*\(/i,
    hint: 'Leave hints such as WITH (NOLOCK) out.',
  },
  { test: /\b(?:try_|safe_)cast\s*\(/i, hint: 'Write CAST(x AS type).' },
  { test: /\bis\s+not\s+in\b/i, hint: 'Write NOT IN (…).' },
  { test: /\bisnull\s*\(\s*\)/i, hint: 'Write x IS NULL.' },
  { test: /(?<!\bis )\bnot\s+null\b/i, hint: 'Write x IS NOT NULL.' },
  { test: /\bin\s*\[/i, hint: 'Write the list of IN in round brackets: IN (a, b).' },
  { test: /\bbetween\s*\(/i, hint: 'Write BETWEEN a AND b, without brackets.' },
  { test: /\*\.\*/, hint: 'Write * for all columns, or table.*.' },
  { test: /\b(?:cross|outer)\s+apply\b/i, hint: 'Write CROSS JOIN LATERAL (SELECT …).' },
  { test: /\b(?:un)?pivot\b/i, hint: 'Write a FILTER (WHERE …) for each column.' },
  { test: /\blimit\b[\s\S]*\border\s+by\b(?![\s\S]*\bselect\b)/i, hint: 'Write ORDER BY before LIMIT.' },
]

const count = (text: string, part: string): number => text.split(part).length - 1

/** The text with what stands in quotes left out, so that rules see the language alone. */
const bare = (sql: string): string => sql.replace(/'(?:[^']|'')*'/g, "''").replace(/--[^\n]*/g, '')

/** The text with strings and comments as spaces, so that places in it stay. */
const blanked = (sql: string): string =>
  sql.replace(/'(?:[^']|'')*'|--[^\n]*/g, (part) =>
    part.startsWith("'") ? `''${' '.repeat(part.length - 2)}` : ' '.repeat(part.length),
  )

const joined = (word: string): string => word.replaceAll(/[\s_]/g, '').toLowerCase()

/** A word near the place that is almost a word of the language. */
const keywordNear = (sql: string, offset: number): string | undefined => {
  const before =
    sql
      .slice(0, offset)
      .match(/[a-z_]+/gi)
      ?.slice(-2) ?? []
  const here = /^[a-z_]+/i.exec(sql.slice(offset).trimStart())?.[0]
  for (const word of [...(here === undefined ? [] : [here]), ...before.toReversed()]) {
    const asked = joined(word)
    if (asked.length < 3 || KEYWORDS.some((known) => known === word.toLowerCase())) continue
    const near = KEYWORDS.map((known) => ({
      known,
      distance: editDistance(asked, joined(known)),
      starts: known.startsWith(asked[0]!),
    }))
      .filter(
        ({ known, distance }) => distance <= (joined(known).length > 4 ? 2 : 1) && joined(known).length > 3,
      )
      .sort((a, b) => a.distance - b.distance || Number(b.starts) - Number(a.starts))
    if (near[0]) return near[0].known.toUpperCase()
  }
  return undefined
}

/** What to do about SQL that the grammar refused at `offset`. Repeats words of the language alone, never of the text. */
export const syntaxHint = (sql: string, offset: number): string => {
  const text = bare(sql)
  if (count(text.replaceAll("''", ''), "'") % 2 === 1)
    return "A text is not closed: write a closing quote, and '' for a quote within a text."
  const rule = RULES.find(({ test }) => test.test(text))
  if (rule) return rule.hint
  const clause = clauseHint(blanked(sql), offset)
  if (clause !== undefined) return clause
  const keyword = keywordNear(sql, offset)
  if (keyword !== undefined) return `Write ${keyword}.`
  const open = count(text, '(') - count(text, ')')
  if (open !== 0)
    return open > 0
      ? `A closing bracket ) is missing${open > 1 ? ` (${open} of them)` : ''}.`
      : 'There is one closing bracket ) too many, or an opening one ( is missing.'
  return 'Send one SELECT as PostgreSQL writes it.'
}

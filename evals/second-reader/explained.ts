import type { FactName } from './facts.ts'

/** A way in which node-sql-parser reads what PostgreSQL reads differently. A disagreement is explained by these alone. */
export interface Explanation {
  readonly why: string
  readonly holds: RegExp
  /** Facts it may touch; all of them where it shifts the end of a text. */
  readonly touches: readonly FactName[] | 'all'
}

export const EXPLANATIONS: readonly Explanation[] = [
  { why: 'a backslash is an escape to it in a plain text', holds: /\\/, touches: 'all' },
  { why: 'texts in dollars are not texts to it', holds: /\$\w*\$/, touches: ['texts'] },
  {
    why: 'it drops what stands before a text (N, U&, date)',
    holds: /\b(?:N|U&|date\s+)'/i,
    touches: ['texts'],
  },
  {
    why: 'IS UNKNOWN compares with a column to it',
    holds: /\bunknown\b/i,
    touches: ['operators', 'columns'],
  },
  {
    why: 'IS TRUE is an IS of its own to it',
    holds: /\bis\s+(?:not\s+)?(?:true|false)\b/i,
    touches: ['operators'],
  },
  { why: 'it stops at the letter or line within a number', holds: /\b\d+(?:x|_|e)\w/i, touches: ['numbers'] },
  {
    why: 'trim and AT TIME ZONE have no name to it',
    holds: /\btrim\(|\bat time zone\b/i,
    touches: ['functions'],
  },
  {
    why: 'a series in the SELECT list moves to FROM in ours',
    holds: /\bgenerate_series\b/i,
    touches: ['columns'],
  },
  {
    why: 'the unit of an interval stands beside its number',
    holds: /\binterval\s+'\d+'\s+\w/i,
    touches: ['texts'],
  },
  { why: 'Spider writes texts in double quotes', holds: /"%?\w+%?"/, touches: ['columns', 'texts'] },
  { why: 'what follows a cast hangs on the cast', holds: /::\w+\s*[-+*/]/, touches: ['operators'] },
  { why: 'a sign apart from its number is an operator to it', holds: /-\s+\d/, touches: ['operators'] },
  {
    why: 'IS DISTINCT FROM loses its right side in it',
    holds: /\bis\s+(?:not\s+)?distinct\s+from\b/i,
    touches: ['operators', 'columns', 'texts', 'numbers', 'functions'],
  },
  { why: 'a comma behind ON is a list to it', holds: /\bon\b[^,]*,/i, touches: ['tables', 'columns'] },
]

import type { Query } from '../../query/relational/ast.ts'
import { newCounting, numberText, plain, settle } from './facts.ts'
import type { Counting, Facts } from './facts.ts'

type Node = Readonly<Record<string, unknown>>

const SPECIAL = ['coalesce', 'nullif', 'greatest', 'least', 'grouping', 'rollup', 'cube'] as const

const NOWS: Readonly<Record<string, string>> = {
  date: 'current_date',
  timestamp: 'current_timestamp',
  time: 'current_time',
  localtimestamp: 'localtimestamp',
}

const literal = (value: unknown, counting: Counting): void => {
  if (typeof value === 'string') counting.texts.push(value)
  else if (typeof value === 'number') counting.numbers.push(numberText(value))
  else if (typeof value === 'object' && value !== null && 'num' in value)
    counting.numbers.push(numberText(value.num))
}

const count = (node: Node, counting: Counting): void => {
  const { operators, functions } = counting
  if (Array.isArray(node['col'])) counting.columns.push(plain(String(node['col'].at(-1))))
  if ('lit' in node) literal(node['lit'], counting)
  if (typeof node['entity'] === 'string') counting.tables.push(plain(node['entity']))
  if (typeof node['fn'] === 'string') functions.push(plain(node['fn']))
  if (typeof node['op'] === 'string' && 'r' in node) operators.push(plain(node['op']))
  for (const joined of ['and', 'or'] as const) {
    const parts = node[joined]
    if (Array.isArray(parts)) for (let at = 1; at < parts.length; at += 1) operators.push(joined)
  }
  if ('isnull' in node) operators.push(node['not'] === true ? 'is not null' : 'is null')
  if ('in' in node) operators.push('in')
  if ('between' in node || 'frame' in node) operators.push('between')
  if ('like' in node) operators.push(node['ci'] === true ? 'ilike' : 'like')
  if ('exists' in node) operators.push('exists')
  if ('not' in node && !('isnull' in node)) operators.push('not')
  if (typeof node['q'] === 'string') functions.push(node['q'])
  if (Array.isArray(node['quant'])) {
    operators.push(String(node['quant'][1]))
    functions.push(String(node['quant'][2]))
  }
  if (typeof node['now'] === 'string') functions.push(NOWS[node['now']] ?? node['now'])
  if ('series' in node) functions.push('generate_series')
  if (typeof node['ord'] === 'number') counting.numbers.push(numberText(node['ord']))
  for (const name of SPECIAL) if (name in node) functions.push(name)
}

const walk = (value: unknown, counting: Counting): void => {
  if (Array.isArray(value)) {
    for (const one of value) walk(one, counting)
    return
  }
  if (typeof value !== 'object' || value === null) return
  const node = value as Node
  count(node, counting)
  for (const [key, child] of Object.entries(node)) if (key !== 'col' && key !== 'lit') walk(child, counting)
}

/** The facts of a query in our relational form. */
export const factsOfOurs = (query: Query): Facts => {
  const counting = newCounting()
  walk(query, counting)
  return settle(counting)
}

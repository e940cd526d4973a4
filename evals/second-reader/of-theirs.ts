import { newCounting, numberText, plain, settle } from './facts.ts'
import type { Counting, Facts } from './facts.ts'

type Node = Readonly<Record<string, unknown>>

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A name as this parser writes it: a text, `{ value }`, `{ expr: { value } }` or `{ name: [{ value }] }`. */
const nameOf = (value: unknown): string => {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return nameOf(value.at(-1))
  if (!isNode(value)) return ''
  return nameOf(value['value'] ?? value['expr'] ?? value['name'])
}

/** `not in` is two: PostgreSQL's tree has a NOT around an IN. */
const operatorsIn = (written: string): readonly string[] => {
  const name = plain(written)
  const [, inner] = /^not (.+)$/.exec(name) ?? []
  return inner === undefined ? [name] : ['not', inner]
}

const count = (node: Node, counting: Counting): void => {
  const { operators, functions } = counting
  switch (node['type']) {
    case 'column_ref': {
      const name = nameOf(node['column'])
      if (name !== '*' && name !== '') counting.columns.push(plain(name))
      return
    }
    case 'single_quote_string':
      counting.texts.push(String(node['value']).replaceAll("''", "'"))
      return
    case 'number':
    case 'bigint':
      counting.numbers.push(numberText(node['value']))
      return
    case 'binary_expr':
    case 'unary_expr':
      operators.push(...operatorsIn(String(node['operator'])))
      return
    case 'function':
    case 'aggr_func':
    case 'window_func':
      // `not exists (…)` and `not (…)` are functions to it.
      if (/^(?:not )?exists$|^not$/.test(plain(nameOf(node['name']))))
        operators.push(...operatorsIn(nameOf(node['name'])))
      else functions.push(plain(nameOf(node['name'])))
      return
    case 'extract':
      functions.push('extract')
      if (isNode(node['args'])) counting.texts.push(plain(nameOf(node['args']['field'])))
  }
}

const isTable = (node: Node): boolean => typeof node['table'] === 'string' && !('type' in node)

const walk = (value: unknown, counting: Counting): void => {
  if (Array.isArray(value)) {
    for (const one of value) walk(one, counting)
    return
  }
  if (!isNode(value)) return
  count(value, counting)
  if (isTable(value)) counting.tables.push(plain(String(value['table'])))
  for (const [key, child] of Object.entries(value))
    if (key !== 'tableList' && key !== 'columnList' && key !== 'column') walk(child, counting)
}

/** The facts of a tree of node-sql-parser: every key is walked, those its own writer forgets too. */
export const factsOfTheirs = (tree: unknown): Facts => {
  const counting = newCounting()
  walk(tree, counting)
  return settle(counting)
}

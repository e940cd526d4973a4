import { refuse } from '../relational/refuse.ts'

/** A node of PostgreSQL's parse tree, as JSON. */
export type Node = Readonly<Record<string, unknown>>

const PLACES_IN_TEXT = new Set([
  'location',
  'stmt_location',
  'stmt_len',
  'list_start',
  'list_end',
  'rexpr_list_start',
  'rexpr_list_end',
])

export const unsupported = (what: string, fix = 'Write the question without it.'): Error =>
  refuse('unsupported', `${what} is not supported.`, { fix })

/**
 * Fields of a node, each of which the reader must have asked for: what nobody read changes the meaning, so a node with a
 * field that is not in `keys` is refused.
 */
export const fields = (node: unknown, what: string, keys: readonly string[]): Node => {
  if (typeof node !== 'object' || node === null) throw unsupported(what)
  for (const key of Object.keys(node)) {
    if (!keys.includes(key) && !PLACES_IN_TEXT.has(key)) throw unsupported(`${what} with ${key}`)
  }
  return node as Node
}

/** The kind of a wrapped node and what it holds: `{ColumnRef: {…}}`. */
export const unwrap = (node: unknown): readonly [kind: string, inner: Node] => {
  const keys = typeof node === 'object' && node !== null ? Object.keys(node) : []
  const [kind] = keys
  if (keys.length !== 1 || kind === undefined) throw unsupported('This construct')
  return [kind, (node as Node)[kind] as Node]
}

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

export const textOf = (node: unknown): string => {
  const [kind, inner] = unwrap(node)
  if (kind !== 'String') throw unsupported('A name of this kind')
  const { sval } = fields(inner, 'A name', ['sval'])
  return typeof sval === 'string' ? sval : ''
}

export const wordOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Parts that may still be read, and how deep. */
export interface Budget {
  nodes: number
  depth: number
}

export const deeper = <T>(budget: Budget, read: () => T): T => {
  budget.nodes -= 1
  budget.depth -= 1
  if (budget.nodes < 0 || budget.depth < 0)
    throw refuse('query_too_large', 'The SQL has too many parts, or is nested too deeply.', {
      fix: 'Ask for less at once.',
    })
  const made = read()
  budget.depth += 1
  return made
}

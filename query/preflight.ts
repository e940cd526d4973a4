import { userError } from '../domain/errors.ts'

const MAX_DEPTH = 12
const MAX_NODES = 6_000
const MAX_TEXT = 2_000

const tooLarge = (what: string, fix: string) => userError('query_too_large', `The question ${what}.`, { fix })

/**
 * Bounds untrusted JSON before anything recursive (zod included) sees it: depth, nodes, length of texts, and no key
 * that reaches a prototype. Walks with a stack of its own, so depth cannot exhaust ours.
 */
export const preflight = (input: unknown): void => {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value: input, depth: 0 }]
  let nodes = 0
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next
    nodes += 1
    if (nodes > MAX_NODES)
      throw tooLarge('has too many parts', 'Ask for less at once; lists take 1,000 values.')
    if (depth > MAX_DEPTH)
      throw tooLarge(
        'is nested too deeply',
        'Conditions nest two levels: `any`, or `some`/`none` with `where`.',
      )
    if (typeof value === 'string' && value.length > MAX_TEXT) {
      throw tooLarge('holds a text that is too long', `Texts may have ${MAX_TEXT} characters.`)
    }
    if (typeof value !== 'object' || value === null) continue
    if (Array.isArray(value)) {
      if (value.length > MAX_NODES) throw tooLarge('has too many parts', 'Lists take 1,000 values.')
      for (const item of value) open.push({ value: item, depth: depth + 1 })
      continue
    }
    for (const key of Object.keys(value)) {
      if (key === '__proto__' || key === 'constructor' || key === 'prototype') {
        throw userError('bad_query', 'The question has a key that no question has.', { fix: 'Leave it out.' })
      }
      open.push({ value: (value as Record<string, unknown>)[key], depth: depth + 1 })
    }
  }
}

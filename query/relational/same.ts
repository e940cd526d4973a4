import type { Expr, Query } from './ast.ts'

type Parts = Readonly<Record<string, unknown>>

/** A number, in either of the forms that a literal has. */
const numberOf = (value: unknown): number | undefined => {
  if (typeof value === 'number') return value
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'num')) return undefined
  const { num, ...others } = value as { readonly num: unknown }
  return typeof num === 'string' && Object.keys(others).length === 0 ? Number(num) : undefined
}

/** Keys that hold something. */
const filled = (parts: Parts): number => {
  let sum = 0
  for (const key of Object.keys(parts)) if (parts[key] !== undefined) sum += 1
  return sum
}

const same = (a: unknown, b: unknown): boolean => {
  if (a === b) return true
  const number = numberOf(a)
  if (number !== undefined) return number === numberOf(b)
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((one, index) => same(one, b[index]))
  if (Array.isArray(b)) return false
  const [left, right] = [a as Parts, b as Parts]
  for (const key of Object.keys(left)) {
    if (left[key] === undefined) continue
    if (!Object.hasOwn(right, key) || !same(left[key], right[key])) return false
  }
  return filled(left) === filled(right)
}

/** Are the two the same query? Numbers by value, the order of keys aside. */
export const sameQuery = (a: Query, b: Query): boolean => same(a, b)

/** Likewise two expressions. */
export const sameExpr = (a: Expr, b: Expr): boolean => same(a, b)

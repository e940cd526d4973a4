import type { Schemas } from '@qdrant/js-client-rest'
import type { Filter } from '../client.ts'

type Condition = Schemas['Condition']

/** A point as it is kept. */
export interface KeptPoint {
  readonly id: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly vectors: Readonly<Record<string, Float32Array>>
}

const listed = (value: unknown): readonly unknown[] =>
  value === null || value === undefined ? [] : Array.isArray(value) ? value : [value]

const holds = (point: KeptPoint, condition: Condition, isIndexed: (key: string) => void): boolean => {
  if ('has_id' in condition) return condition.has_id.some((id) => id === point.id)
  if ('key' in condition) {
    isIndexed(condition.key)
    const { match } = condition
    if (!match || !('value' in match)) throw new Error('a condition that the fake does not know')
    return listed(point.payload[condition.key]).includes(match.value)
  }
  if ('is_empty' in condition) {
    isIndexed(condition.is_empty.key)
    return listed(point.payload[condition.is_empty.key]).length === 0
  }
  if ('must' in condition || 'should' in condition || 'must_not' in condition)
    return letsThrough(point, condition, isIndexed)
  throw new Error('a condition that the fake does not know')
}

/** Whether a filter lets a point through, as Qdrant's documentation of filtering says. `isIndexed` is told every field. */
export const letsThrough = (
  point: KeptPoint,
  { must, should, must_not: mustNot }: Filter,
  isIndexed: (key: string) => void,
): boolean => {
  const is = (condition: unknown): boolean => holds(point, condition as Condition, isIndexed)
  const any = listed(should)
  return listed(must).every(is) && (any.length === 0 || any.some(is)) && !listed(mustNot).some(is)
}

/** Vectors are kept at length 1 where the distance is the cosine. */
export const toUnit = (vector: readonly number[]): Float32Array => {
  const length = Math.hypot(...vector)
  return Float32Array.from(vector, (value) => value / length)
}

export const product = (a: Float32Array, b: Float32Array): number => {
  let sum = 0
  for (let axis = 0; axis < a.length; axis += 1) sum += a[axis]! * b[axis]!
  return sum
}

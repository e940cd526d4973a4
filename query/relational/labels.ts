import type { Expr, Query } from './ast.ts'

const NOW_LABELS = {
  date: 'current_date',
  timestamp: 'current_timestamp',
  time: 'current_time',
  localtimestamp: 'localtimestamp',
} as const

const UNNAMED = '?column?'

const strong = (e: Expr): string | undefined => {
  if ('col' in e) return e.col.at(-1)
  if ('fn' in e) return e.fn
  if ('cast' in e) return strong(e.cast)
  if ('coalesce' in e) return 'coalesce'
  if ('nullif' in e) return 'nullif'
  if ('greatest' in e) return 'greatest'
  if ('least' in e) return 'least'
  if ('exists' in e) return 'exists'
  if ('now' in e) return NOW_LABELS[e.now]
  if ('array' in e) return 'array'
  if ('row' in e) return 'row'
  if ('grouping' in e) return 'grouping'
  if ('sub' in e && !('quant' in e) && !('in' in e)) return firstLabel(e.sub)
  if ('case' in e) return e.else && strong(e.else)
  return undefined
}

const firstLabel = ({ body }: Query): string | undefined => {
  if ('set' in body) return firstLabel(body.l)
  const [item] = body.select
  return item === undefined || 'star' in item ? undefined : (item.as ?? strong(item.e))
}

/** The name PostgreSQL gives a column that has none of its own. */
export const labelOf = (e: Expr): string => {
  const name = strong(e)
  if (name !== undefined) return name
  if ('cast' in e) return 'case' in e.cast ? 'case' : e.to.t
  return 'case' in e ? 'case' : UNNAMED
}

import type { Plan, PlannedCall } from './plan-types.ts'

interface Loose {
  readonly field?: string
  readonly op?: string
  readonly value?: unknown
  readonly any?: readonly Loose[]
  readonly some?: string
  readonly none?: string
  readonly where?: readonly Loose[]
}

const one = (filter: Loose): string => {
  if (filter.any) return filter.any.map(one).join(' OR ')
  const relation = filter.some ?? filter.none
  if (relation)
    return `${filter.none ? 'none' : 'some'} ${relation}(${(filter.where ?? []).map(one).sort().join('; ')})`
  const value = Array.isArray(filter.value) ? filter.value.join(',') : filter.value
  return `${filter.field} ${filter.op ?? '='}${value === undefined ? '' : ` ${value as string}`}`
}

const ofQuery = (args: PlannedCall['args']): string => {
  const parts = [args['find'] as string]
  const where = ((args['where'] ?? []) as readonly Loose[]).map(one).sort()
  if (where.length > 0) parts.push(where.join(' & '))
  const measures = ((args['measures'] ?? []) as readonly { fn: string; field?: string }[]).map(
    ({ fn, field }) => (field ? `${fn}(${field})` : fn),
  )
  if (measures.length > 0) parts.push(measures.join('+'))
  if (args['group_by']) parts.push(`by ${(args['group_by'] as string[]).join(',')}`)
  const compare = args['compare'] as { field: string; a: string; b: string } | undefined
  if (compare) parts.push(`${compare.field}: ${compare.a} vs ${compare.b}`)
  if (args['limit'] !== undefined)
    parts.push(`${((args['order'] ?? []) as string[]).join(',')} top ${args['limit'] as number}`)
  return parts.join(' | ')
}

const ofCall = (call: PlannedCall): string => {
  const later = call.next ? ` then ${ofCall(call.next)}` : ''
  if (call.tool === 'query_crm') return `${ofQuery(call.args)}${later}`
  return `${call.tool} ${JSON.stringify(call.args)}${later}`
}

/** A plan in one line for tests: what it does, without the order of a list. */
export const gist = (plan: Plan): string =>
  plan.kind === 'calls'
    ? plan.calls.map(ofCall).join(' ++ ')
    : plan.kind === 'clarify'
      ? `clarify ${plan.choices.join(',')}`
      : 'refuse'

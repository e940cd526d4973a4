import type { Plan, PlannedCall } from '../agent/model/offline/plan-types.ts'
import { canonicalQuery, canonicalSketch, meansTheSame } from './canonical.ts'
import type { Names, Sketch } from './canonical.ts'

export interface Question {
  readonly id: string
  readonly vertical: string
  readonly split?: string
  readonly kind: string
  readonly context: readonly string[]
  readonly question: string
  readonly expect: { readonly tool: string; readonly args: Readonly<Record<string, unknown>> }
}

export type Verdict = 'exact' | 'wrong' | 'abstained'

type Args = Readonly<Record<string, unknown>>
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const handle = (value: unknown, names: Names): string =>
  value === '$me' ? 'me' : (names.handleOf(text(value)) ?? text(value))

/** Reading one person by name is the same action through search_people, get_record or a query for that record. */
const lookedUp = (call: PlannedCall): string | undefined => {
  if (call.tool === 'search_people') return text(call.args['query'])
  if (call.tool === 'get_record') return text(call.args['id'])
  if (call.tool !== 'query_crm') return undefined
  const where = (call.args['where'] ?? []) as readonly { field?: string; op?: string; value?: unknown }[]
  const isOne =
    call.args['find'] === 'people' &&
    where.length === 1 &&
    where[0]!.field === 'id' &&
    !call.args['measures'] &&
    !call.args['group_by']
  return isOne ? text(where[0]!.value) : undefined
}

const IGNORED = new Set('the a an of for about on in and or to with'.split(' '))
const stems = (query: string, names: Names): Set<string> => {
  const parts = query.replace(/"/g, '').split(/[\s|,]+/)
  const joined = names.handleOf(query) ? [query] : parts
  return new Set(
    joined
      .map((word) => word.toLowerCase().replace(/(ies|es|s|ing|ed)$/, ''))
      .filter((word) => word.length > 1 && !IGNORED.has(word)),
  )
}

/** Names in the words searched for count as their handles. */
const withHandles = (query: string, names: Names): string => {
  const words = query.split(' ')
  for (let length = words.length; length > 1; length -= 1) {
    for (let at = 0; at + length <= words.length; at += 1) {
      const found = names.handleOf(words.slice(at, at + length).join(' '))
      if (found) return [...words.slice(0, at), found, ...words.slice(at + length)].join(' ')
    }
  }
  return query
}

/** The words searched for agree when ours are among the expected ones and hold at least a third of them. */
const sameWords = (expected: unknown, ours: unknown, names: Names): boolean => {
  if (expected === undefined || ours === undefined) return expected === ours
  const wanted = stems(withHandles(text(expected), names), names)
  const made = stems(text(ours), names)
  const shared = [...made].filter((word) => wanted.has(word)).length
  return (
    shared > 0 &&
    shared >= made.size - 1 &&
    shared * 3 >= wanted.size &&
    (wanted.size > 2 || shared === Math.min(wanted.size, made.size))
  )
}

const tokenOf = (value: unknown): string => {
  if (value !== null && typeof value === 'object') {
    const { rel, period } = value as { rel?: string; period?: string }
    return rel ?? period ?? ''
  }
  return text(value)
}

const sameEmailSearch = (expected: Args, ours: Args, names: Names): boolean => {
  const company = expected['from_company'] ?? expected['to_company'] ?? expected['company']
  const direction = expected['from_company'] ? 'inbound' : expected['to_company'] ? 'outbound' : undefined
  const pairs: readonly (readonly [unknown, unknown])[] = [
    [expected['from'] && handle(expected['from'], names), ours['from']],
    [expected['to'] && handle(expected['to'], names), ours['to']],
    [expected['with'] && handle(expected['with'], names), ours['with']],
    [company && handle(company, names), ours['company']],
    [
      direction,
      ours['company'] === undefined ? undefined : direction === undefined ? undefined : ours['direction'],
    ],
    [expected['has_attachment'] ?? false, ours['has_attachment'] ?? false],
  ]
  if (pairs.some(([a, b]) => (a ?? undefined) !== b)) return false
  if (
    expected['limit'] !== undefined &&
    (expected['limit'] !== ours['limit'] || ours['sort'] !== expected['sort'])
  )
    return false
  const expectedDates = ['after', 'before', 'at', 'period', 'since']
    .map((key) => tokenOf(expected[key]))
    .filter(Boolean)
  const ourDates = ['after', 'before'].map((key) => text(ours[key])).filter(Boolean)
  if (
    expectedDates.some((date) => !ourDates.includes(date)) ||
    (expectedDates.length === 0 && ourDates.length > 0)
  )
    return false
  return sameWords(expected['q'], ours['query'], names)
}

const dateOf = (value: unknown): string => text(value).slice(0, 16)
const list = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(text)

const sameLog = (expected: Args, ours: Args, names: Names): boolean => {
  const people = list(expected['person'] ?? expected['people'])
    .map((name) => handle(name, names))
    .sort(byText)
  const company = expected['company'] === undefined ? undefined : handle(expected['company'], names)
  return (
    JSON.stringify(people) === JSON.stringify([...list(ours['people'])].sort(byText)) &&
    (company === undefined || company === ours['company']) &&
    expected['kind'] === ours['kind'] &&
    (expected['at'] === undefined ||
      dateOf(expected['at']).slice(0, 10) === dateOf(ours['occurred_at']).slice(0, 10)) &&
    (expected['notes'] === undefined ||
      text(ours['summary']).toLowerCase().includes(text(expected['notes']).toLowerCase()))
  )
}

interface Change {
  readonly op: string
  readonly entity: string
  readonly record?: string
  readonly set?: Args
}

const sameSet = (expected: Args, ours: Args, names: Names): boolean =>
  Object.entries(expected).every(([key, value]) => {
    const own = ours[key === 'price' ? 'amount' : key]
    if (typeof value === 'number') return value === own
    return handle(value, names).toLowerCase() === text(own).toLowerCase() || dateOf(value) === dateOf(own)
  }) && Object.keys(ours).length === Object.keys(expected).length

const sameProposal = (expected: Args, call: PlannedCall, names: Names): boolean => {
  const proposal = call.tool === 'query_crm' ? call.next : call
  const changes = (proposal?.args['changes'] ?? []) as readonly Change[]
  if (changes.length !== 1) return false
  const [change] = changes as readonly [Change]
  if (expected['create'] === 'task') {
    const set = change.set ?? {}
    const about = list(expected['about'])
      .map((name) => handle(name, names))
      .sort(byText)
    const ours = [...list(set['people']), ...list(set['company']), ...list(set['deal'])].sort(byText)
    return (
      change.op === 'create' &&
      change.entity === 'tasks' &&
      (expected['assignee'] === undefined
        ? set['assignee'] === 'me'
        : handle(expected['assignee'], names) === set['assignee']) &&
      JSON.stringify(about) === JSON.stringify(ours) &&
      (expected['due'] === undefined || dateOf(expected['due']) === dateOf(set['due_at']))
    )
  }
  if (change.op !== 'update') return false
  const [, name = ''] = /^\w+:(.*)$/.exec(text(expected['record'])) ?? []
  const record = names.handleOf(name)
  const reached =
    call.tool === 'query_crm'
      ? ((call.args['where'] ?? []) as readonly { value?: unknown }[]).some(({ value }) => value === record)
      : change.record === record
  return record !== undefined && reached && sameSet((expected['set'] ?? {}) as Args, change.set ?? {}, names)
}

const samePath = (expected: Args, ours: Args, names: Names): boolean =>
  ['to', 'to_company', 'to_title', 'via_tag', 'from'].every((key) => {
    const wanted = expected[key]
    if (wanted === undefined) return true
    return handle(wanted, names).replace('$', '').toLowerCase() === text(ours[key]).toLowerCase()
  })

/** Judges one plan: exact, wrong (something else would have been done), or abstained (asked back or refused). */
export const judge = ({ expect }: Question, plan: Plan, names: Names): Verdict => {
  const { tool, args } = expect
  if (plan.kind !== 'calls') return tool === plan.kind ? 'exact' : 'abstained'
  if (plan.calls.length !== 1) return 'wrong'
  const [call] = plan.calls as readonly [PlannedCall]
  const isSame = (): boolean => {
    if (tool === 'search_people') return lookedUp(call) === handle(args['name'], names)
    if (tool === 'query') {
      const sketch = args['ast'] as Sketch
      const wanted = canonicalSketch(sketch, names)
      const person = lookedUp(call)
      if (person !== undefined && wanted.entity === 'people' && wanted.measures.length === 0)
        return wanted.where.join() === `id = ${person.toLowerCase()}`
      return (
        call.tool === 'query_crm' &&
        call.next === undefined &&
        meansTheSame(wanted, canonicalQuery(call.args as never, names))
      )
    }
    if (tool === 'search_email')
      return call.tool === 'search_email' && sameEmailSearch(args, call.args, names)
    if (tool === 'log_interaction') return call.tool === 'log_interaction' && sameLog(args, call.args, names)
    if (tool === 'propose_change')
      return (
        (call.tool === 'propose_writeback' || call.next?.tool === 'propose_writeback') &&
        sameProposal(args, call, names)
      )
    if (tool === 'intro_path') return call.tool === 'intro_path' && samePath(args, call.args, names)
    if (tool === 'brief')
      return (
        call.tool === 'brief' &&
        [args['company'], args['person'], args['deal']].some(
          (name) => name !== undefined && handle(name, names) === call.args['id'],
        )
      )
    return false
  }
  return isSame() ? 'exact' : 'wrong'
}

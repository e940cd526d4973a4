import type { Condition, Filter, QueryInput } from '../../../query/ast.ts'
import type { Draft, EventUse, MeasureUse } from './draft.ts'
import type { Want } from './pieces.ts'
import { DATES, groupField, isTagged, PLACES, spelling, standingSlot } from './places.ts'
import { dateConditions, floating, FUTURE_DATES, settle, silenceToken } from './dates.ts'
import type { Setting } from './setting.ts'

const LAST_FIELD: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  people: {
    talk: 'last_interaction_at',
    speak: 'last_interaction_at',
    meeting: 'last_meeting_at',
    heard: 'last_inbound_at',
    wrote: 'last_outbound_at',
    email: 'last_outbound_at',
  },
  companies: { talk: 'last_interaction_at', speak: 'last_interaction_at' },
  deals: { talk: 'last_interaction_at', speak: 'last_interaction_at', heard: 'last_interaction_at' },
}
const KINDS: Readonly<Record<string, readonly string[]>> = {
  meeting: ['meeting'],
  call: ['call'],
  speak: ['call', 'meeting'],
  viewing: ['viewing'],
  email: ['email'],
}

export const kindConditions = (event: string): readonly Condition[] => {
  const kinds = KINDS[event]
  const made: Condition[] = []
  if (kinds)
    made.push(
      kinds.length === 1
        ? { field: 'kind', op: '=', value: kinds[0]! }
        : { field: 'kind', op: 'in', value: [...kinds] },
    )
  if (event === 'heard') made.push({ field: 'direction', op: '=', value: 'inbound' })
  if (event === 'wrote') made.push({ field: 'direction', op: '=', value: 'outbound' })
  return made
}

interface Lowered {
  readonly where: readonly Filter[]
  /** Date field that the order of the answer follows. */
  readonly lastField?: string
}

const lowerEvent = (entity: string, use: EventUse, setting: Setting): Lowered => {
  const since = use.period ? dateConditions('occurred_at', use.period, false, setting) : []
  const member: readonly Condition[] = use.member ? [{ field: 'member', op: '=', value: use.member }] : []
  if (!use.isNegated)
    return { where: [{ some: 'interactions', where: [...kindConditions(use.event), ...since, ...member] }] }
  const field = member.length > 0 ? undefined : LAST_FIELD[entity]?.[use.event]
  const token = use.period ? silenceToken(use.period, setting) : undefined
  if (!use.period && !use.isDefault && field) return { where: [{ field, op: 'empty' }] }
  if (field && token)
    return {
      where: [
        {
          any: [
            { field, op: '<', value: token },
            { field, op: 'empty' },
          ],
        },
      ],
      lastField: field,
    }
  const window: readonly Condition[] = token ? [{ field: 'occurred_at', op: '>=', value: token }] : since
  return { where: [{ none: 'interactions', where: [...kindConditions(use.event), ...window, ...member] }] }
}

/** Short titles hide in longer words (`cto` in `director`), so they must start the title or follow a blank. */
const titleConditions = (field: string, values: readonly string[]): readonly Condition[] =>
  values.flatMap((value): readonly Condition[] =>
    value.length > 4
      ? [{ field, op: 'contains', value }]
      : [
          { field, op: 'starts_with', value },
          { field, op: 'contains', value: ` ${value}` },
        ],
  )

const valueOf = (want: Want, setting: Setting): Want['value'] => {
  const { vocabulary } = setting
  if (Array.isArray(want.value) && ['part', 'tag', 'standing'].includes(want.slot))
    return want.value.map((value) => String(valueOf({ ...want, op: '=', value }, setting)))
  if (typeof want.value !== 'string') return want.value
  if (want.slot === 'part') return spelling(want.value, vocabulary.roles)
  if (want.slot === 'tag') return spelling(want.value, vocabulary.tags)
  if (want.slot === 'standing') return spelling(want.value, vocabulary.statuses)
  return want.value
}

/** A condition of the entity, or undefined when the entity has no such field. */
export const lowerWant = (entity: string, given: Want, setting: Setting): readonly Filter[] | undefined => {
  if (given.slot === 'overdue') {
    if (entity === 'tasks')
      return [
        { field: 'done', op: '=', value: false },
        { field: 'due_at', op: '<', value: 'now' },
      ]
    return entity === 'deals'
      ? [
          { field: 'status', op: '=', value: 'open' },
          { field: 'close_date', op: '<', value: 'today' },
        ]
      : undefined
  }
  let want = given
  if (want.slot === 'part' && Array.isArray(want.value)) {
    const parts = want.value as readonly string[]
    const tagged = parts.filter((part) => isTagged(part, setting.vocabulary))
    // Some kept as a role and some as a tag: one condition cannot ask for either.
    if (tagged.length > 0 && tagged.length < parts.length) return undefined
    if (tagged.length > 0 && ['people', 'deals', 'companies'].includes(entity))
      want = { ...want, slot: 'tag' }
  }
  if (
    want.slot === 'part' &&
    typeof want.value === 'string' &&
    isTagged(want.value, setting.vocabulary) &&
    ['people', 'deals', 'companies'].includes(entity)
  ) {
    want = { ...want, slot: 'tag', value: spelling(want.value, setting.vocabulary.tags) }
  }
  if (want.slot === 'standing' && typeof want.value === 'string')
    want = { ...want, slot: standingSlot(want.value, setting.vocabulary) }
  const place = PLACES[entity]?.[want.slot]
  if (place === undefined) return undefined
  const value = valueOf(want, setting)
  const [relation, field] = place.includes('>') ? (place.split('>') as [string, string]) : [undefined, place]
  if (want.slot === 'title') {
    const values = (Array.isArray(value) ? value : [value]) as readonly string[]
    if (relation) return [{ some: relation, where: [{ field, op: 'contains', value: values.at(-1)! }] }]
    return [{ any: [...titleConditions(field, values)] }]
  }
  if (entity === 'threads' && want.slot === 'deal')
    return [{ field, op: 'contains', value: (Array.isArray(value) ? value[0] : value) as string }]
  if (want.slot === 'subject') return [{ field, op: 'contains', value: String(value) }]
  const isNegated = want.op === '!=' || want.op === 'not_in'
  const positive =
    want.op === '!=' ? '=' : want.op === 'not_in' ? 'in' : want.op === 'any_of' ? 'in' : want.op
  const mutable = Array.isArray(value)
    ? [...(value as readonly (string | number)[])]
    : (value as string | number | boolean)
  if (relation)
    return [{ [isNegated ? 'none' : 'some']: relation, where: [{ field, op: positive, value: mutable }] }]
  return [{ field, op: want.op === 'any_of' ? 'in' : want.op, value: mutable }]
}

/** Several conditions on one to-many relation are about one and the same record of it. */
const mergeSome = (filters: readonly Filter[]): readonly Filter[] => {
  const merged: Filter[] = []
  for (const filter of filters) {
    const known =
      filter.some === undefined || filter.some === 'tags'
        ? -1
        : merged.findIndex(({ some }) => some === filter.some)
    if (known >= 0)
      merged[known] = { ...merged[known]!, where: [...(merged[known]!.where ?? []), ...(filter.where ?? [])] }
    else merged.push(filter)
  }
  return merged
}

const MISSING: Readonly<Record<string, Readonly<Record<string, Filter>>>> = {
  people: {
    phone: { none: 'phones', where: [] },
    email: { none: 'emails', where: [] },
    contact: { none: 'emails', where: [] },
  },
}
const MISSING_FIELDS = new Set([
  'owner',
  'company',
  'amount',
  'close_date',
  'due_at',
  'title',
  'role',
  'city',
  'country',
  'industry',
  'next_step',
  'linkedin_url',
  'domain',
  'notes',
  'source',
  'stage',
])

const missingFilter = (entity: string, attribute: string): Filter | undefined => {
  const special = MISSING[entity]?.[attribute]
  if (special) return special
  if (attribute === 'tags') return { none: 'tags', where: [] }
  const field =
    attribute === 'owner'
      ? PLACES[entity]?.owner
      : attribute === 'close_date' && entity === 'tasks'
        ? 'due_at'
        : attribute
  return MISSING_FIELDS.has(attribute) && field !== undefined ? { field, op: 'empty' } : undefined
}

const measureOf = (use: MeasureUse): NonNullable<QueryInput['measures']>[number] => {
  if (use.fn === 'count') return { fn: 'count' }
  return { fn: use.fn, field: use.slot === 'weighted' ? 'weighted_amount' : (use.slot ?? 'amount') }
}
const measureName = (use: MeasureUse): string =>
  use.fn === 'count'
    ? 'count'
    : `${use.fn}_${use.slot === 'weighted' ? 'weighted_amount' : (use.slot ?? 'amount')}`

const ORDER_FIELDS: Readonly<Record<string, string>> = {
  amount: 'amount',
  weighted: 'weighted_amount',
  closing: 'close_date',
  due: 'due_at',
  created: 'created_at',
  name: 'name',
}

const orderOf = (draft: Draft, slot: string, dateField: string): string | undefined => {
  if (slot === 'measure') return draft.measures?.length ? measureName(draft.measures.at(-1)!) : undefined
  if (slot === 'age' && draft.entity === 'deals' && draft.date === 'closed') return 'closed_at'
  if (slot === 'age')
    return draft.entity === 'deals' || draft.entity === 'people' || draft.entity === 'companies'
      ? 'created_at'
      : dateField
  if (slot === 'last' || slot === 'date') return DATES[draft.entity]?.['last']
  if (slot === 'amount' && draft.measures?.length) return measureName(draft.measures.at(-1)!)
  return ORDER_FIELDS[slot]
}

/** The date field of a draft that its period, comparison and groups by month cut. */
export const dateFieldOf = (draft: Draft): string | undefined => DATES[draft.entity]?.[draft.date ?? 'plain']

const HELD_ONCE: readonly Want['slot'][] = [
  'status',
  'stage',
  'standing',
  'owner',
  'industry',
  'city',
  'country',
]

/** Two values that no record has at once: what was meant (won against lost, say) is something else. */
const contradicts = ({ wants }: Draft): boolean =>
  HELD_ONCE.some(
    (once) =>
      new Set(
        wants.filter(({ slot, op }) => slot === once && op === '=').map(({ value }) => JSON.stringify(value)),
      ).size > 1,
  )

/** One field that would have to hold two values: what was meant is something else. */
const isTwoAtOnce = (filters: readonly Filter[]): boolean =>
  filters.some(
    ({ field, op, value }, at) =>
      field !== undefined &&
      op === '=' &&
      filters
        .slice(at + 1)
        .some((other) => other.field === field && other.op === '=' && other.value !== value),
  )

/** The query of a draft; undefined when something in it cannot be asked of its entity. */
export const lower = (draft: Draft, setting: Setting): QueryInput | undefined => {
  const { entity } = draft
  const where: Filter[] = []
  let lastField: string | undefined
  const field = dateFieldOf(draft)
  if (field === undefined && draft.date !== 'moved') return undefined
  if (contradicts(draft)) return undefined
  const isMisplaced = (draft.noneOf?.length ?? 0) > 0 && draft.period && !draft.date
  if (isMisplaced) return undefined
  for (const want of draft.wants) {
    const made = lowerWant(entity, want, setting)
    if (!made) return undefined
    where.push(...made)
  }
  if (draft.isFirst) where.push({ field: 'is_first', op: '=', value: true })
  if (draft.reply) {
    where.push({ field: 'last_direction', op: '=', value: draft.reply === 'us' ? 'inbound' : 'outbound' })
    if (draft.reply === 'us') where.push({ field: 'needs_reply', op: '=', value: true })
  }
  if (draft.event) {
    const made = lowerEvent(entity, draft.event, setting)
    where.push(...made.where)
    lastField = made.lastField
  }
  if (draft.movedTo) {
    const when = draft.period ? dateConditions('at', draft.period, false, setting) : []
    const stages =
      draft.movedTo.op === 'in'
        ? { op: 'in' as const, value: [...(draft.movedTo.value as readonly string[])] }
        : { op: '=' as const, value: draft.movedTo.value as string }
    where.push({ some: 'stage_events', where: [{ field: 'to_stage', ...stages }, ...when] })
  } else if (draft.period && field) {
    where.push(
      ...dateConditions(
        field,
        draft.period,
        FUTURE_DATES.has(draft.date ?? (entity === 'tasks' ? 'due' : 'plain')),
        setting,
      ),
    )
  }
  for (const attribute of draft.missing ?? []) {
    const made = missingFilter(entity, attribute)
    if (!made) return undefined
    where.push(made)
  }
  for (const relation of draft.someOf ?? []) {
    if (!where.some(({ some }) => some === relation)) where.push({ some: relation, where: [] })
  }
  for (const none of draft.noneOf ?? []) {
    const inner = none.wants.flatMap((want) => lowerWant(none.entity, want, setting) ?? [])
    if (inner.some((filter) => filter.field === undefined)) return undefined
    where.push({ none: none.entity === 'emails' ? 'emails_sent' : none.entity, where: inner as Condition[] })
  }
  const groups: string[] = []
  for (const dim of draft.groups ?? []) {
    const made = groupField(entity, dim, field ?? 'created_at')
    if (!made) return undefined
    groups.push(
      made === 'to_people' &&
        draft.wants.some(({ slot, value }) => slot === 'direction' && value === 'inbound')
        ? 'from_person'
        : made,
    )
  }
  if (entity !== 'deals' && draft.measures?.some(({ fn }) => fn === 'sum' || fn === 'avg')) return undefined
  if (entity !== 'deals' && !draft.measures?.length && draft.order?.some(({ slot }) => slot === 'amount'))
    return undefined
  const order = (draft.order ?? []).flatMap(({ slot, desc }) => {
    const made = slot === 'last' && lastField ? lastField : orderOf(draft, slot, field ?? 'created_at')
    return made ? [`${desc ? '-' : ''}${made}`] : []
  })
  // Ranked by what it has no figure of: not understood.
  if (order.length < (draft.order?.length ?? 0)) return undefined
  const compare =
    draft.compare && field
      ? {
          field,
          a: settle(draft.compare.a.token, floating(draft.compare.a), false, setting),
          b: settle(draft.compare.b.token, floating(draft.compare.b), false, setting),
        }
      : undefined
  const measures = draft.measures?.length
    ? draft.measures.map(measureOf)
    : groups.length > 0 || compare
      ? [{ fn: 'count' as const }]
      : undefined
  if (isTwoAtOnce(where)) return undefined
  // One figure has no first row: what was to be ranked was not understood.
  if (measures && groups.length === 0 && draft.limit !== undefined) return undefined
  return {
    find: entity,
    where: [...mergeSome(where)],
    ...(draft.fields?.length ? { fields: [...draft.fields] } : {}),
    ...(measures ? { measures } : {}),
    ...(groups.length > 0 ? { group_by: groups } : {}),
    ...(compare ? { compare } : {}),
    ...(order.length > 0 ? { order } : {}),
    ...(draft.limit === undefined ? {} : { limit: draft.limit }),
  }
}
